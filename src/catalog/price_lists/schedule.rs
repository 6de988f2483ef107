//! Prices set in a list, now or from a later moment on, and withdrawn from it.
use super::{
    circumstances::require_ahead,
    model::{ListPriceRecord, NewListPrice, PriceList},
    replace::{Cut, Period, cuts},
    store::{
        self,
        entries::{self, Entry},
    },
};
use crate::{
    catalog::{cache::Catalog, events, store::count_offers},
    kernel::{
        Code, Error, Faults, LAST_YEAR, ListPriceId, MAX_MINOR, Money, PriceListId, PrincipalId, Result, Typed,
        VariantId, actor::Permission, to_micros,
    },
    platform::{
        db::{Db, Write},
        idempotency::{Caller, Outcome, Recorded},
    },
};
use chrono::{DateTime, Datelike, Utc};
use serde::Serialize;
use std::collections::HashMap;
use utoipa::ToSchema;

/// Prices to be set in a list.
#[derive(Debug, Clone)]
pub struct NewPrices {
    pub prices: Vec<NewListPrice>,
    /// Prices that stand in the way end or are withdrawn; otherwise they refuse the new ones.
    pub is_replacing: bool,
}

/// The prices that were set in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct PricesSet {
    /// The price list.
    pub price_list: PriceList,
    /// The prices that were set, in the order in which they were told.
    pub prices: Vec<ListPriceRecord>,
}

/// Sets prices of a list, all or none.
pub async fn set(
    db: &Db,
    catalog: &Catalog,
    caller: Caller,
    id: PriceListId,
    new: NewPrices,
) -> Result<Recorded<PricesSet>> {
    let Caller { actor, key, expected } = caller;
    let (by, memory) = (actor.id, catalog.clone());
    catalog
        .write(db, actor, Permission::PricesWrite, key, move |tx| {
            let list = store::lock(tx, id)?;
            expected.check("the price list", list.version)?;
            list.require_open(tx.now())?;
            let skus: Vec<_> = new.prices.iter().map(|price| price.sku.clone()).collect();
            let offers = memory.offers_by_sku(tx, &skus)?;
            let known: HashMap<Typed, VariantId> =
                offers.into_iter().map(|(sku, offer)| (sku, offer.variant.id)).collect();
            let wanted = checked(&list, &new.prices, &known, Stamp { by, at: tx.now() })?;
            let of: Vec<_> = wanted.iter().map(|entry| entry.variant_id).collect();
            let before = entries::standing(tx, id, &of, tx.now())?;
            let after = put(&before, &wanted, new.is_replacing, Stamp { by, at: tx.now() })?;
            write(tx, &before, &after)?;
            let list = changed(tx, list, &of)?;
            let told = wanted.into_iter().zip(&skus).map(|(entry, sku)| entry.record(sku.to_string())).collect();
            Ok(Outcome::changed(list.version, None, PricesSet { price_list: list, prices: told }))
        })
        .await
}

/// A price to be set in a list, by whom, and if it keeps what is struck through beside the one in whose place it comes.
#[derive(Debug, Clone)]
pub struct Replacing {
    pub price: NewListPrice,
    pub keeps_compare: bool,
    pub by: PrincipalId,
}

/// Sets a price of a list that is locked, in place of those whose time it overlaps; false if it stands so.
pub fn replace(
    tx: &mut Write,
    list: PriceList,
    known: &HashMap<Typed, VariantId>,
    replacing: Replacing,
) -> Result<bool> {
    let Replacing { price: mut new, keeps_compare, by } = replacing;
    let stamp = Stamp { by, at: tx.now() };
    let ids: Vec<_> = known.get(new.sku.key()).copied().into_iter().collect();
    let before = entries::standing(tx, list.id, &ids, stamp.at)?;
    if keeps_compare {
        // Of the price in whose place it comes.
        let starts_at = new.starts_at.unwrap_or(stamp.at);
        let holds = |entry: &&Entry| entry.starts_at <= starts_at && entry.ends_at.is_none_or(|end| end > starts_at);
        let mut same = before.iter().filter(|entry| entry.min_quantity == new.min_quantity.get());
        new.compare_at_minor = same.find(holds).and_then(|entry| entry.compare_at_minor);
    }
    if before.iter().any(|entry| entry.says(&new, stamp.at)) {
        return Ok(false);
    }
    list.require_open(stamp.at)?;
    let wanted = checked(&list, &[new], known, stamp)?;
    let after = put(&before, &wanted, true, stamp)?;
    write(tx, &before, &after)?;
    changed(tx, list, &ids)?;
    Ok(true)
}

/// Withdraws a price of a list: from now on it holds no more.
pub async fn withdraw(
    db: &Db,
    catalog: &Catalog,
    caller: Caller,
    of: PriceListId,
    id: ListPriceId,
) -> Result<Recorded<PriceList>> {
    let Caller { actor, key, expected } = caller;
    let by = actor.id;
    catalog
        .write(db, actor, Permission::PricesWrite, key, move |tx| {
            let (list, now) = (store::lock(tx, of)?, tx.now());
            expected.check("the price list", list.version)?;
            let mut entry = entries::entry(tx, of, id)?.ok_or_else(|| Error::not_found("price"))?;
            if entry.withdrawn_at.is_some() || entry.ends_at.is_some_and(|end| end <= now) {
                return Err(Error::refused(Code::PriceEnded, "the price does not hold any more"));
            }
            // A price of a list that has not begun has not either.
            let end = if list.starts_at > now { entry.starts_at } else { now };
            entry.end(end, Stamp { by, at: now });
            entries::end(tx, &[&entry])?;
            let list = changed(tx, list, &[entry.variant_id])?;
            Ok(Outcome::changed(list.version, None, list))
        })
        .await
}

/// The user who changes prices, and when.
#[derive(Clone, Copy)]
struct Stamp {
    by: PrincipalId,
    at: DateTime<Utc>,
}

impl Entry {
    fn period(&self) -> Period {
        Period { starts_at: self.starts_at, ends_at: self.ends_at }
    }

    /// Ends it at a moment; one that has not begun by then is withdrawn.
    fn end(&mut self, at: DateTime<Utc>, stamp: Stamp) {
        self.ended_by = Some(stamp.by);
        match self.starts_at < at {
            true => self.ends_at = Some(at),
            false => self.withdrawn_at = Some(stamp.at),
        }
    }
}

/// The prices as they are to be, without those that are in the way; all faults at once.
fn checked(
    list: &PriceList,
    new: &[NewListPrice],
    known: &HashMap<Typed, VariantId>,
    stamp: Stamp,
) -> Result<Vec<Entry>> {
    let (mut wanted, mut faults) = (Vec::<Entry>::new(), Faults::default());
    for (at, price) in new.iter().enumerate() {
        let mut wrong = |field: &str, code, said: String| faults.add(code, &format!("/prices/{at}/{field}"), said);
        let Some(variant_id) = known.get(price.sku.key()) else {
            wrong("sku", Code::UnknownSku, format!("there is no SKU {}", price.sku));
            continue;
        };
        if let Err(error) = Money::new(price.amount_minor, list.currency) {
            wrong("amount_minor", Code::InvalidBody, error.to_string());
        }
        if price.compare_at_minor.is_some_and(|before| before <= price.amount_minor || before > MAX_MINOR) {
            let said = "a price to compare with is above amount_minor, and 2^53 - 1 minor units at most";
            wrong("compare_at_minor", Code::InvalidBody, said.into());
        }
        let starts_at = price.starts_at.map_or(stamp.at, to_micros);
        let ends_at = price.ends_at.map(to_micros);
        if ends_at.is_some_and(|end| end <= starts_at || end.year() > LAST_YEAR) {
            wrong("ends_at", Code::InvalidBody, "a price ends after it starts, before the year 10000".into());
        }
        let entry = Entry {
            id: ListPriceId::new(),
            price_list_id: list.id,
            variant_id: *variant_id,
            min_quantity: price.min_quantity.get(),
            amount_minor: price.amount_minor,
            compare_at_minor: price.compare_at_minor,
            starts_at,
            ends_at,
            created_by: stamp.by,
            created_at: stamp.at,
            ended_by: None,
            withdrawn_at: None,
        };
        if let Some(other) = wanted.iter().position(|other| other.is_in_the_way_of(&entry)) {
            let said =
                format!("{} has two prices for the same units and time here, the other is number {other}", price.sku);
            wrong("starts_at", Code::PriceOverlap, said);
        }
        require_ahead(&mut faults, &format!("/prices/{at}/starts_at"), price.starts_at, stamp.at);
        wanted.push(entry);
    }
    faults.require_none()?;
    Ok(wanted)
}

impl Entry {
    /// True if it is a price of the same variant as is to be set, for the same units, amount and time. One that is to
    /// hold from now on is the same as one that holds.
    fn says(&self, new: &NewListPrice, now: DateTime<Utc>) -> bool {
        (self.min_quantity, self.amount_minor, self.compare_at_minor)
            == (new.min_quantity.get(), new.amount_minor, new.compare_at_minor)
            && new.starts_at.map_or(self.starts_at <= now, |start| to_micros(start) == self.starts_at)
            && new.ends_at.map(to_micros) == self.ends_at
    }

    fn is_of_same(&self, other: &Self) -> bool {
        (self.variant_id, self.min_quantity) == (other.variant_id, other.min_quantity)
    }

    fn is_in_the_way_of(&self, new: &Self) -> bool {
        self.withdrawn_at.is_none() && self.is_of_same(new) && self.period().overlaps(new.period())
    }
}

/// A variant and the units from which a price holds: at each moment a list has one price of both.
type PriceKey = (VariantId, i32);

impl Entry {
    fn key(&self) -> PriceKey {
        (self.variant_id, self.min_quantity)
    }
}

/// The prices of the list after new ones were put among those that stand.
fn put(standing: &[Entry], wanted: &[Entry], is_replacing: bool, stamp: Stamp) -> Result<Vec<Entry>> {
    let (mut by_key, mut faults) = (HashMap::<PriceKey, Vec<Entry>>::new(), Faults::default());
    for entry in standing {
        by_key.entry(entry.key()).or_default().push(entry.clone());
    }
    for (at, new) in wanted.iter().enumerate() {
        let entries = by_key.entry(new.key()).or_default();
        let in_the_way = entries.iter().find(|entry| entry.is_in_the_way_of(new));
        if let Some(other) = in_the_way.filter(|_| !is_replacing) {
            let until = other.ends_at.map_or_else(|| "without an end".into(), |end| format!("until {end}"));
            let said =
                format!("the list has a price from {} {until}; set replace to put it in its place", other.starts_at);
            faults.add(Code::PriceOverlap, &format!("/prices/{at}/starts_at"), said);
            continue;
        }
        make_room(entries, new, stamp);
        entries.push(new.clone());
    }
    faults.require_none()?;
    Ok(by_key.into_values().flatten().collect())
}

/// Cuts the prices of one key that are in the way of a new one.
fn make_room(entries: &mut Vec<Entry>, new: &Entry, stamp: Stamp) {
    let standing = entries.iter().filter(|entry| entry.withdrawn_at.is_none());
    let periods: Vec<_> = standing.map(|entry| (entry.id, entry.period())).collect();
    for cut in cuts(&periods, new.period()) {
        let (Cut::End { id, .. } | Cut::Withdraw(id) | Cut::Resume { id, .. }) = cut;
        let Some(entry) = entries.iter_mut().find(|entry| entry.id == id) else { continue };
        match cut {
            Cut::End { at, .. } => entry.end(at, stamp),
            Cut::Withdraw(_) => entry.end(entry.starts_at, stamp),
            Cut::Resume { period, .. } => {
                let rest = Entry {
                    id: ListPriceId::new(),
                    starts_at: period.starts_at,
                    ends_at: period.ends_at,
                    created_by: stamp.by,
                    created_at: stamp.at,
                    ended_by: None,
                    withdrawn_at: None,
                    ..entry.clone()
                };
                entries.push(rest);
            }
        }
    }
}

/// Writes the difference: what ended first, for ranges of one price never overlap.
fn write(tx: &mut Write, before: &[Entry], after: &[Entry]) -> Result<()> {
    let known: HashMap<_, _> = before.iter().map(|entry| (entry.id, entry)).collect();
    let is_changed = |entry: &&Entry| known.get(&entry.id).is_some_and(|known| known != entry);
    let ended: Vec<_> = after.iter().filter(is_changed).collect();
    entries::end(tx, &ended)?;
    let new: Vec<_> = after.iter().filter(|entry| !known.contains_key(&entry.id)).cloned().collect();
    Ok(entries::insert(tx, &new)?)
}

fn changed(tx: &mut Write, list: PriceList, of: &[VariantId]) -> Result<PriceList> {
    count_offers(tx.conn(), of)?;
    let after = PriceList { version: list.version + 1, updated_at: tx.now(), ..list };
    store::save(tx, &after)?;
    events::price_list_changed(tx, &after)?;
    Ok(after)
}
