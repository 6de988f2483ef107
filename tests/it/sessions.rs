//! Sessions: listed, ended, and over at their end, whatever token one still has of them.
use crate::support::{
    PASSWORD, Shop, answer,
    people::{joined, refresh, sign_in, token, user_path as path},
};
use reqwest::{Method, header};
use serde_json::{Value, json};

const ADA: &str = "ada@coffret.example";

async fn signed_in(shop: &Shop) -> Value {
    joined(shop, ADA, json!([{ "role": "support" }])).await;
    sign_in(shop, ADA, PASSWORD).await.unwrap()
}

/// The status with which a sign-out is answered.
async fn sign_out(shop: &Shop, token: &str) -> u16 {
    answer(shop.request("", Method::POST, "/v1/oauth/revoke").form(&[("token", token)])).await.status
}

#[actix_web::test]
async fn sessions_are_seen_and_ended_one_by_one_or_all_by_their_user_and_by_admins() {
    let shop = Shop::open_for_long().await;
    let user = joined(&shop, "ada@coffret.example", json!([{ "role": "support" }])).await;
    let mut sessions = vec![];
    for _ in 0..4 {
        sessions.push(sign_in(&shop, "ada@coffret.example", PASSWORD).await.unwrap());
    }
    let own = async |n: usize, path: &str| shop.get(token(&sessions[n]), path).await;
    let seen = own(1, "/v1/me/sessions").await.ok();
    let rows = seen["data"].as_array().unwrap();
    assert_eq!(rows.iter().map(|one| &one["is_current"]).collect::<Vec<_>>(), [false, false, true, false]);
    assert_eq!(rows[0]["address"], "127.0.0.1");
    let delete = async |token: &str, path: &str| answer(shop.request(token, Method::DELETE, path)).await;
    let oldest = format!("/v1/me/sessions/{}", rows[3]["id"].as_str().unwrap());
    for _ in 0..2 {
        assert_eq!(delete(token(&sessions[1]), &oldest).await.status, 204, "once more changes nothing");
    }
    own(0, "/v1/me").await.refused(401, "invalid_token");
    assert_eq!(refresh(&shop, &sessions[0]).await["error"], "invalid_grant");
    own(1, "/v1/me").await.ok();
    let other = joined(&shop, "eve@coffret.example", json!([{ "role": "support" }])).await;
    let eve = sign_in(&shop, "eve@coffret.example", PASSWORD).await.unwrap();
    let newest = rows[0]["id"].as_str().unwrap();
    delete(token(&eve), &format!("/v1/me/sessions/{newest}")).await.refused(404, "not_found");
    delete(token(&eve), &path(&user, &format!("/sessions/{newest}"))).await.refused(403, "forbidden");
    delete(&shop.admin, &path(&other, &format!("/sessions/{newest}"))).await.refused(404, "not_found");
    assert_eq!(delete(&shop.admin, &path(&user, &format!("/sessions/{newest}"))).await.status, 204);
    own(3, "/v1/me").await.refused(401, "invalid_token");
    let left = shop.get(&shop.admin, &path(&user, "/sessions?limit=1")).await.ok();
    assert_eq!((&left["page"]["has_more"], &left["data"][0]["id"]), (&json!(true), &rows[1]["id"]));
    assert_eq!(delete(&shop.admin, &path(&user, "/sessions")).await.status, 204);
    for n in [1, 2] {
        own(n, "/v1/me").await.refused(401, "invalid_token");
    }
    assert_eq!(shop.database.count("sessions where ended_at is not null and address is not null"), 0);
    let none = shop.get(&shop.admin, &path(&user, "/sessions")).await.ok();
    assert_eq!(none["data"], json!([]));
    assert!(sign_in(&shop, "ada@coffret.example", PASSWORD).await.is_some());
}

#[actix_web::test]
async fn who_signs_out_with_an_access_token_that_has_expired_is_out() {
    let shop = Shop::open().await;
    let session = signed_in(&shop).await;
    shop.clock.advance(chrono::Duration::minutes(20));
    shop.get(token(&session), "/v1/me").await.refused(401, "invalid_token");
    assert_eq!(sign_out(&shop, token(&session)).await, 200);
    assert_eq!(refresh(&shop, &session).await["error"], "invalid_grant");
    assert_eq!(sign_out(&shop, "unknown").await, 200);
}

#[actix_web::test]
async fn an_access_token_ends_with_its_session_and_the_list_forgets_it_then() {
    let shop = Shop::open_with(&[("COFFRET_ACCESS__REFRESH_TOKEN_SECONDS", "3600")]).await;
    let session = signed_in(&shop).await;
    shop.clock.advance(chrono::Duration::seconds(3_500));
    let last = refresh(&shop, &session).await;
    assert!(last["expires_in"].as_i64().unwrap() <= 100, "{last}");
    let listed = shop.get(token(&last), "/v1/me/sessions").await.ok();
    assert_eq!(listed["data"].as_array().unwrap().len(), 1);
    // Clocks of servers may differ by half a minute.
    shop.clock.advance(chrono::Duration::seconds(140));
    shop.get(token(&last), "/v1/me").await.refused(401, "invalid_token");
    assert_eq!(refresh(&shop, &last).await["error"], "invalid_grant");
    let next = sign_in(&shop, ADA, PASSWORD).await.unwrap();
    let listed = shop.get(token(&next), "/v1/me/sessions").await.ok();
    assert_eq!(listed["data"].as_array().unwrap().len(), 1, "that of now alone: {listed}");
}

#[actix_web::test]
async fn a_refresh_token_used_twice_ends_also_a_session_that_a_server_of_before_began() {
    let shop = Shop::open().await;
    let session = signed_in(&shop).await;
    let successor = refresh(&shop, &session).await;
    shop.database.run("delete from sessions");
    assert_eq!(refresh(&shop, &session).await["error"], "invalid_grant");
    assert_eq!(refresh(&shop, &successor).await["error"], "invalid_grant");
}

#[actix_web::test]
async fn a_session_that_a_server_of_before_began_is_kept_from_its_next_refresh_on() {
    let shop = Shop::open().await;
    let session = signed_in(&shop).await;
    shop.database.run("delete from sessions");
    let next = refresh(&shop, &session).await;
    let listed = shop.get(token(&next), "/v1/me/sessions").await.ok();
    assert_eq!(listed["data"][0]["is_current"], true, "{listed}");
}

#[actix_web::test]
async fn a_session_that_ended_is_over_on_a_server_whose_tokens_live_for_a_shorter_time() {
    let shop = Shop::open_for_long().await;
    let session = signed_in(&shop).await;
    assert_eq!(sign_out(&shop, token(&session)).await, 200);
    shop.clock.advance(chrono::Duration::hours(2));
    let (second, _other) = shop.second(&[("COFFRET_ACCESS__ACCESS_TOKEN_SECONDS", "60")]);
    let there = shop.http.get(format!("{second}/v1/me")).bearer_auth(token(&session));
    answer(there).await.refused(401, "invalid_token");
}

#[actix_web::test]
async fn the_token_endpoint_takes_an_empty_parameter_for_one_that_is_missing() {
    let shop = Shop::open().await;
    for form in [[("grant_type", ""), ("refresh_token", "x")], [("grant_type", "refresh_token"), ("refresh_token", "")]]
    {
        let sent = shop.request("", Method::POST, "/v1/oauth/token").form(&form).send().await.unwrap();
        assert_eq!(sent.headers()[header::PRAGMA], "no-cache");
        assert_eq!(sent.headers()[header::CACHE_CONTROL], "no-store");
        assert_eq!(sent.json::<Value>().await.unwrap()["error"], "invalid_request");
    }
}
