//! Choices of bundles: parts that the customer names.
mod rules;
mod values;

pub use rules::{BundleNeeds, choices, require_priced};
pub use values::{BundleChoice, ChosenPart, NewChoice};
