//! Orders in PostgreSQL.
use super::model;
mod batch;
mod choices;
mod lines;
mod reads;
mod rows;
mod seed;
mod writes;

pub use batch::{LockedOrders, insert_events, insert_orders, lock_orders, save_orders};
pub use choices::{ParcelLine, RejectReason, Rejection, SourcedPart, SourcedUnits, SourcingDecision};

pub use lines::{insert_lines, insert_rejections, insert_shipments, keep_shortfalls, save_lines, save_shipments};

pub use reads::{
    by_refs, events_of, known_shortfalls, lapsed, last_attempt, lines_of, lock, orders, orders_by_id, rejected_by,
    shipments_by_id, shipments_of,
};
pub use rows::{NewShipment, Occurrence, Opening, Order, OrderEvent, OrderLine, OrderRow, Shipment};
pub use seed::seed;
pub use writes::{SoldLine, add_event, deliver_shipments, new_line, set_reviewed, set_status};

crate::text_enum_in_sql!(model::OrderStatus, model::OrderEventKind, model::Mark, model::ParcelProblem);
