//! The parts of which a bundle consists.
use crate::{
    catalog::{
        classification::Category,
        model::{NewComponent, Offer},
        store::Component,
    },
    kernel::{Code, Error, Result, Typed, VariantId},
};
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

/// Checks a bundle's parts: known, sold, not bundles themselves, each named once, the bundle of the right category.
pub fn components(
    bundle: &Offer,
    parts: &[NewComponent],
    offers: &HashMap<Typed, Arc<Offer>>,
) -> Result<Vec<Component>> {
    let refuse = |detail: String| Error::refused(Code::InvalidBundle, detail);
    if bundle.product.category != Category::Bundle {
        return Err(refuse(format!("{} is not of the category bundle", bundle.variant.sku)));
    }
    let mut seen = BTreeMap::new();
    for part in parts {
        let offer = offers
            .get(part.sku.key())
            .ok_or_else(|| Error::refused(Code::UnknownSku, format!("there is no SKU {}", part.sku)))?;
        if offer.product.category == Category::Bundle {
            return Err(refuse(format!("{} is a bundle itself", part.sku)));
        }
        if !offer.is_sold() {
            return Err(Error::refused(Code::VariantRetired, format!("{} is retired", part.sku)));
        }
        if part.quantity.get() > 1000 {
            return Err(refuse(format!("at most 1000 of {} go into one bundle", part.sku)));
        }
        if seen.insert(offer.variant.id, part.quantity.get()).is_some() {
            return Err(refuse(format!("{} is named twice", part.sku)));
        }
    }
    Ok(seen
        .into_iter()
        .map(|(variant_id, quantity)| Component { bundle_id: bundle.variant.id, variant_id, quantity })
        .collect())
}

impl Offer {
    /// The units that must be in stock to sell so many: the variant itself, or a bundle's parts.
    pub fn exploded(&self, quantity: i32) -> Result<Vec<(VariantId, i32)>> {
        if self.product.category != Category::Bundle {
            return Ok(vec![(self.variant.id, quantity)]);
        }
        self.require_chosen()?;
        if self.components.is_empty() {
            return Err(Error::refused(Code::InvalidBundle, format!("the bundle {} has no parts", self.variant.sku)));
        }
        let too_many =
            || Error::refused(Code::QuantityOverflow, format!("{quantity} of {} is too many", self.variant.sku));
        let parts = self.components.iter();
        parts.map(|part| Ok((part.variant_id, part.quantity.checked_mul(quantity).ok_or_else(too_many)?))).collect()
    }
}
