//! The sourcing of orders, and the parts that locations could not fill, as it is written down.
use crate::{
    inventory::Demand,
    kernel::{LocationId, OrderId, PrincipalId, VariantId},
    orders::sourcing::{Candidate, Strategy},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Why an order is filled from where it is.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SourcingDecision {
    #[serde(skip)]
    pub order_id: OrderId,
    /// Counts the decisions about an order, from 1.
    pub attempt: i32,
    /// The strategy that decided.
    pub strategy: Strategy,
    /// The locations that were looked at, in order of priority: the first few that seemed to have everything or, where
    /// none did, those that have some.
    pub candidates: Vec<Candidate>,
    /// The units that each chosen location gives.
    pub parts: Vec<SourcedPart>,
    /// In words.
    pub reason: String,
    /// When it was decided.
    pub decided_at: DateTime<Utc>,
    /// The units that were wanted, in order of variant: the order of each candidate's `available`.
    pub wanted: Vec<i32>,
    /// The destination (ISO 3166-1 alpha-2), if that was known.
    pub country: Option<String>,
}

/// The units that a location gives to an order.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SourcedPart {
    /// Identifies the location.
    pub location_id: LocationId,
    /// The code of the location.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location_code: Option<String>,
    /// The units of each variant.
    pub units: Vec<SourcedUnits>,
}

crate::text_enum! {
    /// Why a location does not fill its part of an order.
    RejectReason {
        /// It is not where the books say.
        NotInStock = "not_in_stock",
        /// It is damaged.
        Damaged = "damaged",
        /// There is no one to pick it in time.
        NoCapacity = "no_capacity",
        /// Something else.
        Other = "other",
        /// Its goods were sold to someone else.
        Short = "short",
    }
}

/// That a location could not fill its part.
#[derive(Debug, Clone)]
pub struct Rejection {
    pub order_id: OrderId,
    /// The decision that followed.
    pub attempt: i32,
    pub location_id: LocationId,
    pub reason: RejectReason,
    pub note: Option<String>,
    pub actor_id: PrincipalId,
    pub rejected_at: DateTime<Utc>,
}

/// Units of an order line in a parcel; of a bundle, units of one of its parts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ParcelLine {
    /// The number of the order line.
    pub line_no: i32,
    /// The variant of the line; of a bundle, of its part.
    pub variant_id: VariantId,
    /// Units in the parcel.
    pub quantity: i32,
}

/// Units of a variant; of a bundle, of its part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SourcedUnits {
    /// Identifies the variant.
    pub variant_id: VariantId,
    /// Units.
    pub quantity: i32,
}

impl SourcedUnits {
    /// A demand, variant by variant.
    pub fn of(demand: &Demand) -> Vec<Self> {
        demand.iter().map(|(variant_id, quantity)| Self { variant_id, quantity }).collect()
    }
}
