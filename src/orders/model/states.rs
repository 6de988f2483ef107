//! The words for the states of orders, parcels and payments, and for what happens to an order.

crate::text_enum! {
    /// The status of an order.
    OrderStatus {
        /// Placed: its units are held, payment is awaited.
        Pending = "pending",
        /// Paid: its units are allocated.
        Confirmed = "confirmed",
        /// Being picked and packed.
        Processing = "processing",
        /// On its way.
        Shipped = "shipped",
        /// With the customer.
        Delivered = "delivered",
        /// All of it came back.
        Returned = "returned",
        /// Given up; nothing is held for it.
        Canceled = "canceled",
    }
}

crate::text_enum! {
    /// Why someone must look at an order.
    Mark {
        /// The till's clock cannot be right: more than a minute ahead, or before the location was opened. The sale
        /// counts as made when it was told.
        ClockSkew = "clock_skew",
        /// Goods left that were held back: recalled, expired or damaged ones.
        HeldGoods = "held_goods",
        /// The till told of another sale under the same client id before.
        ClientIdReused = "client_id_reused",
        /// The till has read a lot that is not known.
        UnknownLot = "unknown_lot",
        /// The books lacked far more than they should.
        MuchFound = "much_found",
        /// The location was closed when the sale was told.
        ClosedLocation = "closed_location",
        /// A sample or tester was sold.
        NotForSale = "not_for_sale",
        /// No rate of tax was known for some of it.
        TaxUnknown = "tax_unknown",
        /// Goods went for far less than their price, or have no price there, without a manager.
        PriceOverride = "price_override",
        /// The tenders that the till told do not pay the total: one payment of the whole is recorded.
        TendersDiffer = "tenders_differ",
        /// The parts of a set that a till has told are not chosen as the set says.
        ChoicesDiffer = "choices_differ",
    }
}

crate::text_enum! {
    /// Why a parcel does not arrive.
    ParcelProblem {
        /// The carrier has lost it.
        Lost = "lost",
        /// It comes back: refused, not fetched, or not deliverable.
        ReturnedToSender = "returned_to_sender",
    }
}

crate::text_enum! {
    /// The state of a parcel.
    ParcelStatus {
        /// On its way.
        InTransit = "in_transit",
        /// It arrived.
        Delivered = "delivered",
        /// The carrier has lost it.
        Lost = "lost",
        /// It comes back, or has.
        ReturnedToSender = "returned_to_sender",
    }
}

crate::text_enum! {
    /// The payment status of an order, derived from its payments.
    PaymentState {
        /// Nothing was paid.
        Unpaid = "unpaid",
        /// Something is still due.
        PartiallyPaid = "partially_paid",
        /// All of it is promised, nothing of it taken.
        Authorized = "authorized",
        /// All of it is promised, a part of it taken.
        PartiallyCaptured = "partially_captured",
        /// All is paid.
        Paid = "paid",
        /// A part of what was paid was given back.
        PartiallyRefunded = "partially_refunded",
        /// All that was paid was given back.
        Refunded = "refunded",
    }
}

crate::text_enum! {
    /// The kind of change of an order.
    OrderEventKind {
        /// It was placed; its units are held.
        Placed = "placed",
        /// A part of it was paid.
        PartPaid = "part_paid",
        /// Nothing more was due; its units are allocated.
        Confirmed = "confirmed",
        /// Picking began.
        Processing = "processing",
        /// A part of it left.
        PartShipped = "part_shipped",
        /// All of it, or the last part, left.
        Shipped = "shipped",
        /// It arrived.
        Delivered = "delivered",
        /// It was given up.
        Canceled = "canceled",
        /// A gateway is asked for its price.
        PaymentBegun = "payment_begun",
        /// A part of its price was promised.
        PartAuthorized = "part_authorized",
        /// The payer's bank said no.
        PaymentDeclined = "payment_declined",
        /// Money was taken.
        PaymentCaptured = "payment_captured",
        /// Money was given back.
        PaymentRefunded = "payment_refunded",
        /// A promise of money was given up.
        PaymentVoided = "payment_voided",
        /// Units of it were given up.
        PartCanceled = "part_canceled",
        /// A location could not fill its part.
        PartRejected = "part_rejected",
        /// A parcel of it arrived.
        PartDelivered = "part_delivered",
        /// A parcel of it was lost on its way.
        ParcelLost = "parcel_lost",
        /// A parcel of it comes back to where it was sent from.
        ParcelReturnedToSender = "parcel_returned_to_sender",
        /// Its lines or address were changed.
        Changed = "changed",
        /// It waits at a store.
        ReadyForPickup = "ready_for_pickup",
        /// Goods promised to it were sold to someone else.
        Short = "short",
        /// Units of it came back.
        PartReturned = "part_returned",
        /// All of it came back.
        Returned = "returned",
        /// Someone has looked at what was marked about it.
        Reviewed = "reviewed",
        /// Money could not be taken or given back: someone must look.
        PaymentFailed = "payment_failed",
    }
}

crate::text_enum! {
    /// The fulfillment status of an order, derived from what has left.
    FulfillmentState {
        /// Nothing has left.
        Unfulfilled = "unfulfilled",
        /// A part has left.
        PartiallyShipped = "partially_shipped",
        /// All has left.
        Shipped = "shipped",
        /// All has arrived.
        Delivered = "delivered",
        /// A part has come back.
        PartiallyReturned = "partially_returned",
        /// All has come back.
        Returned = "returned",
    }
}

crate::text_enum! {
    /// The order of a list of orders.
    Sort {
        /// Newest first.
        NewestFirst = "-created_at",
        /// Oldest first.
        OldestFirst = "created_at",
    }
}
