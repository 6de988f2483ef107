//! The prices of a list: set, list, withdraw.
use crate::{
    catalog::{
        cache::Catalog,
        price_lists::{
            model::{ListPriceRecord, NewListPrice, PriceList},
            read::{self, PricesOf},
            schedule::{self, NewPrices, PricesSet},
            store::entries::EntryKey,
        },
    },
    kernel::{Actor, ListPriceId, PriceListId, Result, Sku},
    platform::{
        db::Db,
        http::{Change, Gate, IfMatch, Listed, Nothing, OptionalKey, Params, PathOf, listed, page_of},
        idempotency::Recorded,
    },
};
use actix_web::{HttpResponse, delete, get, post, web};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

/// The name of the list in cursors.
const LIST: &str = "list_prices";

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct SetListPrices {
    /// The prices, all or none of which are set.
    #[validate(length(min = 1, max = 500, message = "must be 1 to 500 prices"))]
    #[schema(min_items = 1, max_items = 500)]
    #[serde(deserialize_with = "crate::kernel::strict_json::list")]
    prices: Vec<NewListPrice>,
    /// Prices that overlap in time end where a new one begins, go on where it ends, or are withdrawn; otherwise they
    /// refuse it.
    #[serde(default)]
    replace: bool,
}

/// Set prices of a price list
///
/// From now or from a later moment on, until a moment or for good. A price takes effect on the second: nothing needs to
/// run for it.
#[utoipa::path(
    tag = "catalog", operation_id = "setListPrices", request_body = SetListPrices, params(IfMatch, OptionalKey),
    responses(
        (status = 200, body = PricesSet, description = "The prices"),
        (status = 409, description = "A price overlaps another one, or the list has ended"),
        (status = 422, description = "An unknown SKU, or a time that is over"),
    ),
    extensions(("x-permission" = json!("prices:write"))),
)]
#[post("/v1/price-lists/{price_list_id}/prices", wrap = "Gate")]
async fn set(
    db: web::Data<Db>,
    catalog: web::Data<Catalog>,
    id: PathOf<PriceListId>,
    request: Change<SetListPrices, OptionalKey, IfMatch>,
) -> Result<Recorded<PricesSet>> {
    let SetListPrices { prices, replace } = request.value;
    schedule::set(&db, &catalog, request.caller, id.0, NewPrices { prices, is_replacing: replace }).await
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct PricesQuery {
    /// Only the prices of this SKU.
    #[param(inline)]
    sku: Option<Sku>,
    /// With those that have ended or were withdrawn, for the history; without them, if absent.
    history: Option<bool>,
    /// Rows in a page.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before; the first page, if absent.
    cursor: Option<String>,
}

/// List the prices of a price list
///
/// Those that hold or will hold, in the order in which they were set, with who set them and when; with `history=true`
/// also those that have ended or were withdrawn, and by whom.
#[utoipa::path(
    tag = "catalog", operation_id = "listListPrices", params(PricesQuery),
    responses((status = 200, body = Listed<ListPriceRecord>, description = "A page of prices")),
    extensions(("x-permission" = json!("catalog:read"))),
)]
#[get("/v1/price-lists/{price_list_id}/prices", wrap = "Gate")]
async fn list(
    _: Actor,
    db: web::Data<Db>,
    id: PathOf<PriceListId>,
    query: Params<PricesQuery>,
) -> Result<HttpResponse> {
    let PricesQuery { sku, history, limit, cursor } = query.0;
    let page = page_of::<EntryKey>(limit, cursor.as_deref(), LIST)?;
    let after = (history != Some(true)).then(|| db.clock().now());
    let page = db.read(move |db| read::prices(db, &PricesOf { list: id.0, sku, after }, &page));
    listed(page.await?, LIST, |price: &ListPriceRecord| (price.id, price.id))
}

/// Withdraw a price of a price list
///
/// It holds no more from now on; one that has not begun never does. Both stay in the history.
#[utoipa::path(
    tag = "catalog", operation_id = "withdrawListPrice", params(IfMatch, OptionalKey),
    responses(
        (status = 200, body = PriceList, description = "The price list"),
        (status = 409, description = "It does not hold any more"),
    ),
    extensions(("x-permission" = json!("prices:write"))),
)]
#[delete("/v1/price-lists/{price_list_id}/prices/{list_price_id}", wrap = "Gate")]
async fn withdraw(
    db: web::Data<Db>,
    catalog: web::Data<Catalog>,
    path: PathOf<(PriceListId, ListPriceId)>,
    request: Change<Nothing, OptionalKey, IfMatch>,
) -> Result<Recorded<PriceList>> {
    let (of, id) = path.0;
    schedule::withdraw(&db, &catalog, request.caller, of, id).await
}

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.service(set).service(list).service(withdraw);
}
