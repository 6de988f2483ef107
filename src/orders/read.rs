//! Reads of orders, batch-shaped, each limited to the locations the caller may see.
use super::{
    model::{Customer, FulfillmentState, Mark, OrderStatus, ParcelStatus, PaymentState, Sort},
    rules, sourcing,
    store::{self, Order, OrderLine, OrderRow, ParcelLine, Shipment, SourcedUnits, SourcingDecision},
};
use crate::{
    inventory,
    kernel::{
        Channel, Error, LocationId, Locations, Money, OrderId, Page, PageRequest, ReservationId, Result, ReturnId,
        ShipmentId, VariantId,
    },
    orders::model::{OrderFilter, OrderKey},
    payments::PaymentView,
    platform::db::Read,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use utoipa::ToSchema;

/// An order as the interface shows it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct OrderView {
    /// Identifies the order.
    pub id: OrderId,
    /// The number that people use.
    pub number: i64,
    /// The channel of sale.
    pub channel: Channel,
    /// The first of the locations that fill it.
    pub location_id: LocationId,
    /// All of them.
    pub location_ids: Vec<LocationId>,
    /// Identifies the reservation.
    pub reservation_id: ReservationId,
    /// The state that it is in.
    pub status: OrderStatus,
    /// The state of its payments together.
    pub payment_status: PaymentState,
    /// The state of its fulfillment.
    pub fulfillment_status: FulfillmentState,
    /// The currency of all its amounts (ISO 4217).
    pub currency: String,
    /// The sum of its lines.
    pub total: Money,
    /// The amount taken, less the amount given back.
    pub paid: Money,
    /// The amount authorized and not captured yet.
    pub authorized: Money,
    /// The customer and the delivery address.
    pub customer: Customer,
    /// The lines, in order.
    pub lines: Vec<OrderLineView>,
    /// The parcels that have left.
    pub shipments: Vec<ShipmentView>,
    /// Why it was canceled, in words.
    pub cancel_reason: Option<String>,
    /// The amount owed to the payer for what came back.
    pub credited: Money,
    /// The return in whose place it was made.
    pub exchange_for: Option<ReturnId>,
    /// The name by which its channel knows it.
    pub external_ref: Option<String>,
    /// True if the customer fetches it.
    pub pickup: bool,
    /// When it happened; of a sale that was told later, when it was made.
    pub occurred_at: DateTime<Utc>,
    /// The business day of its location on which it happened.
    pub business_date: NaiveDate,
    /// Why someone must look at it; nothing to look at if empty.
    #[schema(inline)]
    pub marks: Vec<Mark>,
    /// The sale under whose client id it was told, at the same location.
    pub conflict_with: Option<OrderId>,
    /// When someone has looked at it.
    pub reviewed_at: Option<DateTime<Utc>>,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// The number of its changes; send it back in `If-Match`.
    pub version: i64,
}

/// A line of an order.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct OrderLineView {
    /// The number of the line in its document, from 1.
    pub line_no: i32,
    /// The SKU of the variant.
    pub sku: String,
    /// Identifies the variant.
    pub variant_id: VariantId,
    /// The name that people read.
    pub name: String,
    /// Units that are ordered, less those that were canceled line by line; a canceled order keeps the last number.
    pub quantity: i32,
    /// Units that were given up.
    pub canceled: i32,
    /// Units that came back, whole.
    pub returned: i32,
    /// The components of one unit, if it is a bundle.
    pub components: Vec<LineComponent>,
    /// The price of one unit.
    pub unit_price: Money,
    /// The sum of its lines.
    pub total: Money,
}

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

/// A part of a bundle that was ordered.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct LineComponent {
    /// Identifies the variant.
    pub variant_id: VariantId,
    /// Units of it in one bundle.
    pub quantity: i32,
    /// Units of it that came back, alone or with the whole bundle.
    pub returned: i32,
}

impl LineComponent {
    /// The parts of a bundle; none of what is sold as it is.
    pub fn of(line: &OrderLine) -> Vec<Self> {
        let parts = line.parts().into_iter().filter(|_| line.is_bundle());
        let part = |part: crate::orders::model::BundleComponent| Self {
            variant_id: part.variant_id,
            quantity: part.quantity,
            returned: line.back_of(&part),
        };
        parts.map(part).collect()
    }
}

/// A payment with the order as it stands after it.
#[derive(Debug, Serialize, ToSchema)]
pub struct PaidView {
    #[serde(flatten)]
    pub payment: PaymentView,
    /// The order as it stands now.
    pub order: OrderView,
}

/// A page of the orders one may see.
pub fn orders(
    db: &mut Read,
    locations: &Locations,
    filter: &OrderFilter,
    sort: Sort,
    page: &PageRequest<OrderKey>,
) -> Result<Page<Order>> {
    Ok(Page::of(store::orders(db.conn(), locations.ids(), filter, sort, page)?, page.limit))
}

/// Orders by id, as far as one may see them.
pub fn orders_by_id(db: &mut Read, locations: &Locations, ids: &[OrderId]) -> Result<Vec<Order>> {
    let found = store::orders_by_id(db.conn(), ids)?;
    Ok(found.into_iter().filter(|order| order.is_at(locations)).collect())
}

/// The lines of orders.
pub fn lines_of(db: &mut Read, ids: &[OrderId]) -> Result<Vec<OrderLine>> {
    Ok(store::lines_of(db.conn(), ids)?)
}

/// Shipments by id, as far as one may see their locations.
pub fn shipments_by_id(db: &mut Read, locations: &Locations, ids: &[ShipmentId]) -> Result<Vec<Shipment>> {
    let found = store::shipments_by_id(db.conn(), ids)?;
    Ok(found.into_iter().filter(|shipment| locations.include(shipment.location_id)).collect())
}

/// The shipments of orders.
pub fn shipments_of(db: &mut Read, ids: &[OrderId]) -> Result<Vec<Shipment>> {
    Ok(store::shipments_of(db.conn(), ids)?)
}

/// The decisions about where an order is filled from, with the candidates and parts of the locations that the caller
/// may read: stock elsewhere is not told by way of an order.
pub fn decisions_of(db: &mut Read, locations: &Locations, id: OrderId) -> Result<Vec<SourcingDecision>> {
    let order = orders_by_id(db, locations, &[id])?.pop().ok_or_else(|| Error::not_found("order"))?;
    let mut decisions = sourcing::decisions_of(db.conn(), order.id)?;
    for decision in &mut decisions {
        decision.candidates.retain(|candidate| locations.include(candidate.location_id));
        decision.parts.retain(|part| locations.include(part.location_id));
    }
    name_locations(db, &mut decisions)?;
    Ok(decisions)
}

fn name_locations(db: &mut Read, decisions: &mut [SourcingDecision]) -> Result<()> {
    let candidates = decisions.iter().flat_map(|decision| &decision.candidates).map(|one| one.location_id);
    let parts = decisions.iter().flat_map(|decision| &decision.parts).map(|part| part.location_id);
    let ids: Vec<_> = candidates.chain(parts).collect();
    let found = inventory::locations_by_id(db, &Locations::Everywhere, &ids)?;
    let codes: HashMap<_, _> = found.into_iter().map(|location| (location.id, location.code)).collect();
    for decision in decisions {
        for candidate in &mut decision.candidates {
            candidate.location_code = codes.get(&candidate.location_id).cloned();
        }
        for part in &mut decision.parts {
            part.location_code = codes.get(&part.location_id).cloned();
        }
    }
    Ok(())
}

/// An order as the interface shows it.
pub(super) fn order_view(db: &mut Read, order: Order) -> Result<OrderView> {
    let mut views = order_views(db, vec![order])?;
    views.pop().ok_or_else(|| anyhow::anyhow!("the order has vanished").into())
}

/// An order with its lines and parcels.
pub(super) fn order_row(db: &mut Read, order: Order) -> Result<OrderRow> {
    let id = [order.id];
    Ok(OrderRow { lines: store::lines_of(db.conn(), &id)?, shipments: store::shipments_of(db.conn(), &id)?, order })
}

/// The same for many, in two more queries.
pub(super) fn order_views(db: &mut Read, orders: Vec<Order>) -> Result<Vec<OrderView>> {
    let ids: Vec<_> = orders.iter().map(|order| order.id).collect();
    let (lines, shipments) = (store::lines_of(db.conn(), &ids)?, store::shipments_of(db.conn(), &ids)?);
    let view = |order: &Order| {
        let lines = lines.iter().filter(|line| line.order_id == order.id);
        let parcels: Vec<_> = shipments.iter().filter(|s| s.order_id == order.id).cloned().collect();
        OrderView::of(order, lines, &parcels)
    };
    Ok(orders.iter().map(view).collect())
}

impl From<&OrderRow> for OrderView {
    fn from(row: &OrderRow) -> Self {
        Self::of(&row.order, row.lines.iter(), &row.shipments)
    }
}

impl OrderView {
    fn of<'a>(order: &Order, lines: impl Iterator<Item = &'a OrderLine>, shipments: &[Shipment]) -> Self {
        let money = |amount_minor| Money { amount_minor, currency: order.currency() };
        let lines: Vec<_> = lines.collect();
        let has_come_back = lines.iter().any(|line| line.has_come_back());
        let line = |l: &OrderLine| OrderLineView {
            line_no: l.line_no,
            sku: l.sku.clone(),
            variant_id: l.variant_id,
            name: l.name.clone(),
            quantity: l.quantity,
            canceled: l.canceled,
            returned: l.returned,
            components: LineComponent::of(l),
            unit_price: money(l.unit_minor),
            total: money(l.total_minor),
        };
        Self {
            id: order.id,
            number: order.number,
            channel: order.channel,
            location_id: order.location_id,
            location_ids: order.locations().collect(),
            reservation_id: order.reservation_id,
            status: order.status,
            payment_status: order.payment_state(),
            fulfillment_status: rules::fulfillment_state(order.status, !shipments.is_empty(), has_come_back),
            currency: order.currency().to_string(),
            total: money(order.total_minor),
            paid: money(order.paid_minor - order.refunded_minor),
            authorized: money(order.authorized_minor),
            lines: lines.into_iter().map(line).collect(),
            shipments: shipments.iter().map(ShipmentView::from).collect(),
            cancel_reason: order.cancel_reason.clone(),
            credited: money(order.credited_minor),
            exchange_for: order.exchange_for,
            external_ref: order.external_ref.clone(),
            pickup: order.is_pickup,
            occurred_at: order.occurred_at,
            business_date: order.business_date,
            marks: order.marks.clone(),
            conflict_with: order.conflict_with,
            reviewed_at: order.reviewed_at,
            created_at: order.created_at,
            updated_at: order.updated_at,
            version: order.version,
            customer: order.customer().clone(),
        }
    }
}

/// An order holds goods for at most so many times what it is given at first, however often it is paid for.
const MOST_HOLDS: i32 = 4;

impl Order {
    /// Until when its goods are held if they are given their time again: not for ever.
    pub fn reserved_until(&self, now: DateTime<Utc>, hold: chrono::Duration) -> DateTime<Utc> {
        (now + hold).min(self.created_at + hold * MOST_HOLDS)
    }

    /// The payment status.
    pub fn payment_state(&self) -> PaymentState {
        rules::payment_state(rules::Purse {
            total: self.kept_minor(),
            paid: self.paid_minor,
            refunded: self.refunded_minor,
            credited: self.credited_minor,
            authorized: self.authorized_minor,
            is_free: self.total_minor == 0,
        })
    }
}
