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

/// Rows of a transaction: few enough that orders which are being placed wait a moment only.
fn most(kind: CatalogRows, is_dry_run: bool) -> i64 {
    match kind {
        // A dry run holds nobody up, and judges the rows of a product together.
        CatalogRows::Products if is_dry_run => 500,
        CatalogRows::Products => 60,
        CatalogRows::Translations | CatalogRows::Media => 200,
        CatalogRows::Prices => 250,
    }
}

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
    let rows = Rows { import: import.id, kind, is_dry_run: import.dry_run, by: import.created_by, barred };
    let mut done = rows.clone().done(inventory, most(kind, import.dry_run)).await;
    if let Err(Error::Internal(cause)) = &done {
        // One of the rows meets a fault of ours: they are done one by one until it is found.
        tracing::error!(import.id = %import.id, error = %cause, "some rows met a fault");
        done = rows.clone().done(inventory, 1).await;
    }
    match done {
        Ok(count) => Ok(Some(count)),
        Err(Error::Internal(cause)) => {
            tracing::error!(import.id = %import.id, error = %cause, "a row met a fault");
            rows.give_up_first(inventory).await.map(Some)
        }
        Err(error) => {
            tracing::warn!(import.id = %import.id, error = %error, "rows will be tried again");
            Ok(None)
        }
    }
}

/// Rows of an import that are to be done.
#[derive(Clone)]
struct Rows {
    import: ImportId,
    kind: CatalogRows,
    is_dry_run: bool,
    by: PrincipalId,
    /// The reason for which none of them may be done.
    barred: Option<Box<Refusal>>,
}

impl Rows {
    async fn done(self, inventory: &Inventory, most: i64) -> Result<usize> {
        let catalog = inventory.catalog.clone();
        let work = move |tx: &mut Write| {
            let Some(waiting) = self.waiting(tx, most)? else { return Ok(0) };
            let lines: Vec<_> = waiting.iter().map(|row| row.line.clone()).collect();
            let chunk = CatalogChunk { kind: self.kind, by: self.by };
            let outcomes = match &self.barred {
                Some(why) => lines.iter().map(|_| Err(Error::Refused(why.clone()))).collect(),
                None if self.is_dry_run => tx.rehearse(|tx| work_through(tx, &catalog, chunk, &lines))?,
                None => work_through(tx, &catalog, chunk, &lines)?,
            };
            let status = |is_done: bool| if is_done { RowStatus::Done } else { RowStatus::Skipped };
            let outcomes = waiting.iter().zip(outcomes);
            let noted: Vec<_> =
                outcomes.map(|(row, done)| RowOutcome::of(self.import, row.row_no, done.map(status))).collect();
            let now = tx.now();
            store::note(tx.conn(), self.import, &Noted::of(waiting.iter().map(|row| row.row_no), &noted), now)?;
            Ok(noted.len())
        };
        inventory.catalog.write_rows(&inventory.db, work).await
    }

    /// The rows that wait; none if the import has ended. It stays locked, so that nobody else does them.
    fn waiting(&self, tx: &mut Write, most: i64) -> Result<Option<Vec<ImportRow>>> {
        let Some(import) = store::lock(tx.conn(), self.import)? else { return Ok(None) };
        let mut rows = store::waiting(tx.conn(), &import, most + 1)?;
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        if rows.len() > most {
            rows.truncate(most);
            if self.is_dry_run && self.kind == CatalogRows::Products {
                rows.truncate(whole(&rows));
            }
        }
        Ok(Some(rows))
    }

    /// Refuses the first row that waits for a fault of ours, which was logged.
    async fn give_up_first(self, inventory: &Inventory) -> Result<usize> {
        let noting = inventory.db.write(move |tx| {
            let Some(waiting) = self.waiting(tx, 1)? else { return Ok(0) };
            let fault = |row: &ImportRow| {
                RowOutcome::of(self.import, row.row_no, Err(anyhow::anyhow!("the row met a fault of ours").into()))
            };
            let (noted, now) = (waiting.iter().map(fault).collect::<Vec<_>>(), tx.now());
            store::note(tx.conn(), self.import, &Noted::of(waiting.iter().map(|row| row.row_no), &noted), now)?;
            Ok(noted.len())
        });
        noting.await
    }
}

/// The number of rows up to where the last product begins; all of them, if they are of one.
fn whole(rows: &[ImportRow]) -> usize {
    let product = |row: &ImportRow| {
        let cells: Option<Value> = serde_json::from_str(&row.line).ok();
        cells.and_then(|cells| cells.get("product").and_then(Value::as_str).map(str::to_owned))
    };
    let last = rows.last().and_then(product);
    match rows.iter().rposition(|row| product(row) != last) {
        Some(at) => at + 1,
        None => rows.len(),
    }
}
