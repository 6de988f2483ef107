//! Purchase orders: write, list, show, order, close, cancel.
pub mod steps;

use crate::{
    inventory::{
        costs::{CostTerms, ExchangeRate},
        purchasing::{
            PurchaseStatus,
            model::PurchaseFilter,
            order::{self, NewPurchase},
            read::{self, PurchaseView},
        },
        service::Inventory,
    },
    kernel::{
        Actor, LocationId, Locations, PurchaseOrderId, Quantity, Result, Sku, SupplierId, Text, actor::Permission,
        money::Currency,
    },
    platform::{
        db::{Db, Read},
        group_commit::Versioned,
        http::{Change, Gate, Listed, Located, Params, RecordRead, RequiredKey, listed, page_of},
    },
};
use actix_web::{HttpResponse, get, post, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

/// Units of a SKU to be bought.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Bought {
    /// The SKU of the variant.
    sku: Sku,
    /// Units.
    quantity: Quantity,
    /// The cost of a unit, in minor units of the order's currency. If absent, the one of the supplier's assortment,
    /// where that is in the order's currency; goods of a line without a cost are not valued.
    #[serde(default, deserialize_with = "crate::inventory::costs::minor")]
    #[schema(minimum = 0, maximum = 10_000_000_000_i64, nullable = false)]
    unit_cost_minor: Option<i64>,
}

fn asked(lines: Vec<Bought>) -> Vec<crate::inventory::purchasing::model::Bought> {
    let line = |Bought { sku, quantity, unit_cost_minor }| crate::inventory::purchasing::model::Bought {
        sku,
        quantity,
        unit_cost_minor,
    };
    lines.into_iter().map(line).collect()
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreatePurchaseOrder {
    /// Identifies the supplier.
    supplier_id: SupplierId,
    /// The location to which the goods go.
    location_id: LocationId,
    /// Your own reference.
    reference: Option<Text<100>>,
    /// When it is expected; by the supplier's lead time from the day it is ordered, if absent.
    expected_on: Option<NaiveDate>,
    /// The currency of the costs; that of the supplier's assortment, if absent. Naming costs needs `costs:write`.
    currency: Option<Currency>,
    /// Units of the book currency for one unit of that currency; needed where they differ.
    exchange_rate: Option<ExchangeRate>,
    /// The lines; those of one SKU add up.
    #[serde(deserialize_with = "crate::kernel::strict_json::list")]
    #[validate(length(min = 1, max = 500, message = "1 to 500 lines"))]
    #[schema(min_items = 1, max_items = 500)]
    lines: Vec<Bought>,
}

/// Create a purchase order
///
/// As a draft for one location. Nothing is expected yet. Lines without a cost take the one of the supplier's
/// assortment, if it is in the currency of the order. Naming another currency than the book currency needs
/// `exchange_rate`. Pack sizes and minimum quantities are checked when it is sent to the supplier. Deliveries are
/// booked by `POST /v1/locations/{location_id}/receipts` with its `purchase_order_id`.
#[utoipa::path(
    tag = "purchasing", operation_id = "createPurchaseOrder", request_body = CreatePurchaseOrder, params(RequiredKey),
    responses(
        (status = 201, body = PurchaseView, description = "The purchase order"),
        (status = 422, description = "An unknown supplier or SKU"),
    ),
    extensions(("x-permission" = json!("purchases:write"))),
)]
#[post("/v1/purchase-orders", wrap = "Gate")]
pub async fn create(
    inventory: web::Data<Inventory>,
    request: Change<CreatePurchaseOrder, RequiredKey>,
) -> Result<Located<PurchaseView>> {
    let CreatePurchaseOrder { supplier_id, location_id, reference, expected_on, currency, exchange_rate, lines } =
        request.value;
    let new = NewPurchase {
        supplier: supplier_id,
        location: location_id,
        reference: reference.map(String::from),
        expected_on,
        terms: CostTerms { currency, rate: exchange_rate },
        lines: vec![],
    };
    Ok(order::create(&inventory, request.caller, new, asked(lines)).await?.under("/v1/purchase-orders"))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ListQuery {
    /// Only for this location.
    location_id: Option<LocationId>,
    /// Only from this supplier.
    supplier_id: Option<SupplierId>,
    /// Only with this status.
    #[param(inline)]
    status: Option<PurchaseStatus>,
    /// With this number.
    number: Option<i64>,
    /// Purchase orders in a page.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before; the first page, if absent.
    cursor: Option<String>,
}

/// List purchase orders
///
/// Those for locations that you may see, newest first.
#[utoipa::path(
    tag = "purchasing", operation_id = "listPurchaseOrders", params(ListQuery),
    responses((status = 200, body = Listed<PurchaseView>, description = "A page of purchase orders")),
    extensions(("x-permission" = json!("inventory:read"))),
)]
#[get("/v1/purchase-orders", wrap = "Gate")]
pub async fn list(actor: Actor, db: web::Data<Db>, query: Params<ListQuery>) -> Result<HttpResponse> {
    actor.require_anywhere(Permission::InventoryRead)?;
    let ListQuery { location_id: location, supplier_id: supplier, status, number, limit, cursor } = query.0;
    let name = format!("purchases {location:?} {supplier:?} {status:?} {number:?}");
    let page = page_of::<PurchaseOrderId>(limit, cursor.as_deref(), &name)?;
    let (locations, costs) = (actor.places(Permission::InventoryRead), actor.places(Permission::CostsRead));
    let filter = PurchaseFilter { location, supplier, status, number };
    let page = db.read(move |db| read::purchases(db, &locations, &costs, &filter, &page));
    listed(page.await?, &name, |view| view.head.id)
}

impl Versioned for PurchaseView {
    fn version(&self) -> i64 {
        self.head.version
    }
}

/// Get a purchase order
///
/// If you may see its location.
#[utoipa::path(
    tag = "purchasing", operation_id = "getPurchaseOrder",
    responses(
        (status = 200, body = PurchaseView, description = "The purchase order"),
        (status = 304, description = "Unchanged"),
    ),
    extensions(("x-permission" = json!("inventory:read"))),
)]
#[get("/v1/purchase-orders/{purchase_order_id}", wrap = "Gate")]
pub async fn show(asked: RecordRead<PurchaseOrderId>) -> Result<HttpResponse> {
    let costs = asked.actor.places(Permission::CostsRead);
    let read = move |db: &mut Read, locations: &Locations, id| read::purchase_view(db, locations, &costs, id);
    asked.answer(Permission::InventoryRead, read).await
}
