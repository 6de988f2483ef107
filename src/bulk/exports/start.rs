//! Asking for a file, and giving it up.
use super::{
    model::{Export, ExportFilter, ExportKind, ExportStatus},
    store,
};
use crate::{
    inventory,
    kernel::{Actor, Code, Error, ExportId, Locations, Result, actor::Permission},
    platform::{
        db::{Db, Read},
        files::Format,
        idempotency::{Caller, Outcome, Recorded, write_once},
    },
};

/// A file that is wanted.
#[derive(Debug, Clone)]
pub struct WantedExport {
    pub kind: ExportKind,
    pub format: Format,
    pub filter: ExportFilter,
}

/// Asks for a file; it is written in the background.
pub async fn start(db: &Db, caller: Caller, wanted: WantedExport) -> Result<Recorded<Export>> {
    let Caller { actor, key, .. } = caller;
    actor.require_anywhere(Permission::ExportsWrite)?;
    wanted.kind.require_filter(&wanted.filter)?;
    wanted.kind.places(&actor, &wanted.filter)?;
    if let Some(location) = wanted.filter.location_id {
        let found = db.read(move |db| inventory::locations_by_id(db, &Locations::Everywhere, &[location])).await?;
        found.first().ok_or_else(|| Error::not_found("location"))?;
    }
    write_once(db, actor, Permission::ExportsWrite, key, move |tx, actor| {
        let (id, now) = (ExportId::new(), tx.now());
        let WantedExport { kind, format, filter } = wanted.clone();
        let export = Export {
            id,
            kind,
            format,
            filter: filter.clone(),
            status: ExportStatus::Queued,
            rows: 0,
            bytes: 0,
            parts: 0,
            cursor: None,
            detail: None,
            places: kind.places(actor, &filter)?,
            costs: actor.places(Permission::CostsRead),
            tries: 0,
            created_by: actor.id,
            version: 1,
            created_at: now,
            updated_at: now,
            finished_at: None,
        };
        store::insert(tx.conn(), &export)?;
        Ok(Outcome::pending(id, 1, None, export))
    })
    .await
}

/// An export that one may see: one's own. Its rows are those that its owner may read.
pub fn demand(db: &mut Read, actor: &Actor, id: ExportId) -> Result<Export> {
    let found = store::export(db.conn(), id)?;
    found.filter(|export| export.created_by == actor.id).ok_or_else(|| Error::not_found("export"))
}

/// Gives an export up; what was written of it is deleted soon.
pub async fn cancel(db: &Db, caller: Caller, id: ExportId) -> Result<Recorded<Export>> {
    let Caller { actor, key, .. } = caller;
    actor.require_anywhere(Permission::ExportsWrite)?;
    write_once(db, actor, Permission::ExportsWrite, key, move |tx, actor| {
        let found = demand(tx, actor, id)?;
        let ended = || Error::refused(Code::ExportFinished, format!("export {id} is {}", found.status));
        let open = store::lock(tx.conn(), id)?.ok_or_else(ended)?;
        let export = store::end(tx, open, ExportStatus::Canceled, None)?;
        Ok(Outcome::changed(export.version, None, export))
    })
    .await
}
