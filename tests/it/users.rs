//! Users: who invites whom to what, how they come in, and that whoever is put out is out everywhere.
use crate::support::{
    PASSWORD, Shop, all_at_once, answer,
    people::{accept, invite, joined, sign_in, token, user_path as path},
};
use reqwest::Method;
use serde_json::json;
use std::rc::Rc;

#[actix_web::test]
async fn someone_who_is_invited_chooses_a_password_once_and_sees_what_they_may_do() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 5).await;
    let invited = invite(&shop, "Ada@coffret.example", json!([{ "role": "cashier", "location_id": paris }])).await;
    assert_eq!((&invited["status"], &invited["version"]), (&json!("invited"), &json!(1)));
    assert!(sign_in(&shop, "ada@coffret.example", "").await.is_none());
    accept(&shop, &invited, "short").await.refused(422, "invalid_body");
    let accepted = accept(&shop, &invited, "a long sentence").await.ok();
    assert_eq!(accepted["email"], "Ada@coffret.example");
    accept(&shop, &invited, "another sentence").await.refused(422, "invitation_invalid");
    let stale = shop.patch(&shop.admin, &path(&invited, ""), json!({ "name": "Eve" }), Some(1)).await;
    stale.refused(412, "stale_version");
    let till = sign_in(&shop, "ada@coffret.example", "a long sentence").await.unwrap();
    let me = shop.get(token(&till), "/v1/me").await.ok();
    assert_eq!(
        (&me["id"], &me["status"], &me["grants"][0]["role"]),
        (&invited["id"], &json!("active"), &json!("cashier"))
    );
    let placing = json!({ "permission": "orders:place", "location_ids": [paris] });
    assert!(me["permissions"].as_array().unwrap().contains(&placing), "{me}");
    shop.get(token(&till), "/v1/users").await.refused(403, "forbidden");
    shop.get("", "/v1/me").await.refused(401, "unauthenticated");
}

#[actix_web::test]
async fn a_wrong_invitation_is_refused_with_every_fault() {
    let shop = Shop::open().await;
    let paris = shop.location("PARIS", 100).await;
    let grants = json!([
        { "role": "cashier", "location_id": uuid::Uuid::now_v7() },
        { "role": "cashier", "location_id": paris, "ends_at": "2020-01-01T00:00:00Z" },
        { "role": "support" }, { "role": "support" },
    ]);
    let body = json!({ "email": "ada@coffret.example", "name": "Ada", "grants": grants });
    let refused = shop.post(&shop.admin, "/v1/users", body).await;
    let told: Vec<_> =
        refused.body["errors"].as_array().unwrap().iter().map(|one| (&one["pointer"], &one["code"])).collect();
    let wanted = [
        (json!("#/grants/0/location_id"), json!("unknown_location")),
        (json!("#/grants/1/ends_at"), json!("invalid_body")),
        (json!("#/grants/3"), json!("grant_exists")),
    ];
    assert_eq!(told, wanted.iter().map(|(pointer, code)| (pointer, code)).collect::<Vec<_>>());
    joined(&shop, "ada@coffret.example", json!([])).await;
    let again = json!({ "email": "ADA@coffret.example", "name": "Ada", "grants": [] });
    shop.post(&shop.admin, "/v1/users", again).await.refused(409, "email_taken");
}

#[actix_web::test]
async fn of_64_who_use_one_invitation_at_once_one_chooses_the_password() {
    let shop = Rc::new(Shop::open().await);
    let invited = invite(&shop, "ada@coffret.example", json!([])).await;
    let answers = all_at_once(|n| {
        let (shop, invited) = (shop.clone(), invited.clone());
        async move { accept(&shop, &invited, &format!("the password of number {n}")).await }
    })
    .await;
    let won: Vec<_> = answers.iter().enumerate().filter(|(_, answer)| answer.status == 200).map(|(n, _)| n).collect();
    assert_eq!(won.len(), 1);
    let chosen = format!("the password of number {}", won[0]);
    assert!(sign_in(&shop, "ada@coffret.example", &chosen).await.is_some());
}

#[actix_web::test]
async fn whoever_is_disabled_is_out_on_every_server_and_comes_back_as_they_were() {
    let shop = Shop::open_for_long().await;
    let (second, _other) = shop.second(&[]);
    let support = joined(&shop, "ada@coffret.example", json!([{ "role": "support" }])).await;
    let session = sign_in(&shop, "ada@coffret.example", PASSWORD).await.unwrap();
    shop.get(token(&session), "/v1/products").await.ok();
    let disabled = shop.post(&shop.admin, &path(&support, "/disable"), json!({})).await.ok();
    assert_eq!(disabled["status"], "disabled");
    shop.get(token(&session), "/v1/products").await.refused(401, "invalid_token");
    let mut is_out = false;
    // Requests alone pass the time for which the other server remembers grants.
    for _ in 0..20_000 {
        let there = shop.http.get(format!("{second}/v1/me")).bearer_auth(token(&session));
        is_out = answer(there).await.status == 401;
        if is_out {
            break;
        }
    }
    assert!(is_out, "the other server never heard of it");
    assert!(sign_in(&shop, "ada@coffret.example", PASSWORD).await.is_none());
    let refresh = session["refresh_token"].as_str().unwrap();
    let again = shop.token(&[("grant_type", "refresh_token"), ("refresh_token", refresh)]).await;
    assert_eq!(again["error"], "invalid_grant");
    shop.post(&shop.admin, &path(&support, "/invitation"), json!({})).await.refused(409, "user_disabled");
    shop.post(&shop.admin, &path(&support, "/enable"), json!({})).await.ok();
    assert!(sign_in(&shop, "ada@coffret.example", PASSWORD).await.is_some());
    let again = shop.token(&[("grant_type", "refresh_token"), ("refresh_token", refresh)]).await;
    assert_eq!(again["error"], "invalid_grant", "what they were signed in with stays ended");
}

#[actix_web::test]
async fn a_grant_holds_between_its_dates_and_not_after_it_was_revoked() {
    let shop = Shop::open_for_long().await;
    let paris = shop.stocked("PARIS", "LIP-1", 5).await;
    let user = joined(&shop, "ada@coffret.example", json!([])).await;
    let at = |days: i64| (shop.clock.now() + chrono::Duration::days(days)).to_rfc3339();
    let grant = json!({ "role": "cashier", "location_id": paris, "starts_at": at(10), "ends_at": at(20) });
    let granted = shop.post(&shop.admin, &path(&user, "/grants"), grant.clone()).await.ok();
    shop.post(&shop.admin, &path(&user, "/grants"), grant).await.refused(409, "grant_exists");
    let level = format!("/v1/locations/{paris}/inventory?sku=LIP-1");
    let mut seen = vec![];
    for _ in 0..3 {
        let session = sign_in(&shop, "ada@coffret.example", PASSWORD).await.unwrap();
        seen.push(shop.get(token(&session), &level).await.status);
        shop.clock.advance(chrono::Duration::days(11));
    }
    assert_eq!(seen, [403, 200, 403]);
    let more = shop.post(&shop.admin, &path(&user, "/grants"), json!({ "role": "analyst" })).await.ok();
    assert_eq!((more["grants"].as_array().unwrap().len(), &more["version"]), (2, &json!(4)), "{granted}");
    let session = sign_in(&shop, "ada@coffret.example", PASSWORD).await.unwrap();
    shop.get(token(&session), &level).await.ok();
    let revoke = path(&user, &format!("/grants/{}", more["grants"][1]["id"].as_str().unwrap()));
    answer(shop.request(&shop.admin, Method::DELETE, &revoke)).await.ok();
    shop.get(token(&session), &level).await.refused(403, "forbidden");
}

#[actix_web::test]
async fn of_two_last_admins_who_put_each_other_out_at_once_one_stays() {
    let shop = Rc::new(Shop::open().await);
    let others = shop.get(&shop.admin, "/v1/users?role=admin").await.ok();
    let mut admins = vec![];
    for email in ["one@coffret.example", "two@coffret.example"] {
        admins.push(joined(&shop, email, json!([{ "role": "admin" }])).await);
    }
    let session = sign_in(&shop, "one@coffret.example", PASSWORD).await.unwrap();
    for user in others["data"].as_array().unwrap() {
        shop.post(token(&session), &path(user, "/disable"), json!({})).await.ok();
    }
    let answers = all_at_once(|n| {
        let (shop, one, session) = (shop.clone(), admins[n % 2].clone(), session.clone());
        // One is put out, and the other loses the role: either way an admin goes.
        let grant = format!("/grants/{}", one["grants"][0]["id"].as_str().unwrap());
        async move {
            match n % 2 {
                0 => shop.post(token(&session), &path(&one, "/disable"), json!({})).await,
                _ => answer(shop.request(token(&session), Method::DELETE, &path(&one, &grant))).await,
            }
        }
    })
    .await;
    assert!(answers.iter().any(|answer| answer.status == 200), "{answers:?}");
    assert!(answers.iter().all(|answer| answer.status < 500), "{answers:?}");
    let mut left = 0;
    for email in ["one@coffret.example", "two@coffret.example"] {
        let Some(session) = sign_in(&shop, email, PASSWORD).await else { continue };
        left += usize::from(shop.get(token(&session), "/v1/users").await.status == 200);
    }
    assert_eq!(left, 1);
}

#[actix_web::test]
async fn a_password_is_changed_by_whoever_knows_it_and_ends_what_was_signed_in() {
    let shop = Shop::open_for_long().await;
    let user = joined(&shop, "ada@coffret.example", json!([{ "role": "support" }])).await;
    let lost = shop.post(&shop.admin, &path(&user, "/invitation"), json!({})).await.ok();
    let session = sign_in(&shop, "ada@coffret.example", PASSWORD).await.unwrap();
    let change = |current: &str, new: &str| json!({ "current_password": current, "new_password": new });
    let wrong = shop.post(token(&session), "/v1/me/password", change("not it at all", "a new sentence")).await;
    wrong.refused(422, "wrong_password");
    shop.post(token(&session), "/v1/me/password", change(PASSWORD, "short")).await.refused(422, "invalid_body");
    let done = shop.post(token(&session), "/v1/me/password", change(PASSWORD, "a new sentence")).await;
    assert_eq!(done.status, 204);
    shop.get(token(&session), "/v1/me").await.refused(401, "invalid_token");
    accept(&shop, &lost, "of another one").await.refused(422, "invitation_invalid");
    assert!(sign_in(&shop, "ada@coffret.example", PASSWORD).await.is_none());
    assert!(sign_in(&shop, "ada@coffret.example", "a new sentence").await.is_some());
}

#[actix_web::test]
async fn users_are_found_by_name_role_place_and_state() {
    let shop = Shop::open().await;
    let paris = shop.location("PARIS", 100).await;
    joined(&shop, "ada_l@coffret.example", json!([{ "role": "cashier", "location_id": paris }])).await;
    invite(&shop, "grace@coffret.example", json!([{ "role": "planner" }])).await;
    let found = async |query: &str| {
        let page = shop.get(&shop.admin, &format!("/v1/users?{query}")).await.ok();
        let emails = page["data"].as_array().unwrap().iter().map(|user| user["email"].as_str().unwrap().to_owned());
        emails.collect::<Vec<_>>()
    };
    assert_eq!(found("text=a_l").await, ["ada_l@coffret.example"], "an underscore stands for itself");
    assert_eq!(found("status=invited").await, ["grace@coffret.example"]);
    assert_eq!(found(&format!("location_id={paris}")).await, ["ada_l@coffret.example"]);
    assert_eq!(found("role=planner").await, ["grace@coffret.example"]);
    let first = shop.get(&shop.admin, "/v1/users?limit=1").await.ok();
    let next = first["page"]["next_cursor"].as_str().unwrap();
    let second = found(&format!("limit=1&cursor={next}")).await;
    assert_ne!(second[0], first["data"][0]["email"].as_str().unwrap());
    let renamed = shop.get(&shop.admin, "/v1/users?text=grace").await.ok()["data"][0].clone();
    let changed = shop.patch(&shop.admin, &path(&renamed, ""), json!({ "name": "Grace Hopper" }), Some(1)).await.ok();
    assert_eq!((&changed["name"], &changed["version"]), (&json!("Grace Hopper"), &json!(2)));
    assert_eq!(found("text=hopper").await, ["grace@coffret.example"]);
}

#[actix_web::test]
async fn no_sign_in_with_the_old_password_outlives_the_new_one_however_close_they_are() {
    let shop = Rc::new(Shop::open().await);
    let user = joined(&shop, "ada@coffret.example", json!([{ "role": "support" }])).await;
    let again = shop.post(&shop.admin, &path(&user, "/invitation"), json!({})).await.ok();
    let sessions = all_at_once(|n| {
        let (shop, again) = (shop.clone(), again.clone());
        async move {
            if n == 32 {
                // The hashes of sign-ins before it are computed one after the other.
                while shop.database.count("sessions") < 4 {
                    tokio::task::yield_now().await;
                }
                accept(&shop, &again, "a new sentence").await.ok();
                return None;
            }
            sign_in(&shop, "ada@coffret.example", PASSWORD).await
        }
    })
    .await;
    assert!(sessions.iter().flatten().count() > 1, "some come in before the password changes");
    for session in sessions.iter().flatten() {
        shop.get(token(session), "/v1/me").await.refused(401, "invalid_token");
        let refresh = session["refresh_token"].as_str().unwrap();
        let next = shop.token(&[("grant_type", "refresh_token"), ("refresh_token", refresh)]).await;
        assert_eq!(next["error"], "invalid_grant", "{next}");
    }
    assert!(sign_in(&shop, "ada@coffret.example", "a new sentence").await.is_some());
}

#[actix_web::test]
async fn of_64_changes_of_one_password_at_once_one_is_made() {
    let shop = Rc::new(Shop::open().await);
    joined(&shop, "ada@coffret.example", json!([])).await;
    let session = sign_in(&shop, "ada@coffret.example", PASSWORD).await.unwrap();
    let answers = all_at_once(|n| {
        let (shop, session) = (shop.clone(), session.clone());
        let change = json!({ "current_password": PASSWORD, "new_password": format!("the password of number {n}") });
        async move { shop.post(token(&session), "/v1/me/password", change).await.status }
    })
    .await;
    let made: Vec<_> = answers.iter().enumerate().filter(|(_, status)| **status == 204).map(|(n, _)| n).collect();
    assert_eq!(made.len(), 1, "{answers:?}");
    let chosen = format!("the password of number {}", made[0]);
    assert!(sign_in(&shop, "ada@coffret.example", &chosen).await.is_some());
}

#[actix_web::test]
async fn an_invitation_works_for_seven_days_and_another_one_after_them() {
    let shop = Shop::open_for_long().await;
    let invited = invite(&shop, "ada@coffret.example", json!([])).await;
    shop.clock.advance(chrono::Duration::days(7));
    accept(&shop, &invited, PASSWORD).await.refused(422, "invitation_invalid");
    let again = shop.post(&shop.admin, &path(&invited, "/invitation"), json!({})).await.ok();
    shop.clock.advance(chrono::Duration::days(7) - chrono::Duration::seconds(60));
    accept(&shop, &again, PASSWORD).await.ok();
    assert!(sign_in(&shop, "ada@coffret.example", PASSWORD).await.is_some());
}
