//! Transfers: goods on their way from one location of the brand's to another. Promises: of each line, what was shipped
//! is what was received, damaged or lost and what is still on its way; a lot keeps its name on the way; goods leave a
//! location only as far as they are not promised there.
mod draft;
mod events;
pub mod http;
pub mod model;
mod read;
mod receive;
mod rules;
mod ship;
mod store;

pub use draft::{NewTransfer, create_in};
pub use read::{TransferLineView, TransferView, transfers};
pub use store::{Head, LotLine, TransferLine, save};

crate::text_enum! {
    /// The status of a transfer.
    TransferStatus {
        /// Being written.
        Draft = "draft",
        /// To be picked and shipped.
        Ready = "ready",
        /// On its way.
        InTransit = "in_transit",
        /// Some has arrived.
        PartiallyReceived = "partially_received",
        /// All that was shipped has arrived, or is known to be lost.
        Received = "received",
        /// Given up before anything was shipped.
        Canceled = "canceled",
    }
}

/// A transfer with its lines and the lots among what was shipped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    pub head: Head,
    pub lines: Vec<TransferLine>,
    pub lots: Vec<LotLine>,
}
