//! What runs low.
use crate::{
    inventory::{
        read,
        replenish::{self, Horizon, Suggestion},
    },
    kernel::{Actor, LocationId, Places, Result, actor::Permission},
    platform::{
        config::Config,
        db::Db,
        http::{Params, answer::Listed, listed, params::page_of},
    },
};
use actix_web::{HttpResponse, get, web};
use serde::Deserialize;
use utoipa::IntoParams;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Query {
    /// Only this location.
    location_id: Option<LocationId>,
    /// Suggestions in a page.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// Where to go on.
    cursor: Option<String>,
}

/// Lists what to replenish
///
/// Every level at or below its reorder threshold, with how much to get and from where: from another location that has
/// more than enough, or from a supplier. When a level crosses its threshold, the feed tells it once
/// (`inventory.reorder_due.v1`).
#[utoipa::path(tag = "inventory", operation_id = "listReplenishment", params(Query),
    responses((status = 200, body = Listed<Suggestion>, description = "A page of suggestions")), extensions(("x-permission" = json!("inventory:read"))))]
#[get("/v1/replenishment")]
pub async fn list(
    actor: Actor,
    db: web::Data<Db>,
    config: web::Data<Config>,
    query: Params<Query>,
) -> Result<HttpResponse> {
    let Query { location_id, limit, cursor } = query.0;
    let seen = actor.places(Permission::InventoryRead);
    let at = match location_id {
        Some(location) => {
            actor.demand_at(Permission::InventoryRead, location, "location")?;
            Places::Only([location].into())
        }
        None => seen.clone(),
    };
    let name = format!("replenishment {location_id:?}");
    let page = page_of(limit, cursor.as_deref(), &name)?;
    let (horizon, now) = (Horizon::from(&config.inventory), db.clock().now());
    let page = db.read(move |db| {
        if let Some(location) = location_id {
            read::demand_location(db, location)?;
        }
        replenish::suggestions(db, (&at, &seen), horizon, &page, now)
    });
    Ok(listed(page.await?, &name, |row| (row.location_id, row.variant_id)))
}
