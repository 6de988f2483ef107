//! Orders, from basket to door. Promises: an order exists only with all its units held or promised; each key
//! makes one order; every step is a move of one table of moves, and an illegal one changes nothing.
mod actions;
mod assignments;
mod audit;
mod bundles;
mod canceling;
mod carts;
mod editing;
pub mod events;
mod fulfillment;
pub mod http;
mod model;
mod payment;
mod pickup;
mod placing;
pub mod pos;
mod pricing;
mod read;
mod recall;
mod returns;
mod rules;
mod schema;
mod seed;
mod service;
mod sourcing;
mod store;
mod timeline;
mod working_set;

pub use crate::orders::service::PaymentService;
pub use audit::{audit, invariants};
pub use canceling::expire_unpaid_orders;
pub use carts::delete_quotes_before;
pub use model::{
    Customer, FulfillmentState, Mark, OrderEventKind, OrderFilter, OrderKey, OrderStatus, ParcelStatus, PaymentState,
    Sort,
};
pub use payment::finish_due_operations;
pub use pickup::{Pickups, expire_pickups};
pub use read::{
    EXPORT_COLUMNS, LineComponent, LineDiscountView, LineTaxView, OrderTotals, ShippingView, TaxTotal, export_rows,
    lines_of, orders, orders_by_id, shipments_by_id, shipments_of,
};
pub use returns::Returns;
pub use rules::fulfillment_state;
pub use seed::seed;
pub use service::Services;
pub use sourcing::{delete_decisions_before, faults_of_chains};
pub use store::{Order, OrderEvent, OrderLine, ParcelLine, Shipment};
pub use timeline::events_of;
pub use working_set::Orders;
