//! The built-in roles.
use super::permissions::{Permission, Permissions};
use crate::kernel::{error::Result, text::CodeName};

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
    pub fn permissions(self) -> Permissions {
        self.listed().iter().copied().collect()
    }

    #[expect(clippy::too_many_lines, reason = "a line for each permission")]
    fn listed(self) -> &'static [Permission] {
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

impl From<Role> for CodeName {
    fn from(role: Role) -> Self {
        Self::of_word(role.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_built_in_role_has_a_code_name() {
        assert!(Role::ALL.iter().all(|role| role.as_str().parse() == Ok(CodeName::from(*role))));
    }
}
