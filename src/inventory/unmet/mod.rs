//! Unmet demand: what orders and reservations asked for that was not there, by variant, location or channel, and hour.
//! A refusal writes nothing; it is counted in memory and written once a minute. It is an estimate: a request that is
//! sent again counts again, and a crash loses up to a minute.
pub mod http;
pub mod model;
mod read;
mod store;

use super::{levels::shortage, service::Inventory};
use crate::{
    inventory::unmet::model::{DemandKey, Missed},
    kernel::{Channel, Error, LocationId, Result, VariantId, Zone},
    platform::db::Write,
};
use chrono::{DateTime, Utc};
use std::collections::HashSet;

/// Rows that are written at once.
const AT_ONCE: usize = 1_000;

impl Inventory {
    /// Counts what a refusal for lack of stock says was missing of the lines, each a variant and the units of it that
    /// were asked for.
    pub fn note_unmet(
        &self,
        refusal: &Error,
        location: Option<LocationId>,
        channel: Option<Channel>,
        lines: &[(VariantId, i32)],
    ) {
        let now = self.db.clock().now();
        let hour = location.map_or_else(|| Zone::utc_hour(now), |location| self.zones.hour(location, now));
        let mut noted = HashSet::new();
        for (at, available) in shortage::short_lines(refusal) {
            let Some((variant, _)) = lines.get(at) else { continue };
            // Lines of one variant lack what is missing once, together.
            if noted.insert(*variant) {
                let wanted: i64 =
                    lines.iter().filter(|(of, _)| of == variant).map(|(_, units)| i64::from(*units)).sum();
                let kind = DemandKey { hour, variant: *variant, location, channel };
                self.unmet.add(kind, Missed { requests: 1, units: (wanted - available).max(1) });
            }
        }
    }

    /// Writes what was counted since the last time; how many counters.
    pub async fn flush_unmet(&self) -> Result<usize> {
        let counters = self.unmet.take();
        let count = counters.len();
        let mut rest = counters.as_slice();
        while !rest.is_empty() {
            let (some, later) = rest.split_at(rest.len().min(AT_ONCE));
            let rows = some.to_vec();
            if let Err(error) = self.db.write(move |tx| Ok(store::add(tx.conn(), &rows)?)).await {
                // The database is away: what was counted is written in a later minute.
                for (kind, missed) in rest {
                    self.unmet.add(kind.clone(), *missed);
                }
                return Err(error);
            }
            rest = later;
        }
        Ok(count)
    }
}

/// Deletes at most `most` counters of hours that began before a time, and returns how many.
pub fn delete_unmet_before(tx: &mut Write, before: DateTime<Utc>, most: i64) -> Result<usize> {
    Ok(store::delete(tx.conn(), before, most)?)
}
