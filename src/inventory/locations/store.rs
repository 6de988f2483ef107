//! Stores and warehouses.
use crate::{
    inventory::{
        locations::model::{LocationFilter, LocationKey},
        model::LocationKind,
        schema::locations as l,
    },
    kernel::{Code, Country, Error, LocationId, PageRequest, Result, Text, Typed, Zone},
    platform::db::{Statement, Write, violated},
};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::{
    dsl::sql,
    prelude::*,
    sql_types::{Array, Bool, Date, Integer, Text as SqlText, Timestamptz, Uuid as SqlUuid},
};
use serde::Serialize;
use utoipa::ToSchema;

/// A store or warehouse.
#[derive(Debug, Clone, Serialize, Queryable, ToSchema)]
pub struct Location {
    /// Identifies the location.
    pub id: LocationId,
    /// A short code that people use.
    pub code: String,
    /// The name that people read.
    pub name: String,
    /// A store or a warehouse.
    pub kind: LocationKind,
    /// Orders without a location go to the lowest number that can fill them.
    pub priority: i32,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// IANA time zone.
    pub time_zone: String,
    /// The number of its changes; send it back in `If-Match`.
    pub version: i64,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// Degrees north.
    pub latitude: Option<f64>,
    /// Degrees east.
    pub longitude: Option<f64>,
    /// Countries where it sends to (ISO 3166-1 alpha-2); everywhere, if none is named.
    pub ships_to: Vec<String>,
    /// Orders that it can take in a day of its own; any number, if null.
    pub daily_orders: Option<i32>,
    /// When it was closed; null while it is open. It is empty then, and keeps its history.
    pub closed_at: Option<DateTime<Utc>>,
}

/// The facts about a location by which orders are sourced.
#[derive(Debug, Clone, Default)]
pub struct Shipping {
    pub point: Option<(f64, f64)>,
    pub ships_to: Option<Vec<String>>,
    pub daily_orders: Option<i32>,
}

/// A location to be made.
#[derive(Debug, Clone)]
pub struct NewLocation {
    pub code: Text<32>,
    pub name: Text<200>,
    pub kind: LocationKind,
    pub priority: i32,
    pub country: Country,
    pub time_zone: Zone,
    pub shipping: Shipping,
}

/// The changes of a location.
#[derive(Debug, Clone, Default)]
pub struct LocationChange {
    pub code: Option<Text<32>>,
    pub kind: Option<LocationKind>,
    pub country: Option<Country>,
    pub time_zone: Option<Zone>,
    pub name: Option<Text<200>>,
    pub priority: Option<i32>,
    pub shipping: Shipping,
    pub is_closed: Option<bool>,
}

pub fn locations_page(
    conn: &mut PgConnection,
    at: Option<Vec<LocationId>>,
    filter: &LocationFilter,
    page: &PageRequest<LocationKey>,
) -> QueryResult<Vec<Location>> {
    let mut query = l::table.order((l::priority, l::id)).limit(page.limit + 1).into_boxed();
    if let Some(at) = at {
        query = query.filter(l::id.eq_any(at));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(l::kind.eq(kind));
    }
    if let Some((priority, id)) = page.after {
        query = query.filter(
            sql::<Bool>("(priority, id) > (").bind::<Integer, _>(priority).sql(", ").bind::<SqlUuid, _>(id).sql(")"),
        );
    }
    query.load(conn)
}

/// All locations that are open.
pub fn open_locations(conn: &mut PgConnection) -> QueryResult<Vec<Location>> {
    l::table.filter(l::closed_at.is_null()).load(conn)
}

/// The ids of all locations.
pub fn location_ids(conn: &mut PgConnection) -> QueryResult<Vec<LocationId>> {
    l::table.order(l::id).select(l::id).load(conn)
}

pub fn locations_by_id(conn: &mut PgConnection, ids: &[LocationId]) -> QueryResult<Vec<Location>> {
    l::table.filter(l::id.eq_any(ids)).order(l::id).load(conn)
}

pub fn location_by_code(conn: &mut PgConnection, code: &str) -> QueryResult<Option<Location>> {
    let is_code = sql::<Bool>("upper(normalize(code, NFKC) collate \"C\") = ");
    l::table.filter(is_code.bind::<SqlText, _>(Typed::of(code).as_str())).first(conn).optional()
}

pub fn lock_location(conn: &mut PgConnection, id: LocationId) -> QueryResult<Option<Location>> {
    l::table.find(id).for_no_key_update().first(conn).optional()
}

/// Locks locations in order of id.
pub fn lock_places(conn: &mut PgConnection, ids: &[LocationId]) -> QueryResult<()> {
    let locations = l::table.filter(l::id.eq_any(ids)).order(l::id).select(l::id).for_no_key_update();
    locations.load::<LocationId>(conn).map(|_| ())
}

/// A location that is not opened or closed until the transaction ends.
#[derive(Debug, Clone, Copy, QueryableByName)]
pub struct HeldPlace {
    #[diesel(sql_type = SqlUuid)]
    pub id: LocationId,
    #[diesel(sql_type = Bool)]
    pub is_closed: bool,
    /// The day that it is there.
    #[diesel(sql_type = Date)]
    pub today: NaiveDate,
}

/// Holds locations as they are, open or closed, until the transaction ends.
pub fn hold_places(conn: &mut PgConnection, ids: &[LocationId], now: DateTime<Utc>) -> QueryResult<Vec<HeldPlace>> {
    let query = Statement::new(include_str!("sql/hold_places.sql")).bind::<Array<SqlUuid>, _>(ids.to_vec());
    query.bind::<Timestamptz, _>(now).load(conn)
}

#[derive(QueryableByName)]
struct StillThere {
    #[diesel(sql_type = SqlText)]
    what: String,
}

/// The reason why a location cannot be closed, in words; nothing if it is empty.
pub fn still_there(conn: &mut PgConnection, id: LocationId) -> QueryResult<Vec<String>> {
    let query = Statement::new(include_str!("sql/still_there.sql")).bind::<SqlUuid, _>(id);
    let found: Vec<StillThere> = query.load(conn)?;
    Ok(found.into_iter().map(|row| row.what).collect())
}

pub fn insert_location(tx: &mut Write, new: &NewLocation) -> Result<Location> {
    let now = tx.now();
    let row = (
        l::id.eq(LocationId::new()),
        l::code.eq(&*new.code),
        l::name.eq(&*new.name),
        l::kind.eq(new.kind),
        l::priority.eq(new.priority),
        l::country.eq(new.country.as_str()),
        l::time_zone.eq(new.time_zone.to_string()),
        l::created_at.eq(now),
        l::updated_at.eq(now),
        l::latitude.eq(new.shipping.point.map(|point| point.0)),
        l::longitude.eq(new.shipping.point.map(|point| point.1)),
        l::ships_to.eq(new.shipping.ships_to.clone().unwrap_or_default()),
        l::daily_orders.eq(new.shipping.daily_orders),
    );
    diesel::insert_into(l::table).values(row).get_result(tx.conn()).map_err(|error| taken(error, &new.code))
}

fn taken(error: diesel::result::Error, code: &str) -> Error {
    match violated(&error) {
        Some(constraint) if constraint.0.starts_with("locations_code") => {
            Error::refused(Code::LocationCodeTaken, format!("the code {code} is in use"))
        }
        _ => error.into(),
    }
}

#[derive(AsChangeset)]
#[diesel(table_name = l)]
struct Set<'a> {
    code: Option<&'a str>,
    kind: Option<LocationKind>,
    country: Option<&'a str>,
    time_zone: Option<String>,
    name: Option<&'a str>,
    priority: Option<i32>,
    latitude: Option<f64>,
    longitude: Option<f64>,
    ships_to: Option<Vec<String>>,
    daily_orders: Option<i32>,
    closed_at: Option<Option<DateTime<Utc>>>,
}

pub fn change_location(tx: &mut Write, id: LocationId, change: &LocationChange) -> Result<Location> {
    let now = tx.now();
    let Shipping { point, ships_to, daily_orders } = change.shipping.clone();
    let (latitude, longitude) = (point.map(|point| point.0), point.map(|point| point.1));
    let set = Set {
        code: change.code.as_deref(),
        kind: change.kind,
        country: change.country.as_ref().map(Country::as_str),
        time_zone: change.time_zone.map(|zone| zone.to_string()),
        name: change.name.as_deref(),
        priority: change.priority,
        latitude,
        longitude,
        ships_to,
        daily_orders,
        closed_at: change.is_closed.map(|is_closed| is_closed.then_some(now)),
    };
    let versioned = (l::version.eq(l::version + 1), l::updated_at.eq(now));
    let changed = diesel::update(l::table.find(id)).set((set, versioned)).get_result(tx.conn());
    changed.map_err(|error| taken(error, change.code.as_deref().unwrap_or_default()))
}
