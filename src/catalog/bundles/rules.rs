//! The parts of which a bundle consists.
use crate::{
    catalog::{
        classification::Category,
        model::{NewComponent, Offer},
        store::Component,
    },
    kernel::{Code, Error, Faults, Result, Sku, Typed, VariantId},
};
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

/// The most units of one variant in a bundle.
const MOST_UNITS: i32 = 1_000;

/// Checks a bundle's parts: known, sold, not bundles themselves, each named once, the bundle of the right category; all
/// that are wrong are refused at once.
pub fn components(
    bundle: &Offer,
    parts: &[NewComponent],
    offers: &HashMap<Typed, Arc<Offer>>,
) -> Result<Vec<Component>> {
    if bundle.product.category != Category::Bundle {
        let said = format!("{} is not of the category bundle", bundle.variant.sku);
        return Err(Error::refused(Code::InvalidBundle, said));
    }
    let (mut seen, mut faults) = (BTreeMap::new(), Faults::default());
    for (at, part) in parts.iter().enumerate() {
        let place = format!("/components/{at}/sku");
        match part_of(&part.sku, offers) {
            Err(why) => faults.add_refusal(&place, why)?,
            Ok(id) => {
                if part.quantity.get() > MOST_UNITS {
                    let said = format!("at most {MOST_UNITS} of {} go into one bundle", part.sku);
                    faults.add(Code::InvalidBundle, &format!("/components/{at}/quantity"), said);
                }
                if seen.insert(id, part.quantity.get()).is_some() {
                    faults.add(Code::InvalidBundle, &place, format!("{} is named twice", part.sku));
                }
            }
        }
    }
    faults.require_none()?;
    let component = |(variant_id, quantity)| Component { bundle_id: bundle.variant.id, variant_id, quantity };
    Ok(seen.into_iter().map(component).collect())
}

/// The variant of a SKU, refused if it cannot be a part of a bundle.
pub fn part_of(sku: &Sku, offers: &HashMap<Typed, Arc<Offer>>) -> Result<VariantId> {
    let refused = |code, said: String| Err(Error::refused(code, said));
    match offers.get(sku.key()) {
        None => refused(Code::UnknownSku, format!("there is no SKU {sku}")),
        Some(offer) if offer.product.category == Category::Bundle => {
            refused(Code::InvalidBundle, format!("{sku} is a bundle itself"))
        }
        Some(offer) if !offer.is_sold() => refused(Code::VariantRetired, format!("{sku} is retired")),
        Some(offer) => Ok(offer.variant.id),
    }
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
