//! What all routes share: extractors that answer with problems, rendering, versions, limits and health.
pub mod answer;
pub mod body;
pub mod client;
pub mod doc;
pub mod entries;
mod faults;
pub mod feed;
mod file;
pub mod gate;
pub mod health;
pub mod key;
pub mod names;
pub mod observe;
pub mod params;
pub mod pipeline;
pub mod problem;
mod remedies;
pub mod routes;
mod signed_in;
pub mod version;

pub use answer::listed;
pub use body::{Body, Nothing};
pub use file::File;
pub use gate::Gate;
pub use key::{OptionalKey, RequiredKey};
pub use params::{Params, PathOf};
pub use version::{IfMatch, versioned};
