//! An arrival is prepared: its SKUs, lots and dates are checked before any row is locked.
use super::Arrive;
use crate::inventory::purchasing::{
    costs,
    read::skus_of,
    store::{self},
};
use crate::{
    catalog::{self, Catalog, LotControl},
    inventory::{
        lots::Printed,
        purchasing::model::{Arriving, NewReceipt, What},
        scanning::gs1,
        skus::{Good, goods_of},
    },
    kernel::{Code, Error, Faults, Result, Sku, money::Currency},
    platform::{config, db::Read},
};
use chrono::NaiveDate;

/// Settings by which goods are received.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Percent by which more may arrive than was ordered.
    pub tolerance_percent: u32,
    /// The currency of the books.
    pub book: Currency,
}

impl From<&config::Inventory> for Bounds {
    fn from(settings: &config::Inventory) -> Self {
        Self { tolerance_percent: settings.over_delivery_percent, book: settings.cost_currency }
    }
}

pub(super) fn prepared(
    db: &mut Read,
    catalog: &Catalog,
    mut new: NewReceipt,
    bounds: Bounds,
    today: NaiveDate,
) -> Result<Arrive> {
    let purchase = match new.purchase_order {
        None => None,
        Some(id) => {
            let found = store::purchase(db.conn(), id)?.filter(|found| found.head.location_id == new.location);
            Some(found.ok_or_else(|| Error::not_found("purchase order of this location"))?)
        }
    };
    if let Some(purchase) = &purchase {
        new.supplier = Some(purchase.head.supplier_id);
    }
    if let Some(id) = new.supplier
        && store::suppliers_by_id(db.conn(), &[id])?.is_empty()
    {
        return Err(Error::at(Code::UnknownSupplier, "/supplier_id", format!("there is no supplier {id}")));
    }
    let (mut skus, mut faults) = (vec![], Faults::default());
    for (at, line) in new.lines.iter_mut().enumerate() {
        match sku_of(db, line, today) {
            Ok(sku) => skus.push(sku),
            Err(error) => faults.add_refusal(&format!("/lines/{at}/scan"), error)?,
        }
    }
    faults.require_none()?;
    let goods = goods_of(db, catalog, &skus)?;
    let mut faults = Faults::default();
    for (at, (line, good)) in new.lines.iter().zip(&goods).enumerate() {
        let checked = line.lot.as_ref().map_or(Ok(()), Printed::check).and_then(|()| require_lot(line, good));
        checked.or_else(|error| faults.add_refusal(&format!("/lines/{at}/lot"), error))?;
    }
    faults.require_none()?;
    let mut variants: Vec<_> = goods.iter().map(|good| good.variant).collect();
    variants.extend(purchase.iter().flat_map(|p| &p.lines).map(|line| line.variant_id));
    let skus = skus_of(db, &variants)?;
    let costs = costs::costed(&mut new, purchase.as_ref(), &goods, bounds.book)?;
    Ok(Arrive { new, purchase, goods, skus, costs, tolerance_percent: bounds.tolerance_percent })
}

/// The SKU of a line; what a scan says of the lot is taken over.
pub(super) fn sku_of(db: &mut Read, line: &mut Arriving, today: NaiveDate) -> Result<Sku> {
    let scan = match &line.what {
        What::Sku(sku) => return Ok(sku.clone()),
        What::Scan(text) => gs1::read(text, today)?,
    };
    let gtin = scan.gtin.ok_or_else(|| Error::refused(Code::InvalidScan, "the scan names no GTIN"))?;
    let found = catalog::variant_by_gtin(db, &gtin)?;
    let variant = found.ok_or_else(|| Error::refused(Code::UnknownSku, format!("no variant has the GTIN {gtin}")))?;
    if let (None, Some(code)) = (&line.lot, scan.lot) {
        let expires_on = scan.expires_on.or(scan.best_before);
        line.lot = Some(Printed { code, made_on: scan.made_on, expires_on, pao_months: None });
    }
    variant.sku.parse().map_err(|why: String| anyhow::anyhow!("{}: {why}", variant.sku).into())
}

pub(super) fn require_lot(line: &Arriving, good: &Good) -> Result<()> {
    match (line.accepted > 0 && good.lot_control != LotControl::None, &line.lot) {
        (true, None) => Err(Error::refused(Code::LotRequired, format!("goods of {} come in with their lot", good.sku))),
        _ => Ok(()),
    }
}
