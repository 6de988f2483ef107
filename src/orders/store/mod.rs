//! Orders in PostgreSQL.
mod audit;
mod reads;
mod rows;
mod writes;

pub use audit::{differences, seed};
pub use reads::{lapsed, lines_of, lock, lock_pending, orders, orders_by_id, shipments_by_id, shipments_of};
pub use rows::{NewLine, Order, OrderLine, Shipment};
pub use writes::{add_paid, close, deliver_shipments, insert, insert_lines, insert_shipment, new_line, set_status};

crate::words_in_sql!(super::model::OrderStatus);
