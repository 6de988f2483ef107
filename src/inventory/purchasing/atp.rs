//! Available to promise: what may be promised now, and what may be promised once what is expected has come.
use super::store;
use crate::{
    inventory::levels::store::{Level, look_at_levels},
    kernel::{LocationId, Result, VariantId},
    platform::db::Read,
};
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

crate::text_enum! {
    /// The document that brings goods.
    IncomingKind {
        /// A purchase order that is with the supplier.
        PurchaseOrder = "purchase_order",
        /// A transfer that is on its way.
        Transfer = "transfer",
    }
}

/// Goods that are expected.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Incoming {
    /// The kind of record.
    pub kind: IncomingKind,
    /// The purchase order or transfer.
    pub id: Uuid,
    /// When; null if no one has said.
    pub expected_on: Option<NaiveDate>,
    /// Units.
    pub units: i64,
    /// The units that may be promised from then on, if all comes that is expected until then.
    pub available_to_promise: i64,
}

/// The units that may be promised now and later.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Atp {
    /// Identifies the location.
    pub location_id: LocationId,
    /// Identifies the variant.
    pub variant_id: VariantId,
    /// The SKU of the variant.
    pub sku: String,
    /// The units that may be promised now; negative within the backorder limit.
    pub available: i32,
    /// The expected arrivals, the earliest first.
    pub incoming: Vec<Incoming>,
}

/// The expected arrivals of a variant at a location, and the units that they make available.
pub fn incoming(db: &mut Read, location: LocationId, variant: VariantId, sku: String) -> Result<Atp> {
    let level = look_at_levels(db.conn(), &[(location, variant)], None)?.pop().map(|row| row.level);
    let available = level.unwrap_or_else(|| Level::empty(location, variant)).available();
    let mut promise = i64::from(available);
    let mut incoming = vec![];
    for row in store::expected(db.conn(), location, variant)? {
        promise += row.units;
        let kind = row.kind.parse().map_err(|why: String| anyhow::anyhow!(why))?;
        let (id, expected_on, units) = (row.id, row.expected_on, row.units);
        incoming.push(Incoming { kind, id, expected_on, units, available_to_promise: promise });
    }
    Ok(Atp { location_id: location, variant_id: variant, sku, available, incoming })
}
