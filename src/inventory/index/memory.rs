//! Levels in memory, and which locations fill a demand by them.
use super::Seen;
use crate::{
    inventory::{
        index::{
            fewest_locations::{Giver, Sources, cover},
            locations::PlaceTable,
            store::Reach,
        },
        model::Demand,
    },
    kernel::{LocationId, VariantId},
};
use chrono::{Days, NaiveDate};
use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

/// The time for which a location that was full is passed over: an order that is canceled makes room.
const FULL: Duration = Duration::from_secs(1);

/// A level, small: there may be millions.
#[derive(Debug, Clone, Copy)]
struct Entry {
    /// The number of the location, in order of which a variant's levels stand.
    place: u32,
    available: i32,
    version: u32,
}

/// The facts that only few levels have.
#[derive(Debug, Clone, Default)]
struct More {
    backorder_limit: i32,
    dated: Vec<(NaiveDate, i32)>,
}

/// Levels by variant.
#[derive(Debug, Default)]
pub struct Memory {
    /// Numbers of locations, in the order in which they were met.
    numbers: HashMap<LocationId, u32>,
    levels: HashMap<VariantId, Vec<Entry>>,
    more: HashMap<(VariantId, u32), More>,
    /// Units that orders on their way are about to take.
    claims: HashMap<(VariantId, u32), i32>,
    full: HashMap<u32, Instant>,
    count: usize,
}

/// The units of a level that may still be promised.
#[derive(Debug, Clone, Copy)]
struct Free {
    /// Units that are there.
    here: i32,
    /// The same with those that may be promised though they are not.
    with_backorders: i32,
}

impl Memory {
    /// Levels that are remembered.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Forgets all levels, but not what orders on their way have claimed.
    pub fn forget_levels(&mut self) {
        self.levels.clear();
        self.more.clear();
        self.count = 0;
    }

    fn number(&mut self, location: LocationId) -> u32 {
        let next = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
        *self.numbers.entry(location).or_insert(next)
    }

    /// Remembers a level, unless a later version of it is known.
    pub fn put(&mut self, seen: Seen) {
        let place = self.number(seen.location);
        let version = u32::try_from(seen.version).unwrap_or(u32::MAX);
        let entry = Entry { place, available: seen.available, version };
        let levels = self.levels.entry(seen.variant).or_default();
        match levels.binary_search_by_key(&place, |entry| entry.place) {
            Ok(at) => match levels.get_mut(at) {
                Some(known) if known.version <= version => *known = entry,
                _ => return,
            },
            Err(at) => {
                levels.insert(at, entry);
                self.count += 1;
            }
        }
        let key = (seen.variant, place);
        if seen.backorder_limit == 0 && seen.dated.is_empty() {
            self.more.remove(&key);
        } else {
            self.more.insert(key, More { backorder_limit: seen.backorder_limit, dated: seen.dated });
        }
    }

    /// The version of a level that is remembered.
    pub fn version(&self, location: LocationId, variant: VariantId) -> Option<i64> {
        let place = *self.numbers.get(&location)?;
        self.entry(place, variant).map(|entry| i64::from(entry.version))
    }

    fn entry(&self, location: u32, variant: VariantId) -> Option<&Entry> {
        let levels = self.levels.get(&variant)?;
        levels.binary_search_by_key(&location, |entry| entry.place).ok().and_then(|at| levels.get(at))
    }

    pub fn note_full(&mut self, location: LocationId) {
        let place = self.number(location);
        self.full.insert(place, Instant::now());
    }

    pub fn note_room(&mut self, location: LocationId) {
        if let Some(place) = self.numbers.get(&location) {
            self.full.remove(place);
        }
    }

    /// Adds units to what orders on their way take of a location, or takes them away.
    pub fn claim(&mut self, location: LocationId, units: &[(VariantId, i32)], sign: i32) {
        let place = self.number(location);
        for (variant, units) in units {
            let claimed = self.claims.entry((*variant, place)).or_default();
            *claimed += units * sign;
            if *claimed == 0 {
                self.claims.remove(&(*variant, place));
            }
        }
    }

    fn free(
        &self,
        location: u32,
        variant: VariantId,
        good_until: Option<NaiveDate>,
        is_claimed_taken: bool,
    ) -> Option<Free> {
        let entry = self.entry(location, variant)?;
        let claimed = match self.claims.is_empty() || !is_claimed_taken {
            true => 0,
            false => self.claims.get(&(variant, location)).copied().unwrap_or(0),
        };
        let more = if self.more.is_empty() { None } else { self.more.get(&(variant, location)) };
        let too_short = |more: &More| {
            let dated = more.dated.iter().filter(|(until, _)| good_until.is_some_and(|day| *until < day));
            dated.map(|(_, units)| units).sum::<i32>()
        };
        let here = entry.available.saturating_sub(claimed).saturating_sub(more.map_or(0, too_short));
        Some(Free { here, with_backorders: here.saturating_add(more.map_or(0, |more| more.backorder_limit)) })
    }

    /// The units of variants that a location may promise, of goods that are good until a day; those of which it has
    /// some.
    pub fn available_at(
        &self,
        location: LocationId,
        good_until: Option<NaiveDate>,
        variants: &[VariantId],
    ) -> HashMap<VariantId, i32> {
        let Some(place) = self.numbers.get(&location) else { return HashMap::new() };
        let here = |variant: &VariantId| Some((*variant, self.free(*place, *variant, good_until, false)?.here));
        variants.iter().filter_map(here).filter(|(_, units)| *units > 0).collect()
    }

    /// Locations by priority that may be looked at, with their numbers and the day until which goods must be good
    /// there.
    fn reached<'a>(
        &'a self,
        reach: &'a Reach,
        locations: &'a PlaceTable,
    ) -> impl Iterator<Item = (LocationId, u32, Option<NaiveDate>)> + 'a {
        let days = Days::new(u64::try_from(reach.good_for_days).unwrap_or(0));
        let is_full = |number: &u32| self.full.get(number).is_some_and(|since| since.elapsed() < FULL);
        locations.reached(reach).filter_map(move |location| {
            let number = *self.numbers.get(&location.id)?;
            (!is_full(&number)).then(|| (location.id, number, location.day(reach.now).checked_add_days(days)))
        })
    }

    /// Locations that have everything, by priority, as many as are asked for; with what is claimed counted as taken, or
    /// not.
    pub fn whole(
        &self,
        demand: &Demand,
        reach: &Reach,
        locations: &PlaceTable,
        is_claimed_taken: bool,
    ) -> Vec<LocationId> {
        let fills = |location: u32, day: Option<NaiveDate>| {
            demand.iter().all(|(variant, units)| {
                self.free(location, variant, day, is_claimed_taken).is_some_and(|free| free.with_backorders >= units)
            })
        };
        let filling = self.reached(reach, locations).filter(|(_, location, day)| fills(*location, *day));
        filling.map(|(id, ..)| id).take(reach.most).collect()
    }

    /// Locations that together have a demand, or as much of it as is remembered.
    pub fn together(&self, demand: &Demand, reach: &Reach, locations: &PlaceTable) -> Sources {
        let wanted: Vec<_> = demand.iter().collect();
        let gives = |place: u32, day: Option<NaiveDate>| -> Vec<i32> {
            let free = |variant| self.free(place, variant, day, true).map_or(0, |free| free.here);
            let here = |variant| free(variant).saturating_sub(reach.buffer).max(0);
            wanted.iter().map(|(variant, units)| here(*variant).min(*units)).collect()
        };
        let reached = self.reached(reach, locations);
        let mut givers: Vec<_> =
            reached.map(|(location, place, day)| Giver { location, gives: gives(place, day) }).collect();
        givers.retain(|giver| giver.gives.iter().any(|units| *units > 0));
        let units: Vec<_> = wanted.iter().map(|(_, units)| *units).collect();
        cover(&units, &givers, reach.most)
    }

    /// Every level that is remembered.
    pub fn all(&self) -> impl Iterator<Item = Seen> + '_ {
        let ids: HashMap<u32, LocationId> = self.numbers.iter().map(|(id, number)| (*number, *id)).collect();
        let of = move |variant: VariantId, entry: &Entry| {
            let more = self.more.get(&(variant, entry.place)).cloned().unwrap_or_default();
            let location = *ids.get(&entry.place)?;
            let (available, version) = (entry.available, i64::from(entry.version));
            Some(Seen {
                location,
                variant,
                available,
                backorder_limit: more.backorder_limit,
                dated: more.dated,
                version,
            })
        };
        let levels = self.levels.iter().flat_map(|(variant, levels)| levels.iter().map(move |entry| (*variant, entry)));
        levels.filter_map(move |(variant, entry)| of(variant, entry))
    }

    #[cfg(feature = "mutants")]
    pub fn scramble(&mut self, seed: u64) {
        let mut state = seed | 1;
        for entry in self.levels.values_mut().flatten() {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            entry.available = i32::try_from(state % 40).unwrap_or(0) - 10;
        }
    }
}
