//! Placing orders: priced, sourced, reserved and written in one decision.
pub mod http;
mod place;
mod priced;
mod shipping;
pub mod submit;
mod take_over;

pub use place::alone_at;
pub use priced::{PricedOrder, priced};
pub use shipping::goods_of;
