//! Lots as a lane holds them: those that come in or change state are locked before any stock row; how many units of
//! which lot are where is read once the stock rows are locked, and only for rows that have lots.
use crate::{
    inventory::{
        lots::{
            Lot, insert_lots, lock_lots, lots_of_levels,
            model::{LotPiece, Print},
            save_lots,
        },
        model::{LevelKey, State},
        store,
    },
    kernel::{LotId, Result, Typed},
    platform::{
        db::{Bulk, Write},
        group_commit::{Patience, held_by_others},
    },
};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// The lots of a batch, and their changes.
#[derive(Clone, Default)]
pub struct Lots {
    ids: BTreeSet<LotId>,
    whole: BTreeSet<LotId>,
    prints: BTreeSet<Print>,
    is_wanted: bool,
    cards: HashMap<LotId, Lot>,
    of_prints: HashMap<Print, LotId>,
    ids_away: HashSet<LotId>,
    prints_away: HashSet<Print>,
    pub pieces: BTreeMap<LotPiece, i32>,
    touched: BTreeSet<LotPiece>,
    /// Stock rows whose lots are in memory, and those whose days are written anew.
    read: HashSet<LevelKey>,
    redated: HashSet<LevelKey>,
    made: BTreeSet<LotId>,
    changed: BTreeSet<LotId>,
}

impl Lots {
    /// Asks for the lots of all stock rows of the batch.
    pub fn want(&mut self) {
        self.is_wanted = true;
    }

    /// True if lots were asked for.
    pub fn are_wanted(&self) -> bool {
        self.is_wanted
    }

    /// True if what lies at a stock row is in memory, lot by lot.
    pub fn is_known(&self, level_key: LevelKey) -> bool {
        self.is_wanted && (self.read.contains(&level_key) || self.is_touched(level_key))
    }

    /// True if lots of a stock row have moved or changed.
    pub fn is_touched(&self, level_key: LevelKey) -> bool {
        let is_here = |piece: &LotPiece| (piece.location, piece.variant) == level_key;
        self.touched.iter().any(is_here) || self.redated.contains(&level_key)
    }

    /// Says that the days of a stock row's goods are to be written anew.
    pub fn redate(&mut self, level_key: LevelKey) {
        self.redated.insert(level_key);
    }

    /// Asks for a lot, locked.
    pub fn want_id(&mut self, id: LotId) {
        self.ids.insert(id);
        self.is_wanted = true;
    }

    /// Asks for a lot, locked, and for where its units are.
    pub fn want_whole(&mut self, id: LotId) {
        self.want_id(id);
        self.whole.insert(id);
    }

    /// Asks for a lot, locked, if there is one.
    pub fn want_print(&mut self, print: Print) {
        self.prints.insert(print);
        self.is_wanted = true;
    }

    /// A lot that was asked for or that lies at a stock row of the batch; an error while someone else has locked it.
    pub fn lot(&self, id: LotId) -> Result<Option<&Lot>> {
        match self.ids_away.contains(&id) {
            true => Err(held_by_others("lot")),
            false => Ok(self.cards.get(&id)),
        }
    }

    /// The same, by what is printed on it.
    pub fn printed(&self, print: &Print) -> Result<Option<&Lot>> {
        match self.prints_away.contains(print) {
            true => Err(held_by_others("lot")),
            false => Ok(self.of_prints.get(print).and_then(|id| self.cards.get(id))),
        }
    }

    pub fn make(&mut self, lot: Lot) {
        self.made.insert(lot.id);
        self.know(lot);
    }

    pub fn change(&mut self, lot: Lot) {
        self.changed.insert(lot.id);
        self.know(lot);
    }

    fn know(&mut self, lot: Lot) {
        self.of_prints.insert((lot.variant_id, Typed::of(&lot.code)), lot.id);
        self.cards.insert(lot.id, lot);
    }

    /// The pieces of a stock row.
    pub fn at(&self, level_key: LevelKey) -> impl Iterator<Item = (&LotPiece, i32)> {
        let first = LotPiece {
            location: level_key.0,
            variant: level_key.1,
            lot: LotId(uuid::Uuid::nil()),
            state: State::OnHand,
        };
        let is_here = move |(piece, _): &(&LotPiece, &i32)| (piece.location, piece.variant) == level_key;
        self.pieces.range(first..).take_while(is_here).map(|(piece, units)| (piece, *units))
    }

    pub fn set(&mut self, piece: LotPiece, units: i32) {
        self.pieces.insert(piece, units);
        self.touched.insert(piece);
    }

    /// Locks what was asked for; before any stock row.
    pub fn lock(&mut self, tx: &mut Write, patience: Patience) -> Result<()> {
        if self.ids.is_empty() && self.prints.is_empty() {
            return Ok(());
        }
        for lot in lock_lots(tx.conn(), &self.ids, &self.prints, Some(patience))? {
            self.know(lot);
        }
        if patience == Patience::SkipLocked {
            let there = lock_lots(tx.conn(), &self.ids, &self.prints, None)?;
            for lot in there.into_iter().filter(|lot| !self.cards.contains_key(&lot.id)) {
                self.ids_away.insert(lot.id);
                self.prints_away.insert((lot.variant_id, Typed::of(&lot.code)));
            }
        }
        Ok(())
    }

    /// Reads what lies at rows that have lots; once they are locked.
    pub fn read(&mut self, tx: &mut Write, level_keys: &[LevelKey]) -> Result<()> {
        if !self.is_wanted || (level_keys.is_empty() && self.whole.is_empty()) {
            return Ok(());
        }
        let whole: Vec<_> = self.whole.iter().copied().collect();
        self.read.extend(level_keys);
        for (piece, units, lot) in lots_of_levels(tx.conn(), level_keys, &whole)? {
            self.pieces.insert(piece, units);
            // One that is locked is as it was locked.
            if !self.cards.contains_key(&lot.id) {
                self.know(lot);
            }
        }
        Ok(())
    }

    /// Adds what has changed to what is written.
    pub fn save(&self, bulk: &mut Bulk) {
        let cards = |ids: &BTreeSet<LotId>| ids.iter().filter_map(|id| self.cards.get(id)).cloned().collect::<Vec<_>>();
        insert_lots(bulk, &cards(&self.made));
        save_lots(bulk, &cards(&self.changed.difference(&self.made).copied().collect()));
        let units = |piece: &LotPiece| (*piece, self.pieces.get(piece).copied().unwrap_or(0));
        store::save_lot_balances(bulk, &self.touched.iter().map(units).collect::<Vec<_>>());
    }
}
