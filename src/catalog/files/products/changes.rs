//! The changes that a row asks for: what it says and is not so yet.
use super::known::KnownProducts;
use crate::{
    catalog::{
        attributes::{HsCode, Purpose, Slug, Swatch},
        classification::LotControl,
        files::rows::{ProductRow, require_range},
        model::{Gtin, NewVariant, ProductChange, VariantChange},
        store::{Product, Variant},
    },
    kernel::{Result, Sku, Text},
};

/// A value that a row says, if it is another one than there is.
fn other<T: Clone>(said: Option<&T>, is_same: impl FnOnce(&T) -> bool) -> Option<T> {
    said.filter(|said| !is_same(said)).cloned()
}

/// The changes of a product but for its category, which is looked up.
pub fn of_product(row: &ProductRow, is: &Product) -> Result<ProductChange> {
    let pao_months = other(row.pao_months.as_ref(), |said| *said == is.pao_months);
    require_months(pao_months.flatten())?;
    let is_brand = |said: &Option<Text<100>>| match (said, &is.brand) {
        (Some(said), Some(brand)) => is_same_name(said, brand),
        (said, brand) => said.is_none() == brand.is_none(),
    };
    Ok(ProductChange {
        name: other(row.name.as_ref(), |said| **said == *is.name),
        brand: other(row.brand.as_ref(), is_brand),
        description: other(row.description.as_ref(), |said| said.as_deref() == is.description.as_deref()),
        inci: other(row.inci.as_ref(), |said| said.as_deref() == is.inci.as_deref()),
        pao_months,
        category_id: None,
        slug: None,
        tax_class: other(row.tax_class.as_ref(), |said| *said == is.tax_class),
    })
}

fn is_same_name(said: &str, name: &str) -> bool {
    said == name || said.to_lowercase() == name.to_lowercase()
}

/// True if a row puts the product into another category below its kind, or into none.
pub fn moves_category(row: &ProductRow, is: &Product, known: &KnownProducts) -> bool {
    row.category_slug.as_ref().is_some_and(|said| said.as_ref().map(Slug::as_str) != known.category_slug(is))
}

/// The changes of a variant.
pub fn of_variant(row: &ProductRow, is: &Variant) -> Result<VariantChange> {
    let weight_grams = other(row.weight_grams.as_ref(), |said| *said == is.weight_grams);
    let shelf_life_days = other(row.shelf_life_days.as_ref(), |said| *said == is.shelf_life_days);
    require_measures(weight_grams.flatten(), shelf_life_days.flatten())?;
    Ok(VariantChange {
        gtin: other(row.gtin.as_ref(), |said| said.as_ref().map(Gtin::as_str) == is.gtin.as_deref()),
        shade: other(row.shade.as_ref(), |said| said.as_deref() == is.shade.as_deref()),
        size: other(row.size.as_ref(), |said| said.as_deref() == is.size.as_deref()),
        lot_control: other(row.lot_control.as_ref(), |said| *said == is.lot_control),
        shade_code: other(row.shade_code.as_ref(), |said| said.as_deref() == is.shade_code.as_deref()),
        shade_family: other(row.shade_family.as_ref(), |said| *said == is.shade_family),
        undertone: other(row.undertone.as_ref(), |said| *said == is.undertone),
        swatch: other(row.swatch.as_ref(), |said| said.as_ref().map(Swatch::as_str) == is.swatch.as_deref()),
        weight_grams,
        shelf_life_days,
        dangerous_goods: other(row.dangerous_goods.as_ref(), |said| *said == is.dangerous_goods),
        hs_code: other(row.hs_code.as_ref(), |said| said.as_ref().map(HsCode::as_str) == is.hs_code.as_deref()),
        purpose: other(row.purpose.as_ref(), |said| *said == is.purpose),
    })
}

/// Refuses months after opening beyond their bounds.
pub fn require_months(months: Option<i32>) -> Result<()> {
    require_range("pao_months", months, 1..=120)
}

fn require_measures(grams: Option<i32>, days: Option<i32>) -> Result<()> {
    require_range("weight_grams", grams, 1..=100_000)?;
    require_range("shelf_life_days", days, 1..=3650)
}

/// The variant that a row makes.
pub fn new_variant(row: ProductRow, sku: Sku) -> Result<NewVariant> {
    require_measures(row.weight_grams.flatten(), row.shelf_life_days.flatten())?;
    Ok(NewVariant {
        sku,
        gtin: row.gtin.flatten(),
        shade: row.shade.flatten(),
        size: row.size.flatten(),
        lot_control: row.lot_control.unwrap_or(LotControl::None),
        shade_code: row.shade_code.flatten(),
        shade_family: row.shade_family.flatten(),
        undertone: row.undertone.flatten(),
        swatch: row.swatch.flatten(),
        weight_grams: row.weight_grams.flatten(),
        shelf_life_days: row.shelf_life_days.flatten(),
        dangerous_goods: row.dangerous_goods.flatten(),
        hs_code: row.hs_code.flatten(),
        purpose: row.purpose.unwrap_or(Purpose::Sale),
        prices: vec![],
    })
}
