//! Locations: list, show, create, change.
use super::{
    change as locate,
    store::{Location, LocationChange, NewLocation, Shipping},
};
use crate::{
    inventory::{
        locations::model::{LocationFilter, LocationKey},
        model::LocationKind,
        read::{locations, locations_by_id},
        service::Inventory,
    },
    kernel::{Actor, Country, Error, LocationId, Result, Text, Zone, actor::Permission},
    platform::{
        db::Db,
        http::{
            Change, Gate, Listed, Located, MustMatch, OptionalKey, Params, PathOf, fault, listed, page_of, versioned,
        },
        idempotency::Recorded,
    },
};
use actix_web::{HttpRequest, HttpResponse, get, patch, post, web};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use validator::{Validate, ValidationError};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ListQuery {
    /// Only of this kind.
    #[param(inline)]
    kind: Option<LocationKind>,
    /// Rows in a page.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before; the first page, if absent.
    cursor: Option<String>,
}

/// List locations
///
/// Those that the caller may see, by priority.
#[utoipa::path(
    tag = "inventory", operation_id = "listLocations", params(ListQuery),
    responses((status = 200, body = Listed<Location>, description = "A page of locations")),
    extensions(("x-permission" = json!("inventory:read"))),
)]
#[get("/v1/locations", wrap = "Gate")]
async fn list(actor: Actor, db: web::Data<Db>, query: Params<ListQuery>) -> Result<HttpResponse> {
    let ListQuery { kind, limit, cursor } = query.0;
    let name = format!("locations {kind:?}");
    let page = page_of::<LocationKey>(limit, cursor.as_deref(), &name)?;
    let places = actor.places(Permission::InventoryRead);
    let page = db.read(move |read| locations(read, &places, &LocationFilter { kind }, &page)).await?;
    listed(page, &name, |location| (location.priority, location.id))
}

/// Get a location
///
/// If the caller may see it.
#[utoipa::path(
    tag = "inventory", operation_id = "getLocation",
    responses((status = 200, body = Location, description = "The location"), (status = 304, description = "Unchanged")),
    extensions(("x-permission" = json!("inventory:read"))),
)]
#[get("/v1/locations/{location_id}", wrap = "Gate")]
async fn show(req: HttpRequest, actor: Actor, db: web::Data<Db>, id: PathOf<LocationId>) -> Result<HttpResponse> {
    let locations = actor.places(Permission::InventoryRead);
    let found = db.read(move |read| Ok(locations_by_id(read, &locations, &[id.0])?.pop())).await?;
    let location = found.ok_or_else(|| Error::not_found("location"))?;
    versioned(&req, location.version, &location)
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateLocation {
    /// A short code that people use, unique.
    code: Text<32>,
    /// The name that people read.
    name: Text<200>,
    /// A store or a warehouse.
    kind: LocationKind,
    /// Orders without a location go to the lowest number that can fill them.
    #[serde(default = "usual_priority")]
    #[validate(range(min = 0, max = 10_000, message = "must be 0 to 10000"))]
    #[schema(minimum = 0, maximum = 10_000)]
    priority: i32,
    /// The country (ISO 3166-1 alpha-2).
    country: Country,
    /// Its days begin and end by it.
    time_zone: Zone,
    /// The settings for shipping orders from there.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::object")]
    #[validate(nested)]
    shipping: ShippingBody,
}

/// The facts about a location by which orders are sourced.
#[derive(Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = is_a_point))]
struct ShippingBody {
    /// Degrees north, with `longitude`.
    #[validate(range(min = -90.0, max = 90.0, message = "must be -90 to 90 degrees"))]
    #[schema(minimum = -90, maximum = 90)]
    latitude: Option<f64>,
    /// Degrees east.
    #[validate(range(min = -180.0, max = 180.0, message = "must be -180 to 180 degrees"))]
    #[schema(minimum = -180, maximum = 180)]
    longitude: Option<f64>,
    /// Countries where it sends to (ISO 3166-1 alpha-2); everywhere, if none is named.
    #[validate(length(max = 250, message = "at most 250 countries"))]
    #[schema(max_items = 250)]
    ships_to: Option<Vec<Country>>,
    /// Orders that it can take in a day of its own.
    #[validate(range(min = 0, message = "must not be negative"))]
    #[schema(minimum = 0)]
    daily_orders: Option<i32>,
}

fn is_a_point(body: &ShippingBody) -> std::result::Result<(), ValidationError> {
    match (body.latitude, body.longitude) {
        (Some(_), None) => fault("/longitude", "latitude and longitude go together"),
        (None, Some(_)) => fault("/latitude", "latitude and longitude go together"),
        _ => Ok(()),
    }
}

impl From<ShippingBody> for Shipping {
    fn from(body: ShippingBody) -> Self {
        let ShippingBody { latitude, longitude, ships_to, daily_orders } = body;
        let ships_to = ships_to.map(|all| all.iter().map(Country::to_string).collect());
        Self { point: latitude.zip(longitude), ships_to, daily_orders }
    }
}

fn usual_priority() -> i32 {
    100
}

/// Create a location
///
/// A store or a warehouse.
#[utoipa::path(
    tag = "inventory", operation_id = "createLocation", request_body = CreateLocation, params(OptionalKey),
    responses(
        (status = 201, body = Location, description = "The location"),
        (status = 409, description = "The code is in use"),
    ),
    extensions(("x-permission" = json!("locations:write"))),
)]
#[post("/v1/locations", wrap = "Gate")]
async fn create(db: web::Data<Db>, request: Change<CreateLocation>) -> Result<Located<Location>> {
    let CreateLocation { code, name, kind, priority, country, time_zone, shipping } = request.value;
    let shipping = shipping.into();
    Ok(locate::create(&db, request.caller, NewLocation { code, name, kind, priority, country, time_zone, shipping })
        .await?
        .under("/v1/locations"))
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = says_something))]
struct ChangeLocation {
    /// A short code that people use, unique.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::present")]
    #[schema(nullable = false)]
    code: Option<Text<32>>,
    /// A store or a warehouse.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::present")]
    #[schema(nullable = false)]
    kind: Option<LocationKind>,
    /// The country (ISO 3166-1 alpha-2).
    #[serde(default, deserialize_with = "crate::kernel::strict_json::present")]
    #[schema(nullable = false)]
    country: Option<Country>,
    /// Its days begin and end by it from now on.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::present")]
    #[schema(nullable = false)]
    time_zone: Option<Zone>,
    /// The name that people read.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::present")]
    #[schema(nullable = false)]
    name: Option<Text<200>>,
    /// The rank among locations that may fill an order; the lowest comes first.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::present")]
    #[validate(range(min = 0, max = 10_000, message = "must be 0 to 10000"))]
    #[schema(minimum = 0, maximum = 10_000, nullable = false)]
    priority: Option<i32>,
    /// Closes it, once it is empty, or opens it again. Nothing comes to a closed location and nothing is sold there; it
    /// keeps its history.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::present")]
    #[schema(nullable = false)]
    closed: Option<bool>,
    /// Only the fields that are named change.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::optional")]
    #[validate(nested)]
    shipping: Option<ShippingBody>,
}

fn says_something(wanted: &ChangeLocation) -> std::result::Result<(), ValidationError> {
    let ChangeLocation { code, kind, country, time_zone, name, priority, closed, shipping } = wanted;
    let says = [code.is_some(), kind.is_some(), country.is_some(), time_zone.is_some(), name.is_some()];
    match says.contains(&true) || priority.is_some() || closed.is_some() || shipping.is_some() {
        true => Ok(()),
        false => Err(ValidationError::new("empty").with_message("there is nothing to change".into())),
    }
}

/// Change or close a location
///
/// Only the fields that are named change; `If-Match` names the version that was read. `closed: true` closes it once it
/// is empty: no units, holds or promises, no open transfer, purchase order or count; `closed: false` opens it again.
#[utoipa::path(
    tag = "inventory", operation_id = "changeLocation", request_body = ChangeLocation, params(MustMatch, OptionalKey),
    responses(
        (status = 200, body = Location, description = "The location"),
        (status = 409, description = "The code is in use, or it is not empty and cannot be closed"),
        (status = 412, description = "Stale version"),
        (status = 428, description = "If-Match is missing"),
    ),
    extensions(("x-permission" = json!("locations:write"))),
)]
#[patch("/v1/locations/{location_id}", wrap = "Gate")]
async fn change(
    db: web::Data<Db>,
    inventory: web::Data<Inventory>,
    id: PathOf<LocationId>,
    request: Change<ChangeLocation, OptionalKey, MustMatch>,
) -> Result<Recorded<Location>> {
    let ChangeLocation { code, kind, country, time_zone, name, priority, closed, shipping } = request.value;
    let shipping = shipping.map(Shipping::from).unwrap_or_default();
    let change = LocationChange { code, kind, country, time_zone, name, priority, shipping, is_closed: closed };
    let changed = locate::change(&db, request.caller, id.0, change).await?;
    inventory.forget_locations();
    Ok(changed)
}

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.service(list).service(create).service(show).service(change);
}
