//! Bundles: the parts that one consists of, and those that a customer chooses.
mod choices;
mod rules;

pub use choices::{BundleChoice, BundleNeeds, ChosenPart, NewChoice, choices, require_priced};
pub use rules::components;
