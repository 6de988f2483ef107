//! Parcels as the interface shows them.
use crate::kernel::{LocationId, ReturnId, ShipmentId};
use crate::orders::{
    model::ParcelStatus,
    store::{ParcelLine, Shipment, SourcedUnits},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A parcel that has left.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct ShipmentView {
    /// Identifies the shipment.
    pub id: ShipmentId,
    /// Identifies the location.
    pub location_id: LocationId,
    /// The carrier that delivers it.
    pub carrier: Option<String>,
    /// The carrier's number of the parcel.
    pub tracking_number: Option<String>,
    /// The state that it is in.
    #[schema(inline)]
    pub status: ParcelStatus,
    /// When it left.
    pub shipped_at: DateTime<Utc>,
    /// When it was delivered.
    pub delivered_at: Option<DateTime<Utc>>,
    /// When it was reported as lost or as coming back.
    pub problem_at: Option<DateTime<Utc>>,
    /// The return that followed from it, by which its goods and its money are dealt with.
    pub return_id: Option<ReturnId>,
    /// The number of its changes; send it back in `If-Match`.
    pub version: i64,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// The units of each variant in it.
    pub units: Vec<SourcedUnits>,
    /// The order lines whose units are in it; empty for parcels that left before lines were kept.
    pub lines: Vec<ParcelLine>,
}

impl From<&Shipment> for ShipmentView {
    fn from(s: &Shipment) -> Self {
        Self {
            id: s.id,
            location_id: s.location_id,
            carrier: s.carrier.clone(),
            tracking_number: s.tracking_number.clone(),
            status: s.status(),
            shipped_at: s.shipped_at,
            delivered_at: s.delivered_at,
            problem_at: s.problem_at,
            return_id: s.return_id,
            version: s.version,
            created_at: s.created_at,
            units: s.goods().to_vec(),
            lines: s.lines().to_vec(),
        }
    }
}
