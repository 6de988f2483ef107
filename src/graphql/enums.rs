//! Words of orders and payments, as GraphQL says them.
use crate::{orders, payments};
use async_graphql::Enum;

/// The status of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "orders::OrderStatus")]
pub enum OrderStatus {
    Pending,
    Confirmed,
    Processing,
    Shipped,
    Delivered,
    Returned,
    Canceled,
}

/// The payment status of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "orders::PaymentState", name = "PaymentState")]
pub enum PaymentState {
    Unpaid,
    PartiallyPaid,
    Authorized,
    PartiallyCaptured,
    Paid,
    PartiallyRefunded,
    Refunded,
}

/// The kind of change of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "orders::OrderEventKind", name = "OrderEventKind")]
pub enum OrderEventKind {
    Placed,
    PartPaid,
    Confirmed,
    Processing,
    PartShipped,
    Shipped,
    Delivered,
    Canceled,
    PaymentBegun,
    PartAuthorized,
    PaymentDeclined,
    PaymentCaptured,
    PaymentRefunded,
    PaymentVoided,
    PartCanceled,
    PartRejected,
    PartDelivered,
    ParcelLost,
    ParcelReturnedToSender,
    Changed,
    ReadyForPickup,
    Short,
    PartReturned,
    Returned,
    Reviewed,
    PaymentFailed,
}

/// Why someone must look at an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "orders::Mark", name = "OrderMark")]
pub enum Mark {
    ClockSkew,
    HeldGoods,
    ClientIdReused,
    UnknownLot,
    MuchFound,
    ClosedLocation,
    NotForSale,
    TaxUnknown,
    PriceOverride,
    TendersDiffer,
    ChoicesDiffer,
}

/// The state of a parcel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "orders::ParcelStatus")]
pub enum ParcelStatus {
    InTransit,
    Delivered,
    Lost,
    ReturnedToSender,
}

/// The fulfillment status of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "orders::FulfillmentState", name = "FulfillmentState")]
pub enum FulfillmentState {
    Unfulfilled,
    PartiallyShipped,
    Shipped,
    Delivered,
    PartiallyReturned,
    Returned,
}

/// The status of a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "payments::PaymentStatus")]
pub enum PaymentStatus {
    Pending,
    RequiresAction,
    Authorized,
    Captured,
    Refunded,
    Voided,
    Declined,
}

/// The order of a list of orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "orders::Sort", name = "OrderSort")]
pub enum Sort {
    NewestFirst,
    OldestFirst,
}
