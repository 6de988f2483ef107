//! The vocabulary every module shares. Pure: no database, no HTTP, no clock reads but in `time`.
pub mod actor;
pub mod audit;
mod channel;
mod code;
mod error;
mod expected;
mod ids;
mod locations;
pub mod money;
mod page;
pub mod quantity;
pub mod strict_json;
mod text;
mod text_enum;
mod time;

pub use actor::{Actor, Locations};
pub use channel::Channel;
pub use code::Code;
pub use error::{Error, Fault, Faults, Refusal, Result};
pub use expected::Expected;
pub use ids::{
    AllocationId, ApiKeySecretId, AttributeId, CaseId, CountId, CouponId, ExportId, GiftCardId, GiftCardMoveId,
    GrantId, GroupId, ImportId, ListPriceId, LocationGroupId, LocationId, LotId, OperationId, OrderId, PaymentId,
    PriceListId, PrincipalId, ProductId, PromotionId, PurchaseOrderId, QuoteId, ReceiptId, ReservationId, ReturnId,
    SessionId, ShipmentId, ShippingMethodId, SupplierId, TaxRateId, TransferId, VariantId,
};
pub use locations::{Country, Region, Zone};
pub use money::{Currency, MAX_MINOR, Money, spread};
pub use page::{Cursor, Page, PageRequest};
pub use quantity::Quantity;
pub use text::{CodeName, Email, Note, Prose, Sku, Text, Typed};
pub use time::{Clock, LAST_YEAR, Moment, to_micros};
