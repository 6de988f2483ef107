//! The stock of each variant at each location, and the part of it that is promised. Promises: no unit is promised
//! twice; each physical change has its ledger rows; a hold ends exactly once, as converted, released or expired. Stock
//! rows change in the group commit alone, which locks them in (location, variant) order.
mod actions;
mod audit;
mod costs;
mod counts;
mod disposition;
mod documents;
pub mod dry_run;
pub mod events;
pub mod http;
mod imports;
mod index;
mod ledger;
mod levels;
mod locations;
mod lots;
mod model;
mod movement;
mod purchasing;
mod read;
mod reasons;
mod replenishment;
mod reservations;
mod rules;
mod scanning;
mod schema;
mod seed;
mod service;
mod skus;
mod stock;
mod store;
mod transfers;
mod unmet;

pub use crate::inventory::movement::Cause;
pub use actions::StockActions;
pub use audit::{Repair, audit, invariants, repair};
pub use costs::require_currency;
pub use counts::{CountHead, counts, model::CountFilter};
pub use disposition::{StockDisposition, sent_to_order, uncovered_allocations};
pub use documents::Documents;
pub use imports::{
    COUNTS as COUNT_COLUMNS, LEVELS as LEVEL_COLUMNS, LevelName, RECEIPTS as RECEIPT_COLUMNS, StockRows, StockWork,
};
pub use index::{Claim, Index, store::Reach};
pub use ledger::{
    AsOf, MOVE_COLUMNS, MovesOf, export_moves,
    history::{PastLevel, close_days, levels_as_of, require_past, sold_since},
};
pub use levels::{
    Availability, availability, availability_of_each, model::PickFault, shortage::out_of_stock, store::DatedLevel,
};
pub use locations::{
    Location, Zones,
    model::{LocationFilter, LocationKey},
};
pub use lots::{
    Carried, ChannelOffer, LotLocation, LotView, Picked, ShelfLife, allocated_to_order, buffer_of, carried_by,
    lot_view, lots, lots_by_id, model::LotFilter, pick_list, reached_orders, redate_levels, retire_lots,
};
pub use model::{Demand, LocationKind, ReservationStatus};
pub use purchasing::{PurchaseLineView, PurchaseView, model::PurchaseFilter, purchases};
pub use read::{
    LevelsAt, levels_at, levels_of, location_by_code, locations, locations_by_id, names_of, reservation_lines_of,
    reservations_by_id, reservations_of,
};
pub use replenishment::accept_finds;
pub use reservations::{Reservation, ReservationLine, expire_due, rows_of};
pub use rules::measured;
pub use seed::{Profile, seed, ship_history};
pub use service::Inventory;
pub use stock::{AllocationScope, NewReservation, Picking, Rearrangement, Sold, Stock};
pub use store::Allocation;
pub use transfers::{TransferLineView, TransferView, model::TransferFilter, transfers};
pub use unmet::delete_unmet_before;
