//! The returns as a lane holds them: those of a batch's orders. They are safe under the locks of their orders, which
//! are taken before.
use crate::{
    kernel::{Error, OrderId, Result, ReturnId},
    orders::returns::{
        model::{Case, Return},
        store,
    },
    platform::{
        db::{Bulk, Write},
        group_commit::{Mutant, Patience, Tracked, Versioned, WorkingSet, changed},
    },
};
use chrono::{DateTime, Utc};
use std::collections::{BTreeSet, HashMap};

impl Versioned for Return {
    fn version(&self) -> i64 {
        self.version
    }
}

/// The returns of one batch.
#[derive(Default)]
pub struct Returns {
    wanted: BTreeSet<OrderId>,
    rows: HashMap<ReturnId, Tracked<Return>>,
    cases: Vec<Case>,
    noted: usize,
}

impl Returns {
    /// Asks for the returns of an order.
    pub fn want(&mut self, order: OrderId) {
        self.wanted.insert(order);
    }

    /// A return of an order that was asked for.
    pub fn get(&self, id: ReturnId) -> Result<&Return> {
        self.rows.get(&id).map(|tracked| &tracked.record).ok_or_else(|| Error::not_found("return"))
    }

    /// All returns of an order.
    pub fn of(&self, order: OrderId) -> impl Iterator<Item = &Return> {
        self.rows.values().map(|tracked| &tracked.record).filter(move |row| row.order_id == order)
    }

    /// Writes a new return down.
    pub fn add(&mut self, row: Return) {
        self.noted += 1;
        self.rows.insert(row.id, Tracked::fresh(row));
    }

    /// Writes down how a return stands now, one version on.
    pub fn put(&mut self, mut row: Return, now: DateTime<Utc>) -> Return {
        self.noted += 1;
        (row.version, row.updated_at) = (row.version + 1, now);
        if let Some(tracked) = self.rows.get_mut(&row.id) {
            tracked.record = row.clone();
        }
        row
    }

    /// Opens a case.
    pub fn open_case(&mut self, case: Case) {
        self.noted += 1;
        self.cases.push(case);
    }
}

impl WorkingSet for Returns {
    fn clear(&mut self) {
        *self = Self::default();
    }

    fn open(&mut self, tx: &mut Write, _: Patience, _: Mutant) -> Result<()> {
        if self.wanted.is_empty() {
            return Ok(());
        }
        let orders: Vec<_> = self.wanted.iter().copied().collect();
        for row in store::of_orders(tx.conn(), &orders)? {
            self.rows.insert(row.id, Tracked::read(row));
        }
        Ok(())
    }

    fn noted(&self) -> usize {
        self.noted
    }

    fn save(&mut self, bulk: &mut Bulk, now: DateTime<Utc>) -> Result<()> {
        let (new, old) = changed(self.rows.values());
        store::insert(bulk, &new);
        store::save(bulk, &old);
        store::insert_cases(bulk, &std::mem::take(&mut self.cases), now);
        Ok(())
    }
}
