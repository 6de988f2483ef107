//! Lots: batches of goods that were made together, with their dates and whether they may be sold. Lots are chosen when
//! goods are picked, so they add nothing to what checkout locks.
mod events;
mod expiry;
pub mod http;
pub mod model;
mod picks;
mod read;
mod recall;
mod rules;
mod store;
mod trace;

pub use events::fefo_overridden;
pub use expiry::redate_levels;
pub use expiry::retire_lots;
pub use expiry::{ChannelOffer, ShelfLife, buffer_of};
pub use picks::{Picked, allocated_to_order, pick_list};
pub use read::{LotView, lot_printed, lot_view, lots, lots_by_id};
pub use rules::{Pickable, Printed, Taken, fefo};
pub use store::{
    Carried, Lot, LotLocation, insert_lots, lock_lots, lots_of_levels, save_lots, sent_to_order, uncovered_allocations,
};
pub use trace::{carried_by, reached_orders};

crate::text_enum! {
    /// The status of a lot: it tells if its goods may be sold.
    LotStatus {
        /// They may.
        Released = "released",
        /// Held back until quality control has decided.
        Quarantined = "quarantined",
        /// Called back from everywhere, for good.
        Recalled = "recalled",
    }
}
