//! Writing files: a part after the other, each noted with the place up to which it goes, so that work that was
//! interrupted goes on from there, on whatever server.
use super::{
    model::{Export, ExportStatus},
    rows::{SomeRows, heading, page},
    store::{self, Part},
};
use crate::{
    kernel::{Actor, Code, Error, PrincipalId, Result},
    platform::{
        db::Db,
        files::{heading_of, lines_of},
    },
};

/// Times in a row that a part may be read in vain.
const MOST_TRIES: i32 = 10;

/// Bytes of a file at most.
const MOST_BYTES: i64 = 1 << 30;

/// Writes all files that wait, and returns how many parts were written. `actor_of` tells what someone may do now.
pub async fn run_exports(db: &Db, actor_of: impl AsyncFn(PrincipalId) -> Result<Option<Actor>>) -> Result<usize> {
    let mut parts = 0;
    while let Some(export) = db.read(|db| Ok(store::next(db.conn())?)).await? {
        let gone = || Error::refused(Code::Forbidden, "whoever wanted the file may not sign in any more");
        let written = match actor_of(export.created_by).await?.ok_or_else(gone) {
            Ok(actor) => write(db, &export, actor).await,
            Err(error) => Err(error),
        };
        match written {
            Ok(()) => parts += 1,
            Err(Error::Refused(why)) if !why.is_final() && export.tries < MOST_TRIES => {
                tracing::warn!(export.id = %export.id, error = %why, "an export will be tried again");
                put_off(db, &export).await?;
                break;
            }
            Err(error) => fail(db, &export, error).await?,
        }
    }
    Ok(parts)
}

async fn write(db: &Db, export: &Export, actor: Actor) -> Result<()> {
    if export.bytes > MOST_BYTES {
        return Err(Error::refused(Code::ExportFinished, "the file has more than 1 GiB: ask for fewer rows"));
    }
    let (wanted, now) = (export.clone(), db.clock().now());
    let part = db.read(move |db| {
        let SomeRows { rows, next } = page(db, &wanted, &actor, now)?;
        let heading = heading(&wanted);
        let lines = lines_of(wanted.format, &heading, &rows)?;
        let content = if wanted.cursor.is_none() { heading_of(wanted.format, &heading)? + &lines } else { lines };
        Ok(Part { content, rows: rows.len(), cursor: next })
    });
    let (part, id, before) = (part.await?, export.id, (export.parts, export.cursor.clone()));
    let noting = db.write(move |tx| {
        // Another server may have written this part meanwhile, or someone given the file up.
        let is_mine = |open: &Export| (open.parts, &open.cursor) == (before.0, &before.1);
        if let Some(open) = store::lock(tx.conn(), id)?.filter(is_mine) {
            store::add(tx, open, part.clone())?;
        }
        Ok(())
    });
    noting.await
}

/// Lets other exports go first.
async fn put_off(db: &Db, export: &Export) -> Result<()> {
    let id = export.id;
    let noting = db.write(move |tx| {
        if let Some(open) = store::lock(tx.conn(), id)? {
            store::put_off(tx, open)?;
        }
        Ok(())
    });
    noting.await
}

/// Ends an export that cannot be written.
async fn fail(db: &Db, export: &Export, error: Error) -> Result<()> {
    let detail = match error {
        Error::Refused(why) => why.detail,
        Error::Internal(cause) => {
            tracing::error!(export.id = %export.id, error = %cause, "an export met a fault");
            Code::Internal.title().to_owned()
        }
    };
    let id = export.id;
    let ending = db.write(move |tx| {
        if let Some(open) = store::lock(tx.conn(), id)? {
            store::end(tx, open, ExportStatus::Failed, Some(detail.clone()))?;
        }
        Ok(())
    });
    ending.await
}
