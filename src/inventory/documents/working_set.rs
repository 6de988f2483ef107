//! The papers of goods that move: transfers, purchase orders, counts. A request is prepared from a paper as it was
//! read, in parallel with all others; the lane locks the paper's head only and has the request prepared anew if the
//! paper has changed since. So papers add one short statement to a batch, however long they are.
use super::store::Heads;
use crate::{
    inventory::{
        counts::{self, Count},
        purchasing::{self, Purchase, Receipt},
        transfers::{self, Transfer},
    },
    kernel::{Code, Error, Result},
    platform::{
        db::{Bulk, Write},
        group_commit::{Mutant, Patience, WorkingSet, held_by_others},
    },
};
use chrono::{DateTime, Utc};
use std::collections::HashMap;
use uuid::Uuid;

/// The papers of one batch.
#[derive(Clone, Default)]
pub struct Documents {
    wanted: Heads,
    versions: HashMap<Uuid, i64>,
    transfers: Vec<Transfer>,
    purchases: Vec<Purchase>,
    receipts: Vec<Receipt>,
    counts: Vec<Count>,
}

impl Documents {
    /// Asks for the papers to be locked.
    pub fn want(&mut self) -> &mut Heads {
        &mut self.wanted
    }

    /// Refuses with `conflict` unless the paper is as it was read.
    pub fn require_fresh(&self, id: Uuid, version: i64) -> Result<()> {
        match self.versions.get(&id) {
            None => Err(held_by_others("document")),
            Some(now) if *now == version => Ok(()),
            Some(_) => Err(Error::refused(Code::Conflict, "the document has just changed; try again")),
        }
    }

    /// Notes a transfer as it is after a step.
    pub fn save_transfer(&mut self, transfer: Transfer) {
        self.versions.insert(transfer.head.id.0, transfer.head.version);
        self.transfers.push(transfer);
    }

    /// Notes a purchase order as it is after a receipt.
    pub fn save_purchase(&mut self, purchase: Purchase) {
        self.versions.insert(purchase.head.id.0, purchase.head.version);
        self.purchases.push(purchase);
    }

    /// Notes an arrival.
    pub fn add_receipt(&mut self, receipt: Receipt) {
        self.receipts.push(receipt);
    }

    /// Notes a count as it is after a step.
    pub fn save_count(&mut self, count: Count) {
        self.versions.insert(count.head.id.0, count.head.version);
        self.counts.push(count);
    }
}

impl WorkingSet for Documents {
    fn clear(&mut self) {
        *self = Self::default();
    }

    fn open(&mut self, tx: &mut Write, patience: Patience, _: Mutant) -> Result<()> {
        if !self.wanted.is_empty() {
            self.versions = super::store::lock_heads(tx.conn(), &self.wanted, patience)?.into_iter().collect();
        }
        Ok(())
    }

    fn noted(&self) -> usize {
        self.transfers.len() + self.purchases.len() + self.receipts.len() + self.counts.len()
    }

    fn save(&mut self, bulk: &mut Bulk, _: DateTime<Utc>) -> Result<()> {
        transfers::save(bulk, &self.transfers);
        purchasing::save(bulk, &self.purchases);
        purchasing::add_receipts(bulk, &self.receipts);
        counts::save(bulk, &self.counts);
        Ok(())
    }
}
