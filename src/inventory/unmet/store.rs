//! Unmet demand in PostgreSQL.
use crate::{
    inventory::{
        schema::unmet_demand as u,
        unmet::model::{DemandKey, Missed, UnmetFilter},
    },
    kernel::{Channel, LocationId, PageRequest, VariantId},
    platform::db::Statement,
};
use chrono::{DateTime, Utc};
use diesel::{
    dsl::sql,
    prelude::*,
    sql_types::{Array, BigInt, Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use uuid::Uuid;

/// The units that were asked for and not there within an hour.
#[derive(Debug, Clone, Queryable)]
pub struct UnmetRow {
    pub id: Uuid,
    pub hour: DateTime<Utc>,
    pub variant_id: VariantId,
    pub location_id: Option<LocationId>,
    pub channel: Option<Channel>,
    pub requests: i64,
    pub units: i64,
}

/// Adds counters to those that were written before.
pub fn add(conn: &mut PgConnection, rows: &[(DemandKey, Missed)]) -> QueryResult<usize> {
    Statement::new(include_str!("sql/add.sql"))
        .bind::<Array<Timestamptz>, _>(rows.iter().map(|(kind, _)| kind.hour).collect::<Vec<_>>())
        .bind::<Array<SqlUuid>, _>(rows.iter().map(|(kind, _)| kind.variant).collect::<Vec<_>>())
        .bind::<Array<Nullable<SqlUuid>>, _>(rows.iter().map(|(kind, _)| kind.location).collect::<Vec<_>>())
        .bind::<Array<Nullable<Text>>, _>(
            rows.iter().map(|(kind, _)| kind.channel.map(Channel::as_str)).collect::<Vec<_>>(),
        )
        .bind::<Array<BigInt>, _>(rows.iter().map(|(_, missed)| missed.requests).collect::<Vec<_>>())
        .bind::<Array<BigInt>, _>(rows.iter().map(|(_, missed)| missed.units).collect::<Vec<_>>())
        .execute(conn)
}

/// Deletes at most `most` counters of hours that began before a time.
pub fn delete(conn: &mut PgConnection, before: DateTime<Utc>, most: i64) -> QueryResult<usize> {
    let some = Statement::new(include_str!("sql/delete.sql"));
    some.bind::<Timestamptz, _>(before).bind::<BigInt, _>(most).execute(conn)
}

/// A place in the list: by hour, then id.
pub type UnmetKey = (DateTime<Utc>, Uuid);

/// Counters, the latest first, at most one more than the page. Those without a location are seen by who sees all
/// locations.
pub fn unmet(
    conn: &mut PgConnection,
    at: Option<Vec<LocationId>>,
    filter: &UnmetFilter,
    page: &PageRequest<UnmetKey>,
) -> QueryResult<Vec<UnmetRow>> {
    let mut query = u::table.order((u::hour.desc(), u::id.desc())).limit(page.limit + 1).into_boxed();
    if let Some(at) = at {
        query = query.filter(u::location_id.eq_any(at));
    }
    if let Some(location) = filter.location {
        query = query.filter(u::location_id.eq(location));
    }
    if let Some(channel) = filter.channel {
        query = query.filter(u::channel.eq(channel.as_str()));
    }
    if let Some(variant) = filter.variant {
        query = query.filter(u::variant_id.eq(variant));
    }
    if let Some(from) = filter.from {
        query = query.filter(u::hour.ge(from));
    }
    if let Some(to) = filter.to {
        query = query.filter(u::hour.lt(to));
    }
    if let Some((hour, id)) = page.after {
        query = query.filter(
            sql::<Bool>("(hour, id) < (").bind::<Timestamptz, _>(hour).sql(", ").bind::<SqlUuid, _>(id).sql(")"),
        );
    }
    query.load(conn)
}
