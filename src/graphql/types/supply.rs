//! Goods that move: transfers, purchase orders, lots and counts.
use super::{inventory::Location, variants::Variant};
use crate::{
    graphql::{
        context::loaders,
        errors::shared,
        loaders::{LocationById, VariantById},
        scalars::Long,
    },
    inventory,
    kernel::{LocationId, VariantId},
};
use async_graphql::{ComplexObject, Context, Object, Result, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};

pub(super) async fn location(ctx: &Context<'_>, id: LocationId) -> Result<Option<Location>> {
    Ok(loaders(ctx).load_one(LocationById(id)).await.map_err(shared)?.map(Location))
}

pub(super) async fn variant(ctx: &Context<'_>, id: VariantId) -> Result<Option<Variant>> {
    Ok(loaders(ctx).load_one(VariantById(id)).await.map_err(shared)?.map(Variant))
}

/// Goods on their way from one location to another.
pub struct Transfer(pub inventory::TransferView);

/// Goods on their way from one location to another.
#[Object]
impl Transfer {
    /// The id that REST uses.
    async fn transfer_id(&self) -> String {
        self.0.head.id.to_string()
    }
    /// The number that people use.
    async fn number(&self) -> Long {
        Long(self.0.head.number)
    }
    /// The status: draft, ready, in_transit, partially_received, received or canceled.
    async fn status(&self) -> &str {
        self.0.head.status.as_str()
    }
    /// The location that it leaves; null if one may not see that location.
    async fn from(&self, ctx: &Context<'_>) -> Result<Option<Location>> {
        location(ctx, self.0.head.from_location_id).await
    }
    /// The location to which it goes; null if one may not see that location.
    async fn to(&self, ctx: &Context<'_>) -> Result<Option<Location>> {
        location(ctx, self.0.head.to_location_id).await
    }
    /// When it is expected.
    async fn expected_on(&self) -> Option<NaiveDate> {
        self.0.head.expected_on
    }
    /// The lines.
    async fn lines(&self) -> Vec<TransferLine> {
        self.0.lines.iter().cloned().map(TransferLine::from).collect()
    }
    /// For `If-Match`.
    async fn version(&self) -> Long {
        Long(self.0.head.version)
    }
    /// When it was written.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.head.created_at
    }
}

/// A variant of a transfer: shipped = received + damaged + lost + inTransit.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct TransferLine {
    #[graphql(skip)]
    variant_id: VariantId,
    /// Units asked for.
    requested: i32,
    /// Units that left.
    shipped: i32,
    /// Units that came in good order.
    received: i32,
    /// Units that came damaged.
    damaged: i32,
    /// Units that will not come.
    lost: i32,
    /// Units on their way.
    in_transit: i32,
}

#[ComplexObject]
impl TransferLine {
    /// The variant.
    async fn variant(&self, ctx: &Context<'_>) -> Result<Option<Variant>> {
        variant(ctx, self.variant_id).await
    }
}

impl From<inventory::TransferLineView> for TransferLine {
    fn from(line: inventory::TransferLineView) -> Self {
        let inventory::TransferLineView { variant_id, requested, shipped, received, damaged, lost, in_transit, .. } =
            line;
        Self { variant_id, requested, shipped, received, damaged, lost, in_transit }
    }
}

/// Goods ordered from a supplier.
pub struct PurchaseOrder(pub inventory::PurchaseView);

/// Goods ordered from a supplier.
#[Object]
impl PurchaseOrder {
    /// The id that REST uses.
    async fn purchase_order_id(&self) -> String {
        self.0.head.id.to_string()
    }
    /// The number that people use.
    async fn number(&self) -> Long {
        Long(self.0.head.number)
    }
    /// The status: draft, ordered, partially_received, received, closed or canceled.
    async fn status(&self) -> &str {
        self.0.head.status.as_str()
    }
    /// The supplier's id, as REST uses it.
    async fn supplier_id(&self) -> String {
        self.0.head.supplier_id.to_string()
    }
    /// The location to which the goods go.
    async fn location(&self, ctx: &Context<'_>) -> Result<Option<Location>> {
        location(ctx, self.0.head.location_id).await
    }
    /// When it is expected.
    async fn expected_on(&self) -> Option<NaiveDate> {
        self.0.head.expected_on
    }
    /// The lines.
    async fn lines(&self) -> Vec<PurchaseOrderLine> {
        let line = |line: &inventory::PurchaseLineView| PurchaseOrderLine {
            variant_id: line.variant_id,
            ordered: line.ordered,
            received: line.received,
            rejected: line.rejected,
            outstanding: line.outstanding,
        };
        self.0.lines.iter().map(line).collect()
    }
    /// For `If-Match`.
    async fn version(&self) -> Long {
        Long(self.0.head.version)
    }
}

/// A variant of a purchase order.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct PurchaseOrderLine {
    #[graphql(skip)]
    variant_id: VariantId,
    /// Units ordered.
    ordered: i32,
    /// Units taken in.
    received: i32,
    /// Units refused at the door.
    rejected: i32,
    /// Units still expected while the order is open.
    outstanding: i32,
}

#[ComplexObject]
impl PurchaseOrderLine {
    /// The variant.
    async fn variant(&self, ctx: &Context<'_>) -> Result<Option<Variant>> {
        variant(ctx, self.variant_id).await
    }
}

/// A count of what is really there, without its lines, which REST shows.
pub struct StockCount(pub inventory::CountHead);

/// A count of what is really there, without its lines, which REST shows.
#[Object]
impl StockCount {
    /// The id that REST uses.
    async fn count_id(&self) -> String {
        self.0.id.to_string()
    }
    /// The number that people use.
    async fn number(&self) -> Long {
        Long(self.0.number)
    }
    /// The status: counting, review, approved or canceled.
    async fn status(&self) -> &str {
        self.0.status.as_str()
    }
    /// The scope of the count, in words.
    async fn scope(&self) -> &str {
        &self.0.scope
    }
    /// When it was started.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
}
