//! Content of product pages: pictures and films, and texts in other languages.
pub mod edit;
pub mod http;
mod model;
mod publications;
pub mod rules;
pub mod store;

pub use model::{Language, MediaKind, MediaUrl, NewMedia, NewTranslation};
pub use publications::Publication;
pub use store::{Media, Translation};
