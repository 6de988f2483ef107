//! Parcels of orders.
use super::variants::Variant;
use crate::{
    graphql::{context::loaders, enums::ParcelStatus, errors::shared, ids, loaders::VariantById},
    kernel::VariantId,
    orders,
};
use async_graphql::{ComplexObject, Context, ID, Result, SimpleObject};
use chrono::{DateTime, Utc};

/// Goods that left for the customer.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct Shipment {
    #[graphql(skip)]
    global: ID,
    /// The carrier.
    carrier: Option<String>,
    /// The carrier's number.
    tracking_number: Option<String>,
    /// When it left.
    shipped_at: DateTime<Utc>,
    /// The status.
    status: ParcelStatus,
    /// When it arrived.
    delivered_at: Option<DateTime<Utc>>,
    /// When it was reported as lost or as coming back.
    problem_at: Option<DateTime<Utc>>,
    /// The return by which its goods and its money are dealt with.
    return_id: Option<String>,
    /// The order lines whose units are in it; empty for parcels that left before lines were kept.
    lines: Vec<ParcelLine>,
}

#[ComplexObject]
impl Shipment {
    /// Its global id.
    pub async fn id(&self) -> ID {
        self.global.clone()
    }
}

impl From<orders::Shipment> for Shipment {
    fn from(s: orders::Shipment) -> Self {
        Self {
            global: ids::global("Shipment", s.id.0),
            status: s.status().into(),
            lines: s.lines().iter().map(ParcelLine::from).collect(),
            carrier: s.carrier,
            tracking_number: s.tracking_number,
            shipped_at: s.shipped_at,
            delivered_at: s.delivered_at,
            problem_at: s.problem_at,
            return_id: s.return_id.map(|id| id.to_string()),
        }
    }
}

/// Units of an order line in a parcel; of a bundle, units of one of its parts.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct ParcelLine {
    /// The number of the order line.
    line_no: i32,
    /// Units in the parcel.
    quantity: i32,
    #[graphql(skip)]
    of: VariantId,
}

#[ComplexObject]
impl ParcelLine {
    /// The variant of the line, or of the part of a bundle, as it is now.
    async fn variant(&self, ctx: &Context<'_>) -> Result<Option<Variant>> {
        Ok(loaders(ctx).load_one(VariantById(self.of)).await.map_err(shared)?.map(Variant))
    }
}

impl From<&orders::ParcelLine> for ParcelLine {
    fn from(line: &orders::ParcelLine) -> Self {
        Self { line_no: line.line_no, quantity: line.quantity, of: line.variant_id }
    }
}
