//! Records that rows of files name, in PostgreSQL.
use crate::{
    catalog::{
        classification::Category,
        groups::{Group, GroupKind},
        schema::{catalog_groups as g, products as p, variants as v},
        store::{Product, Variant, ids_of_skus},
    },
    kernel::{Channel, Currency, PrincipalId, ProductId, Result, Typed, VariantId},
    platform::db::{Statement, Write},
};
use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use std::collections::HashMap;

/// True if there is a product with one of these slugs, or a variant with one of these SKUs.
pub fn has_any(conn: &mut PgConnection, slugs: &[&str], skus: &[&Typed]) -> QueryResult<bool> {
    let has_product = diesel::select(diesel::dsl::exists(p::table.filter(p::slug.eq_any(slugs)))).get_result(conn)?;
    Ok(has_product || !ids_of_skus(conn, skus)?.is_empty())
}

/// The products with these slugs and those of the SKUs, and the variants with the SKUs, locked until the transaction
/// ends: products before variants, each in the order of their ids.
pub fn lock(conn: &mut PgConnection, slugs: &[&str], skus: &[&Typed]) -> QueryResult<(Vec<Product>, Vec<Variant>)> {
    let ids: Vec<_> = ids_of_skus(conn, skus)?.into_iter().map(|(_, id)| id).collect();
    let of_variants: Vec<ProductId> =
        v::table.filter(v::id.eq_any(&ids)).select(v::product_id).distinct().load(conn)?;
    let is_named = p::id.eq_any(of_variants).or(p::slug.eq_any(slugs).assume_not_null());
    let products = p::table.filter(is_named).order(p::id).for_no_key_update().load(conn)?;
    let variants = v::table.filter(v::id.eq_any(&ids)).order(v::id).for_no_key_update().load(conn)?;
    Ok((products, variants))
}

/// The category below a kind of product with a slug.
pub fn category_named(conn: &mut PgConnection, kind: Category, slug: &str) -> QueryResult<Option<Group>> {
    let is_it = g::kind.eq(GroupKind::Category).and(g::root.eq(Some(kind.as_str()))).and(g::slug.eq(slug));
    g::table.filter(is_it).first(conn).optional()
}

/// A change of a channel's price; amounts are minor units.
#[derive(Debug, Clone, Copy)]
pub struct NewChange {
    pub variant: VariantId,
    pub channel: Channel,
    pub currency: Currency,
    pub before: Option<i64>,
    pub after: i64,
}

/// Puts changes of prices on record, in their order.
pub fn record_changes(tx: &mut Write, changes: &[NewChange], by: PrincipalId) -> Result<()> {
    let now = tx.now();
    Statement::new(include_str!("sql/record_changes.sql"))
        .bind::<Array<SqlUuid>, _>(changes.iter().map(|one| one.variant).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(changes.iter().map(|one| one.channel.as_str()).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(changes.iter().map(|one| one.currency.code()).collect::<Vec<_>>())
        .bind::<Array<Nullable<BigInt>>, _>(changes.iter().map(|one| one.before).collect::<Vec<_>>())
        .bind::<Array<BigInt>, _>(changes.iter().map(|one| one.after).collect::<Vec<_>>())
        .bind::<SqlUuid, _>(by)
        .bind::<Timestamptz, _>(now)
        .execute(tx.conn())?;
    Ok(())
}

/// A price by variant, channel and currency, with its amount and the one that is struck through beside it.
pub type PlacedPrice = ((VariantId, Channel, Currency), (i64, Option<i64>));

/// Writes prices of channels over those that stand.
pub fn put_prices(tx: &mut Write, prices: &[PlacedPrice]) -> Result<()> {
    let now = tx.now();
    Statement::new(include_str!("sql/put_prices.sql"))
        .bind::<Array<SqlUuid>, _>(prices.iter().map(|one| one.0.0).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(prices.iter().map(|one| one.0.1.as_str()).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(prices.iter().map(|one| one.0.2.code()).collect::<Vec<_>>())
        .bind::<Array<BigInt>, _>(prices.iter().map(|one| one.1.0).collect::<Vec<_>>())
        .bind::<Array<Nullable<BigInt>>, _>(prices.iter().map(|one| one.1.1).collect::<Vec<_>>())
        .bind::<Timestamptz, _>(now)
        .execute(tx.conn())?;
    Ok(())
}

#[derive(QueryableByName)]
struct TouchedRow {
    #[diesel(sql_type = SqlUuid)]
    id: VariantId,
    #[diesel(sql_type = SqlUuid)]
    product_id: ProductId,
    #[diesel(sql_type = BigInt)]
    version: i64,
}

/// Raises the versions of variants by so many changes each, and those of their products; the new ones of the variants.
pub fn touch(tx: &mut Write, changes: &[(VariantId, usize)]) -> Result<HashMap<VariantId, i64>> {
    let now = tx.now();
    let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let rows: Vec<TouchedRow> = Statement::new(include_str!("sql/touch_variants.sql"))
        .bind::<Array<SqlUuid>, _>(changes.iter().map(|change| change.0).collect::<Vec<_>>())
        .bind::<Array<BigInt>, _>(changes.iter().map(|change| count(change.1)).collect::<Vec<_>>())
        .bind::<Timestamptz, _>(now)
        .load(tx.conn())?;
    let products: Vec<_> = rows.iter().map(|row| row.product_id).collect();
    touch_products(tx, &products)?;
    Ok(rows.into_iter().map(|row| (row.id, row.version)).collect())
}

/// Raises the versions of products that are locked, and gives them as they are then.
pub fn touch_products(tx: &mut Write, ids: &[ProductId]) -> Result<Vec<Product>> {
    let now = tx.now();
    let set = (p::version.eq(p::version + 1), p::updated_at.eq(now));
    Ok(diesel::update(p::table.filter(p::id.eq_any(ids))).set(set).get_results(tx.conn())?)
}

/// The ids of products by their slugs.
pub fn by_slug(products: &[Product]) -> HashMap<&str, ProductId> {
    products.iter().filter_map(|product| Some((product.slug.as_deref()?, product.id))).collect()
}

/// Products after one of them, in the order of their ids.
pub fn products_after(conn: &mut PgConnection, after: Option<ProductId>, most: i64) -> QueryResult<Vec<Product>> {
    let mut query = p::table.order(p::id).limit(most).into_boxed();
    if let Some(after) = after {
        query = query.filter(p::id.gt(after));
    }
    query.load(conn)
}

/// Variants after one of them, in the order of their ids.
pub fn variants_after(conn: &mut PgConnection, after: Option<VariantId>, most: i64) -> QueryResult<Vec<VariantId>> {
    let mut query = v::table.order(v::id).limit(most).select(v::id).into_boxed();
    if let Some(after) = after {
        query = query.filter(v::id.gt(after));
    }
    query.load(conn)
}
