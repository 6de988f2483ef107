//! Taking a file in, and giving its work up.
use super::{
    model::{ImportKind, ImportStatus, Rows},
    store::{self, Import},
};
use crate::{
    kernel::{Actor, Code, Error, ImportId, Result, actor::Permission},
    platform::{
        db::{Db, Read},
        files::{self, Reading, Table},
        idempotency::{Caller, Outcome, Recorded, write_once},
    },
};

/// A file that was sent.
pub(super) struct Upload<'a> {
    /// The kind of its rows.
    pub kind: ImportKind,
    /// True if its rows are checked and none is done.
    pub is_dry_run: bool,
    /// The content.
    pub bytes: &'a [u8],
    /// Its format, and the meaning of its empty cells.
    pub reading: Reading,
}

/// Takes a file in; its rows are worked through in the background.
pub(super) async fn start(db: &Db, caller: Caller, upload: Upload<'_>) -> Result<Recorded<Import>> {
    let Caller { actor, key, .. } = caller;
    let Upload { kind, is_dry_run: dry_run, bytes, reading } = upload;
    actor.require_anywhere(Permission::ImportsWrite)?;
    if let Rows::Catalog(kind) = kind.rows() {
        actor.require_everywhere(kind.permission())?;
    }
    let Table { rows, ignored } = files::split(kind.columns(), bytes, reading)?;
    write_once(db, actor, Permission::ImportsWrite, key, move |tx, actor| {
        let (id, now) = (ImportId::new(), tx.now());
        let import = Import {
            id,
            kind,
            status: ImportStatus::Queued,
            rows: i32::try_from(rows.len()).map_err(anyhow::Error::from)?,
            done: 0,
            failed: 0,
            created_by: actor.id,
            version: 1,
            created_at: now,
            updated_at: now,
            finished_at: None,
            dry_run,
            ignored_columns: ignored.iter().cloned().collect(),
            skipped: 0,
            through: 0,
        };
        store::insert(tx.conn(), &import, &rows)?;
        Ok(Outcome::pending(id, 1, None, import))
    })
    .await
}

/// An import that one may see: one's own, or those of the kinds of which one may read the rows everywhere.
pub(super) fn demand(db: &mut Read, actor: &Actor, id: ImportId) -> Result<Import> {
    let found = store::import(db.conn(), id)?;
    let is_seen = |import: &Import| import.created_by == actor.id || kinds_seen(actor).contains(&import.kind);
    found.filter(is_seen).ok_or_else(|| Error::not_found("import"))
}

/// The kinds of which someone sees the imports of others: whoever may import everywhere and read what such rows hold.
pub(super) fn kinds_seen(actor: &Actor) -> Vec<ImportKind> {
    let holds = |permission: &Permission| actor.require_everywhere(*permission).is_ok();
    if !holds(&Permission::ImportsWrite) {
        return vec![];
    }
    ImportKind::ALL.iter().copied().filter(|kind| kind.read_by().iter().all(holds)).collect()
}

/// Gives the rest of an import up.
pub(super) async fn cancel(db: &Db, caller: Caller, id: ImportId) -> Result<Recorded<Import>> {
    let Caller { actor, key, .. } = caller;
    actor.require_anywhere(Permission::ImportsWrite)?;
    write_once(db, actor, Permission::ImportsWrite, key, move |tx, actor| {
        let found = demand(tx, actor, id)?;
        if found.created_by != actor.id {
            found.kind.write_by().iter().try_for_each(|permission| actor.require_everywhere(*permission))?;
        }
        let now = tx.now();
        let ended = || Error::refused(Code::ImportFinished, format!("import {id} is {}", found.status));
        let import = store::cancel(tx.conn(), id, now)?.ok_or_else(ended)?;
        Ok(Outcome::changed(import.version, None, import))
    })
    .await
}
