//! The reading of requests: bodies, parameters and headers, refused with a problem when they do not fit.
mod actor;
pub mod body;
pub mod change;
pub mod entries;
pub mod etag;
mod faults;
mod file;
pub mod idempotency_key;
pub mod params;
mod reader_words;
pub mod record;

pub use actor::{ClientAddress, Local, LocalOrActor};
pub use file::File;
