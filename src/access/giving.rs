//! Those who give rights to others: the database is asked for what they hold, not what is remembered of them.
use super::{
    rules::{GrantScope, HeldGrants},
    store,
};
use crate::{
    kernel::{Code, Error, PrincipalId, Result, actor::Permission},
    platform::db::Write,
};

/// The grants of the one who gives; refused once they may not sign in, or may give nothing any more.
pub fn held_by(tx: &mut Write, giver: PrincipalId) -> Result<HeldGrants> {
    let Some(grants) = store::grants_of(tx.conn(), giver)? else {
        return Err(Error::refused(Code::InvalidToken, "the access token is no longer valid"));
    };
    let (own, now) = (HeldGrants(grants), tx.now());
    let gives = [Permission::UsersWrite].into_iter().collect();
    match own.lacks(gives, GrantScope { place: None, until: Some(now) }, now) {
        None => Ok(own),
        Some(lacking) => {
            Err(Error::refused(Code::Forbidden, format!("this needs the permission {lacking} everywhere")))
        }
    }
}
