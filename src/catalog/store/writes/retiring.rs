//! Products and variants are retired and reinstated.
use crate::catalog::store::rows::{Product, Variant};
use crate::{
    catalog::{
        classification::Status,
        schema::{products, variants},
    },
    kernel::{ProductId, Result, VariantId},
    platform::db::Write,
};
use chrono::{DateTime, Utc};
use diesel::prelude::*;

pub fn retire_product(tx: &mut Write, id: ProductId) -> Result<Product> {
    let now = tx.now();
    let set = (
        products::status.eq(Status::Retired),
        products::retired_at.eq(Some(now)),
        products::version.eq(products::version + 1),
        products::updated_at.eq(now),
    );
    Ok(diesel::update(products::table.find(id)).set(set).get_result(tx.conn())?)
}

pub fn retire_variant(tx: &mut Write, id: VariantId) -> Result<Variant> {
    let now = tx.now();
    let set = (
        variants::status.eq(Status::Retired),
        variants::retired_at.eq(Some(now)),
        variants::version.eq(variants::version + 1),
        variants::updated_at.eq(now),
    );
    Ok(diesel::update(variants::table.find(id)).set(set).get_result(tx.conn())?)
}

#[derive(AsChangeset)]
#[diesel(table_name = variants)]
#[diesel(treat_none_as_null = true)]
pub(super) struct Reinstated {
    status: Status,
    retired_at: Option<DateTime<Utc>>,
    updated_at: DateTime<Utc>,
}

/// Retires the variants of a product that are still sold.
pub fn retire_variants_of(tx: &mut Write, product: ProductId) -> Result<Vec<Variant>> {
    let now = tx.now();
    let sold = variants::table.filter(variants::product_id.eq(product)).filter(variants::status.eq(Status::Active));
    let set = (
        variants::status.eq(Status::Retired),
        variants::retired_at.eq(Some(now)),
        variants::version.eq(variants::version + 1),
        variants::updated_at.eq(now),
    );
    Ok(diesel::update(sold).set(set).get_results(tx.conn())?)
}

pub fn reinstate_product(tx: &mut Write, id: ProductId) -> Result<Product> {
    let now = tx.now();
    let set = (
        products::status.eq(Status::Active),
        products::retired_at.eq(None::<DateTime<Utc>>),
        products::version.eq(products::version + 1),
        products::updated_at.eq(now),
    );
    Ok(diesel::update(products::table.find(id)).set(set).get_result(tx.conn())?)
}

pub(super) fn reinstated(now: DateTime<Utc>) -> Reinstated {
    Reinstated { status: Status::Active, retired_at: None, updated_at: now }
}

pub fn reinstate_variant(tx: &mut Write, id: VariantId) -> Result<Variant> {
    let retired = variants::table.find(id);
    Ok(diesel::update(retired)
        .set((reinstated(tx.now()), variants::version.eq(variants::version + 1)))
        .get_result(tx.conn())?)
}

/// Brings back the variants of a product that were retired at some time.
pub fn reinstate_variants_of(tx: &mut Write, product: ProductId, at: DateTime<Utc>) -> Result<Vec<Variant>> {
    let retired = variants::table.filter(variants::product_id.eq(product)).filter(variants::retired_at.eq(at));
    Ok(diesel::update(retired)
        .set((reinstated(tx.now()), variants::version.eq(variants::version + 1)))
        .get_results(tx.conn())?)
}
