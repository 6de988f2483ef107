//! Programs that sign in with an API key (RFC 6749 §4.4), and tokens that are looked at (RFC 7662).
use crate::{
    api_keys::{key_path, made, new_key, secret},
    support::{
        Answer, PASSWORD, Shop, answer,
        people::{joined, sign_in, token},
    },
};
use reqwest::Method;
use serde_json::{Value, json};

async fn asked(shop: &Shop, basic: Option<(&str, &str)>, more: &[(&str, &str)]) -> Answer {
    let form = [&[("grant_type", "client_credentials")], more].concat();
    let request = shop.request("", Method::POST, "/v1/oauth/token").form(&form);
    answer(match basic {
        Some((id, secret)) => request.basic_auth(id, Some(secret)),
        None => request,
    })
    .await
}

async fn introspected(shop: &Shop, by: &str, token: &str) -> Answer {
    answer(shop.request(by, Method::POST, "/v1/oauth/introspect").form(&[("token", token)])).await
}

fn id(key: &Value) -> &str {
    key["id"].as_str().unwrap()
}

#[actix_web::test]
async fn a_program_gets_access_tokens_with_its_key_in_a_header_or_in_the_form() {
    let shop = Shop::open().await;
    let key = made(&shop, new_key(&["catalog:read"])).await;
    let by_header = asked(&shop, Some((id(&key), secret(&key))), &[]).await;
    assert_eq!(by_header.header("cache-control"), "no-store");
    let by_form = asked(&shop, None, &[("client_id", id(&key)), ("client_secret", secret(&key))]).await;
    for given in [by_header.ok(), by_form.ok()] {
        assert_eq!((&given["token_type"], given.get("refresh_token")), (&json!("Bearer"), None));
        assert_eq!(shop.get(token(&given), "/v1/me/api-key").await.ok()["id"], key["id"]);
        shop.get(token(&given), "/v1/orders/none").await.refused(403, "forbidden");
    }
}

#[actix_web::test]
async fn who_is_not_the_program_it_says_gets_no_token() {
    let shop = Shop::open().await;
    let (key, other) = (made(&shop, new_key(&["catalog:read"])).await, made(&shop, new_key(&["catalog:read"])).await);
    for (name, password) in [(id(&key), secret(&other)), (id(&key), "wrong"), ("none", secret(&key))] {
        let refused = asked(&shop, Some((name, password)), &[]).await;
        assert_eq!((refused.status, &refused.body["error"]), (401, &json!("invalid_client")));
        assert!(refused.header("www-authenticate").starts_with("Basic"));
    }
    let form = [("client_id", id(&key)), ("client_secret", secret(&key))];
    for refused in [
        asked(&shop, None, &[]).await,
        asked(&shop, None, &form[..1]).await,
        asked(&shop, Some((id(&key), secret(&key))), &form).await,
        asked(&shop, Some((id(&key), secret(&key))), &[("client_id", id(&other))]).await,
    ] {
        assert_eq!((refused.status, &refused.body["error"]), (400, &json!("invalid_request")));
    }
    shop.post(&shop.admin, &key_path(&key, "/revoke"), json!({})).await.ok();
    assert_eq!(asked(&shop, Some((id(&key), secret(&key))), &[]).await.status, 401);
}

#[actix_web::test]
async fn an_access_token_of_a_key_ends_with_its_secret_and_no_later_than_the_key() {
    let shop = Shop::open_for_long().await;
    let mut body = new_key(&["catalog:read"]);
    body["expires_at"] = json!((shop.clock.now() + chrono::Duration::seconds(90)).to_rfc3339());
    let key = made(&shop, body).await;
    let old = asked(&shop, Some((id(&key), secret(&key))), &[]).await.ok();
    assert!((80..=90).contains(&old["expires_in"].as_i64().unwrap()), "{old}");
    let rotated = shop.post(&shop.admin, &key_path(&key, "/rotate"), json!({})).await.ok();
    let new = asked(&shop, Some((id(&key), secret(&rotated))), &[]).await.ok();
    let first = format!("/secrets/{}", rotated["secrets"][0]["id"].as_str().unwrap());
    answer(shop.request(&shop.admin, Method::DELETE, &key_path(&key, &first))).await.ok();
    shop.get(token(&old), "/v1/me/api-key").await.refused(401, "invalid_token");
    shop.get(token(&new), "/v1/me/api-key").await.ok();
    // A key and its tokens are not ended by whoever has them: that would be told as done.
    for sent in [token(&new), secret(&rotated)] {
        let refused = answer(shop.request("", Method::POST, "/v1/oauth/revoke").form(&[("token", sent)])).await;
        assert_eq!((refused.status, &refused.body["error"]), (400, &json!("unsupported_token_type")));
    }
    shop.get(token(&new), "/v1/me/api-key").await.ok();
    shop.clock.advance(chrono::Duration::seconds(90));
    shop.get(token(&new), "/v1/me/api-key").await.refused(401, "invalid_token");
}

#[actix_web::test]
async fn whoever_is_signed_in_learns_if_a_token_works_and_nothing_of_one_that_does_not() {
    let shop = Shop::open().await;
    let key = made(&shop, new_key(&["orders:read", "catalog:read"])).await;
    let given = asked(&shop, Some((id(&key), secret(&key))), &[]).await.ok();
    let user = joined(&shop, "ada@coffret.example", json!([{ "role": "support" }])).await;
    let session = sign_in(&shop, "ada@coffret.example", PASSWORD).await.unwrap();
    introspected(&shop, "", token(&session)).await.refused(401, "unauthenticated");
    let of = async |token: &str| introspected(&shop, secret(&key), token).await.ok();
    let told = of(token(&session)).await;
    assert_eq!((&told["active"], &told["sub"], &told["client_id"]), (&json!(true), &user["id"], &json!("coffret")));
    assert!(told["exp"].as_i64() > told["iat"].as_i64() && told["scope"].as_str().unwrap().contains("orders:cancel"));
    for token in [token(&given), secret(&key)] {
        let told = of(token).await;
        assert_eq!((&told["sub"], &told["client_id"]), (&key["id"], &key["id"]));
        assert_eq!((&told["scope"], &told["token_type"]), (&json!("catalog:read orders:read"), &json!("Bearer")));
    }
    let refresh = session["refresh_token"].as_str().unwrap();
    assert_eq!(of(refresh).await["token_type"], json!("refresh_token"));
    let path = format!("/v1/users/{}/disable", user["id"].as_str().unwrap());
    shop.post(&shop.admin, &path, json!({})).await.ok();
    for ended in [token(&session), refresh, "nonsense", "cfk_nonsense"] {
        assert_eq!(of(ended).await, json!({ "active": false }), "{ended}");
    }
    let empty = answer(shop.request(secret(&key), Method::POST, "/v1/oauth/introspect").form(&[("token", "")])).await;
    assert_eq!((empty.status, &empty.body["error"]), (400, &json!("invalid_request")));
}

#[actix_web::test]
async fn the_metadata_of_the_server_names_all_that_it_grants() {
    let shop = Shop::open().await;
    let told = shop.get("", "/.well-known/oauth-authorization-server").await.ok();
    assert_eq!(told["grant_types_supported"], json!(["password", "refresh_token", "client_credentials"]));
    assert!(told["introspection_endpoint"].as_str().unwrap().ends_with("/v1/oauth/introspect"));
    let wrong = shop.token(&[("grant_type", "implicit")]).await;
    assert_eq!(wrong["error"], "unsupported_grant_type");
}
