//! Why stock may be adjusted: a list that the brand keeps. Promises: a reason that was used keeps its meaning, so it is
//! never deleted, only put out of use.
pub mod http;
pub mod model;
mod store;

use crate::{
    inventory::reasons::model::{NewReason, Reason},
    kernel::{Code, Error, Result, Text, actor::Permission},
    platform::{
        db::{Db, Read},
        idempotency::{Caller, Outcome, Recorded, write_once},
    },
};

/// The reason with this code, if it may be given.
pub fn demand(db: &mut Read, code: &str) -> Result<Reason> {
    let found = store::reason(db.conn(), code)?;
    let unknown = || Error::refused(Code::UnknownReason, format!("{code} is not on the list of reasons (/v1/reasons)"));
    let reason = found.ok_or_else(unknown)?;
    match reason.is_active {
        true => Ok(reason),
        false => Err(Error::refused(Code::ReasonInactive, format!("the reason {code} is no longer used"))),
    }
}

/// Puts a reason on the list.
async fn create(db: &Db, caller: Caller, new: NewReason) -> Result<Recorded<Reason>> {
    let Caller { actor, key, .. } = caller;
    actor.require_everywhere(Permission::ReasonsWrite)?;
    write_once(db, actor, Permission::ReasonsWrite, key, move |tx, _| {
        let reason = store::insert(tx, &new)?;
        Ok(Outcome::created(reason.code.clone(), reason.version, None, reason))
    })
    .await
}

/// Renames a reason, or puts it into or out of use.
async fn change(
    db: &Db,
    caller: Caller,
    code: String,
    name: Option<Text<100>>,
    is_active: Option<bool>,
) -> Result<Recorded<Reason>> {
    let Caller { actor, key, expected } = caller;
    actor.require_everywhere(Permission::ReasonsWrite)?;
    write_once(db, actor, Permission::ReasonsWrite, key, move |tx, _| {
        let found = store::lock(tx.conn(), &code)?.ok_or_else(|| Error::not_found("reason"))?;
        expected.check("the reason", found.version)?;
        let now = tx.now();
        let reason = Reason {
            name: name.clone().map_or(found.name, String::from),
            is_active: is_active.unwrap_or(found.is_active),
            version: found.version + 1,
            updated_at: now,
            ..found
        };
        store::save(tx.conn(), &reason)?;
        Ok(Outcome::changed(reason.version, None, reason))
    })
    .await
}
