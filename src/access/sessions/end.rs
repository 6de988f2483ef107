//! The ends of sessions: by signing out (RFC 7009), by hand, one or all.
use super::store;
use crate::{
    access::{Access, secrets},
    kernel::{Actor, Error, PrincipalId, Result, SessionId, actor::Permission},
};

/// The outcome of a revocation.
#[derive(Debug, PartialEq, Eq)]
pub enum Revoked {
    /// The token does not work any more.
    Done,
    /// It is an access token of no session, which ends by itself.
    Sessionless,
    /// It is of an API key, or one itself.
    OfKey,
}

impl Access {
    /// Ends the session of a refresh token or an access token. A token that is not known is as good as revoked.
    pub(in crate::access) async fn revoke(&self, token: String) -> Result<Revoked> {
        if secrets::is_of_api_key(&token) {
            return Ok(Revoked::OfKey);
        }
        // Who signs out may have an access token that has expired: its session lives all the same.
        let told = match self.tokens.claims(&token) {
            Ok(claims) if claims.is_of_machine() => return Ok(Revoked::OfKey),
            Ok(claims) => match claims.sid {
                Some(session) => Some((claims.sub, session)),
                None => return Ok(Revoked::Sessionless),
            },
            Err(_) => None,
        };
        let ended = self.db.write(move |tx| {
            let of_token = match told {
                Some(of_token) => Some(of_token),
                None => store::session_of(tx.conn(), &secrets::digest(&token))?,
            };
            if let Some((user, session)) = of_token {
                store::end(tx, user, session)?;
            }
            Ok(of_token)
        });
        match ended.await {
            Ok(None) => {}
            Ok(Some((user, _))) => self.known.forget(user),
            // It may have been done all the same.
            Err(error) => return self.forgetting_all(Err(error)),
        }
        Ok(Revoked::Done)
    }

    /// Ends a session of a user, or all of them; one that has ended stays so.
    pub(super) async fn end_sessions(&self, user: PrincipalId, one: Option<SessionId>) -> Result<()> {
        let done = self.db.write(move |tx| {
            match one {
                None => {
                    store::require_user(tx.conn(), user)?;
                    store::end_all(tx, user)?;
                }
                Some(session) if store::is_of(tx.conn(), session, user)? => store::end(tx, user, session)?,
                Some(_) => return Err(Error::not_found("session")),
            }
            Ok(())
        });
        self.forgetting(user, done.await)
    }

    /// Ends the session of a refresh token that was stolen, also one that is not kept yet.
    pub(super) async fn end_stolen(&self, user: PrincipalId, session: SessionId) -> Result<()> {
        tracing::warn!(user.id = %user, session.id = %session, "a refresh token was used twice");
        let done = self.db.write(move |tx| Ok(store::end(tx, user, session)?));
        self.forgetting(user, done.await)
    }

    /// The same for someone who manages users.
    pub(super) async fn end_sessions_of(&self, actor: &Actor, user: PrincipalId, one: Option<SessionId>) -> Result<()> {
        actor.require_everywhere(Permission::UsersWrite)?;
        self.end_sessions(user, one).await
    }
}
