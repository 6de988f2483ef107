//! The goods of a sale: also what is sold no longer, and sets as they were handed over.
use super::Sale;
use crate::{
    catalog::Offer,
    inventory::Inventory,
    kernel::{Code, Faults, Result, VariantId},
};
use std::{collections::HashMap, sync::Arc};

/// The goods of a sale.
pub(super) struct SoldGoods {
    /// The offer of each line, sets with the parts that left the shop.
    pub(super) offers: Vec<Arc<Offer>>,
    /// The offers of these and of all parts.
    pub(super) known: HashMap<VariantId, Arc<Offer>>,
    /// True if parts of a set are not chosen as it says.
    pub(super) choices_differ: bool,
}

/// Finds the goods of a sale; refused where a SKU is not known.
pub(super) async fn sold(inventory: &Inventory, sale: &Sale) -> Result<SoldGoods> {
    let skus: Vec<_> = sale.lines.iter().map(|line| line.sku.clone()).collect();
    let chosen = sale.lines.iter().flat_map(|line| &line.choices).map(|part| part.sku.clone());
    let (memory, wanted): (_, Vec<_>) = (inventory.catalog.clone(), skus.iter().cloned().chain(chosen).collect());
    // Also what is sold no longer: it has left the shop.
    let found = inventory.db.read(move |db| {
        let offers = memory.offers_by_sku(db, &wanted)?;
        let all = memory.with_parts(db, offers.values().cloned())?;
        Ok((offers, all))
    });
    let (known, all) = found.await?;
    let mut faults = Faults::default();
    for (at, sku) in skus.iter().enumerate().filter(|(_, sku)| !known.contains_key(sku.key())) {
        faults.add(Code::UnknownSku, &format!("/lines/{at}/sku"), format!("there is no SKU {sku}"));
    }
    faults.require_none()?;
    let (mut faults, mut offers, mut choices_differ) = (Faults::default(), vec![], false);
    for (at, (offer, line)) in skus.iter().filter_map(|sku| known.get(sku.key())).zip(&sale.lines).enumerate() {
        match offer.handed_over(&line.choices, &known, &format!("/lines/{at}/choices")) {
            Ok((offer, differs)) => {
                offers.push(offer);
                choices_differ |= differs;
            }
            Err(refused) => faults.add_all(refused)?,
        }
    }
    faults.require_none()?;
    require_lots_of_packs(sale, &offers)?;
    Ok(SoldGoods { offers, known: all, choices_differ })
}

/// A lot is printed on a pack, never on a bundle of several.
fn require_lots_of_packs(sale: &Sale, offers: &[Arc<Offer>]) -> Result<()> {
    let mut faults = Faults::default();
    for (at, (line, offer)) in sale.lines.iter().zip(offers).enumerate() {
        if line.lot.is_some() && !offer.components.is_empty() {
            let said = format!("{} is a bundle: name the lot of its part on a line of the part", line.sku);
            faults.add(Code::InvalidBody, &format!("/lines/{at}/lot"), said);
        }
    }
    faults.require_none()
}
