//! The moves behind a level.
use super::history::{self, MoveKey, MoveView};
use crate::{
    inventory::{
        levels::{MissingView, VariantName, missing, variant_of},
        read,
        service::Inventory,
    },
    kernel::{Actor, LocationId, Result, actor::Permission},
    platform::{
        db::Db,
        http::{Authenticator, Gate, Listed, PageInfo, PageQuery, Params, PathOf, listed, page_of},
    },
};
use actix_web::{HttpResponse, get, web};
use utoipa_actix_web::service_config::ServiceConfig;

/// List the stock moves behind a level
///
/// Why on-hand is what it is: every move that touched it, newest first, with its cause and who did it. The changes of
/// all of them add up to the level.
#[utoipa::path(
    tag = "inventory", operation_id = "listStockMoves",
    params(("product_id" = String, Path, description = "A variant's id or SKU"), PageQuery),
    responses((status = 200, body = Listed<MoveView>, description = "A page of moves")),
    extensions(("x-permission" = json!("inventory:read"))),
)]
#[get("/v1/locations/{location_id}/inventory/{product_id}/moves", wrap = "Gate")]
async fn moves(
    actor: Actor,
    inventory: web::Data<Inventory>,
    access: web::Data<dyn Authenticator>,
    path: PathOf<(LocationId, String)>,
    query: Params<PageQuery>,
) -> Result<HttpResponse> {
    let (location, name) = path.0;
    actor.require_at(Permission::InventoryRead, location, "location")?;
    let (PageQuery { limit, cursor }, named) = (query.0, VariantName::read(&name)?);
    let (catalog, costs) = (inventory.catalog.clone(), actor.places(Permission::CostsRead));
    let list = format!("moves {location} {name}");
    let page = page_of::<MoveKey>(limit, cursor.as_deref(), &list)?;
    let page = inventory.db.read(move |db| {
        read::require_location(db, location)?;
        let variant = variant_of(db, &catalog, &named)?.0;
        history::moves_of(db, location, variant, &costs, &page)
    });
    let mut page = page.await?;
    let names = access.names(page.rows.iter().map(|row| row.actor_id).collect()).await?;
    page.rows.iter_mut().for_each(|row| row.actor_name = names.get(&row.actor_id).cloned());
    listed(page, &list, |row| (row.recorded_at, row.id))
}

/// List units that could not be found
///
/// Units of a location that it rejected as `not_in_stock`. They are held back, within `quality_hold`, until a count of
/// them (`POST /v1/locations/{location_id}/counts`) is approved: what it finds may be sold again, what it does not find
/// leaves the books.
#[utoipa::path(
    tag = "inventory", operation_id = "listMissing",
    responses((status = 200, body = Listed<MissingView>, description = "The units")),
    extensions(("x-permission" = json!("inventory:read"))),
)]
#[get("/v1/locations/{location_id}/missing", wrap = "Gate")]
async fn list_missing(actor: Actor, db: web::Data<Db>, location: PathOf<LocationId>) -> Result<HttpResponse> {
    let data = missing(&db, &actor, location.0).await?;
    Ok(HttpResponse::Ok().json(Listed { data, page: PageInfo { next_cursor: None, has_more: false } }))
}

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.service(moves).service(list_missing);
}
