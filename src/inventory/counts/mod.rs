//! Counts of what is really there. Promises: a location is counted by one count at a time; what is sold before or after
//! a line is counted is not taken for a variance; nothing is booked before someone else has approved it.
mod approve;
mod events;
pub mod http;
pub mod model;
mod read;
mod record;
mod rules;
mod start;
mod store;

pub use read::{CountView, count_view, counts};
pub use record::{CountEntry, record};
pub use store::{CountHead, CountLine, save, told_late};

crate::text_enum! {
    /// The status of a count.
    CountStatus {
        /// Being counted.
        Counting = "counting",
        /// Counted, and waiting for someone else to approve it.
        Review = "review",
        /// Booked.
        Approved = "approved",
        /// Given up; nothing was booked.
        Canceled = "canceled",
    }
}

crate::text_enum! {
    /// Classes of variants by what they sell (Pareto): A makes up 80 % of the units sold, B the next 15 %, C the rest.
    AbcClass {
        /// The variants that sell most.
        A = "a",
        /// The variants that sell well.
        B = "b",
        /// Everything else.
        C = "c",
    }
}

/// A count with its lines; after a step, with those that the step has changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    pub head: CountHead,
    pub lines: Vec<CountLine>,
}
