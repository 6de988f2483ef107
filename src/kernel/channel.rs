//! Sales channels.

crate::text_enum! {
    /// The channel from which an order comes; prices and rules may differ by channel.
    Channel {
        /// The brand's web shop.
        Web = "web",
        /// The brand's mobile app.
        Mobile = "mobile",
        /// A till in a store.
        Pos = "pos",
        /// A marketplace.
        Marketplace = "marketplace",
    }
}
