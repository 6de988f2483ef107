//! The events of the catalog.
use super::{
    attribute_definitions::AttributeDefinition,
    content::Publication,
    groups::Group,
    price_lists::PriceList,
    prices::store::PriceOf,
    promotions::Promotion,
    shipping::ShippingMethod,
    store::{Product, Variant},
    tax::TaxRate,
};
use crate::{
    catalog::classification::Category,
    kernel::{Channel, Currency, Result, VariantId},
    platform::{
        db::Write,
        events::{Event, Subject, publish},
    },
};
use chrono::{DateTime, Utc};
use serde::Serialize;

const PRODUCT: &str = "product";
const VARIANT: &str = "variant";
const TAX_RATE: &str = "tax_rate";
const PRICE_LIST: &str = "price_list";
const PROMOTION: &str = "promotion";
const SHIPPING_METHOD: &str = "shipping_method";
const GROUP: &str = "catalog_group";
const ATTRIBUTE: &str = "attribute";
/// The kinds of records of which the catalog remembers something.
pub const AGGREGATES: [&str; 7] = [PRODUCT, VARIANT, GROUP, PRICE_LIST, TAX_RATE, PROMOTION, SHIPPING_METHOD];

/// A product came into being or changed.
#[derive(Debug, Serialize)]
pub struct ProductChanged<'a> {
    /// Its name now.
    pub name: &'a str,
    /// Its category.
    pub category: Category,
    /// `active` or `retired`.
    pub status: &'a str,
    /// The channels in which it is published, each with its time; null for all channels at all times.
    pub publications: Option<&'a [Publication]>,
}
impl Event for ProductChanged<'_> {
    const TYPE: &'static str = "catalog.product_changed.v1";
}

/// A variant came into being or changed.
#[derive(Debug, Serialize)]
pub struct VariantChanged<'a> {
    /// Its SKU.
    pub sku: &'a str,
    /// `active` or `retired`.
    pub status: &'a str,
}
impl Event for VariantChanged<'_> {
    const TYPE: &'static str = "catalog.variant_changed.v1";
}

/// A brand, category or collection came into being or changed, or what is in it.
#[derive(Debug, Serialize)]
pub struct GroupChanged<'a> {
    /// `brand`, `category` or `collection`.
    pub kind: &'a str,
    /// Its name now.
    pub name: &'a str,
    /// Its slug now.
    pub slug: &'a str,
}
impl Event for GroupChanged<'_> {
    const TYPE: &'static str = "catalog.group_changed.v1";
}

/// An attribute came into being, changed or was deleted.
#[derive(Debug, Serialize)]
pub struct AttributeChanged<'a> {
    /// Its code.
    pub code: &'a str,
    /// Its name now.
    pub name: &'a str,
    /// True if no product can have it any more.
    pub is_deleted: bool,
}
impl Event for AttributeChanged<'_> {
    const TYPE: &'static str = "catalog.attribute_changed.v1";
}

/// A price was set.
#[derive(Debug, Serialize)]
pub struct PriceSet {
    /// Whose.
    pub variant_id: VariantId,
    /// The channel in which it holds.
    pub channel: Channel,
    /// In which currency.
    pub currency: Currency,
    /// The new amount.
    pub amount_minor: i64,
}
impl Event for PriceSet {
    const TYPE: &'static str = "catalog.price_set.v1";
}

/// A price was withdrawn.
#[derive(Debug, Serialize)]
pub struct PriceWithdrawn {
    /// Whose.
    pub variant_id: VariantId,
    /// The channel in which it held.
    pub channel: Channel,
    /// In which currency.
    pub currency: Currency,
}
impl Event for PriceWithdrawn {
    const TYPE: &'static str = "catalog.price_withdrawn.v1";
}

/// A price list came into being or changed, or a price of it was set or withdrawn.
#[derive(Debug, Serialize)]
pub struct PriceListChanged<'a> {
    /// Its code.
    pub code: &'a str,
    /// In which currency its prices are.
    pub currency: Currency,
    /// False if its prices are without tax.
    pub tax_included: bool,
    /// The moment from which its prices hold.
    pub starts_at: DateTime<Utc>,
    /// The moment from which they hold no more; null for none.
    pub ends_at: Option<DateTime<Utc>>,
}
impl Event for PriceListChanged<'_> {
    const TYPE: &'static str = "catalog.price_list_changed.v1";
}

/// A rate of tax was set, or ends at another moment.
#[derive(Debug, Serialize)]
pub struct TaxRateChanged<'a> {
    /// The country where it holds.
    pub country: &'a str,
    /// The part of the country where it holds; null for the whole.
    pub region: Option<&'a str>,
    /// `standard`, `reduced`, `super_reduced` or `zero`.
    pub tax_class: &'a str,
    /// The rate in millionths of the price without tax.
    pub rate_ppm: i32,
    /// The moment from which it holds.
    pub starts_at: DateTime<Utc>,
    /// The moment from which it holds no more; null for none.
    pub ends_at: Option<DateTime<Utc>>,
}
impl Event for TaxRateChanged<'_> {
    const TYPE: &'static str = "catalog.tax_rate_changed.v1";
}

/// A promotion came into being or changed.
#[derive(Debug, Serialize)]
pub struct PromotionChanged<'a> {
    /// Its code.
    pub code: &'a str,
    /// The moment from which it applies.
    pub starts_at: DateTime<Utc>,
    /// The moment from which it applies no more; null for none.
    pub ends_at: Option<DateTime<Utc>>,
}
impl Event for PromotionChanged<'_> {
    const TYPE: &'static str = "catalog.promotion_changed.v1";
}

pub(super) fn promotion_changed(tx: &mut Write, promotion: &Promotion) -> Result<()> {
    let Promotion { id, code, starts_at, ends_at, version, .. } = promotion;
    let subject = Subject { aggregate: PROMOTION, id: id.0, version: *version, location: None };
    publish(tx, subject, &PromotionChanged { code, starts_at: *starts_at, ends_at: *ends_at })
}

/// A shipping method came into being or changed.
#[derive(Debug, Serialize)]
pub struct ShippingMethodChanged<'a> {
    /// Its code.
    pub code: &'a str,
    /// The currency of its charges.
    pub currency: Currency,
    /// When it was taken out of use; null while it is offered.
    pub retired_at: Option<DateTime<Utc>>,
}
impl Event for ShippingMethodChanged<'_> {
    const TYPE: &'static str = "catalog.shipping_method_changed.v1";
}

pub(super) fn shipping_method_changed(tx: &mut Write, method: &ShippingMethod) -> Result<()> {
    let ShippingMethod { id, code, currency, retired_at, version, .. } = method;
    let subject = Subject { aggregate: SHIPPING_METHOD, id: id.0, version: *version, location: None };
    publish(tx, subject, &ShippingMethodChanged { code, currency: *currency, retired_at: *retired_at })
}

pub(super) fn price_set(tx: &mut Write, version: i64, event: &PriceSet) -> Result<()> {
    let subject = Subject { aggregate: VARIANT, id: event.variant_id.0, version, location: None };
    publish(tx, subject, event)
}

pub(super) fn price_withdrawn(tx: &mut Write, version: i64, of: PriceOf) -> Result<()> {
    let PriceOf { variant, channel, currency } = of;
    let subject = Subject { aggregate: VARIANT, id: variant.0, version, location: None };
    publish(tx, subject, &PriceWithdrawn { variant_id: variant, channel, currency })
}

pub(super) fn tax_rate_changed(tx: &mut Write, rate: &TaxRate) -> Result<()> {
    let subject = Subject { aggregate: TAX_RATE, id: rate.id.0, version: rate.version, location: None };
    let event = TaxRateChanged {
        country: &rate.country,
        region: rate.region.as_deref(),
        tax_class: rate.tax_class.as_str(),
        rate_ppm: rate.rate_ppm,
        starts_at: rate.starts_at,
        ends_at: rate.ends_at,
    };
    publish(tx, subject, &event)
}

pub(super) fn price_list_changed(tx: &mut Write, list: &PriceList) -> Result<()> {
    let PriceList { id, code, currency, tax_included, starts_at, ends_at, version, .. } = list;
    let subject = Subject { aggregate: PRICE_LIST, id: id.0, version: *version, location: None };
    let event = PriceListChanged {
        code,
        currency: *currency,
        tax_included: *tax_included,
        starts_at: *starts_at,
        ends_at: *ends_at,
    };
    publish(tx, subject, &event)
}

pub(super) fn product_changed(tx: &mut Write, product: &Product) -> Result<()> {
    let subject = Subject { aggregate: PRODUCT, id: product.id.0, version: product.version, location: None };
    let event = ProductChanged {
        name: &product.name,
        category: product.category,
        status: product.status.as_str(),
        publications: product.publications(),
    };
    publish(tx, subject, &event)
}

pub(super) fn variant_changed(tx: &mut Write, variant: &Variant) -> Result<()> {
    let subject = Subject { aggregate: VARIANT, id: variant.id.0, version: variant.version, location: None };
    publish(tx, subject, &VariantChanged { sku: &variant.sku, status: variant.status.as_str() })
}

pub(super) fn group_changed(tx: &mut Write, group: &Group) -> Result<()> {
    let subject = Subject { aggregate: GROUP, id: group.id.0, version: group.version, location: None };
    publish(tx, subject, &GroupChanged { kind: group.kind.as_str(), name: &group.name, slug: &group.slug })
}

pub(super) fn attribute_changed(tx: &mut Write, attribute: &AttributeDefinition, is_deleted: bool) -> Result<()> {
    let AttributeDefinition { id, code, name, version, .. } = attribute;
    let subject = Subject { aggregate: ATTRIBUTE, id: id.0, version: *version, location: None };
    publish(tx, subject, &AttributeChanged { code, name, is_deleted })
}
