//! Rows of files of the catalog, as they are read.
pub mod columns;

use crate::{
    catalog::{
        attribute_definitions::Attributes,
        attributes::{DangerousGoods, HsCode, Purpose, ShadeFamily, Slug, Swatch, Undertone},
        classification::{Category, LotControl, Status},
        content::{Language, MediaKind, MediaUrl, Publication},
        model::Gtin,
        tax::TaxClass,
    },
    kernel::{Channel, Code, Currency, Error, Prose, Quantity, Result, Sku, Text, strict_json::clearable},
};
use chrono::{DateTime, Utc};
use serde::Deserialize;

/// A variant with what its product is; what is absent stays, null clears.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProductRow {
    /// The slug of the product.
    pub product: Option<Slug>,
    pub name: Option<Text<200>>,
    #[serde(default, deserialize_with = "clearable")]
    pub brand: Option<Option<Text<100>>>,
    pub category: Option<Category>,
    #[serde(default, deserialize_with = "clearable")]
    pub category_slug: Option<Option<Slug>>,
    #[serde(default, deserialize_with = "clearable")]
    pub description: Option<Option<Prose<4000>>>,
    #[serde(default, deserialize_with = "clearable")]
    pub inci: Option<Option<Prose<4000>>>,
    #[serde(default, deserialize_with = "clearable")]
    pub pao_months: Option<Option<i32>>,
    pub tax_class: Option<TaxClass>,
    pub product_status: Option<Status>,
    #[serde(default, deserialize_with = "clearable")]
    pub publications: Option<Option<Vec<Publication>>>,
    pub attributes: Option<Attributes>,
    pub sku: Option<Sku>,
    #[serde(default, deserialize_with = "clearable")]
    pub gtin: Option<Option<Gtin>>,
    #[serde(default, deserialize_with = "clearable")]
    pub shade: Option<Option<Text<100>>>,
    #[serde(default, deserialize_with = "clearable")]
    pub shade_code: Option<Option<Text<50>>>,
    #[serde(default, deserialize_with = "clearable")]
    pub shade_family: Option<Option<ShadeFamily>>,
    #[serde(default, deserialize_with = "clearable")]
    pub undertone: Option<Option<Undertone>>,
    #[serde(default, deserialize_with = "clearable")]
    pub swatch: Option<Option<Swatch>>,
    #[serde(default, deserialize_with = "clearable")]
    pub size: Option<Option<Text<50>>>,
    pub lot_control: Option<LotControl>,
    #[serde(default, deserialize_with = "clearable")]
    pub weight_grams: Option<Option<i32>>,
    #[serde(default, deserialize_with = "clearable")]
    pub shelf_life_days: Option<Option<i32>>,
    #[serde(default, deserialize_with = "clearable")]
    pub dangerous_goods: Option<Option<DangerousGoods>>,
    #[serde(default, deserialize_with = "clearable")]
    pub hs_code: Option<Option<HsCode>>,
    pub purpose: Option<Purpose>,
    pub status: Option<Status>,
}

impl ProductRow {
    /// True if it says something of a variant beside its SKU.
    pub fn is_of_variant(&self) -> bool {
        let texts = [is_said(&self.gtin), is_said(&self.shade), is_said(&self.shade_code), is_said(&self.size)];
        let looks = [is_said(&self.shade_family), is_said(&self.undertone), is_said(&self.swatch)];
        let facts = [is_said(&self.weight_grams), is_said(&self.shelf_life_days), is_said(&self.dangerous_goods)];
        let rules = [self.lot_control.is_some(), is_said(&self.hs_code), self.purpose.is_some(), self.status.is_some()];
        texts.into_iter().chain(looks).chain(facts).chain(rules).any(|is_one| is_one)
    }
}

/// True of a value: null says nothing where there is no variant.
fn is_said<T>(cell: &Option<Option<T>>) -> bool {
    matches!(cell, Some(Some(_)))
}

/// A price of a variant in a channel or in a price list.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriceRow {
    pub sku: Sku,
    pub channel: Option<Channel>,
    /// The code of the price list.
    pub price_list: Option<Slug>,
    pub currency: Option<Currency>,
    /// False if the price is without tax: the list must be so.
    pub tax_included: Option<bool>,
    pub amount_minor: i64,
    #[serde(default, deserialize_with = "clearable")]
    pub compare_at_minor: Option<Option<i64>>,
    pub min_quantity: Option<Quantity>,
    pub starts_at: Option<DateTime<Utc>>,
    pub ends_at: Option<DateTime<Utc>>,
}

/// The texts of a product in a language.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TranslationRow {
    /// The slug of the product.
    pub product: Slug,
    pub language: Language,
    pub name: Text<200>,
    #[serde(default, deserialize_with = "clearable")]
    pub description: Option<Option<Prose<4000>>>,
}

/// A picture or film of a product.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MediaRow {
    /// The slug of the product.
    pub product: Slug,
    /// Its place among those of the product, from 0; the last, if absent.
    pub position: Option<i32>,
    pub url: MediaUrl,
    pub kind: Option<MediaKind>,
    #[serde(default, deserialize_with = "clearable")]
    pub alt: Option<Option<Text<300>>>,
    /// The variant that it shows.
    #[serde(default, deserialize_with = "clearable")]
    pub sku: Option<Option<Sku>>,
}

/// The outcome of a row: true if it was done, false if there was nothing to do; otherwise the refusal.
pub type RowOf = Result<bool>;

/// A refusal of the row alone; an error of the transaction is passed on.
pub fn of_row<T>(outcome: Result<T>) -> Result<Result<T>> {
    match outcome {
        Err(Error::Refused(why)) if why.is_final() => Ok(Err(Error::Refused(why))),
        Err(error) => Err(error),
        Ok(value) => Ok(Ok(value)),
    }
}

/// Refuses a row for what it says.
pub fn refuse<T>(why: impl Into<String>) -> Result<T> {
    Err(Error::refused(Code::InvalidRow, why))
}

/// Refuses a number beyond its bounds.
pub fn require_range(name: &str, value: Option<i32>, bounds: std::ops::RangeInclusive<i32>) -> Result<()> {
    match value {
        Some(value) if !bounds.contains(&value) => {
            refuse(format!("{name} must be {} to {}, not {value}", bounds.start(), bounds.end()))
        }
        _ => Ok(()),
    }
}
