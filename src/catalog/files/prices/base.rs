//! Prices of channels: decided in memory and written together.
use crate::{
    catalog::{
        events::{self, PriceSet},
        files::{
            rows::{PriceRow, refuse},
            store::{self, NewChange},
        },
        store::{Variant, prices_of},
    },
    kernel::{Channel, Code, Currency, Error, MAX_MINOR, Money, PrincipalId, Quantity, Result, Typed, VariantId},
    platform::db::Write,
};
use std::collections::{BTreeMap, HashMap};

/// A price by where it holds.
type Place = (VariantId, Channel, Currency);

/// The amount of a price and the one that is struck through beside it, in minor units.
type Amounts = (i64, Option<i64>);

/// The prices of channels that rows name, as they are after the rows before.
pub struct BasePrices {
    variants: HashMap<Typed, VariantId>,
    standing: HashMap<Place, Amounts>,
    changes: Vec<NewChange>,
    /// The prices to be written.
    set: BTreeMap<(VariantId, &'static str, &'static str), (Place, Amounts)>,
}

impl BasePrices {
    /// The prices of variants that are locked.
    pub fn read(tx: &mut Write, variants: &[Variant]) -> Result<Self> {
        let ids: Vec<_> = variants.iter().map(|variant| variant.id).collect();
        let prices = prices_of(tx.conn(), &ids)?.into_iter();
        let standing = prices.map(|price| {
            let Money { amount_minor, currency } = price.amount;
            ((price.variant_id, price.channel, currency), (amount_minor, price.compare_at_minor))
        });
        Ok(Self {
            variants: variants.iter().map(|variant| (Typed::of(&variant.sku), variant.id)).collect(),
            standing: standing.collect(),
            changes: vec![],
            set: BTreeMap::new(),
        })
    }

    /// Sets a price; false if it stands so.
    pub fn set(&mut self, row: &PriceRow, channel: Channel) -> Result<bool> {
        let unknown = || Error::refused(Code::UnknownSku, format!("there is no SKU {}", row.sku));
        let variant = *self.variants.get(row.sku.key()).ok_or_else(unknown)?;
        let Some(currency) = row.currency else { return refuse("currency is missing or empty") };
        if row.min_quantity.is_some_and(|units| units != Quantity::ONE) || row.starts_at.or(row.ends_at).is_some() {
            return refuse("min_quantity, starts_at and ends_at are of prices of a price_list");
        }
        let place = (variant, channel, currency);
        let before = self.standing.get(&place).copied();
        let compare_at = row.compare_at_minor.unwrap_or_else(|| before.and_then(|amounts| amounts.1));
        let after = (checked(row.amount_minor, currency)?, compare_at);
        if compare_at.is_some_and(|higher| higher <= row.amount_minor || higher > MAX_MINOR) {
            return refuse(format!("compare_at_minor must be above amount_minor, which is {}", row.amount_minor));
        }
        if before == Some(after) {
            return Ok(false);
        }
        if before.map(|amounts| amounts.0) != Some(after.0) {
            let before = before.map(|amounts| amounts.0);
            self.changes.push(NewChange { variant, channel, currency, before, after: after.0 });
        }
        self.standing.insert(place, after);
        self.set.insert((variant, channel.as_str(), currency.code()), (place, after));
        Ok(true)
    }

    /// Writes what was set, with the changes of amounts and their events.
    pub fn write(self, tx: &mut Write, by: PrincipalId) -> Result<()> {
        if self.set.is_empty() {
            return Ok(());
        }
        let prices: Vec<_> = self.set.into_values().collect();
        store::record_changes(tx, &self.changes, by)?;
        store::put_prices(tx, &prices)?;
        let mut ids: Vec<_> = prices.iter().map(|((variant, ..), _)| *variant).collect();
        ids.dedup();
        let versions = store::touch(tx, &ids)?;
        for ((variant, channel, currency), (amount_minor, _)) in prices {
            let version = versions.get(&variant).copied().unwrap_or_default();
            let event = PriceSet { variant_id: variant, channel, currency, amount_minor };
            events::price_set(tx, version, &event)?;
        }
        Ok(())
    }
}

fn checked(amount_minor: i64, currency: Currency) -> Result<i64> {
    match (0..=MAX_MINOR).contains(&amount_minor) {
        true => Ok(Money::new(amount_minor, currency)?.amount_minor),
        false => refuse(format!("amount_minor must be 0 to {MAX_MINOR}, not {amount_minor}")),
    }
}
