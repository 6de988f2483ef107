//! Those who give rights to others: never more than they hold, for longer, or once they are out.
use crate::support::{
    PASSWORD, Shop, answer,
    people::{accept, holder as joined, invite_by as invite, user_path as path},
};
use reqwest::Method;
use serde_json::json;

fn in_hours(shop: &Shop, hours: i64) -> String {
    (shop.clock.now() + chrono::Duration::hours(hours)).to_rfc3339()
}

#[actix_web::test]
async fn an_admin_for_a_day_makes_no_other_one_for_longer() {
    let shop = Shop::open().await;
    let for_a_day = json!([{ "role": "admin", "ends_at": in_hours(&shop, 24) }]);
    let (own, token) = joined(&shop, "day@coffret.example", for_a_day.clone()).await;
    let (other, _) = joined(&shop, "other@coffret.example", json!([{ "role": "admin" }])).await;
    let refused = invite(&shop, &token, "new@coffret.example", json!([{ "role": "admin" }])).await;
    refused.refused(403, "grant_beyond_own");
    assert_eq!(refused.body["errors"][0]["pointer"], "#/grants/0/role");
    let own_grants = path(&own, "/grants");
    let refused = shop.post(&token, &own_grants, json!({ "role": "support" })).await;
    refused.refused(403, "grant_beyond_own");
    assert_eq!(refused.body["errors"][0]["pointer"], "#/role");
    shop.post(&token, &path(&other, "/invitation"), json!({})).await.refused(403, "grant_beyond_own");
    shop.post(&shop.admin, &path(&other, "/disable"), json!({})).await.ok();
    shop.post(&token, &path(&other, "/enable"), json!({})).await.refused(403, "grant_beyond_own");
    invite(&shop, &token, "new@coffret.example", for_a_day).await.ok();
}

#[actix_web::test]
async fn invitations_of_an_admin_who_is_put_out_work_no_more() {
    let shop = Shop::open().await;
    for (n, takes_the_role) in [(1, false), (2, true)] {
        let (user, token) = joined(&shop, &format!("admin{n}@coffret.example"), json!([{ "role": "admin" }])).await;
        let kept =
            invite(&shop, &token, &format!("friend{n}@coffret.example"), json!([{ "role": "admin" }])).await.ok();
        if takes_the_role {
            let grant = format!("/grants/{}", user["grants"][0]["id"].as_str().unwrap());
            answer(shop.request(&shop.admin, Method::DELETE, &path(&user, &grant))).await.ok();
        } else {
            shop.post(&shop.admin, &path(&user, "/disable"), json!({})).await.ok();
        }
        let accepted = json!({ "token": kept["invitation"]["token"], "password": PASSWORD });
        shop.post("", "/v1/invitations/accept", accepted).await.refused(422, "invitation_invalid");
    }
}

#[actix_web::test]
async fn an_admin_who_is_put_out_gives_nothing_where_they_are_still_remembered() {
    let shop = Shop::open().await;
    let (user, token) = joined(&shop, "admin@coffret.example", json!([{ "role": "admin" }])).await;
    shop.get(&token, "/v1/me").await.ok();
    // As another server would do it: this one remembers them.
    shop.database.run(&format!("update users set disabled_at = now() where id = '{}'", user["id"].as_str().unwrap()));
    let kept = invite(&shop, &token, "friend@coffret.example", json!([{ "role": "admin" }])).await;
    kept.refused(401, "invalid_token");
}

#[actix_web::test]
async fn the_role_of_the_last_admin_stays() {
    let shop = Shop::open().await;
    let admins = shop.get(&shop.admin, "/v1/users?role=admin").await.ok();
    let rows = admins["data"].as_array().unwrap();
    let mut statuses = vec![];
    for admin in rows {
        let grant = format!("/grants/{}", admin["grants"][0]["id"].as_str().unwrap());
        let revoked = answer(shop.request(&shop.admin, Method::DELETE, &path(admin, &grant))).await;
        statuses.push((revoked.status, revoked.code().to_owned()));
    }
    assert!(statuses.contains(&(409, "last_admin".to_owned())), "{statuses:?}");
}

#[actix_web::test]
async fn a_role_is_held_for_one_season_and_another_but_not_twice_at_once() {
    let shop = Shop::open().await;
    let (user, _) = joined(&shop, "season@coffret.example", json!([])).await;
    let season = |from: i64, to: i64| {
        let (starts_at, ends_at) = (in_hours(&shop, from), in_hours(&shop, to));
        json!({ "role": "support", "starts_at": starts_at, "ends_at": ends_at })
    };
    let grants = path(&user, "/grants");
    shop.post(&shop.admin, &grants, season(10, 20)).await.ok();
    shop.post(&shop.admin, &grants, season(20, 30)).await.ok();
    shop.post(&shop.admin, &grants, season(29, 40)).await.refused(409, "grant_exists");
    shop.post(&shop.admin, &grants, json!({ "role": "support" })).await.refused(409, "grant_exists");
    let both = json!([season(50, 60), season(59, 61)]);
    let twice = invite(&shop, &shop.admin, "twice@coffret.example", both).await;
    assert_eq!((twice.status, &twice.body["errors"][0]["pointer"]), (409, &json!("#/grants/1")), "{}", twice.body);
    let instant = json!({
        "role": "analyst", "starts_at": "2050-01-01T00:00:00.0000001Z", "ends_at": "2050-01-01T00:00:00.0000002Z",
    });
    shop.post(&shop.admin, &grants, instant).await.refused(422, "invalid_body");
}

#[actix_web::test]
async fn an_invitation_gives_no_more_than_its_giver_may_give_when_it_is_accepted() {
    let shop = Shop::open_for_long().await;
    let for_a_day = json!([{ "role": "admin", "ends_at": in_hours(&shop, 24) }]);
    let (_, giver) = joined(&shop, "day@coffret.example", for_a_day).await;
    let more = invite(&shop, &giver, "more@coffret.example", json!([])).await.ok();
    let late = invite(&shop, &giver, "late@coffret.example", json!([])).await.ok();
    shop.post(&shop.admin, &path(&more, "/grants"), json!({ "role": "admin" })).await.ok();
    accept(&shop, &more, PASSWORD).await.refused(422, "invitation_invalid");
    shop.clock.advance(chrono::Duration::hours(25));
    accept(&shop, &late, PASSWORD).await.refused(422, "invitation_invalid");
    let again = shop.post(&shop.admin, &path(&late, "/invitation"), json!({})).await.ok();
    accept(&shop, &again, PASSWORD).await.ok();
}

#[actix_web::test]
async fn whoever_may_give_nothing_any_more_gets_nobodys_account_where_they_are_still_remembered() {
    let shop = Shop::open().await;
    let (user, token) =
        joined(&shop, "both@coffret.example", json!([{ "role": "admin" }, { "role": "support" }])).await;
    let (other, _) = joined(&shop, "other@coffret.example", json!([{ "role": "support" }])).await;
    shop.get(&token, "/v1/me").await.ok();
    // As another server would do it: this one remembers the role.
    let admin = user["grants"][0]["id"].as_str().unwrap();
    shop.database.run(&format!("delete from grants where id = '{admin}'"));
    shop.post(&token, &path(&other, "/invitation"), json!({})).await.refused(403, "forbidden");
    let disabled = shop.post(&shop.admin, &path(&other, "/disable"), json!({})).await.ok();
    shop.post(&token, &path(&other, "/enable"), json!({})).await.refused(403, "forbidden");
    assert_eq!(disabled["status"], "disabled");
}

#[actix_web::test]
async fn whoever_comes_back_is_given_the_role_again_from_now_on() {
    let shop = Shop::open_for_long().await;
    let (user, _) = joined(&shop, "back@coffret.example", json!([])).await;
    let grants = path(&user, "/grants");
    shop.post(&shop.admin, &grants, json!({ "role": "support", "ends_at": in_hours(&shop, 5) })).await.ok();
    shop.post(&shop.admin, &grants, json!({ "role": "support" })).await.refused(409, "grant_exists");
    shop.clock.advance(chrono::Duration::hours(6));
    let back = shop.post(&shop.admin, &grants, json!({ "role": "support" })).await.ok();
    let held = &back["grants"];
    assert_eq!(held.as_array().unwrap().len(), 2);
    assert!(held[1]["starts_at"].as_str() > held[0]["ends_at"].as_str(), "{held}");
}

#[actix_web::test]
async fn an_invitation_works_though_a_role_that_was_given_by_mistake_is_taken_away_before() {
    let shop = Shop::open().await;
    let grants = json!([{ "role": "admin" }, { "role": "support" }]);
    let invited = invite(&shop, &shop.admin, "new@coffret.example", grants).await.ok();
    let admin = format!("/grants/{}", invited["grants"][0]["id"].as_str().unwrap());
    answer(shop.request(&shop.admin, Method::DELETE, &path(&invited, &admin))).await.ok();
    accept(&shop, &invited, PASSWORD).await.ok();
}

#[actix_web::test]
async fn rights_are_changed_by_whoever_has_seen_them_as_they_are() {
    let shop = Shop::open().await;
    let (user, _) = joined(&shop, "seen@coffret.example", json!([{ "role": "support" }])).await;
    let grant = format!("/grants/{}", user["grants"][0]["id"].as_str().unwrap());
    for (method, rest, body) in [
        (Method::POST, "/grants", json!({ "role": "analyst" })),
        (Method::DELETE, grant.as_str(), json!({})),
        (Method::POST, "/disable", json!({})),
    ] {
        let call = |version: i64| {
            let request = shop.request(&shop.admin, method.clone(), &path(&user, rest)).json(&body);
            let request = request.header("Idempotency-Key", uuid::Uuid::now_v7().to_string());
            answer(request.header("If-Match", format!("\"{version}\"")))
        };
        let now = shop.get(&shop.admin, &path(&user, "")).await.ok()["version"].as_i64().unwrap();
        call(now - 1).await.refused(412, "stale_version");
        call(now).await.ok();
    }
}
