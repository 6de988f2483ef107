//! The form of answers: records, lists, and problems with their remedies.
pub mod names;
pub mod problem;
pub mod recorded;
pub mod remedies;
