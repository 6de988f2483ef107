//! The classification of products: category, lot control and status.

crate::text_enum! {
    /// The kind of product.
    Category {
        /// Make-up.
        Cosmetics = "cosmetics",
        /// Care of the skin.
        Skincare = "skincare",
        /// Care of the hair.
        Haircare = "haircare",
        /// Perfume.
        Fragrance = "fragrance",
        /// Brushes and other tools.
        Tools = "tools",
        /// Several variants sold as one.
        Bundle = "bundle",
    }
}

crate::text_enum! {
    /// The facts that must be known of goods when they arrive.
    LotControl {
        /// Nothing.
        None = "none",
        /// Their lot.
        Lot = "lot",
        /// Their lot and the date on which it expires.
        Expiry = "expiry",
    }
}

crate::text_enum! {
    /// The sales status of a product or variant.
    Status {
        /// Sold.
        Active = "active",
        /// No longer sold; kept for history.
        Retired = "retired",
    }
}
