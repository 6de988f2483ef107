//! Working through files. Each row of stock is a request like any other, under a key of its own: done again after an
//! interruption, it is answered from the key, so that nothing is done twice.
use super::{
    catalog_rows::catalog_rows,
    model::{ImportKind, RowStatus, Rows},
    outcomes::{Noted, RowOutcome, gone},
    store::{self, Import, ImportRow},
};
use crate::{
    inventory::{Inventory, LevelName, StockWork},
    kernel::{Actor, Error, PrincipalId, Result},
    platform::idempotency::{Caller, Once},
};
use std::collections::HashSet;

/// Rows on their way at once: a fraction of what the group commit takes, so that sales are not kept waiting.
const AT_ONCE: usize = 64;

/// Rows whose outcome is noted together.
const CHUNK: i64 = 512;

/// Works through all files that wait, and returns how many rows were done or refused. `actor_of` tells what someone may
/// do now; rows of someone who may not sign in any more are refused.
pub async fn run_imports(
    inventory: &Inventory,
    actor_of: impl AsyncFn(PrincipalId) -> Result<Option<Actor>>,
) -> Result<usize> {
    let mut all = 0;
    while let Some(import) = inventory.db.read(|db| Ok(store::next(db.conn())?)).await? {
        let actor = actor_of(import.created_by).await?;
        let noted = match import.kind.rows() {
            Rows::Stock(_) => stock_rows(inventory, &import, actor).await?,
            Rows::Catalog(kind) => catalog_rows(inventory, &import, actor, kind).await?,
        };
        let Some(noted) = noted else {
            // The group commit is full, the database away, or nothing was left: tried again in the next round.
            break;
        };
        all += noted;
    }
    Ok(all)
}

/// Does some rows of stock; none if they must be tried again.
async fn stock_rows(inventory: &Inventory, import: &Import, actor: Option<Actor>) -> Result<Option<usize>> {
    let (id, wanted) = (import.id, import.clone());
    let waiting = inventory.db.read(move |db| Ok(store::waiting(db.conn(), &wanted, CHUNK)?)).await?;
    if waiting.is_empty() {
        let finishing = inventory.db.write(move |tx| {
            let now = tx.now();
            Ok(store::finish(tx.conn(), id, now)?)
        });
        return finishing.await.map(|()| None);
    }
    let rehearsal = inventory.rehearsal();
    let booked = if import.dry_run { &rehearsal } else { inventory };
    let outcomes = worked(&Work { inventory: booked, import, actor }, &waiting).await;
    let (noted, is_stuck) = (outcomes.len(), outcomes.is_empty());
    let noting = inventory.db.write(move |tx| {
        let now = tx.now();
        let noted = Noted::of(waiting.iter().map(|row| row.row_no), &outcomes);
        Ok(store::note(tx.conn(), id, &noted, now)?)
    });
    noting.await?;
    Ok((!is_stuck).then_some(noted))
}

struct Work<'a> {
    inventory: &'a Inventory,
    import: &'a Import,
    actor: Option<Actor>,
}

/// Rows that are worked through at once: none of a level twice, so that of two rows the later one is done later. Lines
/// of one count wait for each other anyway.
fn turns(kind: ImportKind, waiting: &[ImportRow]) -> Vec<&[ImportRow]> {
    let at_once = if kind == ImportKind::Counts { 1 } else { AT_ONCE };
    let (mut turns, mut rest, mut levels) = (vec![], waiting, HashSet::new());
    while !rest.is_empty() {
        levels.clear();
        let is_new = |row: &&ImportRow| match kind {
            ImportKind::Levels => LevelName::of(&row.line).is_none_or(|level| levels.insert(level)),
            _ => true,
        };
        let count = rest.iter().take(at_once).take_while(is_new).count();
        let (turn, later) = rest.split_at(count);
        turns.push(turn);
        rest = later;
    }
    turns
}

async fn worked(work: &Work<'_>, waiting: &[ImportRow]) -> Vec<RowOutcome> {
    let mut outcomes = vec![];
    for some in turns(work.import.kind, waiting) {
        let done = futures_util::future::join_all(some.iter().map(|row| work.row(row))).await;
        for (row, outcome) in some.iter().zip(done) {
            match outcome {
                Err(Error::Refused(refusal)) if !refusal.is_final() => {
                    tracing::warn!(import.id = %work.import.id, row = row.row_no, error = %refusal, "a row will be \
                        tried again");
                }
                outcome => outcomes.push(RowOutcome::of(work.import.id, row.row_no, outcome)),
            }
        }
    }
    outcomes
}

impl Work<'_> {
    /// Does a row, or skips it where the books have it already.
    async fn row(&self, row: &ImportRow) -> Result<RowStatus> {
        let actor = self.actor.clone().ok_or_else(gone)?;
        let key = Once {
            principal: self.import.created_by,
            key: format!("~import {} {}", self.import.id, row.row_no),
            fingerprint: vec![],
            wait: None,
        };
        let Rows::Stock(kind) = self.import.kind.rows() else { return Ok(RowStatus::Skipped) };
        let caller = Caller::new(actor, Some(key));
        let is_done = StockWork { inventory: self.inventory }.row(kind, &row.line, caller).await?;
        Ok(if is_done { RowStatus::Done } else { RowStatus::Skipped })
    }
}
