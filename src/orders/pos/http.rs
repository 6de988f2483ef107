//! REST for tills.
use super::{
    review::review as reviewing,
    sale::{Sale, SaleLine, SaleTender, sell as selling},
    sync::{SyncOutcome, Synced, sync as syncing},
};
use crate::{
    catalog::ChosenPart,
    kernel::{
        Actor, Channel, Currency, LocationId, Note, OrderId, Quantity, Result, Sku, Text, actor::Permission,
        money::MAX_MINOR,
    },
    orders::{model::Customer, read::OrderView, service::Services},
    payments::{TenderKind, TenderTold},
    platform::{
        db::Db,
        http::{Body, Change, Gate, IfMatch, Located, OptionalKey, PathOf, RequiredKey, entries, read_value},
        idempotency::Recorded,
    },
};
use actix_web::{HttpResponse, post, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;
use validator::{Validate, ValidationError};

/// The routes of tills.
pub fn routes(config: &mut ServiceConfig) {
    config.service(sell).service(sync).service(review);
}

/// A sale that is over.
#[derive(Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct PosSale {
    /// Identifies the location.
    location_id: LocationId,
    /// The till's own id of the sale: it exists once.
    client_id: Uuid,
    /// When it happened (RFC 3339).
    occurred_at: DateTime<Utc>,
    /// The currency of all its amounts (ISO 4217).
    currency: Currency,
    /// The customer and the delivery address.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::object")]
    #[validate(nested)]
    customer: Customer,
    /// The lines, in order.
    #[serde(deserialize_with = "crate::kernel::strict_json::list")]
    #[validate(length(min = 1, max = 500, message = "must have 1 to 500 lines"), custom(function = fair_prices))]
    #[schema(min_items = 1, max_items = 500)]
    lines: Vec<SoldLine>,
    /// The terminal's or the till's own reference of the payment.
    payment_reference: Option<Text<200>>,
    /// The ways in which it was paid, which add up to the total. A till that tells them tells the unit prices that it
    /// took, too: then the total is its own. Where they do not pay it, one payment of the whole is recorded and the
    /// order is marked `tenders_differ`. One payment of the whole, if absent.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::list")]
    #[validate(length(max = 10, message = "at most 10 tenders"), custom(function = fair_tenders))]
    #[schema(max_items = 10)]
    tenders: Vec<SoldTender>,
}

/// A part of a sale's payment.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SoldTender {
    /// The means by which the money was handed over.
    kind: TenderKind,
    /// The amount that it pays of the total, in minor units.
    #[schema(minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    amount_minor: i64,
    /// The coins and notes that were handed over, in minor units; of cash alone. Exactly what was due, if absent.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    tendered_minor: Option<i64>,
    /// The tip that was given beside it, in minor units; it is no part of the total.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    tip_minor: i64,
    /// The amount that the till has added so that it can be paid in coins, or taken off if negative; of cash alone. If
    /// absent, all cash of the sale is rounded once to the coins of the country, unless something was handed over that
    /// is not in such coins. At most 100 minor units, or the least coin if that is more.
    #[schema(minimum = -1_000, maximum = 1_000)]
    rounding_minor: Option<i64>,
    /// The terminal's own reference; `payment_reference`, if absent.
    reference: Option<Text<200>>,
}

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SoldLine {
    /// The SKU of the variant.
    sku: Sku,
    /// Units.
    quantity: Quantity,
    /// The price that the till took for one, in minor units, with its tax unless `tax_included` is false; the price
    /// that holds at the till, if absent.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    unit_price_minor: Option<i64>,
    /// False if `unit_price_minor` is without tax, which the till has added to the price of all units; true, if absent.
    tax_included: Option<bool>,
    /// The lot that the till has read from the pack.
    lot: Option<Text<20>>,
    /// The parts that were handed over for each unit of a bundle with choices.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "crate::kernel::strict_json::list")]
    #[schema(max_items = 200)]
    choices: Vec<ChosenPart>,
    /// The reason for which it took another price than the one of the channel, with `unit_price_minor`; the timeline
    /// keeps it.
    price_reason: Option<Text<100>>,
}

fn fair_tenders(tenders: &[SoldTender]) -> std::result::Result<(), ValidationError> {
    let is_fair = |tender: &SoldTender| (1..=MAX_MINOR).contains(&tender.amount_minor);
    let wrong = (0..).zip(tenders).filter(|(_, tender)| !is_fair(tender)).map(|(at, _): (i32, _)| at);
    entries(wrong.map(|at| (format!("/{at}/amount_minor"), "must be 1 to 2^53 - 1 minor units".to_owned())))
}

fn fair_prices(lines: &[SoldLine]) -> std::result::Result<(), ValidationError> {
    let mut faults = vec![];
    for (at, line) in lines.iter().enumerate() {
        if line.unit_price_minor.is_some_and(|minor| !(0..=MAX_MINOR).contains(&minor)) {
            faults.push((format!("/{at}/unit_price_minor"), "a price is 0 to 2^53 - 1 minor units".to_owned()));
        }
        if line.tax_included.is_some() && line.unit_price_minor.is_none() {
            faults.push((format!("/{at}/tax_included"), "it is said of unit_price_minor: tell both".to_owned()));
        }
        if line.price_reason.is_some() && line.unit_price_minor.is_none() {
            faults
                .push((format!("/{at}/price_reason"), "tell the unit_price_minor that it is the reason of".to_owned()));
        }
    }
    entries(faults)
}

impl From<PosSale> for Sale {
    fn from(sale: PosSale) -> Self {
        let line = |line: SoldLine| SaleLine {
            sku: line.sku,
            quantity: line.quantity,
            unit_price_minor: line.unit_price_minor,
            tax_included: line.tax_included,
            lot: line.lot.map(String::from),
            choices: line.choices,
            price_reason: line.price_reason.map(String::from),
        };
        let tender = |tender: SoldTender| SaleTender {
            told: TenderTold {
                kind: tender.kind,
                tendered_minor: tender.tendered_minor,
                tip_minor: tender.tip_minor,
                rounding_minor: tender.rounding_minor,
            },
            amount_minor: tender.amount_minor,
            reference: tender.reference.map(String::from),
        };
        Self {
            location: sale.location_id,
            client_id: sale.client_id.to_string(),
            occurred_at: sale.occurred_at,
            currency: sale.currency,
            customer: sale.customer,
            lines: sale.lines.into_iter().map(line).collect(),
            payment_reference: sale.payment_reference.map(String::from),
            tenders: sale.tenders.into_iter().map(tender).collect(),
        }
    }
}

/// Record a till sale
///
/// Told when it is over: the order is paid, handed over and delivered in one call. It is accepted whatever the books
/// say, for the goods have left the shop, but for SKUs that are not known and goods without a price in `pos` whose
/// price the till does not tell; what the books lacked is counted as found (beyond `orders.most_found_units`
/// by someone with `inventory:adjust`), and whoever was promised it is served from elsewhere. A client id that is known
/// is answered with its order (200); another sale under the same client id is recorded and marked `client_id_reused`. A
/// sale of before an approved count takes nothing that the count has taken already. `marks` say what someone must look
/// at: among them goods that went for more than `orders.price_override_ppm` less than their price and promotions,
/// unless someone with `inventory:approve` sold them.
#[utoipa::path(
    tag = "tills", operation_id = "recordSale", request_body = PosSale, params(RequiredKey),
    responses(
        (status = 201, body = OrderView, description = "The order"),
        (status = 200, body = OrderView, description = "The order, known already"),
        (status = 409, description = "The books lack far too much of it"),
    ),
    extensions(("x-permission" = json!("orders:place"))),
)]
#[post("/v1/pos/sales", wrap = "Gate")]
pub async fn sell(services: web::Data<Services>, request: Change<PosSale, RequiredKey>) -> Result<Located<OrderView>> {
    Ok(selling(&services, request.caller, request.value.into()).await?.under("/v1/orders"))
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct PosSync {
    /// Each is read on its own: one that cannot be read is refused and holds no other up.
    #[validate(length(min = 1, max = 200, message = "must have 1 to 200 sales"))]
    #[schema(min_items = 1, max_items = 200, value_type = Vec<PosSale>)]
    sales: Vec<serde_json::Value>,
}

#[derive(Serialize, ToSchema)]
struct SyncResult {
    /// In the order in which the sales happened; last those that could not be read.
    results: Vec<Synced>,
}

/// Sync offline till sales
///
/// In the order in which they happened, each on its own: one that cannot be read holds no other up. May be sent again
/// whole: what is in the books is told as known. The body may have 4 MiB.
#[utoipa::path(
    tag = "tills", operation_id = "syncSales", request_body = PosSync,
    responses((status = 200, body = SyncResult, description = "What became of each")),
    extensions(("x-permission" = json!("orders:place"))),
)]
#[post("/v1/pos/sync", wrap = "Gate")]
pub async fn sync(actor: Actor, services: web::Data<Services>, body: Body<PosSync, 16>) -> Result<HttpResponse> {
    actor.require_anywhere(Permission::OrdersPlace)?;
    actor.require_channel(Channel::Pos)?;
    let (mut sales, mut unread) = (vec![], vec![]);
    for (index, value) in body.value.sales.into_iter().enumerate() {
        let client_id = value.get("client_id").and_then(serde_json::Value::as_str).map(str::to_owned);
        match read_value::<PosSale>(value) {
            Ok(sale) => sales.push((index, Sale::from(sale))),
            Err(why) => unread.push(Synced::refused(index, client_id, &why)),
        }
    }
    let mut results = syncing(&services, &actor, sales).await?;
    results.extend(unread);
    debug_assert!(results.iter().all(|one| one.order_id.is_some() || one.status == SyncOutcome::Refused));
    Ok(HttpResponse::Ok().json(SyncResult { results }))
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct Review {
    /// The findings and the actions.
    note: Option<Note>,
}

/// Mark an order as reviewed
///
/// Of an order whose `marks` say that someone must look at it. It leaves the list of `needs_review`; its timeline keeps
/// who looked, and the note.
#[utoipa::path(
    tag = "tills", operation_id = "reviewOrder", request_body = Review, params(IfMatch, OptionalKey),
    responses(
        (status = 200, body = OrderView, description = "The order"),
        (status = 409, description = "There is nothing to look at"),
    ),
    extensions(("x-permission" = json!("inventory:approve"))),
)]
#[post("/v1/orders/{order_id}/review", wrap = "Gate")]
pub async fn review(
    db: web::Data<Db>,
    id: PathOf<OrderId>,
    request: Change<Review, OptionalKey, IfMatch>,
) -> Result<Recorded<OrderView>> {
    reviewing(&db, request.caller, id.0, request.value.note.map(String::from)).await
}
