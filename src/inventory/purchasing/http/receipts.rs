//! Arrivals: book, list, show; and what is expected.
use crate::{
    inventory::{
        costs::{CostTerms, ExchangeRate},
        levels::{VariantName, variant_of},
        lots::Printed,
        purchasing::{
            ArrivalCondition,
            atp::{self, Atp},
            model::{Arriving, NewReceipt, What},
            read::{self, ReceiptView},
            receive::{self as receiving},
        },
        read::require_location,
        service::Inventory,
    },
    kernel::{
        Actor, LocationId, Locations, PurchaseOrderId, ReceiptId, Result, Sku, SupplierId, Text, actor::Permission,
        money::Currency,
    },
    platform::{
        db::{Db, Read},
        group_commit::Versioned,
        http::{
            Change, Gate, Listed, Located, PageQuery, Params, PathOf, RecordRead, RequiredKey, entries, listed, page_of,
        },
    },
};
use actix_web::{HttpResponse, get, post, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

/// A lot as it is printed on the goods.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LotBody {
    /// The code by which people know it.
    code: Text<20>,
    /// The day of manufacture.
    made_on: Option<NaiveDate>,
    /// The last day on which it may be sold.
    expires_on: Option<NaiveDate>,
    /// Period after opening, in months.
    pao_months: Option<i32>,
}

/// The arrival of a SKU.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ArrivingBody {
    /// The SKU; or send `scan`.
    sku: Option<Sku>,
    /// The text that a scanner read: a GS1 element string names variant, lot and dates at once.
    scan: Option<String>,
    /// The code of the lot, as it is printed.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::optional")]
    lot: Option<LotBody>,
    /// Units taken in.
    #[serde(default, deserialize_with = "crate::kernel::quantity::units")]
    #[schema(minimum = 0, maximum = 1_000_000)]
    accepted: i32,
    /// Units refused at the door; they never become stock.
    #[serde(default, deserialize_with = "crate::kernel::quantity::units")]
    #[schema(minimum = 0, maximum = 1_000_000)]
    rejected: i32,
    /// The condition of what is taken in; `sellable` if absent.
    #[serde(default = "sellable")]
    condition: ArrivalCondition,
    /// The cost of a unit, in minor units of the currency; as the purchase order has it, if absent. Goods without a
    /// cost are not valued. Needs `costs:write`.
    #[serde(default, deserialize_with = "crate::inventory::costs::minor")]
    #[schema(minimum = 0, maximum = 10_000_000_000_i64, nullable = false)]
    unit_cost_minor: Option<i64>,
}

fn sellable() -> ArrivalCondition {
    ArrivalCondition::Sellable
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = makes_sense))]
struct CreateReceipt {
    /// The purchase order that the goods belong to, if there is one.
    purchase_order_id: Option<PurchaseOrderId>,
    /// The supplier that sent them, where there is no purchase order.
    supplier_id: Option<SupplierId>,
    /// The delivery note's number, say.
    reference: Option<Text<100>>,
    /// In which currency the costs are; that of the purchase order, if it has one.
    currency: Option<Currency>,
    /// Units of the book currency for one unit of that currency; that of the purchase order, if absent.
    exchange_rate: Option<ExchangeRate>,
    /// The lines, in order.
    #[serde(deserialize_with = "crate::kernel::strict_json::list")]
    #[validate(length(min = 1, max = 500, message = "1 to 500 lines"))]
    #[schema(min_items = 1, max_items = 500)]
    lines: Vec<ArrivingBody>,
}

fn makes_sense(body: &CreateReceipt) -> std::result::Result<(), ValidationError> {
    let months = |lot: &LotBody| lot.pao_months.is_none_or(|months| (1..=120).contains(&months));
    let mut faults: Vec<(String, String)> = vec![];
    for (at, line) in body.lines.iter().enumerate() {
        let mut wrong = |field: &str, said: &str| faults.push((format!("/lines/{at}{field}"), said.to_owned()));
        if line.sku.is_some() == line.scan.is_some() {
            wrong("", "a line needs either sku or scan");
        }
        if line.accepted == 0 && line.rejected == 0 {
            wrong("/accepted", "the line counts nothing: both accepted and rejected are 0");
        }
        if !line.lot.as_ref().is_none_or(months) {
            wrong("/lot/pao_months", "must be 1 to 120");
        }
    }
    entries(faults)
}

/// Book a goods receipt
///
/// Against a purchase order of this location, or without one. Goods whose variant demands it come in with their lot and
/// its expiry. What is refused at the door is noted and never becomes stock; more than was ordered, and the tolerance,
/// is refused as a whole.
#[utoipa::path(
    tag = "purchasing", operation_id = "createReceipt", request_body = CreateReceipt, params(RequiredKey),
    responses(
        (status = 201, body = ReceiptView, description = "The receipt"),
        (status = 409, description = "More than was ordered, an order that is not open, or a lot known with other \
            dates"),
        (status = 422, description = "A lot or its expiry is missing, or a scan cannot be read"),
    ),
    extensions(("x-permission" = json!("inventory:receive"))),
)]
#[post("/v1/locations/{location_id}/receipts", wrap = "Gate")]
pub async fn receive(
    inventory: web::Data<Inventory>,
    location: PathOf<LocationId>,
    request: Change<CreateReceipt, RequiredKey>,
) -> Result<Located<ReceiptView>> {
    let CreateReceipt { purchase_order_id, supplier_id, reference, currency, exchange_rate, lines } = request.value;
    let new = NewReceipt {
        location: location.0,
        purchase_order: purchase_order_id,
        supplier: supplier_id,
        reference: reference.map(String::from),
        terms: CostTerms { currency, rate: exchange_rate },
        lines: lines.into_iter().filter_map(arriving).collect(),
    };
    let with = &inventory;
    Ok(receiving::receive(with, request.caller, new).await?.under("/v1/receipts"))
}

fn arriving(line: ArrivingBody) -> Option<Arriving> {
    let ArrivingBody { sku, scan, lot, accepted, rejected, condition, unit_cost_minor } = line;
    let what = sku.map(What::Sku).or_else(|| scan.map(What::Scan))?;
    let printed = |lot: LotBody| {
        let LotBody { code, made_on, expires_on, pao_months } = lot;
        Printed { code: code.into(), made_on, expires_on, pao_months }
    };
    Some(Arriving { what, lot: lot.map(printed), accepted, rejected, condition, unit_cost_minor })
}

/// List goods receipts
///
/// At a location, newest first.
#[utoipa::path(
    tag = "purchasing", operation_id = "listReceipts", params(PageQuery),
    responses((status = 200, body = Listed<ReceiptView>, description = "A page of receipts")),
    extensions(("x-permission" = json!("inventory:read"))),
)]
#[get("/v1/locations/{location_id}/receipts", wrap = "Gate")]
pub async fn list(
    actor: Actor,
    db: web::Data<Db>,
    location: PathOf<LocationId>,
    query: Params<PageQuery>,
) -> Result<HttpResponse> {
    actor.require_at(Permission::InventoryRead, location.0, "location")?;
    let (PageQuery { limit, cursor }, location) = (query.0, location.0);
    let costs = actor.places(Permission::CostsRead);
    let name = format!("receipts {location}");
    let page = page_of::<ReceiptId>(limit, cursor.as_deref(), &name)?;
    let page = db.read(move |db| {
        require_location(db, location)?;
        read::receipts(db, location, &costs, &page)
    });
    listed(page.await?, &name, |view| view.head.id)
}

/// A receipt never changes.
impl Versioned for ReceiptView {
    fn version(&self) -> i64 {
        1
    }
}

/// Get a goods receipt
///
/// If you may see its location.
#[utoipa::path(
    tag = "purchasing", operation_id = "getReceipt",
    responses(
        (status = 200, body = ReceiptView, description = "The receipt"),
        (status = 304, description = "Unchanged"),
    ),
    extensions(("x-permission" = json!("inventory:read"))),
)]
#[get("/v1/receipts/{receipt_id}", wrap = "Gate")]
pub async fn show(asked: RecordRead<ReceiptId>) -> Result<HttpResponse> {
    let costs = asked.actor.places(Permission::CostsRead);
    let read = move |db: &mut Read, locations: &Locations, id| read::receipt_view(db, locations, &costs, id);
    asked.answer(Permission::InventoryRead, read).await
}

/// Get what is available to promise (ATP) by date
///
/// The units that are available now, and those that open purchase orders and transfers add to it, by date (available to
/// promise).
#[utoipa::path(
    tag = "inventory", operation_id = "availableToPromise",
    params(("product_id" = String, Path, description = "A variant's id or SKU")),
    responses((status = 200, body = Atp, description = "What may be promised")),
    extensions(("x-permission" = json!("inventory:read"))),
)]
#[get("/v1/locations/{location_id}/inventory/{product_id}/atp", wrap = "Gate")]
pub async fn available_to_promise(
    actor: Actor,
    inventory: web::Data<Inventory>,
    path: PathOf<(LocationId, String)>,
) -> Result<HttpResponse> {
    let (location, name) = path.0;
    actor.require_at(Permission::InventoryRead, location, "location")?;
    let named = VariantName::read(&name)?;
    let catalog = inventory.catalog.clone();
    let atp = inventory.db.read(move |db| {
        require_location(db, location)?;
        let (variant, sku) = variant_of(db, &catalog, &named)?;
        atp::incoming(db, location, variant, sku)
    });
    Ok(HttpResponse::Ok().json(atp.await?))
}
