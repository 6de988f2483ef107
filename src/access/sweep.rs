//! The end of what has expired.
use super::{sessions, users};
use crate::{kernel::Result, platform::db::Write};
use chrono::{DateTime, Utc};

/// Deletes at most `most` refresh tokens, as many sessions and as many invitations that expired before a time, and
/// returns how many.
pub fn delete_expired_before(tx: &mut Write, before: DateTime<Utc>, most: i64) -> Result<usize> {
    let tokens = sessions::store::delete_tokens(tx.conn(), before, most)?;
    let ended = sessions::store::delete_sessions(tx.conn(), before, most)?;
    Ok(tokens + ended + users::store::delete_links(tx.conn(), before, most)?)
}
