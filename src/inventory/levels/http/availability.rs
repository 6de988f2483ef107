//! REST for what may be sold where.
use crate::{
    catalog::Category,
    inventory::{
        levels::availability::{Availability, availability},
        lots::ChannelOffer,
        service::Inventory,
    },
    kernel::{Actor, Channel, Code, Error, LocationId, Result, Sku, actor::Permission},
    platform::{
        config::Config,
        http::{Gate, Params},
    },
};
use actix_web::{HttpResponse, get, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Query {
    /// The SKU, of a variant or of a bundle.
    #[param(inline)]
    sku: Sku,
    /// The channel that asks; without it, what some channel may be promised.
    #[param(inline)]
    channel: Option<Channel>,
    /// Only at this location.
    #[param(inline)]
    location_id: Option<LocationId>,
}

/// The locations at which something may be sold.
#[derive(Serialize, ToSchema)]
struct Available {
    /// The SKU of the variant.
    sku: String,
    /// True if it is a bundle: its units are then whole sets of its parts.
    is_bundle: bool,
    /// All that is available at the locations that you may see.
    quantity_available: i64,
    /// Locations that have some of it, by code.
    data: Vec<Availability>,
}

/// Get the availability of a SKU by location
///
/// Units that may be promised now. Of a bundle, the least over its parts and over the options of each of its choices
/// together, at each location, in whole sets.
#[utoipa::path(
    tag = "inventory", operation_id = "getAvailability", params(Query),
    responses((status = 200, body = Available, description = "Where it is available")),
    extensions(("x-permission" = json!("inventory:read"))),
)]
#[get("/v1/availability", wrap = "Gate")]
pub async fn show(
    actor: Actor,
    inventory: web::Data<Inventory>,
    config: web::Data<Config>,
    query: Params<Query>,
) -> Result<HttpResponse> {
    let Query { sku, channel, location_id: at } = query.0;
    if let Some(location) = at {
        actor.require_at(Permission::InventoryRead, location, "location")?;
    }
    let (to, now, locations) =
        (ChannelOffer::to(&config, channel), inventory.db.clock().now(), actor.places(Permission::InventoryRead));
    let catalog = inventory.catalog.clone();
    let found = inventory.db.read(move |db| {
        let offer = catalog.offers_by_sku(db, std::slice::from_ref(&sku))?.into_values().next();
        let offer = offer.ok_or_else(|| Error::refused(Code::NotFound, format!("there is no SKU {sku}")))?;
        let mut of = availability(db, &locations.narrowed(at), std::slice::from_ref(&offer), to, now)?;
        let data = of.remove(&offer.variant.id).unwrap_or_default();
        Ok(Available {
            sku: offer.variant.sku.clone(),
            is_bundle: offer.product.category == Category::Bundle,
            quantity_available: data.iter().map(|row| i64::from(row.quantity_available)).sum(),
            data,
        })
    });
    Ok(HttpResponse::Ok().json(found.await?))
}
