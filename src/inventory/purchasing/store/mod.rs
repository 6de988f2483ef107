//! Buying in PostgreSQL.
mod purchases;
mod receipts;
mod suppliers;

pub use purchases::{PurchaseHead, PurchaseLine, expected, insert, lock, purchase, purchases, rewrite, save};
pub use receipts::{ReceiptHead, ReceiptLine, add_receipts, receipt, receipts};
pub use suppliers::{Supplier, insert_supplier, lock_supplier, save_supplier, suppliers, suppliers_by_id};

crate::words_in_sql!(super::PurchaseStatus, super::ArrivalCondition);
