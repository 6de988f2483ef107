//! Looks at returns, as far as one may see where they are or where their orders came from.
pub mod cases;
use super::{
    model::{ComponentBack, Found, Goods, Return, ReturnLine, ReturnReason, ReturnStatus},
    store,
};
use crate::{
    inventory::Inventory,
    kernel::{Currency, Error, LocationId, Locations, Money, OrderId, Page, PageRequest, Result, ReturnId, VariantId},
    orders::{
        read::orders_by_id,
        returns::model::{ReturnFilter, ReturnKey},
        store::Order,
    },
    payments,
    platform::db::Read,
};
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::collections::{HashMap, HashSet};
use utoipa::ToSchema;

crate::text_enum! {
    /// The refund status of a return.
    RefundStatus {
        /// Nothing is given back.
        None = "none",
        /// It is on its way.
        Pending = "pending",
        /// It could not be given back: someone must look at the payment.
        Failed = "failed",
        /// It was given back.
        Done = "done",
    }
}

/// A return as the interface shows it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReturnView {
    /// Identifies the return.
    pub id: ReturnId,
    /// The number that people use: the order's, with a count.
    pub number: String,
    /// Identifies the order.
    pub order_id: OrderId,
    /// The state that it is in.
    #[schema(inline)]
    pub status: ReturnStatus,
    /// The location at which the goods came in; null while they have not.
    pub location_id: Option<LocationId>,
    /// True if the price was given back without the goods.
    pub is_returnless: bool,
    /// Someone's own words.
    pub note: Option<String>,
    /// The price of its units.
    pub worth: Money,
    /// The tax within the price of its units.
    pub tax: Money,
    /// The share of the charge for shipping that is given back with it, once it is closed.
    pub shipping: Money,
    /// The tax within that share.
    pub shipping_tax: Money,
    /// The amount that is no longer owed, once it is closed: the price of its units and the share of the shipping, less
    /// what is withheld.
    pub credited: Money,
    /// The amount given back to the payer, of what was taken.
    pub refund: Money,
    /// The refund status.
    #[schema(inline)]
    pub refund_status: RefundStatus,
    /// The part of the price that is kept back.
    pub withheld: Money,
    /// The return of which these units did not arrive.
    pub rest_of: Option<ReturnId>,
    /// The lines, in order.
    pub lines: Vec<ReturnLineView>,
    /// The units that came in, lot by lot.
    pub goods: Vec<Goods>,
    /// The findings about it, and its disposition.
    pub inspection: Vec<Found>,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// The number of its changes; send it back in `If-Match`.
    pub version: i64,
}

/// Units of a line that come back.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReturnLineView {
    /// The line of the order.
    pub line_no: i32,
    /// Units.
    pub quantity: i32,
    /// Why the units come back.
    pub reason: ReturnReason,
    /// Units that arrived; null until some have.
    pub received: Option<i32>,
    /// The tax within the price of its units, at the rate of the line of the order.
    pub tax: Money,
    /// The parts of a bundle that come back, where it is not whole units that do. `quantity` is then the number of
    /// bundles that they are of.
    pub components: Vec<ReturnedComponent>,
}

/// Units of a bundle's part that come back without the rest of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReturnedComponent {
    /// Identifies the variant.
    pub variant_id: VariantId,
    /// Units.
    pub quantity: i32,
    /// Units that arrived; null until some have.
    pub received: Option<i32>,
    /// Their share of the bundle's price.
    pub worth: Money,
}

impl ReturnLineView {
    fn of(line: &ReturnLine, currency: Currency) -> Self {
        let component = |part: &ComponentBack| ReturnedComponent {
            variant_id: part.variant_id,
            quantity: part.quantity,
            received: part.received,
            worth: Money { amount_minor: part.worth_minor, currency },
        };
        Self {
            line_no: line.line_no,
            quantity: line.quantity,
            reason: line.reason,
            received: line.received,
            tax: Money { amount_minor: line.tax_minor, currency },
            components: line.components.iter().map(component).collect(),
        }
    }
}

impl ReturnView {
    /// A return of an order.
    pub fn of(back: &Return, order: &Order) -> Self {
        Self::with_payments(back, order, false)
    }

    /// The same, when it is known whether money of the order could not be given back.
    fn with_payments(back: &Return, order: &Order, has_failed: bool) -> Self {
        let is_owed = order.paid_minor - order.refunded_minor > order.kept_minor();
        let refund_status = match is_owed {
            _ if back.refund_minor == 0 => RefundStatus::None,
            true if has_failed => RefundStatus::Failed,
            true => RefundStatus::Pending,
            false => RefundStatus::Done,
        };
        let money = |amount_minor| Money { amount_minor, currency: order.currency() };
        Self {
            id: back.id,
            number: back.number.clone(),
            order_id: back.order_id,
            status: back.status,
            location_id: back.location_id,
            is_returnless: back.is_returnless,
            note: back.note.clone(),
            worth: money(back.worth()),
            tax: money(back.lines.iter().map(|line| line.tax_minor).sum()),
            shipping: money(back.shipping_minor),
            shipping_tax: money(back.shipping_tax_minor),
            credited: money(if back.status == ReturnStatus::Closed { back.credited_minor() } else { 0 }),
            refund: money(back.refund_minor),
            refund_status,
            withheld: money(back.withheld_minor),
            rest_of: back.rest_of,
            lines: back.lines.iter().map(|line| ReturnLineView::of(line, order.currency())).collect(),
            goods: back.goods.clone(),
            inspection: back.inspection.clone(),
            created_at: back.created_at,
            updated_at: back.updated_at,
            version: back.version,
        }
    }
}

fn views(db: &mut Read, rows: Vec<Return>) -> Result<Vec<(ReturnView, Order)>> {
    let ids: Vec<_> = rows.iter().map(|row| row.order_id).collect();
    let orders: HashMap<_, _> =
        orders_by_id(db, &Locations::Everywhere, &ids)?.into_iter().map(|order| (order.id, order)).collect();
    let failed: HashSet<_> = payments::payments_of(db, &ids)?
        .into_iter()
        .filter(payments::Payment::needs_attention)
        .map(|payment| payment.order_id)
        .collect();
    let view = |row: Return| {
        let order = orders.get(&row.order_id)?;
        Some((ReturnView::with_payments(&row, order, failed.contains(&order.id)), order.clone()))
    };
    Ok(rows.into_iter().filter_map(view).collect())
}

/// A return by id, if one may see where it is or its order.
pub fn return_by_id(db: &mut Read, locations: &Locations, id: ReturnId) -> Result<ReturnView> {
    let found = store::by_id(db.conn(), &[id])?;
    let (view, order) = views(db, found)?.pop().ok_or_else(|| Error::not_found("return"))?;
    let is_here = view.location_id.is_some_and(|location| locations.include(location));
    match is_here || order.is_at(locations) {
        true => Ok(view),
        false => Err(Error::not_found("return")),
    }
}

/// A page of returns, the newest first.
pub fn returns(
    db: &mut Read,
    locations: &Locations,
    filter: &ReturnFilter,
    page: &PageRequest<ReturnKey>,
) -> Result<Page<ReturnView>> {
    let rows = store::page(db.conn(), locations.ids(), filter, page)?;
    let Page { rows, has_more } = Page::of(rows, page.limit);
    let rows = views(db, rows)?.into_iter().map(|(view, _)| view).collect();
    Ok(Page { rows, has_more })
}

/// The order of a return.
pub async fn order_of(inventory: &Inventory, id: ReturnId) -> Result<OrderId> {
    let found = inventory.db.read(move |db| store::by_id(db.conn(), &[id])).await?.pop();
    found.map(|found| found.order_id).ok_or_else(|| Error::not_found("return"))
}
