//! The takings of a location on a day.
use crate::{
    kernel::{Actor, Code, Error, LocationId, Result, actor::Permission},
    orders::service::Services,
    payments::{Taking, takings},
    platform::http::{Gate, Params, PathOf},
};
use actix_web::{HttpResponse, get, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct TakingsQuery {
    /// The business day, as the calendar of the location has it; today, if absent.
    date: Option<NaiveDate>,
}

/// The money that a location took and gave back on a day.
#[derive(Debug, Serialize, ToSchema)]
struct Takings {
    /// Identifies the location.
    location_id: LocationId,
    /// The business day.
    date: NaiveDate,
    /// By means of payment, then currency; empty if no money moved.
    takings: Vec<Taking>,
}

/// Get the takings of a location
///
/// For the end of the day: payments of the day by means (cash, card, gift card or gateway) with rounding, tips and
/// refunds. A till's sale counts on the day on which it was made, even if it was told later.
#[utoipa::path(
    tag = "tills", operation_id = "getTakings", params(TakingsQuery),
    responses((status = 200, body = Takings, description = "The takings")),
    extensions(("x-permission" = json!("orders:read"))),
)]
#[get("/v1/locations/{location_id}/takings", wrap = "Gate")]
pub async fn show(
    actor: Actor,
    services: web::Data<Services>,
    id: PathOf<LocationId>,
    query: Params<TakingsQuery>,
) -> Result<HttpResponse> {
    let (inventory, location_id) = (&services.inventory, id.0);
    actor.require_at(Permission::OrdersRead, location_id, "location")?;
    inventory.require_location(location_id).await?;
    inventory.learn_zones(&[location_id]).await?;
    let today = inventory.zones.day(location_id, inventory.db.clock().now());
    let date = query.0.date.unwrap_or(today);
    let beyond = || Error::refused(Code::InvalidQuery, format!("there is no business day {date}"));
    let bounds = inventory.zones.bounds(location_id, date).ok_or_else(beyond)?;
    let takings = inventory.db.read(move |db| takings(db, location_id, bounds)).await?;
    Ok(HttpResponse::Ok().json(Takings { location_id, date, takings }))
}
