//! Products as they are searched: a document of words for each in PostgreSQL, and the facts by which results are
//! filtered, counted and sorted. Promise: a change of the catalog is in the documents after the next round of the job.
mod documents;
mod model;
mod refresh;
mod store;
pub mod words;

pub use model::{Facts, NamedGroup, TextMatch, VariantFacts};
pub use refresh::{count_sales, refresh};
pub use store::{AskedWords, Correction, can_correct, corrections, facts_since, matches};
