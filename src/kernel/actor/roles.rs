//! Permissions, and the roles that hold them.
use crate::kernel::error::Result;

crate::text_enum! {
    /// Something a role may do, as `resource:action`.
    Permission {
        /// Read products, variants and prices; run GraphQL queries.
        CatalogRead = "catalog:read",
        /// Create, change and retire products and variants.
        CatalogWrite = "catalog:write",
        /// Set prices.
        PricesWrite = "prices:write",
        /// Read locations and stock levels.
        InventoryRead = "inventory:read",
        /// Adjust stock and thresholds.
        InventoryAdjust = "inventory:adjust",
        /// Reserve stock and release reservations.
        InventoryReserve = "inventory:reserve",
        /// Ship and receive transfers, at both their ends.
        InventoryTransfer = "inventory:transfer",
        /// Book what arrives.
        InventoryReceive = "inventory:receive",
        /// Count what is there.
        InventoryCount = "inventory:count",
        /// Approve what a count found.
        InventoryApprove = "inventory:approve",
        /// Buy from suppliers.
        PurchasesWrite = "purchases:write",
        /// Read what goods have cost.
        CostsRead = "costs:read",
        /// Say what goods cost: in purchase orders and receipts, at suppliers, and of what is on hand.
        CostsWrite = "costs:write",
        /// Keep suppliers.
        SuppliersWrite = "suppliers:write",
        /// Put lots into quarantine, release them, and recall them everywhere.
        LotsWrite = "lots:write",
        /// Keep the list of reasons for adjustments.
        ReasonsWrite = "reasons:write",
        /// Work through files of many rows.
        ImportsWrite = "imports:write",
        /// Have many rows written into a file, of what one may read.
        ExportsWrite = "exports:write",
        /// See who customers are where orders are listed for other ends, as in a recall.
        CustomersRead = "customers:read",
        /// Create and change locations.
        LocationsWrite = "locations:write",
        /// Issue gift cards, and change what is on them.
        GiftCardsWrite = "gift_cards:write",
        /// Read orders.
        OrdersRead = "orders:read",
        /// Place orders.
        OrdersPlace = "orders:place",
        /// Record payments.
        OrdersPay = "orders:pay",
        /// Note money that was given back by hand, past the gateway that refused to.
        OrdersSettle = "orders:settle",
        /// Cancel orders.
        OrdersCancel = "orders:cancel",
        /// Pick, ship and deliver orders.
        OrdersFulfill = "orders:fulfill",
        /// Take goods back and give their price back.
        OrdersReturn = "orders:return",
        /// See customers' reactions to products.
        CasesRead = "cases:read",
        /// Follow the feed of events at one's locations.
        EventsRead = "events:read",
        /// See users and what they may do.
        UsersRead = "users:read",
        /// Invite users, give them roles and take them away, disable them.
        UsersWrite = "users:write",
        /// Compare the books of the whole brand with themselves.
        AuditRead = "audit:read",
        /// Read metrics from another machine.
        MetricsRead = "metrics:read",
    }
}

crate::text_enum! {
    /// A built-in role: a named set of permissions.
    Role {
        /// Head office: everything.
        Admin = "admin",
        /// Keeps products and prices.
        CatalogManager = "catalog_manager",
        /// Plans stock at head office: buys, moves, recalls.
        Planner = "planner",
        /// Runs a store.
        StoreManager = "store_manager",
        /// Receives, adjusts, picks and ships.
        WarehouseStaff = "warehouse_staff",
        /// Sells at a till.
        Cashier = "cashier",
        /// Helps customers.
        Support = "support",
        /// Looks at figures.
        Analyst = "analyst",
    }
}

impl Role {
    /// The permissions of the role where it is granted.
    #[expect(clippy::too_many_lines, reason = "a line for each permission")]
    pub fn permissions(self) -> &'static [Permission] {
        use Permission as P;
        match self {
            Self::Admin => P::ALL,
            Self::CatalogManager => {
                &[P::CatalogRead, P::CatalogWrite, P::PricesWrite, P::InventoryRead, P::ImportsWrite, P::ExportsWrite]
            }
            Self::Planner => &[
                P::CatalogRead,
                P::InventoryRead,
                P::InventoryTransfer,
                P::PurchasesWrite,
                P::CostsRead,
                P::CostsWrite,
                P::SuppliersWrite,
                P::LotsWrite,
                P::ImportsWrite,
                P::ExportsWrite,
                P::OrdersRead,
                P::CasesRead,
                P::EventsRead,
            ],
            Self::StoreManager => &[
                P::CatalogRead,
                P::InventoryRead,
                P::InventoryAdjust,
                P::InventoryReserve,
                P::InventoryTransfer,
                P::InventoryReceive,
                P::InventoryCount,
                P::InventoryApprove,
                P::ImportsWrite,
                P::ExportsWrite,
                P::OrdersRead,
                P::OrdersPlace,
                P::OrdersPay,
                P::OrdersSettle,
                P::OrdersCancel,
                P::OrdersFulfill,
                P::OrdersReturn,
                P::CasesRead,
                P::EventsRead,
            ],
            Self::WarehouseStaff => &[
                P::CatalogRead,
                P::InventoryRead,
                P::InventoryAdjust,
                P::InventoryTransfer,
                P::InventoryReceive,
                P::InventoryCount,
                P::OrdersRead,
                P::OrdersFulfill,
                P::OrdersReturn,
            ],
            Self::Cashier => &[
                P::CatalogRead,
                P::InventoryRead,
                P::InventoryReserve,
                P::OrdersRead,
                P::OrdersPlace,
                P::OrdersPay,
                P::OrdersCancel,
                P::OrdersFulfill,
                P::OrdersReturn,
            ],
            Self::Support => {
                &[P::CatalogRead, P::InventoryRead, P::OrdersRead, P::OrdersCancel, P::OrdersReturn, P::CustomersRead]
            }
            Self::Analyst => {
                &[P::CatalogRead, P::InventoryRead, P::CostsRead, P::ExportsWrite, P::OrdersRead, P::EventsRead]
            }
        }
    }
}
