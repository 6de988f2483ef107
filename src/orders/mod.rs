//! Orders, from basket to door. Promises: an order exists only with all its units held or promised; each key
//! makes one order; every step is a move of one table of moves, and an illegal one changes nothing.
mod audit;
mod cancel;
mod charge;
mod deliver;
pub mod events;
mod fulfil;
pub mod http;
mod lapse;
mod model;
mod part_cancel;
mod parts;
mod pay;
mod picks;
mod place;
mod read;
mod register;
mod reject;
mod rules;
mod schema;
mod seed;
mod settle;
mod sourcing;
mod store;
mod timeline;
mod trace;

pub use audit::{audit, invariants};
pub use lapse::cancel_lapsed;
pub use model::{Customer, FulfilmentState, OrderEventKind, OrderStatus, PaymentState, Sort};
pub use read::{OrderFilter, OrderKey, lines_of, orders, orders_by_id, shipments_by_id, shipments_of};
pub use register::Register;
pub use rules::fulfilment_state;
pub use seed::seed;
pub use settle::{Money, settle_due};
pub use store::{Order, OrderEvent, OrderLine, Shipment};
pub use timeline::events_of;
