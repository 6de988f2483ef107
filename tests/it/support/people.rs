//! People who are invited, join and sign in.
use super::{Answer, PASSWORD, Shop};
use serde_json::{Value, json};

/// Invites someone, as an admin.
pub async fn invite(shop: &Shop, email: &str, grants: Value) -> Value {
    invite_by(shop, &shop.admin, email, grants).await.ok()
}

/// Invites someone, as whoever has a token.
pub async fn invite_by(shop: &Shop, token: &str, email: &str, grants: Value) -> Answer {
    shop.post(token, "/v1/users", json!({ "email": email, "name": "Ada", "grants": grants })).await
}

/// Chooses a password by an invitation.
pub async fn accept(shop: &Shop, invited: &Value, password: &str) -> Answer {
    let body = json!({ "token": invited["invitation"]["token"], "password": password });
    shop.post("", "/v1/invitations/accept", body).await
}

/// A user who has chosen a password.
pub async fn joined(shop: &Shop, email: &str, grants: Value) -> Value {
    let invited = invite(shop, email, grants).await;
    accept(shop, &invited, PASSWORD).await.ok();
    invited
}

/// A user who has chosen a password and signed in, with their access token.
pub async fn holder(shop: &Shop, email: &str, grants: Value) -> (Value, String) {
    let user = joined(shop, email, grants).await;
    let session = sign_in(shop, email, PASSWORD).await.unwrap();
    (user, token(&session).to_owned())
}

/// Signs in; none where that is refused.
pub async fn sign_in(shop: &Shop, email: &str, password: &str) -> Option<Value> {
    let told = shop.token(&[("grant_type", "password"), ("username", email), ("password", password)]).await;
    told["access_token"].is_string().then_some(told)
}

/// Goes on with the refresh token of a session; the answer, be it a refusal.
pub async fn refresh(shop: &Shop, session: &Value) -> Value {
    let token = session["refresh_token"].as_str().unwrap();
    shop.token(&[("grant_type", "refresh_token"), ("refresh_token", token)]).await
}

/// The access token of a session.
pub fn token(signed_in: &Value) -> &str {
    signed_in["access_token"].as_str().unwrap()
}

/// The path of something of a user.
pub fn user_path(user: &Value, rest: &str) -> String {
    format!("/v1/users/{}{rest}", user["id"].as_str().unwrap())
}
