//! Assortments of suppliers: list, set.
use crate::{
    inventory::{
        costs,
        purchasing::{
            items::{self, ItemTerms, SupplierItemView},
            store::ItemFilter,
        },
        service::Inventory,
        skus::variant_of,
    },
    kernel::{Actor, Result, Sku, SupplierId, Text, VariantId, actor::Permission, money::Currency},
    platform::{
        db::Db,
        http::{Change, Gate, IfMatch, Listed, OptionalKey, Params, PathOf, listed, page_of},
        idempotency::Recorded,
    },
};
use actix_web::{HttpResponse, get, put, web};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ListQuery {
    /// Only of this supplier.
    supplier_id: Option<SupplierId>,
    /// Only of this SKU: from whom it can be bought.
    sku: Option<Sku>,
    /// Only with this number of the supplier's.
    supplier_sku: Option<String>,
    /// Items in a page.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before; the first page, if absent.
    cursor: Option<String>,
}

/// List supplier items
///
/// The assortments of suppliers: packs, minimum quantities, lead times and costs, by supplier, SKU or the supplier's
/// number.
#[utoipa::path(
    tag = "purchasing", operation_id = "listSupplierItems", params(ListQuery),
    responses(
        (status = 200, body = Listed<SupplierItemView>, description = "A page of items"),
        (status = 422, description = "An unknown SKU"),
    ),
    extensions(("x-permission" = json!("inventory:read"))),
)]
#[get("/v1/supplier-items", wrap = "Gate")]
pub async fn list(actor: Actor, db: web::Data<Db>, query: Params<ListQuery>) -> Result<HttpResponse> {
    actor.require_anywhere(Permission::InventoryRead)?;
    let ListQuery { supplier_id: supplier, sku, supplier_sku, limit, cursor } = query.0;
    let name = format!("items {supplier:?} {:?} {supplier_sku:?}", sku.as_ref().map(Sku::key));
    let page = page_of::<(SupplierId, VariantId)>(limit, cursor.as_deref(), &name)?;
    let page = db.read(move |db| {
        let variant = sku.map(|sku| variant_of(db, &sku)).transpose()?;
        items::items(db, &actor, &ItemFilter { supplier, variant, supplier_sku }, &page)
    });
    listed(page.await?, &name, |item| (item.supplier_id, item.variant_id))
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct SetSupplierItem {
    /// The supplier's own number for it.
    supplier_sku: Option<Text<64>>,
    /// It is ordered in multiples of so many units; 1, if absent.
    #[serde(default = "one")]
    #[validate(range(min = 1, max = 100_000, message = "must be 1 to 100000"))]
    #[schema(minimum = 1, maximum = 100_000)]
    pack_size: i32,
    /// Units that a line of an order must have at least; any number, if absent.
    #[serde(default, deserialize_with = "crate::kernel::quantity::units")]
    #[schema(minimum = 0, maximum = 1_000_000)]
    minimum_units: i32,
    /// Days from order to arrival; those of the supplier, if absent. Purchase orders expect their goods by it.
    #[validate(range(min = 0, max = 365, message = "must be 0 to 365"))]
    #[schema(minimum = 0, maximum = 365)]
    lead_days: Option<i32>,
    /// The cost of a unit, in minor units of the currency. Needs `costs:write`.
    #[serde(default, deserialize_with = "costs::minor")]
    #[schema(minimum = 0, maximum = 10_000_000_000_i64, nullable = false)]
    unit_cost_minor: Option<i64>,
    /// The currency of all its amounts (ISO 4217).
    currency: Option<Currency>,
    /// True for the supplier from whom it is bought first; takes the place of the supplier before.
    #[serde(default)]
    is_preferred: bool,
    /// True while it may still be bought there; yes, if absent.
    #[serde(default = "yes")]
    is_active: bool,
}

fn one() -> i32 {
    1
}

fn yes() -> bool {
    true
}

/// Set a supplier item
///
/// On which terms the supplier delivers a SKU, whole: packs, minimum quantity, lead time and cost. Replenishment
/// suggests the supplier. Purchase orders take the cost from here where they do not name one: an order without a
/// currency takes the currency of its items, too, if they all have the same; one in another currency takes no cost.
#[utoipa::path(
    tag = "purchasing", operation_id = "setSupplierItem", request_body = SetSupplierItem,
    params(("sku" = Sku, Path, description = "The SKU"), IfMatch, OptionalKey),
    responses(
        (status = 200, body = SupplierItemView, description = "The item"),
        (status = 412, description = "Stale version"),
        (status = 422, description = "A cost without its currency"),
    ),
    extensions(("x-permission" = json!("suppliers:write"))),
)]
#[put("/v1/suppliers/{supplier_id}/items/{sku}", wrap = "Gate")]
pub async fn set(
    inventory: web::Data<Inventory>,
    path: PathOf<(SupplierId, Sku)>,
    request: Change<SetSupplierItem, OptionalKey, IfMatch>,
) -> Result<Recorded<SupplierItemView>> {
    let (supplier, sku) = path.0;
    let body = request.value;
    let terms = ItemTerms {
        supplier_sku: body.supplier_sku.map(String::from),
        pack_size: body.pack_size,
        minimum_units: body.minimum_units,
        lead_days: body.lead_days,
        unit_cost_minor: body.unit_cost_minor,
        currency: body.currency,
        is_preferred: body.is_preferred,
        is_active: body.is_active,
    };
    items::set(&inventory, request.caller, supplier, sku, terms).await
}
