//! Money for orders. Promises: no payment captures more than was authorized or refunds more than it captured; nothing
//! is asked of a gateway twice under different keys; no transaction is open while a gateway is called. What a gateway
//! is asked is written down as an operation with the change that needs it, called afterwards, and closed with what came
//! of it.
mod actions;
pub mod events;
pub mod gateways;
pub mod gift_cards;
mod model;
mod outcome;
mod read;
mod rules;
mod schema;
mod status;
mod store;
mod tenders;
mod working_set;

pub use actions::{ManualRefund, PaymentActions};
pub use gateways::{GatewayOutcome, Gateways};
pub use model::{NewPayment, Sums};
pub use outcome::Applied;
pub use read::{
    Next, PaymentView, due, failed_payments, first_open, hurry, payment_by_ref, payments_by_id, payments_of, put_off,
};
pub use rules::Due;
pub use status::{GatewayKind, OperationKind, PaymentStatus};
pub use store::Payment;
pub use tenders::{Taking, Tender, TenderKind, TenderSums, TenderTold, cash_step, takings};
pub use working_set::Payments;
