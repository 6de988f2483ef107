//! Permissions, and sets of them.
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

/// A set of permissions, a bit for each; cheap to copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Permissions(u64);

const _: () = assert!(Permission::ALL.len() <= 64, "each permission has a bit");

impl Permissions {
    /// True if the permission is one of these.
    pub fn contains(self, permission: Permission) -> bool {
        self.0 & bit(permission) != 0
    }

    /// Those of these that the others lack.
    #[must_use]
    pub fn without(self, others: Self) -> Self {
        Self(self.0 & !others.0)
    }

    /// Each of them, in order.
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::ALL.iter().copied().filter(move |permission| self.contains(*permission))
    }
}

fn bit(permission: Permission) -> u64 {
    1 << permission as u64
}

impl FromIterator<Permission> for Permissions {
    fn from_iter<T: IntoIterator<Item = Permission>>(permissions: T) -> Self {
        Self(permissions.into_iter().fold(0, |bits, permission| bits | bit(permission)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_has_what_was_put_in_and_nothing_else() {
        for permission in Permission::ALL {
            let alone = Permissions::from_iter([*permission]);
            assert!(alone.iter().eq([*permission]));
        }
        let all: Permissions = Permission::ALL.iter().copied().collect();
        let some: Permissions = [Permission::OrdersRead, Permission::CatalogRead].into_iter().collect();
        assert!(all.without(some).iter().eq(all.iter().filter(|one| !some.contains(*one))));
        assert_eq!(some.without(all), Permissions::default());
    }
}
