//! The form of answers: records, lists, and problems with their remedies.
pub mod answer;
pub mod names;
pub mod problem;
pub mod remedies;
