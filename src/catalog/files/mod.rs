//! Rows of files of the catalog: products with their variants, prices, translations and media, in and out. Promise: a
//! row is done once or refused with its reason, and what is exported changes nothing when it is imported again.
mod export;
mod kinds;
mod media;
mod prices;
mod products;
mod rows;
mod store;
mod translations;
mod work;

pub use export::export;
pub use kinds::{CatalogRows, Chunk};
pub use work::work_through;
