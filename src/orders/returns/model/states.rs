//! The words for the states of returns, and for the condition and the disposition of what came back.
use crate::kernel::Result;

crate::text_enum! {
    /// The status of a return.
    ReturnStatus {
        /// The customer asks.
        Requested = "requested",
        /// The goods may come.
        Approved = "approved",
        /// They are here and wait for inspection.
        Received = "received",
        /// They were inspected, or need not come; the price was given back.
        Closed = "closed",
        /// It was refused.
        Rejected = "rejected",
    }
}

crate::text_enum! {
    /// Why something comes back.
    ReturnReason {
        /// It is not wanted any more.
        Unwanted = "unwanted",
        /// It is not what was ordered.
        WrongItem = "wrong_item",
        /// It arrived damaged.
        Damaged = "damaged",
        /// It does not work.
        Defective = "defective",
        /// The customer's skin has reacted.
        Reaction = "reaction",
        /// The parcel was lost on its way to the customer.
        Lost = "lost",
        /// The parcel was refused, not fetched or could not be delivered.
        Undeliverable = "undeliverable",
        /// Something else.
        Other = "other",
    }
}

impl ReturnReason {
    /// True if the shop or its carrier is to blame, and the customer bears no part of the shipping.
    pub fn is_shops_fault(self) -> bool {
        match self {
            Self::WrongItem | Self::Damaged | Self::Defective | Self::Lost => true,
            Self::Unwanted | Self::Reaction | Self::Undeliverable | Self::Other => false,
        }
    }
}

crate::text_enum! {
    /// The condition that an inspection finds.
    Condition {
        /// The seal is whole.
        Sealed = "sealed",
        /// It was opened.
        Opened = "opened",
        /// It is damaged.
        Damaged = "damaged",
        /// It has caused a reaction.
        Reaction = "reaction",
    }
}

crate::text_enum! {
    /// The disposition of what came back.
    Disposition {
        /// It is sold again, as the lot that it was.
        Restock = "restock",
        /// It is kept apart as damaged.
        Damaged = "damaged",
        /// It is destroyed.
        Destroy = "destroy",
        /// It becomes a tester.
        Tester = "tester",
        /// It goes back to its vendor.
        Vendor = "vendor",
        /// It is held for quality control.
        Quarantine = "quarantine",
    }
}
