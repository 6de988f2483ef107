//! The state of a token, for whoever has it (RFC 7662).
use super::{Access, secrets, sessions::store::live_refresh};
use crate::kernel::{
    Actor, Code, PrincipalId, Result,
    actor::{Permission, Permissions},
};
use serde::Serialize;
use utoipa::ToSchema;

/// The state of a token.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct Introspection {
    /// True if it works now.
    active: bool,
    /// The permissions that it gives at one location at least, with blanks between them; `GET /v1/me` tells where.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "orders:read orders:place")]
    scope: Option<String>,
    /// The user, or the API key.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    sub: Option<PrincipalId>,
    /// The API key, or `coffret` for users.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    client_id: Option<String>,
    /// The kind: `Bearer` of what is sent with requests, `refresh_token` of the other.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    token_type: Option<&'static str>,
    /// The moment at which it ends, in seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    exp: Option<i64>,
    /// The moment at which it was issued, in seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    iat: Option<i64>,
}

/// The permissions that someone holds anywhere.
fn scope(actor: &Actor) -> String {
    let held: Permissions = actor.grants.iter().flat_map(|grant| grant.permissions.iter()).collect();
    held.iter().map(Permission::as_str).collect::<Vec<_>>().join(" ")
}

impl Access {
    /// The state of an access token, of a refresh token or of an API key's secret.
    pub(super) async fn introspect(&self, token: &str) -> Result<Introspection> {
        let actor = match self.actor_of(token).await {
            Ok(actor) => actor,
            Err(error) if error.code() == Code::InvalidToken => return self.introspect_refresh(token).await,
            Err(error) => return Err(error),
        };
        let told = Introspection {
            active: true,
            scope: Some(scope(&actor)),
            sub: Some(actor.id),
            token_type: Some("Bearer"),
            ..Introspection::default()
        };
        if secrets::is_of_api_key(token) {
            return Ok(Introspection { client_id: Some(actor.id.to_string()), ..told });
        }
        let claims = self.tokens.claims(token)?;
        Ok(Introspection { client_id: Some(claims.client_id), exp: Some(claims.exp), iat: Some(claims.iat), ..told })
    }

    async fn introspect_refresh(&self, token: &str) -> Result<Introspection> {
        let (digest, now) = (secrets::digest(token), self.db.clock().now());
        let found = self.db.read(move |db| Ok(live_refresh(db.conn(), &digest, now)?)).await?;
        Ok(found.map_or_else(Introspection::default, |of| Introspection {
            active: true,
            sub: Some(of.user_id),
            token_type: Some("refresh_token"),
            exp: Some(of.expires_at.timestamp()),
            iat: Some(of.created_at.timestamp()),
            ..Introspection::default()
        }))
    }
}
