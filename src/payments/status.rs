//! The kinds and states of payments and of the operations that gateways are asked for.

crate::text_enum! {
    /// The gateway that takes the money.
    GatewayKind {
        /// A person or a till: cash, or a terminal that Coffret does not know.
        Manual = "manual",
        /// A marketplace that settles with the brand: the money never passes here.
        External = "external",
        /// A provider to try things with, inside of Coffret.
        Sandbox = "sandbox",
        /// Stripe's PaymentIntents.
        Stripe = "stripe",
        /// A gift card that was issued here.
        GiftCard = "gift_card",
    }
}

impl GatewayKind {
    /// True if something must be asked that keeps books of its own.
    pub fn is_called(self) -> bool {
        matches!(self, Self::Sandbox | Self::Stripe | Self::GiftCard)
    }
}

crate::text_enum! {
    /// The status of a payment.
    PaymentStatus {
        /// The gateway was asked and has not said yet.
        Pending = "pending",
        /// The payer must do something, such as 3-D Secure.
        RequiresAction = "requires_action",
        /// The payer's bank has promised the money.
        Authorized = "authorized",
        /// Money was taken: all of it, or a part so far.
        Captured = "captured",
        /// All that was taken was given back.
        Refunded = "refunded",
        /// The promise was given up before money was taken.
        Voided = "voided",
        /// The payer's bank has said no.
        Declined = "declined",
    }
}

crate::text_enum! {
    /// The kind of an operation.
    OperationKind {
        /// To have the money promised.
        Authorize = "authorize",
        /// To take it.
        Capture = "capture",
        /// To give up what was promised and not taken.
        Void = "void",
        /// To give it back.
        Refund = "refund",
    }
}

crate::text_enum! {
    /// The status of an operation.
    OperationState {
        /// The outcome is not known yet.
        Open = "open",
        /// It was done.
        Done = "done",
        /// It cannot be done.
        Failed = "failed",
    }
}
