//! Orders in PostgreSQL.
mod batch;
mod reads;
mod rows;
mod seed;
mod writes;

pub use batch::{
    LockedOrders, insert_decisions, insert_events, insert_orders, insert_shipments, lock_orders, save_orders,
};
pub use reads::{decisions_of, events_of, lapsed, lines_of, lock, orders, orders_by_id, shipments_by_id, shipments_of};
pub use rows::{
    Decision, NewShipment, Opening, Order, OrderEvent, OrderLine, OrderRow, Shipment, SourcedPart, SourcedUnits,
};
pub use seed::seed;
pub use writes::{add_event, deliver_shipments, new_line, set_status};

crate::words_in_sql!(super::model::OrderStatus, super::model::OrderEventKind);
