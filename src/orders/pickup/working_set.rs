//! The pickups as a lane holds them: those of a batch's orders, safe under the locks of their orders.
use super::store::{Pickup, PickupStatus};
use crate::{
    kernel::{OrderId, Result},
    platform::{
        db::{Bulk, Write},
        group_commit::{Mutant, Patience, Tracked, Versioned, WorkingSet},
    },
};
use chrono::{DateTime, Utc};
use std::collections::{BTreeSet, HashMap, hash_map::Entry};

impl Versioned for Pickup {
    fn version(&self) -> i64 {
        self.version
    }
}

/// The pickups of one batch.
#[derive(Default)]
pub struct Pickups {
    wanted: BTreeSet<OrderId>,
    rows: HashMap<OrderId, Tracked<Pickup>>,
    noted: usize,
}

impl Pickups {
    /// Asks for the pickup of an order.
    pub fn want(&mut self, order: OrderId) {
        self.wanted.insert(order);
    }

    /// The pickup of an order, if it was ever ready.
    pub fn get(&self, order: OrderId) -> Option<&Pickup> {
        self.rows.get(&order).map(|tracked| &tracked.record)
    }

    /// Writes down how a pickup stands.
    pub fn put(&mut self, pickup: Pickup) {
        self.noted += 1;
        match self.rows.entry(pickup.order_id) {
            Entry::Occupied(mut known) => known.get_mut().record = pickup,
            Entry::Vacant(place) => drop(place.insert(Tracked::fresh(pickup))),
        }
    }

    /// Takes an order that is given up off the counter.
    pub fn clear_away(&mut self, order: OrderId, now: DateTime<Utc>) {
        let waiting = self.get(order).filter(|pickup| pickup.status == PickupStatus::Ready).cloned();
        if let Some(pickup) = waiting {
            let (status, ended_at) = (PickupStatus::Canceled, Some(now));
            self.put(Pickup { status, ended_at, version: pickup.version + 1, ..pickup });
        }
    }
}

impl WorkingSet for Pickups {
    fn clear(&mut self) {
        *self = Self::default();
    }

    fn open(&mut self, tx: &mut Write, _: Patience, _: Mutant) -> Result<()> {
        if self.wanted.is_empty() {
            return Ok(());
        }
        let orders: Vec<_> = self.wanted.iter().copied().collect();
        for pickup in super::store::pickups_of(tx.conn(), &orders)? {
            self.rows.insert(pickup.order_id, Tracked::read(pickup));
        }
        Ok(())
    }

    fn noted(&self) -> usize {
        self.noted
    }

    fn save(&mut self, bulk: &mut Bulk, _: DateTime<Utc>) -> Result<()> {
        let changed = self.rows.values().filter(|tracked| tracked.is_changed());
        let changed: Vec<_> = changed.map(|tracked| &tracked.record).collect();
        super::store::save_pickups(bulk, &changed);
        Ok(())
    }
}
