//! Prices of channels: decided in memory and written together.
use crate::{
    catalog::{
        events::{self, PriceSet},
        files::{
            rows::{PriceRow, refuse},
            store::{self, NewChange},
        },
        prices::summed,
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

/// A price as it was before the rows and is after them.
struct SetPrice {
    place: Place,
    before: Option<Amounts>,
    after: Amounts,
}

impl SetPrice {
    /// Its change, if the amount is another one.
    fn change(&self) -> Option<NewChange> {
        let ((variant, channel, currency), before) = (self.place, self.before.map(|amounts| amounts.0));
        let after = self.after.0;
        (before != Some(after)).then_some(NewChange { variant, channel, currency, before, after })
    }
}

/// The prices of channels that rows name, as they are after the rows before.
pub struct BasePrices {
    variants: HashMap<Typed, VariantId>,
    /// Bundles that cost the sum of their parts.
    summed: Vec<VariantId>,
    standing: HashMap<Place, Amounts>,
    /// The prices to be written, with what they were before. Of several rows of a price only the last one ever holds.
    set: BTreeMap<(VariantId, &'static str, &'static str), SetPrice>,
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
            summed: variants.iter().filter(|one| one.sum_discount_ppm.is_some()).map(|one| one.id).collect(),
            standing: standing.collect(),
            set: BTreeMap::new(),
        })
    }

    /// The variants by their SKUs.
    pub fn variants(&self) -> &HashMap<Typed, VariantId> {
        &self.variants
    }

    /// Sets a price; false if it stands so.
    pub fn set(&mut self, row: &PriceRow, channel: Channel) -> Result<bool> {
        let unknown = || Error::refused(Code::UnknownSku, format!("there is no SKU {}", row.sku));
        let variant = *self.variants.get(row.sku.key()).ok_or_else(unknown)?;
        let Some(currency) = row.currency else { return refuse("currency is missing or empty") };
        if row.min_quantity.is_some_and(|units| units != Quantity::ONE) || row.starts_at.or(row.ends_at).is_some() {
            return refuse("min_quantity, starts_at and ends_at are of prices of a price_list");
        }
        if row.tax_included == Some(false) {
            return refuse("prices of channels contain their tax: tax_included is false of net price lists alone");
        }
        let place = (variant, channel, currency);
        let before = self.standing.get(&place).copied();
        let compare_at = row.compare_at_minor.unwrap_or_else(|| before.and_then(|amounts| amounts.1));
        let after = (checked(row.amount_minor, currency)?, compare_at);
        require_above(compare_at, row)?;
        if before == Some(after) {
            return Ok(false);
        }
        if self.summed.contains(&variant) {
            let said = format!("{} costs the sum of its parts, less its discount", row.sku);
            return Err(Error::refused(Code::PriceIsSummed, said));
        }
        self.standing.insert(place, after);
        let set = self.set.entry((variant, channel.as_str(), currency.code()));
        set.or_insert(SetPrice { place, before, after }).after = after;
        Ok(true)
    }

    /// Writes what was set, with the changes of amounts and their events.
    pub fn write(self, tx: &mut Write, by: PrincipalId) -> Result<()> {
        let set: Vec<_> = self.set.into_values().filter(|price| price.before != Some(price.after)).collect();
        let changes: Vec<_> = set.iter().filter_map(SetPrice::change).collect();
        let prices: Vec<_> = set.iter().map(|price| (price.place, price.after)).collect();
        if prices.is_empty() {
            return Ok(());
        }
        store::record_changes(tx, &changes, by)?;
        store::put_prices(tx, &prices)?;
        // Each price raises the version of its variant, so that the event of each has its own.
        let of_one = || prices.chunk_by(|(one, _), (other, _)| one.0 == other.0);
        let counts: Vec<_> = of_one().filter_map(|some| Some((some.first()?.0.0, some.len()))).collect();
        let versions = store::touch(tx, &counts)?;
        for some in of_one() {
            let later = (0..i64::try_from(some.len()).unwrap_or(i64::MAX)).rev();
            for (later, ((variant, channel, currency), (amount_minor, _))) in later.zip(some) {
                let version = versions.get(variant).copied().unwrap_or_default() - later;
                let (variant_id, channel, currency) = (*variant, *channel, *currency);
                let event = PriceSet { variant_id, channel, currency, amount_minor: *amount_minor };
                events::price_set(tx, version, &event)?;
            }
        }
        let set: Vec<_> = counts.iter().map(|(variant, _)| *variant).collect();
        summed::follow(tx, &set, by)
    }
}

fn require_above(compare_at: Option<i64>, row: &PriceRow) -> Result<()> {
    let Some(higher) = compare_at else { return Ok(()) };
    let whose = if row.compare_at_minor.is_some() { "" } else { ", as it stands," };
    match (higher > row.amount_minor, higher <= MAX_MINOR) {
        (true, true) => Ok(()),
        (true, false) => refuse(format!("compare_at_minor must be {MAX_MINOR} at most, not {higher}")),
        (false, _) => refuse(format!(
            "compare_at_minor{whose} is {higher} and must be above amount_minor, which is {}",
            row.amount_minor
        )),
    }
}

fn checked(amount_minor: i64, currency: Currency) -> Result<i64> {
    match (0..=MAX_MINOR).contains(&amount_minor) {
        true => Ok(Money::new(amount_minor, currency)?.amount_minor),
        false => refuse(format!("amount_minor must be 0 to {MAX_MINOR}, not {amount_minor}")),
    }
}
