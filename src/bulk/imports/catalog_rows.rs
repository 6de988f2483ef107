//! Rows of the catalog: some at a time, in a transaction that also notes their outcomes. So each is done once, however
//! often the work is interrupted, and by however many servers.
use super::{
    model::RowStatus,
    outcomes::{Noted, RowOutcome, gone},
    store::{self, Import, ImportRow},
};
use crate::{
    catalog::{CatalogChunk, CatalogRows, work_through},
    inventory::Inventory,
    kernel::{Actor, Error, ImportId, PrincipalId, Refusal, Result},
    platform::db::Write,
};
use serde_json::Value;

/// Rows of a transaction: few enough that orders which are being placed wait a moment only, and that PostgreSQL keeps
/// the savepoints of all of them at hand (64).
fn most(kind: CatalogRows, is_dry_run: bool) -> usize {
    match kind {
        // A dry run holds nobody up, and judges the rows of a product together.
        CatalogRows::Products if is_dry_run => 200,
        CatalogRows::Products | CatalogRows::Translations => 60,
        CatalogRows::Media => 200,
        CatalogRows::Prices => 250,
    }
}

/// Prices of price lists in a transaction: each takes a dozen statements.
const MOST_LISTED: usize = 20;

/// Does some rows of the catalog, and returns how many; none if they must be tried again.
pub async fn catalog_rows(
    inventory: &Inventory,
    import: &Import,
    actor: Option<Actor>,
    kind: CatalogRows,
) -> Result<Option<usize>> {
    let barred = match actor {
        Some(actor) => actor.require_everywhere(kind.permission()).err(),
        None => Some(gone()),
    };
    let barred = match barred {
        Some(Error::Refused(why)) => Some(why),
        Some(error) => return Err(error),
        None => None,
    };
    let some =
        SomeOf { import: import.id, kind, is_dry_run: import.dry_run, by: import.created_by, barred, only: None };
    let done = match some.clone().done(inventory).await {
        Err(Error::Internal(cause)) => {
            // One of the rows meets a fault of ours: they are done one by one until it is found.
            tracing::error!(import.id = %import.id, error = %cause, "some rows met a fault");
            one_by_one(inventory, import, some).await
        }
        Err(Error::Refused(why)) if why.is_final() => {
            // All of them are refused for something that one of them brings about.
            tracing::warn!(import.id = %import.id, error = %why, "some rows were refused together");
            one_by_one(inventory, import, some).await
        }
        done => done,
    };
    match done {
        // Nothing waits, or someone else does it.
        Ok(0) => Ok(None),
        Ok(count) => Ok(Some(count)),
        Err(Error::Refused(why)) => {
            tracing::warn!(import.id = %import.id, error = %why, "rows will be tried again");
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// Does the first row that waits, and refuses it if it is the one that meets a fault of ours or is refused.
async fn one_by_one(inventory: &Inventory, import: &Import, some: SomeOf) -> Result<usize> {
    let wanted = import.clone();
    let first = inventory.db.read(move |db| Ok(store::waiting(db.conn(), &wanted, 1)?)).await?;
    let Some(row_no) = first.first().map(|row| row.row_no) else { return Ok(0) };
    let one = SomeOf { only: Some(row_no), ..some };
    match one.clone().done(inventory).await {
        Err(Error::Internal(cause)) => {
            tracing::error!(import.id = %import.id, row = row_no, error = %cause, "a row met a fault");
            one.give_up(inventory, None).await
        }
        Err(Error::Refused(why)) if why.is_final() => one.give_up(inventory, Some(why)).await,
        done => done,
    }
}

/// Some rows of an import that are to be done.
#[derive(Clone)]
struct SomeOf {
    import: ImportId,
    kind: CatalogRows,
    is_dry_run: bool,
    by: PrincipalId,
    /// The reason for which none of them may be done.
    barred: Option<Box<Refusal>>,
    /// Only this row, if it is the first one that waits.
    only: Option<i32>,
}

impl SomeOf {
    async fn done(self, inventory: &Inventory) -> Result<usize> {
        let work = move |tx: &mut Write| {
            let waiting = self.waiting(tx)?;
            let lines: Vec<_> = waiting.iter().map(|row| row.line.clone()).collect();
            let chunk = CatalogChunk { kind: self.kind, by: self.by, is_rehearsal: self.is_dry_run };
            let outcomes = match &self.barred {
                Some(why) => lines.iter().map(|_| Err(Error::Refused(why.clone()))).collect(),
                None if self.is_dry_run => tx.rehearse(|tx| work_through(tx, chunk, &lines))?,
                None => work_through(tx, chunk, &lines)?,
            };
            let status = |is_done: bool| if is_done { RowStatus::Done } else { RowStatus::Skipped };
            let outcomes = waiting.iter().zip(outcomes);
            let noted: Vec<_> =
                outcomes.map(|(row, done)| RowOutcome::of(self.import, row.row_no, done.map(status))).collect();
            self.note(tx, &waiting, &noted)
        };
        inventory.catalog.write_rows(&inventory.db, work).await
    }

    fn note(&self, tx: &mut Write, waiting: &[ImportRow], noted: &[RowOutcome]) -> Result<usize> {
        let now = tx.now();
        store::note(tx.conn(), self.import, &Noted::of(waiting.iter().map(|row| row.row_no), noted), now)?;
        Ok(noted.len())
    }

    /// The rows that wait; none if the import has ended. It stays locked, so that nobody else does them.
    fn waiting(&self, tx: &mut Write) -> Result<Vec<ImportRow>> {
        let Some(import) = store::lock(tx.conn(), self.import)? else { return Ok(vec![]) };
        let most = if self.only.is_some() { 1 } else { most(self.kind, self.is_dry_run) };
        let mut rows = store::waiting(tx.conn(), &import, i64::try_from(most).unwrap_or(i64::MAX) + 1)?;
        if rows.is_empty() {
            let now = tx.now();
            store::finish(tx.conn(), self.import, now)?;
        }
        if rows.len() > most {
            rows.truncate(most);
            if self.is_dry_run && matches!(self.kind, CatalogRows::Products | CatalogRows::Media) {
                rows.truncate(whole(&rows));
            }
        }
        let is_listed = |row: &ImportRow| cell(row, "price_list").is_some();
        if let Some((at, _)) = rows.iter().enumerate().filter(|(_, row)| is_listed(row)).nth(MOST_LISTED) {
            rows.truncate(at);
        }
        rows.retain(|row| self.only.is_none_or(|only| row.row_no == only));
        Ok(rows)
    }

    /// Refuses the row, for a fault of ours, which was logged, if it was not refused itself.
    async fn give_up(self, inventory: &Inventory, why: Option<Box<Refusal>>) -> Result<usize> {
        let noting = inventory.db.write(move |tx| {
            let waiting = self.waiting(tx)?;
            let fault = |row: &ImportRow| {
                let ours = || anyhow::anyhow!("the row met a fault of ours").into();
                RowOutcome::of(self.import, row.row_no, Err(why.clone().map_or_else(ours, Error::Refused)))
            };
            let noted: Vec<_> = waiting.iter().map(fault).collect();
            self.note(tx, &waiting, &noted)
        });
        noting.await
    }
}

/// A cell of a row, if it is text.
fn cell(row: &ImportRow, name: &str) -> Option<String> {
    let cells: Value = serde_json::from_str(&row.line).ok()?;
    cells.get(name).and_then(Value::as_str).map(str::to_owned)
}

/// The number of rows up to where the last product begins; all of them, if they are of one.
fn whole(rows: &[ImportRow]) -> usize {
    let product = |row: &ImportRow| cell(row, "product");
    let last = rows.last().and_then(product);
    match rows.iter().rposition(|row| product(row) != last) {
        Some(at) => at + 1,
        None => rows.len(),
    }
}
