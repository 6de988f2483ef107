//! Price lists: prices that hold in some circumstances in place of a channel's, from a moment on to the second. The
//! rule by which one of several prices is chosen stands in `rules.rs`, and `explain.rs` tells how it chose.
mod change;
mod circumstances;
mod create;
mod explain;
pub mod http;
mod model;
mod read;
mod replace;
mod rules;
mod schedule;
mod store;

pub use circumstances::{AppliesOnlyTo, require_ahead, require_circumstances};
pub use model::{AppliesTo, ListPrice, NewListPrice, PriceList};
pub use replace::Period;
pub use rules::{PriceContext, PriceVerdict};
pub use schedule::{Replacing, replace};
pub use store::{
    entries::{of_variants, remembered},
    lock_named, versions_of,
};
