//! Keeping the index: read whole once, then by what the feed tells of levels that other instances have changed.
use crate::{
    inventory::{
        events::LevelsChanged,
        index::{Index, Seen, locations::PlaceTable},
        levels::store::{DatedLevel, Glance, all_levels_at, glance_at, look_at_levels},
        locations,
        service::Inventory,
    },
    kernel::{LocationId, Result, VariantId},
    platform::{
        db::Db,
        events::{self, ReadTo},
    },
};
use serde::Deserialize;
use std::{
    collections::HashMap,
    sync::{PoisonError, atomic::Ordering::SeqCst},
    time::Instant,
};

/// Positions of the feed that are read at once; each may tell of a hundred levels.
const WINDOW: i64 = 2_000;

/// Positions behind which reading all levels anew is cheaper than following.
const TOO_FAR: i64 = 1_000_000;

/// The versions of levels that an event tells of.
#[derive(Deserialize)]
struct Versions {
    levels: Vec<VersionOf>,
}

#[derive(Deserialize)]
struct VersionOf {
    variant_id: VariantId,
    version: i64,
}

impl Inventory {
    /// Reads all levels if the index has not, otherwise those that other instances have changed since the last time.
    /// Returns how many were read.
    pub async fn keep_index(&self) -> Result<usize> {
        self.index.keep(&self.db).await
    }

    /// The index itself, for what tests do to it.
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// Levels that the index remembers otherwise than they stand in the tables, or not at all.
    pub async fn index_differences(&self) -> Result<Vec<String>> {
        self.index.differences(&self.db).await
    }
}

impl Index {
    async fn keep(&self, db: &Db) -> Result<usize> {
        if self.0.is_off.load(SeqCst) {
            return Ok(0);
        }
        let (epoch, span) = db.read(|db| Ok((events::epoch(db)?, events::span(db)?))).await?;
        self.know_places(db).await?;
        // Whoever comes while it is being read has nothing to do.
        let Ok(mut read_to) = self.0.read_to.try_lock() else { return Ok(0) };
        let follows = |last: &ReadTo| {
            last.epoch == epoch && span.goes_on_from(last.position) && span.last - last.position <= TOO_FAR
        };
        match read_to.as_mut().filter(|last| follows(last)) {
            Some(last) if self.is_ready() => self.follow(db, last, span.last).await,
            _ => {
                let count = self.read_whole(db).await?;
                *read_to = Some(ReadTo { epoch, position: span.last });
                Ok(count)
            }
        }
    }

    async fn read_whole(&self, db: &Db) -> Result<usize> {
        let began = Instant::now();
        self.0.is_whole.store(false, SeqCst);
        // In another history of the database levels may stand at lower versions.
        self.memory_mut().forget_levels();
        let mut count = 0;
        for location in db.read(|db| Ok(locations::location_ids(db.conn())?)).await? {
            let levels = db.read(move |db| Ok(glance_at(db.conn(), location)?)).await?;
            count += levels.len();
            let seen = levels.into_iter().map(|level| glanced(location, level)).collect::<Result<Vec<_>>>()?;
            self.learn(seen.into_iter());
            if self.0.is_off.load(SeqCst) {
                return Ok(0);
            }
        }
        self.0.is_whole.store(true, SeqCst);
        tracing::info!(
            levels = count,
            duration_ms = began.elapsed().as_millis(),
            "the index of what is available is read"
        );
        Ok(count)
    }

    async fn follow(&self, db: &Db, last: &mut ReadTo, head: i64) -> Result<usize> {
        let mut count = 0;
        while last.position < head {
            let (from, to) = (last.position, head.min(last.position + WINDOW));
            let told = db.read(move |db| events::of_type::<LevelsChanged>(db, from, to)).await?;
            let Some(told) = told else {
                // All levels are read anew, at the next look.
                self.0.is_whole.store(false, SeqCst);
                return Ok(count);
            };
            let mut latest = HashMap::new();
            for event in told {
                let Some(location) = event.location else { continue };
                let Versions { levels } = event.data.json()?;
                for of in levels {
                    let known = latest.entry((location, of.variant_id)).or_insert(of.version);
                    *known = of.version.max(*known);
                }
            }
            let behind: Vec<_> = {
                let memory = self.memory();
                let is_news = |((location, variant), version): &((LocationId, VariantId), i64)| {
                    memory.version(*location, *variant).is_none_or(|known| known < *version)
                };
                latest.into_iter().filter(is_news).map(|(level_key, _)| level_key).collect()
            };
            if !behind.is_empty() {
                count += behind.len();
                let levels = db.read(move |db| Ok(look_at_levels(db.conn(), &behind, None)?)).await?;
                self.learn(seen(levels)?.into_iter());
            }
            last.position = to;
        }
        Ok(count)
    }

    pub(in crate::inventory) async fn know_places(&self, db: &Db) -> Result<()> {
        if self.places().is_none() {
            let changes = self.0.changes_of_places.load(SeqCst);
            let found = db.read(|db| Ok(locations::open_locations(db.conn())?)).await?;
            let mut places = self.0.places.write().unwrap_or_else(PoisonError::into_inner);
            // A location may have changed after it was read.
            if self.0.changes_of_places.load(SeqCst) == changes {
                *places = Some(PlaceTable::of(found).into());
            }
        }
        Ok(())
    }

    async fn differences(&self, db: &Db) -> Result<Vec<String>> {
        let mut kept: HashMap<_, _> = self.memory().all().map(|seen| ((seen.location, seen.variant), seen)).collect();
        let mut found = vec![];
        for place in db.read(|db| Ok(locations::location_ids(db.conn())?)).await? {
            let levels = db.read(move |db| Ok(all_levels_at(db.conn(), place)?)).await?;
            for level in seen(levels)? {
                let known = kept.remove(&(level.location, level.variant));
                if known.as_ref() != Some(&level) {
                    found.push(format!("{level:?} is remembered as {known:?}"));
                }
            }
        }
        found.extend(kept.into_values().map(|level| format!("{level:?} is not in the tables")));
        Ok(found)
    }
}

fn glanced(location: LocationId, level: Glance) -> Result<Seen> {
    let Glance { variant_id: variant, available, backorder_limit, version, .. } = level;
    Ok(Seen { location, variant, available, backorder_limit, dated: level.good_until()?, version })
}

fn seen(levels: Vec<DatedLevel>) -> Result<Vec<Seen>> {
    levels.into_iter().map(|row| Ok(Seen::of(&row.level, row.good_until()?))).collect()
}
