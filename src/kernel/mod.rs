//! The vocabulary every module shares. Pure: no database, no HTTP, no clock reads but in `clock`.
pub mod actor;
pub mod audit;
pub mod clock;
mod code;
mod error;
mod expected;
mod ids;
mod moment;
pub mod money;
pub mod object;
mod page;
mod places;
pub mod quantity;
mod text;
pub mod words;

pub use actor::{Actor, Locations};
pub use clock::Clock;
pub use code::Code;
pub use error::{Error, Fault, Faults, Refusal, Result};
pub use expected::Expected;
pub use ids::{
    AllocationId, CaseId, CountId, ImportId, LocationId, LotId, OperationId, OrderId, PaymentId, PrincipalId,
    ProductId, PurchaseOrderId, ReceiptId, ReservationId, ReturnId, ShipmentId, SupplierId, TransferId, VariantId,
};
pub use moment::Moment;
pub use money::{Currency, Money};
pub use page::{Cursor, Page, PageRequest};
pub use places::{Country, Zone};
pub use quantity::Quantity;
pub use text::Typed;
pub use text::{Email, Note, Prose, Sku, Text};
