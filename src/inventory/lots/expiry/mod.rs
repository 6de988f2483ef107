//! The life of goods: lots leave what is available on their day, and channels ask for a rest of life.
mod expire;
mod redate;
mod shelf_life;

pub use expire::retire_lots;
pub use redate::redate_levels;
pub use shelf_life::{ChannelOffer, ShelfLife, buffer_of};
