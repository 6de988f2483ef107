//! Buying: suppliers, what is ordered from them, and what arrives. Promises: more than was ordered, and a tolerance, is
//! not booked; what was refused at the door is noted and never becomes stock; goods whose variant demands it come in
//! with their lot and its expiry.
mod atp;
mod costs;
mod events;
pub mod http;
mod items;
pub mod model;
mod order;
mod read;
mod receive;
mod rules;
mod schema;
mod store;
mod suppliers;

pub use order::{NewPurchase, create_in};
pub use read::{PurchaseLineView, PurchaseView, ReceiptView, purchases, receipt_view, receipts};
pub use receive::receive;
pub use store::{PurchaseHead, PurchaseLine, ReceiptHead, ReceiptLine, add_receipts, save, suppliers_by_id};

crate::text_enum! {
    /// The status of a purchase order.
    PurchaseStatus {
        /// Being written.
        Draft = "draft",
        /// With the supplier.
        Ordered = "ordered",
        /// Some has arrived.
        PartiallyReceived = "partially_received",
        /// All has arrived.
        Received = "received",
        /// Nothing more is expected.
        Closed = "closed",
        /// Given up before anything arrived.
        Canceled = "canceled",
    }
}

crate::text_enum! {
    /// In which condition goods arrive.
    ArrivalCondition {
        /// They may be sold.
        Sellable = "sellable",
        /// Quality control must look first.
        QualityHold = "quality_hold",
        /// They are damaged, and kept all the same.
        Damaged = "damaged",
    }
}

/// A purchase order with its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purchase {
    pub head: PurchaseHead,
    pub lines: Vec<PurchaseLine>,
}

/// An arrival with its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    pub head: ReceiptHead,
    pub lines: Vec<ReceiptLine>,
}
