//! REST for unmet demand.
use super::{
    read::{self, UnmetDemand},
    store::UnmetKey,
};
use crate::{
    inventory::{skus::variant_of, unmet::model::UnmetFilter},
    kernel::{Actor, Channel, LocationId, Result, Sku, actor::Permission},
    platform::{
        db::Db,
        http::{Gate, Listed, Params, listed, page_of},
    },
};
use actix_web::{HttpResponse, get, web};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Query {
    /// Only where this location was named.
    location_id: Option<LocationId>,
    /// Only of this channel.
    #[param(inline)]
    channel: Option<Channel>,
    /// Only of this SKU.
    sku: Option<Sku>,
    /// Hours that begin at this moment or later: round it down to the hour to see the hour that it lies in.
    from: Option<DateTime<Utc>>,
    /// Hours that begin before this moment.
    to: Option<DateTime<Utc>>,
    /// Counters in a page.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before; the first page, if absent.
    cursor: Option<String>,
}

/// List unmet demand
///
/// An estimate of what orders and reservations asked for that was not in stock: by variant, location or channel, and
/// hour, the latest first, for up to the days of the setting `retention.unmet_demand_days` (800 unless it is changed).
/// It is written once a minute; a request that is sent again counts again. What was asked for without a location is
/// shown to whoever may see all locations.
#[utoipa::path(
    tag = "inventory", operation_id = "listUnmetDemand", params(Query),
    responses(
        (status = 200, body = Listed<UnmetDemand>, description = "A page of counters"),
        (status = 422, description = "An unknown SKU"),
    ),
    extensions(("x-permission" = json!("inventory:read"))),
)]
#[get("/v1/unmet-demand", wrap = "Gate")]
async fn list(actor: Actor, db: web::Data<Db>, query: Params<Query>) -> Result<HttpResponse> {
    let Query { location_id, channel, sku, from, to, limit, cursor } = query.0;
    actor.require_anywhere(Permission::InventoryRead)?;
    if let Some(location) = location_id {
        actor.require_at(Permission::InventoryRead, location, "location")?;
    }
    let name = format!("unmet {location_id:?} {channel:?} {:?} {from:?} {to:?}", sku.as_ref().map(Sku::key));
    let page = page_of::<UnmetKey>(limit, cursor.as_deref(), &name)?;
    let locations = actor.places(Permission::InventoryRead);
    let page = db.read(move |db| {
        let variant = sku.map(|sku| variant_of(db, &sku)).transpose()?;
        read::unmet(db, &locations, &UnmetFilter { location: location_id, channel, variant, from, to }, &page)
    });
    listed(page.await?, &name, |row| (row.hour, row.id))
}

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.service(list);
}
