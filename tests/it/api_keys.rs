//! API keys: programs that act with permissions at places, for one channel, until they are ended.
use crate::{
    roles::location_group,
    support::{Answer, Shop, all_at_once, answer, home, order_body, papers::unique, people},
    tills::sale,
};
use reqwest::Method;
use serde_json::{Value, json};

const TILL: [&str; 5] = ["inventory:read", "orders:read", "orders:place", "orders:pay", "orders:fulfill"];

/// A key that may be made, everywhere.
pub fn new_key(permissions: &[&str]) -> Value {
    json!({ "name": format!("Key {}", unique()), "permissions": permissions, "is_everywhere": true })
}

/// A key that was just made, as the answer tells it.
pub async fn made(shop: &Shop, body: Value) -> Value {
    shop.post(&shop.admin, "/v1/api-keys", body).await.ok()
}

/// The path of something of a key.
pub fn key_path(key: &Value, rest: &str) -> String {
    format!("/v1/api-keys/{}{rest}", key["id"].as_str().unwrap())
}

/// The secret of a key that was just made.
pub fn secret(key: &Value) -> &str {
    key["secret"].as_str().unwrap()
}

async fn end_secret(shop: &Shop, key: &Value, nth: usize) -> Answer {
    let path = key_path(key, &format!("/secrets/{}", key["secrets"][nth]["id"].as_str().unwrap()));
    answer(shop.request(&shop.admin, Method::DELETE, &path)).await
}

fn at(location: &str, permissions: &[&str]) -> Value {
    json!({ "name": format!("Key {}", unique()), "permissions": permissions, "location_ids": [location] })
}

#[actix_web::test]
async fn a_key_acts_at_its_locations_with_its_permissions_alone() {
    let shop = Shop::open().await;
    let (paris, lyon) = (shop.stocked("PARIS", "LIP-1", 10).await, shop.location("LYON", 2).await);
    let key = made(&shop, at(&paris, &["inventory:read", "orders:read", "orders:place"])).await;
    assert_eq!((&key["status"], &key["is_everywhere"], &key["version"]), (&json!("active"), &json!(false), &json!(1)));
    let order = shop.post(secret(&key), "/v1/orders", order_body(&paris, "LIP-1", 1)).await.ok();
    shop.post(secret(&key), "/v1/orders", order_body(&lyon, "LIP-1", 1)).await.refused(404, "not_found");
    let path = format!("/v1/orders/{}/cancel", order["id"].as_str().unwrap());
    shop.post(secret(&key), &path, json!({})).await.refused(403, "forbidden");
    shop.get(secret(&key), &format!("/v1/orders/{}", order["id"].as_str().unwrap())).await.ok();
    let own = shop.get(secret(&key), "/v1/me/api-key").await.ok();
    assert_eq!((&own["id"], &own["location_ids"]), (&key["id"], &json!([paris])));
    assert_eq!(own["secret"], Value::Null, "it is told once");
    shop.get(secret(&key), "/v1/me").await.refused(404, "not_found");
    shop.get(&shop.admin, "/v1/me/api-key").await.refused(404, "not_found");
    let query = "query($id: ID!) { order(id: $id) { timeline { actorId } } }";
    let shown = shop.graphql(&shop.admin, query, json!({ "id": order["id"] })).await;
    assert!(shown.to_string().contains(key["id"].as_str().unwrap()), "what it did stands under it: {shown}");
}

#[actix_web::test]
async fn a_key_of_a_channel_sells_through_no_other() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 100).await;
    let of = |channel: &str| {
        let mut body = at(&paris, &TILL);
        body["channel"] = json!(channel);
        body
    };
    let (till, site) = (made(&shop, of("pos")).await, made(&shop, of("web")).await);
    let mut web = order_body(&paris, "LIP-1", 1);
    (web["channel"], web["customer"]) = (json!("web"), home());
    shop.post(secret(&till), "/v1/pos/sales", sale(&shop, &paris, "LIP-1", 1, 0)).await.ok();
    for path in ["/v1/orders", "/v1/carts/price"] {
        shop.post(secret(&till), path, web.clone()).await.refused(403, "channel_not_allowed");
        shop.post(secret(&site), path, web.clone()).await.ok();
        shop.post(secret(&site), path, order_body(&paris, "LIP-1", 1)).await.refused(403, "channel_not_allowed");
    }
    let refused = shop.post(secret(&site), "/v1/pos/sales", sale(&shop, &paris, "LIP-1", 1, 0)).await;
    refused.refused(403, "channel_not_allowed");
    let sales = json!({ "sales": [sale(&shop, &paris, "LIP-1", 1, 0)] });
    shop.post(secret(&site), "/v1/pos/sync", sales).await.refused(403, "channel_not_allowed");
    let order = shop.post(secret(&site), "/v1/orders", web).await.ok();
    let path = format!("/v1/orders/{}", order["id"].as_str().unwrap());
    let more = json!({ "lines": [{ "sku": "LIP-1", "quantity": 2 }] });
    shop.patch(secret(&till), &path, more.clone(), Some(1)).await.refused(403, "channel_not_allowed");
    let other = json!({ "customer": home() });
    shop.patch(secret(&till), &path, other, Some(1)).await.refused(403, "channel_not_allowed");
    shop.patch(secret(&site), &path, more, Some(1)).await.ok();
}

#[actix_web::test]
async fn a_till_that_lacks_permissions_is_told_all_of_them() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let key = made(&shop, at(&paris, &["orders:read", "orders:place"])).await;
    let refused = shop.post(secret(&key), "/v1/pos/sales", sale(&shop, &paris, "LIP-1", 1, 0)).await;
    refused.refused(403, "forbidden");
    let said = refused.body["detail"].as_str().unwrap();
    assert!(said.contains("orders:pay") && said.contains("orders:fulfill"), "{said}");
}

#[actix_web::test]
async fn a_secret_is_told_once_and_to_a_retry_and_kept_nowhere() {
    let shop = Shop::open().await;
    let body = new_key(&["orders:read"]);
    let first = shop.post_as(&shop.admin, "/v1/api-keys", body.clone(), "once").await.ok();
    let again = shop.post_as(&shop.admin, "/v1/api-keys", body, "once").await;
    assert_eq!((again.header("idempotent-replayed"), &again.body["secret"]), ("true", &first["secret"]));
    assert_eq!(shop.database.count("api_keys"), 1);
    let shown = shop.get(&shop.admin, &key_path(&first, "")).await.ok();
    assert_eq!(shown["secret"], Value::Null);
    let prefix = shown["secrets"][0]["prefix"].as_str().unwrap();
    assert!(prefix.len() == 12 && secret(&first).starts_with(prefix));
    // The second half of the secret stands in no row: the prefix is there alone.
    let half = &secret(&first)[20..40];
    for table in ["api_keys", "api_key_secrets", "idempotency_keys", "outbox_events"] {
        assert_eq!(shop.database.count(&format!("{table} as t where t::text like '%{half}%'")), 0, "{table}");
    }
    let invited = json!({ "email": "eve@coffret.example", "name": "Eve", "grants": [] });
    let user = shop.post_as(&shop.admin, "/v1/users", invited.clone(), "twice").await.ok();
    let again = shop.post_as(&shop.admin, "/v1/users", invited, "twice").await.ok();
    assert_eq!(user["invitation"]["token"], again["invitation"]["token"]);
    people::accept(&shop, &again, crate::support::PASSWORD).await.ok();
}

#[actix_web::test]
async fn a_key_is_rotated_without_a_failed_request_and_never_loses_a_secret_unasked() {
    let shop = Shop::open_for_long().await;
    let key = made(&shop, new_key(&["catalog:read"])).await;
    let opens = async |secret: &str| shop.get(secret, "/v1/me/api-key").await;
    end_secret(&shop, &key, 0).await.refused(409, "api_key_secrets");
    let rotated = shop.post(&shop.admin, &key_path(&key, "/rotate"), json!({})).await.ok();
    assert_eq!((rotated["secrets"].as_array().unwrap().len(), &rotated["version"]), (2, &json!(2)));
    for secret in [secret(&key), secret(&rotated)] {
        opens(secret).await.ok();
    }
    let third = shop.post(&shop.admin, &key_path(&key, "/rotate"), json!({})).await;
    third.refused(409, "api_key_secrets");
    opens(secret(&key)).await.ok();
    let left = end_secret(&shop, &rotated, 0).await.ok();
    assert_eq!(left["secrets"].as_array().unwrap().len(), 1);
    assert_eq!(left["secrets"][0]["id"], rotated["secrets"][1]["id"]);
    opens(secret(&key)).await.refused(401, "invalid_token");
    opens(secret(&rotated)).await.ok();
    end_secret(&shop, &rotated, 0).await.refused(404, "not_found");

    let hour = json!({ "old_secret_seconds": 3600 });
    let next = shop.post(&shop.admin, &key_path(&key, "/rotate"), hour).await.ok();
    end_secret(&shop, &next, 1).await.refused(409, "api_key_secrets");
    shop.clock.advance(chrono::Duration::seconds(3599));
    opens(secret(&rotated)).await.ok();
    shop.clock.advance(chrono::Duration::seconds(1));
    opens(secret(&rotated)).await.refused(401, "invalid_token");
    opens(secret(&next)).await.ok();
    let wrong = json!({ "old_secret_seconds": -1 });
    shop.post(&shop.admin, &key_path(&key, "/rotate"), wrong).await.refused(422, "invalid_body");
}

#[actix_web::test]
async fn of_many_rotations_at_once_one_is_made() {
    let shop = std::rc::Rc::new(Shop::open().await);
    let key = made(&shop, new_key(&["catalog:read"])).await;
    let path = key_path(&key, "/rotate");
    let statuses = all_at_once(|_| {
        let (shop, path) = (shop.clone(), path.clone());
        async move { shop.post(&shop.admin, &path, json!({})).await.status }
    })
    .await;
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
    assert!(statuses.iter().all(|status| [201, 409].contains(status)), "{statuses:?}");
    assert_eq!(shop.database.count("api_key_secrets"), 2);
}

#[actix_web::test]
async fn a_revoked_key_opens_nothing_here_at_once_and_soon_on_other_servers() {
    let shop = Shop::open().await;
    let (second, _other) = shop.second(&[("COFFRET_ACCESS__GRANTS_CACHE_MS", "50")]);
    let key = made(&shop, new_key(&["catalog:read"])).await;
    let there = async || answer(shop.http.get(format!("{second}/v1/me/api-key")).bearer_auth(secret(&key))).await;
    shop.get(secret(&key), "/v1/me/api-key").await.ok();
    there().await.ok();
    let revoked = shop.post(&shop.admin, &key_path(&key, "/revoke"), json!({})).await.ok();
    assert_eq!((&revoked["status"], &revoked["secrets"]), (&json!("revoked"), &json!([])));
    assert!(revoked["revoked_by"].is_string() && revoked["last_used_at"].is_string(), "{revoked}");
    shop.get(secret(&key), "/v1/me/api-key").await.refused(401, "invalid_token");
    let mut status = 200;
    // Requests alone pass the time for which the other server remembers the key.
    for _ in 0..20_000 {
        status = there().await.status;
        if status != 200 {
            break;
        }
    }
    assert_eq!(status, 401);
    let again = shop.post(&shop.admin, &key_path(&key, "/revoke"), json!({})).await.ok();
    assert_eq!(again, revoked, "once more changes nothing");
    shop.post(&shop.admin, &key_path(&key, "/rotate"), json!({})).await.refused(409, "api_key_revoked");
    let renamed = shop.patch(&shop.admin, &key_path(&key, ""), json!({ "name": "Other" }), Some(2)).await;
    renamed.refused(409, "api_key_revoked");
}

#[actix_web::test]
async fn nobody_gives_a_key_more_than_they_hold_or_rights_over_people() {
    let shop = Shop::open().await;
    let (paris, lyon) = (shop.location("PARIS", 1).await, shop.location("LYON", 2).await);
    let lead = json!({ "code": "people_lead", "name": "Lead", "permissions": ["users:read", "users:write"] });
    shop.post(&shop.admin, "/v1/roles", lead).await.ok();
    let grants = json!([{ "role": "people_lead" }, { "role": "cashier", "location_id": paris }]);
    let (_, token) = people::holder(&shop, "ada@coffret.example", grants).await;
    let make = async |body: Value| shop.post(&token, "/v1/api-keys", body).await;
    make(at(&paris, &["orders:place"])).await.ok();
    make(at(&lyon, &["orders:place"])).await.refused(403, "grant_beyond_own");
    make(at(&paris, &["orders:settle"])).await.refused(403, "grant_beyond_own");
    make(new_key(&["orders:place"])).await.refused(403, "grant_beyond_own");
    let mut wrong = at(&uuid::Uuid::now_v7().to_string(), &["users:read", "orders:read", "prices:write"]);
    wrong["expires_at"] = json!("2020-01-01T00:00:00Z");
    let refused = shop.post(&shop.admin, "/v1/api-keys", wrong).await;
    let pointers: Vec<_> = refused.body["errors"].as_array().unwrap().iter().map(|of| &of["pointer"]).collect();
    assert_eq!(pointers, ["#/permissions/0", "#/expires_at", "#/location_ids/0"], "{}", refused.body);
    assert_eq!(shop.database.count("api_keys"), 1);
    // Nor do they widen one, or get the secret of one that may do more.
    let great = made(&shop, new_key(&["orders:place"])).await;
    shop.post(&token, &key_path(&great, "/rotate"), json!({})).await.refused(403, "grant_beyond_own");
    let longer = json!({ "expires_at": null });
    shop.patch(&token, &key_path(&great, ""), longer, Some(1)).await.refused(403, "grant_beyond_own");
    shop.post(&token, &key_path(&great, "/revoke"), json!({})).await.ok();
    for body in [
        json!({ "name": "K", "permissions": ["orders:read"] }),
        json!({ "name": "K", "permissions": ["orders:read"], "is_everywhere": true, "location_ids": [paris] }),
        json!({ "name": "K", "permissions": [], "is_everywhere": true }),
        json!({ "name": "K", "permissions": ["orders:fly"], "is_everywhere": true }),
    ] {
        shop.post(&shop.admin, "/v1/api-keys", body.clone()).await.refused(422, "invalid_body");
    }
    let none = made(&shop, new_key(&["orders:read"])).await;
    shop.get(secret(&none), "/v1/api-keys").await.refused(403, "forbidden");
}

#[actix_web::test]
async fn a_key_ends_at_its_end_and_works_again_when_that_is_moved() {
    let shop = Shop::open_for_long().await;
    let mut body = new_key(&["catalog:read"]);
    body["expires_at"] = json!((shop.clock.now() + chrono::Duration::hours(1)).to_rfc3339());
    let key = made(&shop, body).await;
    shop.get(secret(&key), "/v1/me/api-key").await.ok();
    shop.clock.advance(chrono::Duration::hours(1));
    shop.get(secret(&key), "/v1/me/api-key").await.refused(401, "invalid_token");
    let expired = shop.get(&shop.admin, "/v1/api-keys?status=expired").await.ok();
    assert_eq!((&expired["data"][0]["id"], &expired["data"][0]["status"]), (&key["id"], &json!("expired")));
    shop.post(&shop.admin, &key_path(&key, "/rotate"), json!({})).await.refused(409, "api_key_secrets");
    let never = json!({ "expires_at": null });
    shop.patch(&shop.admin, &key_path(&key, ""), never.clone(), None).await.refused(428, "precondition_required");
    let changed = shop.patch(&shop.admin, &key_path(&key, ""), never.clone(), Some(1)).await.ok();
    assert_eq!((&changed["status"], &changed["expires_at"]), (&json!("active"), &Value::Null));
    shop.patch(&shop.admin, &key_path(&key, ""), never, Some(1)).await.refused(412, "stale_version");
    shop.get(secret(&key), "/v1/me/api-key").await.ok();
    let less = json!({ "permissions": ["orders:read"], "name": "Reader" });
    let changed = shop.patch(&shop.admin, &key_path(&key, ""), less, Some(2)).await.ok();
    assert_eq!((&changed["name"], &changed["permissions"]), (&json!("Reader"), &json!(["orders:read"])));
    shop.get(secret(&key), "/v1/products/none").await.refused(403, "forbidden");
    shop.patch(&shop.admin, &key_path(&key, ""), json!({}), Some(3)).await.refused(422, "invalid_body");
}

#[actix_web::test]
async fn a_key_of_a_group_follows_its_locations_and_keeps_the_group() {
    let shop = Shop::open().await;
    let (paris, lyon) = (shop.location("PARIS", 1).await, shop.location("LYON", 2).await);
    let group = shop.post(&shop.admin, "/v1/location-groups", location_group(&[&paris])).await.ok();
    let path = format!("/v1/location-groups/{}", group["id"].as_str().unwrap());
    let body = json!({ "name": "Region", "permissions": ["inventory:read"], "location_group_id": group["id"] });
    let key = made(&shop, body).await;
    let sees = async |location: &str| shop.get(secret(&key), &format!("/v1/locations/{location}")).await.status;
    assert_eq!((sees(&paris).await, sees(&lyon).await), (200, 404));
    let listed = async |location: &str| {
        let listed = shop.get(&shop.admin, &format!("/v1/api-keys?location_id={location}")).await.ok();
        listed["data"].as_array().unwrap().len()
    };
    assert_eq!((listed(&paris).await, listed(&lyon).await), (1, 0));
    // Whoever lacks what keys have there does not widen the group.
    let lead = json!({ "code": "group_lead", "name": "Lead", "permissions": ["users:read", "users:write"] });
    shop.post(&shop.admin, "/v1/roles", lead).await.ok();
    let (_, token) = people::holder(&shop, "eve@coffret.example", json!([{ "role": "group_lead" }])).await;
    let both = json!({ "location_ids": [paris, lyon] });
    shop.patch(&token, &path, both.clone(), Some(1)).await.refused(403, "grant_beyond_own");
    shop.patch(&shop.admin, &path, both, Some(1)).await.ok();
    assert_eq!((sees(&paris).await, sees(&lyon).await), (200, 200));
    answer(shop.request(&shop.admin, Method::DELETE, &path)).await.refused(409, "location_group_in_use");
}

#[actix_web::test]
async fn what_is_no_secret_of_a_key_opens_nothing_and_says_why() {
    let shop = Shop::open().await;
    let key = made(&shop, new_key(&["catalog:read"])).await;
    let whole = secret(&key);
    let unknown = "cfk_000000000000000000000000000000000000000000000000";
    let unknown = format!("{unknown}{}", &hex_of_sha256(unknown)[..8]);
    for (sent, said) in [(&whole[..59], "mistyped"), ("cfk_", "mistyped"), (unknown.as_str(), "no API key")] {
        let refused = shop.get(sent, "/v1/me/api-key").await;
        refused.refused(401, "invalid_token");
        assert!(refused.body["detail"].as_str().unwrap().contains(said), "{sent}: {}", refused.body);
    }
    shop.get(&whole.to_uppercase(), "/v1/me/api-key").await.refused(401, "invalid_token");
}

fn hex_of_sha256(text: &str) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[actix_web::test]
async fn keys_are_found_by_what_people_have_of_them_with_their_last_use() {
    let shop = Shop::open().await;
    let paris = shop.location("PARIS", 1).await;
    let mut till = at(&paris, &["orders:read"]);
    till["channel"] = json!("pos");
    let (till, other) = (made(&shop, till).await, made(&shop, new_key(&["catalog:read"])).await);
    let listed = async |query: &str| {
        let listed = shop.get(&shop.admin, &format!("/v1/api-keys?{query}")).await.ok();
        let rows = listed["data"].as_array().unwrap().clone();
        rows.iter().map(|row| row["id"].clone()).collect::<Vec<_>>()
    };
    let prefix = till["secrets"][0]["prefix"].as_str().unwrap();
    assert_eq!(listed(&format!("text={prefix}")).await, [till["id"].clone()]);
    assert_eq!(listed("channel=pos").await, [till["id"].clone()]);
    assert_eq!(listed(&format!("location_id={paris}")).await, [other["id"].clone(), till["id"].clone()]);
    assert_eq!(listed("status=revoked").await, Vec::<Value>::new());
    let page = shop.get(&shop.admin, "/v1/api-keys?limit=1").await.ok();
    assert_eq!((&page["data"][0]["id"], &page["page"]["has_more"]), (&other["id"], &json!(true)));
    assert_eq!(shop.get(&shop.admin, &key_path(&till, "")).await.ok()["last_used_at"], Value::Null);
    shop.get(secret(&till), "/v1/me/api-key").await.ok();
    let shown = shop.get(&shop.admin, &key_path(&till, "")).await.ok();
    assert!(shown["last_used_at"].is_string() && shown["secrets"][0]["last_used_at"].is_string(), "{shown}");
    assert_eq!(shown["version"], json!(1), "use is no change");
    shop.get(&shop.sign_in("store_manager", None).await, "/v1/api-keys").await.refused(403, "forbidden");
}
