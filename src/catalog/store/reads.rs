//! Reads: a slice of ids in, one query each.
use super::rows::{Component, Product, Variant};
use crate::{
    catalog::{
        classification::{Category, Status},
        groups::store::{below, products_in},
        model::{Offer, Price, ProductSort},
        price_lists,
        read::{ProductFilter, ProductKey},
        schema::{bundle_components, prices, products, variants},
    },
    kernel::{Channel, Money, PageRequest, ProductId, Result, Typed, VariantId},
    platform::db::{Read, remembered},
};
use chrono::{DateTime, Utc};
use diesel::{
    dsl::sql,
    prelude::*,
    sql_types::{Array, Bool, Text, Timestamptz, Uuid as SqlUuid},
};
use std::collections::HashMap;

/// The start of a condition: a product is published in the channel that follows.
const PUBLISHED_IN: &str = "(products.publications is null or exists (select from \
    jsonb_to_recordset(products.publications) as p (channel text, starts_at timestamptz, ends_at timestamptz) \
    where p.channel = ";

pub fn products(
    conn: &mut PgConnection,
    filter: &ProductFilter,
    sort: ProductSort,
    page: &PageRequest<ProductKey>,
    now: DateTime<Utc>,
) -> QueryResult<Vec<Product>> {
    let mut query = products::table.limit(page.limit + 1).into_boxed();
    if let Some(category) = filter.category {
        query = query.filter(products::category.eq(category));
    }
    if let Some(status) = filter.status {
        query = query.filter(products::status.eq(status));
    }
    if let Some(name) = &filter.name {
        let has = sql::<Bool>("strpos(lower(products.name), lower(").bind::<Text, _>(name.clone()).sql(")) > 0");
        query = query.filter(has);
    }
    if let Some(slug) = &filter.slug {
        query = query.filter(products::slug.eq(slug));
    }
    if let Some(brand) = filter.brand {
        query = query.filter(products::brand_id.eq(brand));
    }
    if let Some(category) = filter.group {
        query = query.filter(products::category_id.eq_any(below(conn, category)?));
    }
    if let Some(collection) = filter.collection {
        query = query.filter(products::id.eq_any(products_in(conn, collection)?));
    }
    if let Some(channel) = filter.published_in {
        let is_in = sql::<Bool>(PUBLISHED_IN).bind::<Text, _>(channel.as_str());
        query =
            query.filter(is_in.sql(" and tstzrange(p.starts_at, p.ends_at) @> ").bind::<Timestamptz, _>(now).sql("))"));
    }
    let beyond = match sort {
        ProductSort::ByName => "(name, id) > (",
        ProductSort::ByNameDescending => "(name, id) < (",
    };
    if let Some((name, id)) = &page.after {
        query = query.filter(sql::<Bool>(beyond).bind::<Text, _>(name).sql(", ").bind::<SqlUuid, _>(*id).sql(")"));
    }
    match sort {
        ProductSort::ByName => query.order((products::name.asc(), products::id.asc())).load(conn),
        ProductSort::ByNameDescending => query.order((products::name.desc(), products::id.desc())).load(conn),
    }
}

pub fn products_by_id(conn: &mut PgConnection, ids: &[ProductId]) -> QueryResult<Vec<Product>> {
    products::table.filter(products::id.eq_any(ids)).order(products::id).load(conn)
}

pub fn variants_by_id(conn: &mut PgConnection, ids: &[VariantId]) -> QueryResult<Vec<Variant>> {
    variants::table.filter(variants::id.eq_any(ids)).order(variants::id).load(conn)
}

/// Those of some variants that are retired, alone or with their products.
pub fn retired_among(conn: &mut PgConnection, ids: &[VariantId]) -> QueryResult<Vec<VariantId>> {
    variants::table
        .inner_join(products::table.on(products::id.eq(variants::product_id)))
        .filter(variants::id.eq_any(ids))
        .filter(variants::status.ne(Status::Active).or(products::status.ne(Status::Active)))
        .select(variants::id)
        .load(conn)
}

/// The variant whose GTIN is written in one of these forms.
pub fn variant_with_gtin(conn: &mut PgConnection, forms: &[String]) -> QueryResult<Option<Variant>> {
    variants::table.filter(variants::gtin.eq_any(forms)).order(variants::id).first(conn).optional()
}

pub fn variants_of(conn: &mut PgConnection, of: &[ProductId]) -> QueryResult<Vec<Variant>> {
    variants::table.filter(variants::product_id.eq_any(of)).order(variants::sku).load(conn)
}

pub fn ids_of_skus(conn: &mut PgConnection, skus: &[&Typed]) -> QueryResult<Vec<(String, VariantId)>> {
    let keys: Vec<_> = skus.iter().map(|sku| sku.as_str()).collect();
    let is_wanted = sql::<Bool>("upper(sku collate \"C\") = any(").bind::<Array<Text>, _>(keys).sql(")");
    variants::table.filter(is_wanted).select((variants::sku, variants::id)).load(conn)
}

type PriceRow = (VariantId, Channel, String, i64, Option<i64>);

pub fn prices_of(conn: &mut PgConnection, of: &[VariantId]) -> Result<Vec<Price>> {
    let rows: Vec<PriceRow> = prices::table
        .filter(prices::variant_id.eq_any(of))
        .order((prices::variant_id, prices::channel, prices::currency))
        .select((prices::variant_id, prices::channel, prices::currency, prices::amount_minor, prices::compare_at_minor))
        .load(conn)?;
    let price = |(variant_id, channel, currency, amount_minor, compare_at_minor): PriceRow| {
        let currency = currency.parse().map_err(|e: String| anyhow::anyhow!(e))?;
        Ok(Price { variant_id, channel, amount: Money::new(amount_minor, currency)?, compare_at_minor })
    };
    rows.into_iter().map(price).collect()
}

pub fn components_of(conn: &mut PgConnection, of: &[VariantId]) -> QueryResult<Vec<Component>> {
    bundle_components::table
        .filter(bundle_components::bundle_id.eq_any(of))
        .order((bundle_components::bundle_id, bundle_components::component_id))
        .load(conn)
}

/// Offers as they stand, with how many changes of the catalog are in them.
pub fn offers(db: &mut Read, ids: &[VariantId]) -> Result<Vec<Offer>> {
    let changes = remembered::changes(db)?;
    let conn = db.conn();
    let rows: Vec<(Variant, Product)> = variants::table
        .inner_join(products::table.on(products::id.eq(variants::product_id)))
        .filter(variants::id.eq_any(ids))
        .select((variants::all_columns, products::all_columns))
        .load(conn)?;
    let mut prices: HashMap<_, Vec<_>> = HashMap::new();
    for price in prices_of(conn, ids)? {
        prices.entry(price.variant_id).or_default().push(price);
    }
    let mut list_prices: HashMap<_, Vec<_>> = HashMap::new();
    for price in price_lists::remembered(conn, ids)? {
        list_prices.entry(price.variant_id).or_default().push(price);
    }
    let mut components: HashMap<_, Vec<_>> = HashMap::new();
    for component in components_of(conn, ids)? {
        components.entry(component.bundle_id).or_default().push(component);
    }
    let offer = |(variant, product): (Variant, Product)| Offer {
        prices: prices.remove(&variant.id).unwrap_or_default(),
        list_prices: list_prices.remove(&variant.id).unwrap_or_default(),
        components: components.remove(&variant.id).unwrap_or_default(),
        variant,
        product,
        changes,
    };
    Ok(rows.into_iter().map(offer).collect())
}

/// The versions of a variant and of what it is sold for, and the state and tax class of its product.
pub type OfferVersion = (VariantId, (i64, i64, i64));

/// The versions of variants, and if their products are sold.
pub fn versions_of(conn: &mut PgConnection, ids: &[VariantId]) -> QueryResult<Vec<OfferVersion>> {
    variants::table
        .inner_join(products::table.on(products::id.eq(variants::product_id)))
        .filter(variants::id.eq_any(ids))
        .select((variants::id, (variants::version, variants::offer_version, products::version)))
        .load(conn)
}

/// The variants of a category, in order of id.
pub fn variants_in(conn: &mut PgConnection, category: Category) -> QueryResult<Vec<VariantId>> {
    let of_category = products::table.inner_join(variants::table.on(variants::product_id.eq(products::id)));
    of_category.filter(products::category.eq(category)).order(variants::id).select(variants::id).load(conn)
}
