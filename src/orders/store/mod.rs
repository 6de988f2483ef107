//! Orders in PostgreSQL.
mod batch;
mod choices;
mod decided;
mod lines;
mod pickups;
mod reads;
mod rows;
mod seed;
mod writes;

pub use batch::{LockedOrders, insert_events, insert_orders, lock_orders, save_orders};
pub use choices::{Decision, ParcelLine, RejectReason, Rejection, SourcedPart, SourcedUnits};
pub use decided::{ShippingRate, decisions_of, delete_decisions, first_decisions, insert_decisions, put_rates, rates};
pub use lines::{insert_lines, insert_rejections, insert_shipments, keep_shortfalls, save_lines, save_shipments};
pub use pickups::{Pickup, PickupStatus, due_pickups, pickups_of, save_pickups, waiting};
pub use reads::{
    by_refs, events_of, known_shortfalls, lapsed, last_attempt, lines_of, lock, orders, orders_by_id, rejected_by,
    shipments_by_id, shipments_of,
};
pub use rows::{NewShipment, Opening, Order, OrderEvent, OrderLine, OrderRow, Shipment, Told};
pub use seed::seed;
pub use writes::{add_event, deliver_shipments, new_line, set_reviewed, set_status};

crate::words_in_sql!(
    super::model::OrderStatus,
    super::model::OrderEventKind,
    super::model::Mark,
    super::model::ParcelProblem
);
