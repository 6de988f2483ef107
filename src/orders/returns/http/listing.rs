//! Returns are listed and shown.
use crate::orders::returns::{
    model::ReturnStatus,
    read::{self, ReturnView},
};
use crate::{
    kernel::{Actor, LocationId, OrderId, Result, ReturnId, actor::Permission},
    orders::returns::model::{ReturnFilter, ReturnKey},
    platform::{
        db::Db,
        http::{Gate, Listed, Params, PathOf, listed, page_of},
    },
};
use actix_web::{HttpResponse, get, web};
use serde::Deserialize;
use utoipa::IntoParams;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct ListQuery {
    /// Only with this status.
    #[param(inline)]
    status: Option<ReturnStatus>,
    /// Only of this order.
    #[param(inline)]
    order_id: Option<OrderId>,
    /// Only those received here.
    #[param(inline)]
    location_id: Option<LocationId>,
    /// With this number, such as `1001-R1`.
    number: Option<String>,
    /// Rows in a page.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before; the first page, if absent.
    cursor: Option<String>,
}

/// List returns
///
/// Those that were received where the caller may see, or whose orders came from there; the newest first.
#[utoipa::path(
    tag = "returns", operation_id = "listReturns", params(ListQuery),
    responses((status = 200, body = Listed<ReturnView>, description = "A page of returns")),
    extensions(("x-permission" = json!("orders:read"))),
)]
#[get("/v1/returns", wrap = "Gate")]
pub async fn list(actor: Actor, db: web::Data<Db>, query: Params<ListQuery>) -> Result<HttpResponse> {
    let ListQuery { status, order_id: order, location_id: location, number, limit, cursor } = query.0;
    let filter = ReturnFilter { status, order, location, number };
    let name = format!("returns {filter:?}");
    let page = page_of::<ReturnKey>(limit, cursor.as_deref(), &name)?;
    let locations = actor.places(Permission::OrdersRead);
    let page = db.read(move |db| read::returns(db, &locations, &filter, &page)).await?;
    listed(page, &name, |back| (back.created_at, back.id))
}

/// Get a return
///
/// With its lines, goods and inspection.
#[utoipa::path(
    tag = "returns", operation_id = "getReturn",
    responses((status = 200, body = ReturnView, description = "The return")),
    extensions(("x-permission" = json!("orders:read"))),
)]
#[get("/v1/returns/{return_id}", wrap = "Gate")]
pub async fn show(actor: Actor, db: web::Data<Db>, id: PathOf<ReturnId>) -> Result<HttpResponse> {
    let locations = actor.places(Permission::OrdersRead);
    Ok(HttpResponse::Ok().json(db.read(move |db| read::return_by_id(db, &locations, id.0)).await?))
}
