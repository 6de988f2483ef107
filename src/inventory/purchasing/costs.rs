//! The costs of a purchase order: as they are said, or else as the supplier's assortment has them.
use super::{
    Purchase,
    store::{self, SupplierItem},
};
use crate::{
    catalog::Catalog,
    inventory::{
        costs::{CostTerms, ExchangeRate, UnitCost},
        purchasing::model::{Bought, NewReceipt, OrderedLine},
        skus::{Good, goods_of, summed},
    },
    kernel::{Code, Error, Faults, Result, SupplierId, VariantId, money::Currency},
    platform::db::Write,
};
use std::collections::HashMap;

/// The lines by variant; those of one SKU add up, and must agree on their cost.
pub fn lines_of(tx: &mut Write, catalog: &Catalog, asked: &[Bought]) -> Result<Vec<OrderedLine>> {
    let skus: Vec<_> = asked.iter().map(|line| line.sku.clone()).collect();
    let goods = goods_of(tx, catalog, &skus)?;
    let (mut costs, mut faults) = (HashMap::<VariantId, Option<i64>>::new(), Faults::default());
    for (at, (line, good)) in asked.iter().zip(&goods).enumerate() {
        let before = costs.entry(good.variant).or_insert(line.unit_cost_minor);
        if *before != line.unit_cost_minor {
            let said = format!("{} has another cost, or none, in an earlier line: say the same cost in each", line.sku);
            faults.add(Code::CostDiffers, &format!("/lines/{at}/unit_cost_minor"), said);
        }
    }
    faults.require_none()?;
    let units = summed(goods.iter().map(|good| good.variant).zip(asked.iter().map(|line| line.quantity.get())))?;
    Ok(units.into_iter().map(|(variant, units)| (variant, units, costs.get(&variant).copied().flatten())).collect())
}

/// The terms and lines, with the costs of the supplier's assortment where none are said: as far as these are in the
/// currency of the order. An order without a currency takes that of the books or, where the supplier asks for another
/// one alone, that one; its exchange rate is still to be said then.
pub fn priced(
    tx: &mut Write,
    supplier: SupplierId,
    mut terms: CostTerms,
    mut lines: Vec<OrderedLine>,
    book: Currency,
) -> Result<(CostTerms, Vec<OrderedLine>)> {
    let variants: Vec<_> = lines.iter().map(|line| line.0).collect();
    let items = store::items_of(tx.conn(), &[supplier], &variants)?;
    let wanted = terms.currency.unwrap_or_else(|| currency_of(&items).unwrap_or(book));
    for line in lines.iter_mut().filter(|line| line.2.is_none()) {
        let item = items.iter().find(|item| item.variant_id == line.0 && item.is_active);
        let cost = item.filter(|item| item.currency.as_deref() == Some(wanted.code()));
        line.2 = cost.and_then(|item| item.unit_cost_minor);
    }
    if lines.iter().any(|line| line.2.is_some()) {
        terms.currency = Some(wanted);
    }
    terms.rate = terms.rate.filter(|_| terms.currency != Some(book));
    Ok((terms, lines))
}

/// The currency of the costs of items that are still delivered, if they all have the same.
fn currency_of(items: &[SupplierItem]) -> Option<Currency> {
    let mut currencies = items.iter().filter(|item| item.is_active).filter_map(|item| item.currency.as_deref());
    let first = currencies.next()?;
    currencies.all(|other| other == first).then(|| first.parse().ok()).flatten()
}

/// The costs of the units of each line: as is said, or else as the purchase order has it.
pub(super) fn costed(
    new: &mut NewReceipt,
    purchase: Option<&Purchase>,
    goods: &[Good],
    book: Currency,
) -> Result<Vec<Option<UnitCost>>> {
    let ordered = purchase.map(Purchase::terms).transpose()?.unwrap_or_default();
    if let (Some(wanted), Some(said)) = (ordered.currency, new.terms.currency)
        && wanted != said
    {
        let mut faults = Faults::default();
        faults.add(Code::CurrencyMismatch, "/currency", format!("the order is in {wanted}, not in {said}"));
        faults.require_none()?;
    }
    if let Some(currency) = ordered.currency {
        new.terms = CostTerms { currency: Some(currency), rate: new.terms.rate.or(ordered.rate) };
        let lines = purchase.iter().flat_map(|purchase| &purchase.lines);
        let known: HashMap<_, _> = lines.map(|line| (line.variant_id, line.unit_cost_minor)).collect();
        for (line, good) in new.lines.iter_mut().zip(goods) {
            line.unit_cost_minor = line.unit_cost_minor.or_else(|| known.get(&good.variant).copied().flatten());
        }
    }
    new.terms.require_whole(new.lines.iter().any(|line| line.unit_cost_minor.is_some()), book)?;
    let mut faults = Faults::default();
    let mut costs = vec![];
    for (at, line) in new.lines.iter().enumerate() {
        match new.terms.booked(line.unit_cost_minor, book) {
            Ok(cost) => costs.push(cost),
            Err(error) => faults.add_refusal(&format!("/lines/{at}/unit_cost_minor"), error)?,
        }
    }
    faults.require_none().map(|()| costs)
}

/// The currency and rate as they are kept.
fn terms_of(currency: Option<&str>, rate: Option<i64>) -> Result<CostTerms> {
    let currency = currency.map(str::parse).transpose();
    let currency = currency.map_err(|why: String| anyhow::anyhow!("a currency in the books: {why}"))?;
    Ok(CostTerms { currency, rate: rate.map(ExchangeRate::of_billionths) })
}

impl Purchase {
    /// In which currency its costs are, and how they come into the books.
    pub fn terms(&self) -> Result<CostTerms> {
        terms_of(self.head.currency.as_deref(), self.head.exchange_rate)
    }

    /// Refuses an order whose currency was taken from the supplier's assortment, until its exchange rate is said.
    pub(super) fn require_rate(&self, book: Currency) -> Result<()> {
        let CostTerms { currency: Some(currency), rate: None } = self.terms()? else { return Ok(()) };
        if currency == book {
            return Ok(());
        }
        let number = self.head.number;
        let detail = format!(
            "purchase order {number} is in {currency}: change the draft to say how many {book} one {currency} is, as \
             exchange_rate"
        );
        Err(Error::refused(Code::ExchangeRateRequired, detail))
    }
}
