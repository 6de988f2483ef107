//! Orders, their lines, payments and shipments.
mod order_lines;
mod shipping;
mod totals;

use super::{catalog::Channel, inventory::Location, payments::Payment, reservations::Reservation, shipments::Shipment};
use crate::{
    graphql::{
        context::loaders,
        enums::{FulfillmentState, Mark, OrderEventKind, OrderStatus, PaymentState},
        errors::shared,
        ids,
        loaders::{EventsOf, LinesOf, LocationById, PaymentsOf, ReservationsOf, ShipmentsOf},
        scalars::{Long, Money},
    },
    kernel::{self},
    orders,
};
use async_graphql::{Context, ID, Object, Result, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use order_lines::{LineComponent, LineDiscount, OrderLine};
use shipping::OrderShipping;
use totals::{LineTax, OrderTotals};

/// An order.
pub struct Order(pub orders::Order);

impl Order {
    fn money(&self, amount_minor: i64) -> Money {
        kernel::Money { amount_minor, currency: self.0.currency() }.into()
    }
}

/// An order.
#[Object]
impl Order {
    /// Its global id.
    pub async fn id(&self) -> ID {
        ids::global("Order", self.0.id.0)
    }
    /// The id that REST uses.
    async fn order_id(&self) -> String {
        self.0.id.to_string()
    }
    /// The number that people use.
    async fn number(&self) -> Long {
        Long(self.0.number)
    }
    /// The channel from which it comes.
    async fn channel(&self) -> Channel {
        self.0.channel.into()
    }
    /// The status.
    async fn status(&self) -> OrderStatus {
        self.0.status.into()
    }
    /// The name by which its channel knows it, such as a marketplace's number.
    async fn external_ref(&self) -> Option<&str> {
        self.0.external_ref.as_deref()
    }

    /// When it happened; of a sale that was told later, when it was made.
    async fn occurred_at(&self) -> DateTime<Utc> {
        self.0.occurred_at
    }
    /// The business day of its location on which it happened.
    async fn business_date(&self) -> NaiveDate {
        self.0.business_date
    }
    /// Why someone must look at it; empty if there is nothing to look at.
    async fn marks(&self) -> Vec<Mark> {
        self.0.marks.iter().map(|mark| (*mark).into()).collect()
    }
    /// When someone has looked at it.
    async fn reviewed_at(&self) -> Option<DateTime<Utc>> {
        self.0.reviewed_at
    }
    /// True if its customer fetches it at the store.
    async fn is_pickup(&self) -> bool {
        self.0.is_pickup
    }

    /// The payment status.
    async fn payment_status(&self) -> PaymentState {
        self.0.payment_state().into()
    }
    /// The sum of its lines.
    async fn total(&self) -> Money {
        self.money(self.0.total_minor)
    }
    /// The amount paid and not given back.
    async fn paid(&self) -> Money {
        self.money(self.0.paid_minor - self.0.refunded_minor)
    }
    /// The customer.
    async fn customer(&self) -> Customer {
        let orders::Customer { id, name, email, .. } = self.0.customer().clone();
        Customer { customer_id: id.map(String::from), name: name.map(String::from), email: email.map(String::from) }
    }
    /// Why it was given up.
    async fn cancel_reason(&self) -> Option<&str> {
        self.0.cancel_reason.as_deref()
    }
    /// When it was placed.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
    /// When it last changed.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }
    /// For `If-Match`.
    async fn version(&self) -> Long {
        Long(self.0.version)
    }
    /// The fulfillment status.
    async fn fulfillment_status(&self, ctx: &Context<'_>) -> Result<FulfillmentState> {
        let parcels = loaders(ctx).load_one(ShipmentsOf(self.0.id)).await.map_err(shared)?.unwrap_or_default();
        let lines = loaders(ctx).load_one(LinesOf(self.0.id)).await.map_err(shared)?.unwrap_or_default();
        let has_come_back = lines.iter().any(orders::OrderLine::has_come_back);
        Ok(orders::fulfillment_state(self.0.status, !parcels.is_empty(), has_come_back).into())
    }
    /// The first of the locations that fill it.
    async fn location(&self, ctx: &Context<'_>) -> Result<Option<Location>> {
        Ok(loaders(ctx).load_one(LocationById(self.0.location_id)).await.map_err(shared)?.map(Location))
    }
    /// All the locations that fill it, as far as one may see them.
    #[graphql(complexity = "2 * child_complexity + 1")]
    async fn locations(&self, ctx: &Context<'_>) -> Result<Vec<Location>> {
        let found = loaders(ctx).load_many(self.0.locations().map(LocationById)).await.map_err(shared)?;
        Ok(self.0.locations().filter_map(|id| found.get(&LocationById(id)).cloned()).map(Location).collect())
    }
    /// The total with the tax that is within it, rate by rate.
    #[graphql(complexity = "2 * child_complexity + 1")]
    async fn totals(&self, ctx: &Context<'_>) -> Result<OrderTotals> {
        let found = loaders(ctx).load_one(LinesOf(self.0.id)).await.map_err(shared)?.unwrap_or_default();
        Ok(orders::OrderTotals::of(self.0.currency(), &found, self.0.shipping()).into())
    }
    /// The charge for shipping; null if it is not sent, or for nothing.
    #[graphql(complexity = "2 * child_complexity + 1")]
    async fn shipping(&self) -> Option<OrderShipping> {
        self.0.shipping().map(|charge| orders::ShippingView::of(charge, self.0.currency()).into())
    }
    /// The lines, in order.
    #[graphql(complexity = "4 * child_complexity + 1")]
    async fn lines(&self, ctx: &Context<'_>) -> Result<Vec<OrderLine>> {
        let found = loaders(ctx).load_one(LinesOf(self.0.id)).await.map_err(shared)?.unwrap_or_default();
        let taxed = |l: &orders::OrderLine| LineTax::of(l, self.0.currency());
        let line = |(tax, l): (Option<LineTax>, orders::OrderLine)| OrderLine {
            discount: self.money(l.discount_now()),
            discounts: orders::LineDiscountView::of(&l, self.0.currency())
                .into_iter()
                .map(LineDiscount::from)
                .collect(),
            components: orders::LineComponent::of(&l).into_iter().map(LineComponent::from).collect(),
            line_no: l.line_no,
            sku: l.sku,
            name: l.name,
            quantity: l.quantity,
            canceled: l.canceled,
            returned: l.returned,
            unit_price: self.money(l.unit_minor),
            tax_included: l.tax_included,
            total: self.money(l.total_minor),
            tax,
            of: l.variant_id,
        };
        Ok(found.into_iter().map(|l| (taxed(&l), l)).map(line).collect())
    }
    /// The reservations made for it.
    #[graphql(complexity = "child_complexity + 1")]
    async fn reservations(&self, ctx: &Context<'_>) -> Result<Vec<Reservation>> {
        let found = loaders(ctx).load_one(ReservationsOf(self.0.id)).await.map_err(shared)?.unwrap_or_default();
        Ok(found.into_iter().map(Reservation).collect())
    }
    /// The timeline, the first entry first.
    #[graphql(complexity = "4 * child_complexity + 1")]
    async fn timeline(&self, ctx: &Context<'_>) -> Result<Vec<OrderEvent>> {
        let found = loaders(ctx).load_one(EventsOf(self.0.id)).await.map_err(shared)?.unwrap_or_default();
        Ok(found.into_iter().map(OrderEvent::from).collect())
    }
    /// Its payments, oldest first.
    #[graphql(complexity = "2 * child_complexity + 1")]
    async fn payments(&self, ctx: &Context<'_>) -> Result<Vec<Payment>> {
        let found = loaders(ctx).load_one(PaymentsOf(self.0.id)).await.map_err(shared)?.unwrap_or_default();
        Ok(found.into_iter().map(Payment::from).collect())
    }
    /// Its shipments.
    #[graphql(complexity = "2 * child_complexity + 1")]
    async fn shipments(&self, ctx: &Context<'_>) -> Result<Vec<Shipment>> {
        let found = loaders(ctx).load_one(ShipmentsOf(self.0.id)).await.map_err(shared)?.unwrap_or_default();
        Ok(found.into_iter().map(Shipment::from).collect())
    }
}

/// An entry in the timeline of an order.
#[derive(SimpleObject)]
pub struct OrderEvent {
    /// The order's version with which it happened.
    version: Long,
    /// The kind of change.
    event: OrderEventKind,
    /// The user who did it; null if it happened by itself.
    actor_id: Option<String>,
    /// Why, in someone's words.
    reason: Option<String>,
    /// When.
    at: DateTime<Utc>,
}

impl From<orders::OrderEvent> for OrderEvent {
    fn from(event: orders::OrderEvent) -> Self {
        let orders::OrderEvent { version, event, actor_id, reason, at, .. } = event;
        let actor_id = actor_id.map(|id| id.to_string());
        Self { version: Long(version), event: event.into(), actor_id, reason, at }
    }
}

/// The customer of an order.
#[derive(SimpleObject)]
pub struct Customer {
    /// The caller's own id of the customer.
    customer_id: Option<String>,
    /// Their name.
    name: Option<String>,
    /// Their e-mail address.
    email: Option<String>,
}
