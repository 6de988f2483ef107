//! The pickups as a lane holds them: those of a batch's orders, safe under the locks of their orders.
use super::store::{Pickup, PickupStatus};
use crate::{
    kernel::{OrderId, Result},
    platform::{
        db::{Bulk, Write},
        group_commit::{Mutant, Patience, WorkingSet},
    },
};
use chrono::{DateTime, Utc};
use std::collections::{BTreeSet, HashMap};

/// The pickups of one batch.
#[derive(Default)]
pub struct Pickups {
    wanted: BTreeSet<OrderId>,
    rows: HashMap<OrderId, (Pickup, Option<i64>)>,
    noted: usize,
}

impl Pickups {
    /// Asks for the pickup of an order.
    pub fn want(&mut self, order: OrderId) {
        self.wanted.insert(order);
    }

    /// The pickup of an order, if it was ever ready.
    pub fn get(&self, order: OrderId) -> Option<&Pickup> {
        self.rows.get(&order).map(|(pickup, _)| pickup)
    }

    /// Writes down how a pickup stands.
    pub fn put(&mut self, pickup: Pickup) {
        self.noted += 1;
        let before = self.rows.get(&pickup.order_id).and_then(|(_, before)| *before);
        self.rows.insert(pickup.order_id, (pickup, before));
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
            let before = Some(pickup.version);
            self.rows.insert(pickup.order_id, (pickup, before));
        }
        Ok(())
    }

    fn noted(&self) -> usize {
        self.noted
    }

    fn save(&mut self, bulk: &mut Bulk, _: DateTime<Utc>) -> Result<()> {
        let changed: Vec<_> = self
            .rows
            .values()
            .filter(|(pickup, before)| *before != Some(pickup.version))
            .map(|(pickup, _)| pickup)
            .collect();
        super::store::save_pickups(bulk, &changed);
        Ok(())
    }
}
