//! Those who give rights to others: the database is asked for what they hold, not what is remembered of them.
use super::{rules::HeldGrants, store};
use crate::{
    kernel::{Actor, Code, Error, Result},
    platform::db::Write,
};

/// The grants of the one who gives; refused once they may not sign in.
pub fn held_by(tx: &mut Write, who: &Actor) -> Result<HeldGrants> {
    match store::grants_of(tx.conn(), who.id)? {
        Some(grants) => Ok(HeldGrants(grants)),
        None => Err(Error::refused(Code::InvalidToken, "the access token is no longer valid")),
    }
}
