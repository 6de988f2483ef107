//! Sets with choices in an order that is changed: their units are made of what was chosen for them.
use crate::{
    catalog::Offer,
    kernel::{Code, Faults, Quantity, Result, Sku, Typed},
    orders::store::OrderLine,
};
use std::{collections::HashMap, sync::Arc};

/// Makes the offers of sets with choices consist of what was chosen for the lines of an order. More or less of a set
/// can be named where all of its lines have chosen the same; otherwise nobody can tell which is meant.
pub(super) fn as_ordered(
    named: &[(Sku, Quantity)],
    before: &[OrderLine],
    offers: &mut HashMap<Typed, Arc<Offer>>,
) -> Result<()> {
    let mut faults = Faults::default();
    for (at, (sku, units)) in named.iter().enumerate() {
        let Some(offer) = offers.get(sku.key()).filter(|offer| !offer.variant.choices().is_empty()) else { continue };
        let lines: Vec<_> =
            before.iter().filter(|line| line.variant_id == offer.variant.id && line.quantity > 0).collect();
        let refused = match lines.as_slice() {
            [] => Some(format!("{sku} is sold with choices: place an order of it")),
            [first, others @ ..] => {
                let made = |line: &OrderLine| -> Vec<_> {
                    line.parts().iter().map(|part| (part.variant_id, part.quantity)).collect()
                };
                let had: i32 = lines.iter().map(|line| line.quantity).sum();
                let differ = others.iter().any(|line| made(line) != made(first));
                let offer = offer.made_of(made(first).into_iter().collect());
                offers.insert(sku.key().clone(), offer);
                (differ && had != units.get()).then(|| {
                    format!("lines of {sku} have chosen different parts: cancel units of a line by its number")
                })
            }
        };
        if let Some(said) = refused {
            faults.add(Code::InvalidChoice, &format!("/lines/{at}/sku"), said);
        }
    }
    faults.require_none()
}
