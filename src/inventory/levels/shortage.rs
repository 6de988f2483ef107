//! The refusal of lines that the stock cannot fill: each line that is short, with how many units of it could be had.
use crate::{
    catalog::Offer,
    kernel::{Code, Error, Fault, Refusal, Result, VariantId},
};
use std::{collections::HashMap, sync::Arc};

/// Lines that are named in full in the sentence of a refusal; the faults name all.
const SAID: usize = 10;

/// The lines that a refusal names as short, each by its place in the request, with the units that could be had.
pub fn short_lines(refusal: &Error) -> Vec<(usize, i64)> {
    let Error::Refused(refusal) = refusal else { return vec![] };
    let line = |fault: &Fault| {
        let at = fault.pointer.strip_prefix("#/lines/")?.split('/').next()?.parse().ok()?;
        Some((at, fault.available?))
    };
    let short = refusal.faults.iter().filter(|fault| fault.code == Code::OutOfStock.as_str());
    short.filter_map(line).collect()
}

/// Refuses lines with `out_of_stock`. `available` tells how many units of a variant could be promised; a bundle has as
/// many as its scarcest part allows. Lines of which everything is there are not named.
pub fn out_of_stock(lines: &[(&Arc<Offer>, i32)], available: impl Fn(VariantId) -> i32) -> Result<Error> {
    let mut wanted: HashMap<VariantId, i64> = HashMap::new();
    for (offer, quantity) in lines {
        for (variant, units) in offer.exploded(*quantity)? {
            *wanted.entry(variant).or_default() += i64::from(units);
        }
    }
    let is_short =
        |variant: &VariantId| wanted.get(variant).is_some_and(|units| *units > i64::from(available(*variant).max(0)));
    let mut faults = vec![];
    for (at, (offer, quantity)) in lines.iter().enumerate() {
        let parts = offer.exploded(1)?;
        if !parts.iter().any(|(variant, _)| is_short(variant)) {
            continue;
        }
        let sets = parts.iter().map(|(variant, per)| available(*variant).max(0) / (*per).max(1));
        let had = sets.min().unwrap_or(0);
        let of_sku = |(other, _): &&(&Arc<Offer>, i32)| other.variant.id == offer.variant.id;
        let all: i64 = lines.iter().filter(of_sku).map(|(_, units)| i64::from(*units)).sum();
        let together = if all > i64::from(*quantity) { format!(" ({all} in all lines)") } else { String::new() };
        let said = format!("{quantity} of {}{together}: {had} available", offer.variant.sku);
        faults.push(Fault { available: Some(had.into()), ..Fault::at(&format!("/lines/{at}"), "out_of_stock", said) });
    }
    let said: Vec<_> = faults.iter().take(SAID).map(|fault| fault.detail.clone()).collect();
    Ok(Refusal::new(Code::OutOfStock, format!("reserve {}", said.join("; "))).with_faults(faults).into())
}
