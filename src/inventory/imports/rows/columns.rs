//! The columns of files, by the kind of an import.
use crate::inventory::imports::ImportKind;

/// Columns of whole numbers.
pub const NUMBERS: [&str; 11] = [
    "delta",
    "set",
    "safety_stock",
    "reorder_threshold",
    "reorder_quantity",
    "backorder_limit",
    "quantity",
    "accepted",
    "rejected",
    "pao_months",
    "unit_cost_minor",
];

/// Columns that are read of a kind.
pub fn columns(kind: ImportKind) -> &'static [&'static str] {
    match kind {
        ImportKind::Levels => &[
            "location",
            "sku",
            "delta",
            "set",
            "state",
            "reason",
            "lot",
            "note",
            "safety_stock",
            "reorder_threshold",
            "reorder_quantity",
            "backorder_limit",
        ],
        ImportKind::Counts => &["count_id", "status", "sku", "lot", "quantity", "counted_at"],
        ImportKind::Receipts => &[
            "location",
            "receipt_id",
            "purchase_order_id",
            "supplier_id",
            "reference",
            "sku",
            "scan",
            "lot",
            "made_on",
            "expires_on",
            "pao_months",
            "accepted",
            "rejected",
            "condition",
            "unit_cost_minor",
            "currency",
            "exchange_rate",
        ],
    }
}

/// Columns that exports have and imports do not read: they tell what is, and change nothing.
pub fn told(kind: ImportKind) -> &'static [&'static str] {
    match kind {
        ImportKind::Levels => &[
            "location_id",
            "variant_id",
            "quantity_available",
            "quantity_reserved",
            "backordered",
            "on_hand",
            "damaged",
            "quality_hold",
            "returned",
            "expired",
            "allocated",
            "reserved",
            "in_transit",
            "uncovered",
            "version",
        ],
        ImportKind::Counts => &["location", "variant_id", "at_start", "expected", "variance", "counted_by"],
        ImportKind::Receipts => &["created_at", "line_no", "variant_id", "lot_id"],
    }
}
