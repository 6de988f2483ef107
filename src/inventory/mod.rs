//! The stock of each variant at each location, and the part of it that is promised. Promises: no unit is promised
//! twice; each physical change has its ledger rows; a hold ends exactly once, as converted, released or expired. Stock
//! rows change in the group commit alone, which locks them in (location, variant) order.
mod actions;
mod adjust;
mod audit;
mod availability;
mod costs;
mod counts;
mod cover;
mod documents;
pub mod events;
mod expire;
mod goods;
mod gs1;
pub mod http;
mod imports;
mod index;
mod ledger;
mod locate;
mod lots;
mod missing;
mod model;
mod named;
mod purchasing;
mod read;
mod reasons;
mod rehearsal;
mod replenish;
mod replenish_order;
mod reserve;
mod rules;
mod schema;
mod seed;
mod service;
mod shelf_life;
mod shortage;
mod stock;
mod store;
mod take_back;
mod transfers;
mod unmet;
mod zones;

pub use actions::StockActions;
pub use audit::{Repair, audit, invariants, repair};
pub use availability::{Availability, availability};
pub use costs::require_currency;
pub use counts::{CountFilter, CountHead, counts};
pub use documents::Documents;
pub use expire::expire_due;
pub use imports::run_imports;
pub use index::{Claim, Index};
pub use ledger::{PastLevel, close_days, levels_as_of, require_past};
pub use lots::{
    LotFilter, LotView, Picked, carried_by, lot_view, lots, lots_by_id, pick_list, promised_to_order, reached_orders,
    redate_levels, retire_lots,
};
pub use missing::Amiss;
pub use model::{Demand, LocationKind, ReservationStatus};
pub use purchasing::{Bounds, PurchaseFilter, PurchaseLineView, PurchaseView, purchases};
pub use read::{
    LocationFilter, LocationKey, levels_at, levels_of, location_by_code, locations, locations_by_id, names_of,
    reservation_lines_of, reservations_by_id, reservations_of,
};
pub use replenish::accept_finds;
pub use reserve::rows_of;
pub use rules::measured;
pub use seed::{Profile, seed, ship_history};
pub use service::Inventory;
pub use shelf_life::{Offer, ShelfLife, buffer_of};
pub use shortage::out_of_stock;
pub use stock::{NewHold, Part, Picking, Rearrangement, Sold, Stock};
pub use store::{Allocation, Carried, DatedLevel, Location, LotPlace, Reach, Reservation, ReservationLine};
pub use take_back::{Way, sent_to_order, uncovered_promises};
pub use transfers::{TransferFilter, TransferLineView, TransferView, transfers};
pub use unmet::delete_unmet_before;
pub use zones::Zones;
