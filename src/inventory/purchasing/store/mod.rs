//! Buying in PostgreSQL.
mod items;
mod purchases;
mod receipts;
mod suppliers;

pub use items::{ItemFilter, SupplierItem, items, items_of, lock_item, save_item};
pub use purchases::{PurchaseHead, PurchaseLine, expected, insert, lock, purchase, purchases, rewrite, save};
pub use receipts::{ReceiptHead, ReceiptLine, add_receipts, receipt, receipts};
pub use suppliers::{Supplier, insert_supplier, lock_supplier, save_supplier, suppliers, suppliers_by_id};

crate::text_enum_in_sql!(super::PurchaseStatus, super::ArrivalCondition);
