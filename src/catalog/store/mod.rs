//! The catalog in PostgreSQL.
mod reads;
mod rows;
mod writes;

use chrono::{DateTime, Utc};
use diesel::{
    prelude::*,
    sql_query,
    sql_types::{Integer, Timestamptz},
};
pub use reads::*;
pub use rows::{Component, Product, Variant};
pub use writes::*;

crate::text_enum_in_sql!(
    crate::catalog::attributes::DangerousGoods,
    crate::catalog::attributes::Purpose,
    crate::catalog::attributes::ShadeFamily,
    crate::catalog::attributes::Undertone,
    crate::catalog::classification::Category,
    crate::catalog::classification::LotControl,
    crate::catalog::classification::Status
);

/// Fills empty tables with a catalog of so many variants.
pub fn seed(conn: &mut PgConnection, count: i32, now: DateTime<Utc>) -> QueryResult<()> {
    sql_query(include_str!("../sql/seed_groups.sql")).bind::<Timestamptz, _>(now).execute(conn)?;
    let statements = [include_str!("../sql/seed.sql"), include_str!("../sql/seed_variants.sql")];
    for statement in statements {
        sql_query(statement).bind::<Integer, _>(count).bind::<Timestamptz, _>(now).execute(conn)?;
    }
    sql_query(include_str!("../sql/seed_prices.sql")).bind::<Timestamptz, _>(now).execute(conn)?;
    sql_query(include_str!("../sql/seed_bundles.sql"))
        .bind::<Integer, _>(count)
        .bind::<Timestamptz, _>(now)
        .execute(conn)?;
    sql_query(include_str!("../sql/seed_translations.sql")).bind::<Timestamptz, _>(now).execute(conn)?;
    sql_query(include_str!("../sql/seed_collection.sql")).execute(conn)?;
    sql_query(include_str!("../sql/seed_price_changes.sql")).execute(conn)?;
    Ok(())
}
