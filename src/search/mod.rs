//! The search of products: text with corrected typing errors, filters with counts, sorting by relevance, sales, price,
//! newness and stock, and suggestions. Promises: counts are those of the filtered lists; only what is sold is found; a
//! change of the catalog is seen by the next rounds of the jobs.
mod bands;
mod engine;
mod finding;
pub mod http;
mod matching;
mod memory;
mod rows;
mod service;
mod suggest;

pub use bands::PriceRange;
pub use engine::{AttributeCount, Counted, CountedGroup, Facets, Hit, SearchFilter, SearchSort};
pub use finding::{SearchHit, SearchRequest};
pub use service::Search;
pub use suggest::SuggestedProduct;
