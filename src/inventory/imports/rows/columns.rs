//! The columns of files of stock.
use crate::platform::files::Columns;

/// The columns of adjustments and thresholds.
pub const LEVELS: Columns = Columns {
    kind: "levels",
    read: &[
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
    told: &[
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
    numbers: &["delta", "set", "safety_stock", "reorder_threshold", "reorder_quantity", "backorder_limit"],
    decimals: &[],
    documents: &[],
    also: &[],
    clearable: &[],
};

/// The columns of lines of counts.
pub const COUNTS: Columns = Columns {
    kind: "counts",
    read: &["count_id", "status", "sku", "lot", "quantity", "counted_at"],
    told: &["location", "variant_id", "at_start", "expected", "variance", "counted_by"],
    numbers: &["quantity"],
    decimals: &[],
    documents: &[],
    also: &[("counted", "quantity")],
    clearable: &[],
};

/// The columns of arrivals.
pub const RECEIPTS: Columns = Columns {
    kind: "receipts",
    read: &[
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
    told: &["created_at", "line_no", "variant_id", "lot_id"],
    numbers: &["accepted", "rejected", "pao_months", "unit_cost_minor"],
    decimals: &["exchange_rate"],
    documents: &[],
    also: &[],
    clearable: &[],
};
