//! Orders as the interface shows them.
mod parcels;
mod shipping;
mod totals;
pub use parcels::ShipmentView;
pub use shipping::ShippingView;
pub use totals::{LineTaxView, OrderTotals, TaxTotal};

use crate::orders::{
    model::{Customer, FulfillmentState, LineDiscount, Mark, OrderStatus, PaymentState},
    rules,
    store::{Order, OrderLine, OrderRow, Shipment},
};
use crate::{
    kernel::{Channel, Currency, LocationId, Money, OrderId, PromotionId, ReservationId, ReturnId, VariantId, spread},
    payments::PaymentView,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
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
    /// The sum of its lines and the charge for shipping.
    pub total: Money,
    /// The charge for shipping; null if it is not sent, or for nothing.
    #[serde(default)]
    pub shipping: Option<ShippingView>,
    /// The total with the tax that is within it.
    pub totals: OrderTotals,
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
    /// False if the unit price and the discount are without tax, as those of a net price list; the total never is.
    #[serde(default = "crate::kernel::strict_json::yes")]
    pub tax_included: bool,
    /// The amount off the price of its units.
    pub discount: Money,
    /// The same by what took it off, in the order in which it was.
    pub discounts: Vec<LineDiscountView>,
    /// The price of all its units, less the discount, with tax.
    pub total: Money,
    /// The tax within it; null where no rate was known.
    pub tax: Option<LineTaxView>,
}

impl OrderLineView {
    /// A line of an order in a currency.
    pub fn of(l: &OrderLine, currency: Currency) -> Self {
        let money = |amount_minor| Money { amount_minor, currency };
        Self {
            line_no: l.line_no,
            sku: l.sku.clone(),
            variant_id: l.variant_id,
            name: l.name.clone(),
            quantity: l.quantity,
            canceled: l.canceled,
            returned: l.returned,
            components: LineComponent::of(l),
            unit_price: money(l.unit_minor),
            tax_included: l.tax_included,
            discount: money(l.discount_now()),
            discounts: LineDiscountView::of(l, currency),
            total: money(l.total_minor),
            tax: l.tax().map(|tax| LineTaxView { tax: tax.clone(), amount: money(l.tax_minor()) }),
        }
    }
}

/// An amount off the units of a line that are still ordered, or off the charge for shipping.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct LineDiscountView {
    /// Identifies the promotion that took it off.
    pub promotion_id: PromotionId,
    /// The name of the promotion.
    #[schema(value_type = String)]
    pub name: Arc<str>,
    /// The code of the coupon that was shown for it; null if none was.
    #[schema(value_type = Option<String>)]
    pub coupon: Option<Arc<str>>,
    /// The amount.
    pub amount: Money,
}

impl LineDiscountView {
    /// The discounts of a line. Of units that were given up nothing is off any more: the rest is shared as before.
    pub fn of(line: &OrderLine, currency: Currency) -> Vec<Self> {
        let weights: Vec<_> = line.discounts().iter().map(|of| of.amount_minor).collect();
        let amounts = spread(line.discount_now(), &weights);
        line.discounts().iter().zip(amounts).map(|(of, minor)| Self::with(of, minor, currency)).collect()
    }

    /// A discount with an amount in minor units.
    pub fn with(of: &LineDiscount, amount_minor: i64, currency: Currency) -> Self {
        Self {
            promotion_id: of.promotion_id,
            name: of.name.clone(),
            coupon: of.coupon.clone(),
            amount: Money { amount_minor, currency },
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

impl From<&OrderRow> for OrderView {
    fn from(row: &OrderRow) -> Self {
        Self::of(&row.order, row.lines.iter(), &row.shipments)
    }
}

impl OrderView {
    pub(super) fn of<'a>(order: &Order, lines: impl Iterator<Item = &'a OrderLine>, shipments: &[Shipment]) -> Self {
        let money = |amount_minor| Money { amount_minor, currency: order.currency() };
        let lines: Vec<_> = lines.collect();
        let has_come_back = lines.iter().any(|line| line.has_come_back());
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
            shipping: order.shipping().map(|charge| ShippingView::of(charge, order.currency())),
            totals: OrderTotals::of(order.currency(), &lines, order.shipping()),
            paid: money(order.paid_minor - order.refunded_minor),
            authorized: money(order.authorized_minor),
            lines: lines.into_iter().map(|line| OrderLineView::of(line, order.currency())).collect(),
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
