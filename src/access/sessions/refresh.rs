//! Going on with a refresh token, which works once. Its successor is derived from the token and a number that is kept,
//! so that a client whose answer was lost gets the same one again for as long as the settings say. A token that is used
//! later, or once its successor was used, betrays a theft: the session ends (RFC 9700 §4.14).
use super::{
    sign_in::{Denied, SignedIn, TokenOf},
    store::{self, RefreshRow},
};
use crate::{
    access::{Access, secrets, store::share_user},
    kernel::Result,
    platform::db::Write,
};
use chrono::{DateTime, Duration, Utc};

#[derive(Debug, PartialEq)]
enum Verdict {
    /// Its successor is to be made.
    First,
    /// Its successor is to be told again.
    Again,
    Stolen,
}

/// The outcome of a use.
enum Used {
    GoesOn { row: RefreshRow, next: String, valid_from: DateTime<Utc> },
    Stolen(RefreshRow),
    Over,
}

impl Access {
    /// The `refresh_token` grant.
    pub(in crate::access) async fn with_refresh_token(&self, token: String) -> Result<SignedIn, Denied> {
        let grace = Duration::seconds(self.refresh_reuse_seconds);
        let seconds = self.tokens.seconds;
        let used = self.db.write(move |tx| use_once(tx, &token, grace, seconds)).await?;
        match used {
            Used::GoesOn { row, next, valid_from } => {
                let of = TokenOf { user: row.user_id, session: row.session, until: row.expires_at };
                Ok(self.signed_in(&of, next, valid_from)?)
            }
            Used::Stolen(row) => {
                self.end_stolen(row.user_id, row.session).await?;
                Err(invalid())
            }
            Used::Over => Err(invalid()),
        }
    }
}

fn invalid() -> Denied {
    Denied::InvalidGrant("the refresh token is not valid")
}

/// Uses a token, and notes that an access token of so many seconds follows.
fn use_once(tx: &mut Write, token: &str, grace: Duration, seconds: i64) -> Result<Used> {
    let hash = secrets::digest(token);
    let Some((user, _)) = store::session_of(tx.conn(), &hash)? else { return Ok(Used::Over) };
    let Some((holder, valid_from)) = share_user(tx.conn(), user)? else { return Ok(Used::Over) };
    let Some(row) = store::lock_refresh(tx.conn(), &hash)? else { return Ok(Used::Over) };
    let now = tx.now();
    if holder.disabled_at.is_some() || row.revoked_at.is_some() || row.expires_at <= now {
        return Ok(Used::Over);
    }
    let told = row.successor_nonce.as_deref().map(|nonce| secrets::successor(token, nonce)).transpose()?;
    let is_followed = match &told {
        Some(next) => store::is_spent(tx.conn(), &secrets::digest(next))?,
        None => false,
    };
    let next = match (judge(now, row.used_at, is_followed, grace), told) {
        (Verdict::First, _) => {
            // A successor that is never told again need not be derived: nothing that is kept leads to it.
            let nonce = (grace > Duration::zero()).then(secrets::nonce);
            let next = match &nonce {
                Some(nonce) => secrets::successor(token, nonce)?,
                None => secrets::fresh(),
            };
            store::use_refresh(tx, &row, nonce.as_deref(), &secrets::digest(&next))?;
            next
        }
        (Verdict::Again, Some(next)) => next,
        (Verdict::Stolen, _) => return Ok(Used::Stolen(row)),
        // It was used on a server that kept no number.
        (Verdict::Again, None) => return Ok(Used::Over),
    };
    Ok(match store::go_on(tx, &row, seconds)? {
        true => Used::GoesOn { row, next, valid_from },
        false => Used::Over,
    })
}

/// Judges a refresh token that was neither revoked nor has expired. One that was used is taken again for as long as the
/// settings say, unless its successor was used: the first answer may have been lost.
fn judge(now: DateTime<Utc>, used: Option<DateTime<Utc>>, is_followed: bool, grace: Duration) -> Verdict {
    match used {
        None => Verdict::First,
        // A transaction that began before the first use, and waited for it, comes after it all the same.
        Some(used) if is_followed || used + grace <= now.max(used) => Verdict::Stolen,
        Some(_) => Verdict::Again,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refresh_token_used_again_is_a_theft_once_the_time_for_lost_answers_is_over() {
        let at = |seconds| DateTime::<Utc>::UNIX_EPOCH + Duration::seconds(seconds);
        let judge = |now, used, grace| judge(at(now), used, false, Duration::seconds(grace));
        assert_eq!(judge(5, None, 0), Verdict::First);
        assert_eq!(judge(5, Some(at(5)), 0), Verdict::Stolen);
        assert_eq!(judge(4, Some(at(5)), 0), Verdict::Stolen, "it began first and waited");
        assert_eq!(judge(4, Some(at(5)), 10), Verdict::Again);
        assert_eq!(judge(14, Some(at(5)), 10), Verdict::Again);
        assert_eq!(judge(15, Some(at(5)), 10), Verdict::Stolen);
    }

    #[test]
    fn a_refresh_token_whose_successor_was_used_is_a_theft_at_once() {
        let at = |seconds| DateTime::<Utc>::UNIX_EPOCH + Duration::seconds(seconds);
        assert_eq!(judge(at(5), Some(at(5)), true, Duration::seconds(10)), Verdict::Stolen);
    }
}
