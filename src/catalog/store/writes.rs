//! Writes: each raises the version; a violated constraint becomes the caller's error.
mod retiring;
pub use retiring::{
    reinstate_product, reinstate_variant, reinstate_variants_of, retire_product, retire_variant, retire_variants_of,
};

use super::rows::{Component, Product, Variant};
use crate::{
    catalog::{
        attribute_definitions::Attributes,
        attributes::{DangerousGoods, HsCode, Purpose, ShadeFamily, Slug, Swatch, Undertone},
        bundles::BundleChoice,
        classification::LotControl,
        content::Publication,
        groups::Group,
        model::{Gtin, NewPrice, NewProduct, NewVariant, ProductChange, VariantChange},
        schema::{bundle_components, prices, products, variants},
        tax::TaxClass,
    },
    kernel::{Code, Error, GroupId, ProductId, Result, VariantId},
    platform::db::{Json, Write, violated},
};
use diesel::prelude::*;

/// A product, locked until the transaction ends.
pub fn lock_product(conn: &mut PgConnection, id: ProductId) -> QueryResult<Option<Product>> {
    products::table.find(id).for_no_key_update().first(conn).optional()
}

/// A variant, locked until the transaction ends, its product first: everyone locks in this order.
pub fn lock_variant(conn: &mut PgConnection, id: VariantId) -> QueryResult<Option<Variant>> {
    let product = variants::table.find(id).select(variants::product_id).first::<ProductId>(conn).optional()?;
    let Some(product) = product else { return Ok(None) };
    products::table.find(product).select(products::id).for_no_key_update().first::<ProductId>(conn)?;
    variants::table.find(id).for_no_key_update().first(conn).optional()
}

/// True if a product has this slug. Whoever else asks for the same one waits until this transaction ends.
pub fn has_slug(conn: &mut PgConnection, slug: &str) -> QueryResult<bool> {
    let lock = diesel::sql_query("select pg_advisory_xact_lock(hashtext('product slug ' || $1))");
    lock.bind::<diesel::sql_types::Text, _>(slug).execute(conn)?;
    diesel::select(diesel::dsl::exists(products::table.filter(products::slug.eq(slug)))).get_result(conn)
}

pub fn insert_product(tx: &mut Write, new: &NewProduct, brand: Option<&Group>, slug: &str) -> Result<Product> {
    let now = tx.now();
    let row = (
        products::id.eq(ProductId::new()),
        products::name.eq(&*new.name),
        products::brand.eq(brand.map(|brand| &brand.name)),
        products::brand_id.eq(brand.map(|brand| brand.id)),
        products::category_id.eq(new.category_id),
        products::slug.eq(slug),
        products::description.eq(new.description.as_deref()),
        products::category.eq(new.category),
        products::inci.eq(new.inci.as_deref()),
        products::pao_months.eq(new.pao_months),
        products::tax_class.eq(new.tax_class),
        products::publications.eq(new.publications.clone().map(Json)),
        products::created_at.eq(now),
        products::updated_at.eq(now),
    );
    let made = diesel::insert_into(products::table).values(row).get_result(tx.conn());
    made.map_err(|error| slug_taken(error, slug))
}

fn slug_taken(error: diesel::result::Error, slug: &str) -> Error {
    match violated(&error).map(|constraint| constraint.0).as_deref() {
        Some("products_slug_key") => {
            Error::at(Code::SlugTaken, "/slug", format!("a product has the slug {slug} already"))
        }
        _ => error.into(),
    }
}

pub fn insert_variant(tx: &mut Write, product: ProductId, new: &NewVariant) -> Result<Variant> {
    let now = tx.now();
    let row = (
        variants::id.eq(VariantId::new()),
        variants::product_id.eq(product),
        variants::sku.eq(new.sku.as_str()),
        variants::gtin.eq(new.gtin.as_ref().map(Gtin::as_str)),
        variants::shade.eq(new.shade.as_deref()),
        variants::lot_control.eq(new.lot_control),
        variants::size.eq(new.size.as_deref()),
        variants::shade_code.eq(new.shade_code.as_deref()),
        variants::shade_family.eq(new.shade_family),
        variants::undertone.eq(new.undertone),
        variants::swatch.eq(new.swatch.as_ref().map(Swatch::as_str)),
        variants::weight_grams.eq(new.weight_grams),
        variants::shelf_life_days.eq(new.shelf_life_days),
        variants::dangerous_goods.eq(new.dangerous_goods),
        variants::hs_code.eq(new.hs_code.as_ref().map(HsCode::as_str)),
        variants::purpose.eq(new.purpose),
        variants::created_at.eq(now),
        variants::updated_at.eq(now),
    );
    diesel::insert_into(variants::table)
        .values(row)
        .get_result(tx.conn())
        .map_err(|error| taken(error, new.sku.as_str(), new.gtin.as_ref().map(Gtin::as_str)))
}

fn taken(error: diesel::result::Error, sku: &str, gtin: Option<&str>) -> Error {
    match violated(&error).map(|c| c.0).as_deref() {
        Some("variants_sku_key" | "variants_sku_typed_key") => {
            Error::refused(Code::SkuTaken, format!("the SKU {sku} is in use"))
        }
        Some("variants_gtin_key" | "variants_gtin_typed_key") => {
            Error::refused(Code::GtinTaken, format!("the GTIN {} is in use", gtin.unwrap_or_default()))
        }
        _ => error.into(),
    }
}

#[derive(AsChangeset)]
#[diesel(table_name = products)]
struct ProductSet<'a> {
    name: Option<&'a str>,
    brand: Option<Option<&'a str>>,
    brand_id: Option<Option<GroupId>>,
    category_id: Option<Option<GroupId>>,
    slug: Option<&'a str>,
    description: Option<Option<&'a str>>,
    inci: Option<Option<&'a str>>,
    pao_months: Option<Option<i32>>,
    tax_class: Option<TaxClass>,
}

pub fn change_product(tx: &mut Write, id: ProductId, change: &ProductChange, brand: Option<&Group>) -> Result<Product> {
    let now = tx.now();
    let set = ProductSet {
        name: change.name.as_deref(),
        brand: change.brand.as_ref().map(|_| brand.map(|brand| brand.name.as_str())),
        brand_id: change.brand.as_ref().map(|_| brand.map(|brand| brand.id)),
        category_id: change.category_id,
        slug: change.slug.as_ref().map(Slug::as_str),
        description: change.description.as_ref().map(|v| v.as_deref()),
        inci: change.inci.as_ref().map(|v| v.as_deref()),
        pao_months: change.pao_months,
        tax_class: change.tax_class,
    };
    let versioned = (products::version.eq(products::version + 1), products::updated_at.eq(now));
    let slug = set.slug.unwrap_or_default();
    let changed = diesel::update(products::table.find(id)).set((&set, versioned)).get_result(tx.conn());
    changed.map_err(|error| slug_taken(error, slug))
}

#[derive(AsChangeset)]
#[diesel(table_name = variants)]
struct VariantSet<'a> {
    gtin: Option<Option<&'a str>>,
    shade: Option<Option<&'a str>>,
    size: Option<Option<&'a str>>,
    lot_control: Option<LotControl>,
    shade_code: Option<Option<&'a str>>,
    shade_family: Option<Option<ShadeFamily>>,
    undertone: Option<Option<Undertone>>,
    swatch: Option<Option<&'a str>>,
    weight_grams: Option<Option<i32>>,
    shelf_life_days: Option<Option<i32>>,
    dangerous_goods: Option<Option<DangerousGoods>>,
    hs_code: Option<Option<&'a str>>,
    purpose: Option<Purpose>,
}

pub fn change_variant(tx: &mut Write, id: VariantId, change: &VariantChange) -> Result<Variant> {
    let now = tx.now();
    let set = VariantSet {
        gtin: change.gtin.as_ref().map(|v| v.as_ref().map(Gtin::as_str)),
        shade: change.shade.as_ref().map(|v| v.as_deref()),
        size: change.size.as_ref().map(|v| v.as_deref()),
        lot_control: change.lot_control,
        shade_code: change.shade_code.as_ref().map(|v| v.as_deref()),
        shade_family: change.shade_family,
        undertone: change.undertone,
        swatch: change.swatch.as_ref().map(|v| v.as_ref().map(Swatch::as_str)),
        weight_grams: change.weight_grams,
        shelf_life_days: change.shelf_life_days,
        dangerous_goods: change.dangerous_goods,
        hs_code: change.hs_code.as_ref().map(|v| v.as_ref().map(HsCode::as_str)),
        purpose: change.purpose,
    };
    let versioned = (variants::version.eq(variants::version + 1), variants::updated_at.eq(now));
    let gtin = set.gtin.flatten();
    diesel::update(variants::table.find(id)).set((&set, versioned)).get_result(tx.conn()).map_err(|error| {
        match violated(&error).is_some_and(|constraint| constraint.0.starts_with("variants_gtin")) {
            true => Error::at(Code::GtinTaken, "/gtin", format!("the GTIN {} is in use", gtin.unwrap_or_default())),
            false => error.into(),
        }
    })
}

/// Raises a product's version after a change of its variants: its page shows them, and so must its ETag.
pub fn touch_product(tx: &mut Write, id: ProductId) -> Result<()> {
    let now = tx.now();
    let set = (products::version.eq(products::version + 1), products::updated_at.eq(now));
    diesel::update(products::table.find(id)).set(set).execute(tx.conn())?;
    Ok(())
}

/// Sets the attributes of a product whose version is raised by who calls.
pub fn keep_attributes(conn: &mut PgConnection, id: ProductId, attributes: Attributes) -> QueryResult<usize> {
    diesel::update(products::table.find(id)).set(products::attributes.eq(Json(attributes))).execute(conn)
}

/// Sets the channels in which a product is published; all of them for none.
pub fn publish_product(tx: &mut Write, id: ProductId, publications: Option<Vec<Publication>>) -> Result<Product> {
    let now = tx.now();
    let set = (
        products::publications.eq(publications.map(Json)),
        products::version.eq(products::version + 1),
        products::updated_at.eq(now),
    );
    Ok(diesel::update(products::table.find(id)).set(set).get_result(tx.conn())?)
}

/// Raises the version after a change of what belongs to the variant.
pub fn touch_variant(tx: &mut Write, id: VariantId) -> Result<Variant> {
    let now = tx.now();
    let set = (variants::version.eq(variants::version + 1), variants::updated_at.eq(now));
    Ok(diesel::update(variants::table.find(id)).set(set).get_result(tx.conn())?)
}

pub fn set_price(tx: &mut Write, id: VariantId, price: NewPrice) -> Result<()> {
    let NewPrice { channel, currency, amount_minor, compare_at_minor } = price;
    let now = tx.now();
    let row = (
        prices::variant_id.eq(id),
        prices::channel.eq(channel),
        prices::currency.eq(currency.code()),
        prices::amount_minor.eq(amount_minor),
        prices::compare_at_minor.eq(compare_at_minor),
        prices::updated_at.eq(now),
    );
    diesel::insert_into(prices::table)
        .values(row)
        .on_conflict((prices::variant_id, prices::channel, prices::currency))
        .do_update()
        .set((
            prices::amount_minor.eq(amount_minor),
            prices::compare_at_minor.eq(compare_at_minor),
            prices::updated_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Sets the parts of a bundle, those that its customer chooses, and its discount if it costs their sum.
pub fn set_components(
    conn: &mut PgConnection,
    bundle: VariantId,
    parts: &[Component],
    choices: &[BundleChoice],
    sum_discount_ppm: Option<i32>,
) -> QueryResult<()> {
    use bundle_components as b;
    let choices = (!choices.is_empty()).then(|| Json(choices.to_vec()));
    let set = (variants::sum_discount_ppm.eq(sum_discount_ppm), variants::choices.eq(choices));
    diesel::update(variants::table.find(bundle)).set(set).execute(conn)?;
    diesel::delete(b::table.filter(b::bundle_id.eq(bundle))).execute(conn)?;
    let rows: Vec<_> = parts
        .iter()
        .map(|part| (b::bundle_id.eq(bundle), b::component_id.eq(part.variant_id), b::quantity.eq(part.quantity)))
        .collect();
    diesel::insert_into(b::table).values(rows).execute(conn)?;
    Ok(())
}

/// Counts a change of what variants are sold for, which leaves their own records as they are.
pub fn count_offers(conn: &mut PgConnection, ids: &[VariantId]) -> QueryResult<()> {
    let set = variants::offer_version.eq(variants::offer_version + 1);
    diesel::update(variants::table.filter(variants::id.eq_any(ids))).set(set).execute(conn)?;
    Ok(())
}
