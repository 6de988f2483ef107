//! Roles of the brand, and groups of locations: what is granted through them, and who may change them.
use crate::support::{Answer, PASSWORD, Shop, all_at_once, answer, papers::unique, people};
use reqwest::Method;
use serde_json::{Value, json};

/// A role that may be made.
pub fn role(permissions: &[&str]) -> Value {
    json!({ "code": format!("r_{}", unique().to_lowercase()), "name": "Role", "permissions": permissions })
}

/// A group of locations that may be made.
pub fn location_group(locations: &[&str]) -> Value {
    json!({ "code": format!("g_{}", unique().to_lowercase()), "name": "Group", "location_ids": locations })
}

async fn made_role(shop: &Shop, permissions: &[&str]) -> Value {
    shop.post(&shop.admin, "/v1/roles", role(permissions)).await.ok()
}

async fn made_group(shop: &Shop, locations: &[&str]) -> Value {
    shop.post(&shop.admin, "/v1/location-groups", location_group(locations)).await.ok()
}

/// A user who holds grants, with their token.
async fn holder(shop: &Shop, grants: Value) -> (Value, String) {
    people::holder(shop, &format!("{}@coffret.example", unique().to_lowercase()), grants).await
}

async fn delete(shop: &Shop, token: &str, path: &str) -> Answer {
    answer(shop.request(token, Method::DELETE, path)).await
}

fn role_path(role: &Value) -> String {
    format!("/v1/roles/{}", role["code"].as_str().unwrap())
}

fn group_path(group: &Value) -> String {
    format!("/v1/location-groups/{}", group["id"].as_str().unwrap())
}

async fn levels_at(shop: &Shop, token: &str, location: &str) -> u16 {
    shop.get(token, &format!("/v1/locations/{location}")).await.status
}

#[actix_web::test]
async fn a_role_of_the_brand_gives_its_permissions_where_it_is_granted_and_no_others() {
    let shop = Shop::open().await;
    let (paris, lyon) = (shop.stocked("PARIS", "LIP-1", 10).await, shop.location("LYON", 2).await);
    let lead = made_role(&shop, &["inventory:read", "orders:place", "orders:place", "orders:read"]).await;
    assert_eq!(lead["permissions"], json!(["inventory:read", "orders:read", "orders:place"]));
    let (_, token) = holder(&shop, json!([{ "role": lead["code"], "location_id": paris }])).await;
    shop.post(&token, "/v1/orders", crate::support::order_body(&paris, "LIP-1", 1)).await.ok();
    shop.post(&token, "/v1/orders", crate::support::order_body(&lyon, "LIP-1", 1)).await.refused(404, "not_found");
    let me = shop.get(&token, "/v1/me").await.ok();
    assert_eq!(me["grants"][0]["role"], lead["code"]);
    let held: Vec<_> = me["permissions"].as_array().unwrap().iter().map(|of| of["permission"].clone()).collect();
    assert_eq!(json!(held), lead["permissions"], "nothing else is held");
    assert!(me["permissions"].as_array().unwrap().iter().all(|of| of["location_ids"] == json!([paris])));
}

#[actix_web::test]
async fn a_change_of_a_role_holds_at_once_for_whoever_holds_it_and_soon_on_other_servers() {
    let shop = Shop::open().await;
    let (second, _other) = shop.second(&[]);
    let made = made_role(&shop, &["catalog:read", "audit:read"]).await;
    let (_, token) = holder(&shop, json!([{ "role": made["code"] }])).await;
    let audit = "/v1/inventory/integrity";
    let there = async || answer(shop.http.get(format!("{second}{audit}")).bearer_auth(&token)).await.status;
    shop.get(&token, audit).await.ok();
    assert_eq!(there().await, 200);
    let less = json!({ "permissions": ["catalog:read"] });
    shop.patch(&shop.admin, &role_path(&made), less.clone(), None).await.refused(428, "precondition_required");
    let changed = shop.patch(&shop.admin, &role_path(&made), less.clone(), Some(1)).await.ok();
    assert_eq!((&changed["version"], &changed["permissions"]), (&json!(2), &json!(["catalog:read"])));
    shop.patch(&shop.admin, &role_path(&made), less, Some(1)).await.refused(412, "stale_version");
    shop.get(&token, audit).await.refused(403, "forbidden");
    let mut status = 200;
    // Requests alone pass the time for which the other server remembers grants.
    for _ in 0..20_000 {
        status = there().await;
        if status != 200 {
            break;
        }
    }
    assert_eq!(status, 403);
}

#[actix_web::test]
async fn nobody_puts_into_a_role_or_grants_through_one_what_they_do_not_hold_for_good() {
    let shop = Shop::open().await;
    let people = made_role(&shop, &["users:read", "users:write", "orders:read"]).await;
    let (_, token) = holder(&shop, json!([{ "role": people["code"] }])).await;
    let refused = shop.post(&token, "/v1/roles", role(&["orders:read", "catalog:write", "audit:read"])).await;
    refused.refused(403, "grant_beyond_own");
    let pointers: Vec<_> = refused.body["errors"].as_array().unwrap().iter().map(|of| &of["pointer"]).collect();
    assert_eq!(pointers, ["#/permissions/1", "#/permissions/2"]);
    let own = shop.post(&token, "/v1/roles", role(&["orders:read"])).await.ok();
    let wider = json!({ "permissions": ["orders:read", "prices:write"] });
    shop.patch(&token, &role_path(&own), wider, Some(1)).await.refused(403, "grant_beyond_own");
    let greater = made_role(&shop, &["prices:write"]).await;
    let invited = |role: &Value| {
        let (email, grants) = (format!("{}@coffret.example", unique()), json!([{ "role": role["code"] }]));
        json!({ "email": email, "name": "New", "grants": grants })
    };
    shop.post(&token, "/v1/users", invited(&greater)).await.refused(403, "grant_beyond_own");
    shop.post(&token, "/v1/users", invited(&own)).await.ok();
    let refused = shop.post(&token, "/v1/users", invited(&json!({ "code": "no_such" }))).await;
    refused.refused(422, "unknown_role");
    assert_eq!(refused.body["errors"][0]["pointer"], "#/grants/0/role");
    // One who holds it for a while alone makes no role of it: roles have no end.
    let end = (shop.clock.now() + chrono::Duration::days(1)).to_rfc3339();
    let (_, temporary) = holder(&shop, json!([{ "role": "admin", "ends_at": end }])).await;
    shop.post(&temporary, "/v1/roles", role(&["orders:read"])).await.refused(403, "grant_beyond_own");
}

#[actix_web::test]
async fn built_in_roles_stay_and_so_do_those_that_someone_holds() {
    let shop = Shop::open().await;
    let listed = shop.get(&shop.admin, "/v1/roles?limit=3").await.ok();
    assert_eq!((&listed["data"][0]["code"], &listed["data"][0]["is_built_in"]), (&json!("admin"), &json!(true)));
    assert_eq!(listed["page"]["has_more"], true);
    shop.get(&shop.admin, "/v1/roles/No-Such").await.refused(404, "not_found");
    let other = json!({ "name": "Other" });
    shop.patch(&shop.admin, "/v1/roles/cashier", other, Some(1)).await.refused(409, "role_built_in");
    delete(&shop, &shop.admin, "/v1/roles/cashier").await.refused(409, "role_built_in");
    let body = json!({ "code": "planner", "name": "Mine", "permissions": ["orders:read"] });
    shop.post(&shop.admin, "/v1/roles", body).await.refused(409, "role_exists");
    let made = made_role(&shop, &["orders:read"]).await;
    let again = json!({ "code": made["code"], "name": "Mine", "permissions": ["orders:read"] });
    shop.post(&shop.admin, "/v1/roles", again).await.refused(409, "role_exists");
    for wrong in [json!([]), json!(["orders:all"]), json!("orders:read")] {
        let body = json!({ "code": "wrong", "name": "Wrong", "permissions": wrong });
        shop.post(&shop.admin, "/v1/roles", body).await.refused(422, "invalid_body");
    }
    let (user, _) = holder(&shop, json!([{ "role": made["code"] }])).await;
    delete(&shop, &shop.admin, &role_path(&made)).await.refused(409, "role_in_use");
    let grant = user["grants"][0]["id"].as_str().unwrap();
    let grant = format!("/v1/users/{}/grants/{grant}", user["id"].as_str().unwrap());
    delete(&shop, &shop.admin, &grant).await.ok();
    delete(&shop, &shop.admin, &role_path(&made)).await.ok();
    shop.get(&shop.admin, &role_path(&made)).await.refused(404, "not_found");
}

#[actix_web::test]
async fn a_role_that_is_deleted_while_it_is_granted_is_either_granted_or_gone() {
    let shop = std::rc::Rc::new(Shop::open().await);
    let made = made_role(&shop, &["orders:read"]).await;
    let answers = all_at_once(|n| {
        let (shop, made) = (shop.clone(), made.clone());
        async move {
            if n % 2 == 0 {
                return delete(&shop, &shop.admin, &role_path(&made)).await.status;
            }
            let grants = json!([{ "role": made["code"] }]);
            let body = json!({ "email": format!("{n}@coffret.example"), "name": "New", "grants": grants });
            shop.post(&shop.admin, "/v1/users", body).await.status
        }
    })
    .await;
    assert!(answers.iter().all(|status| [200, 201, 404, 409, 422].contains(status)), "{answers:?}");
    let is_gone = answers.iter().step_by(2).any(|status| *status == 200);
    let granted = answers.iter().skip(1).step_by(2).filter(|status| **status == 201).count();
    assert_eq!(is_gone, granted == 0, "{answers:?}");
    let dangling = "grants where role like 'r\\_%' and role not in (select code from roles)";
    assert_eq!(shop.database.count(dangling), 0);
}

#[actix_web::test]
async fn a_grant_for_a_group_holds_at_its_locations_as_they_are_and_an_empty_one_nowhere() {
    let shop = Shop::open().await;
    let (paris, lyon) = (shop.location("PARIS", 1).await, shop.location("LYON", 2).await);
    let group = made_group(&shop, &[]).await;
    let (user, token) = holder(&shop, json!([{ "role": "store_manager", "location_group_id": group["id"] }])).await;
    let grant = &user["grants"][0];
    assert_eq!((&grant["location_id"], &grant["location_group_id"]), (&Value::Null, &group["id"]));
    assert_eq!(shop.get(&token, "/v1/me").await.ok()["permissions"], json!([]));
    assert_eq!(levels_at(&shop, &token, &paris).await, 403);
    let path = group_path(&group);
    shop.patch(&shop.admin, &path, json!({ "location_ids": [paris, paris] }), Some(1)).await.ok();
    assert_eq!((levels_at(&shop, &token, &paris).await, levels_at(&shop, &token, &lyon).await), (200, 404));
    shop.patch(&shop.admin, &path, json!({ "location_ids": [lyon] }), Some(2)).await.ok();
    assert_eq!((levels_at(&shop, &token, &paris).await, levels_at(&shop, &token, &lyon).await), (404, 200));
    // A server of before this feature reads a place that does not exist, never everywhere.
    assert_eq!(shop.database.count("grants where is_group and location_id is null"), 0);
    let renamed = shop.patch(&shop.admin, &path, json!({ "name": "South" }), Some(3)).await.ok();
    assert_eq!((&renamed["name"], &renamed["location_ids"]), (&json!("South"), &json!([lyon])));
}

#[actix_web::test]
async fn nobody_widens_a_group_with_roles_that_they_do_not_hold_everywhere() {
    let shop = Shop::open().await;
    let (paris, lyon) = (shop.location("PARIS", 1).await, shop.location("LYON", 2).await);
    let group = made_group(&shop, &[&paris]).await;
    holder(&shop, json!([{ "role": "cashier", "location_group_id": group["id"] }])).await;
    let people = made_role(&shop, &["users:read", "users:write", "inventory:read"]).await;
    let (_, token) = holder(&shop, json!([{ "role": people["code"] }])).await;
    let both = json!({ "location_ids": [paris, lyon] });
    let refused = shop.patch(&token, &group_path(&group), both.clone(), Some(1)).await;
    refused.refused(403, "grant_beyond_own");
    assert_eq!(refused.body["errors"][0]["pointer"], "#/location_ids");
    shop.patch(&token, &group_path(&group), json!({ "location_ids": [] }), Some(1)).await.ok();
    shop.patch(&shop.admin, &group_path(&group), both, Some(2)).await.ok();
    delete(&shop, &shop.admin, &group_path(&group)).await.refused(409, "location_group_in_use");
    // A grant for a group is one for whatever joins it.
    let (_, local) =
        holder(&shop, json!([{ "role": people["code"] }, { "role": "cashier", "location_id": paris }])).await;
    let only_paris = shop.post(&local, "/v1/location-groups", location_group(&[&paris])).await.ok();
    let grant = json!([{ "role": "cashier", "location_group_id": only_paris["id"] }]);
    let body = json!({ "email": "new@coffret.example", "name": "New", "grants": grant });
    shop.post(&local, "/v1/users", body).await.refused(403, "grant_beyond_own");
    delete(&shop, &local, &group_path(&only_paris)).await.ok();
    let unknown = uuid::Uuid::now_v7();
    let grants = json!([
        { "role": "cashier", "location_group_id": only_paris["id"] },
        { "role": "cashier", "location_group_id": group["id"], "location_id": paris },
    ]);
    let body = json!({ "email": "new@coffret.example", "name": "New", "grants": grants });
    let refused = shop.post(&shop.admin, "/v1/users", body).await;
    let told: Vec<_> =
        refused.body["errors"].as_array().unwrap().iter().map(|of| (&of["pointer"], &of["code"])).collect();
    let pointer = |at: usize| json!(format!("#/grants/{at}/location_group_id"));
    assert_eq!(told, [(&pointer(0), &json!("unknown_location_group")), (&pointer(1), &json!("invalid_body"))]);
    let body = location_group(&[&paris, &unknown.to_string()]);
    let refused = shop.post(&shop.admin, "/v1/location-groups", body).await;
    refused.refused(422, "unknown_location");
    assert_eq!(refused.body["errors"][0]["pointer"], "#/location_ids/1");
}

#[actix_web::test]
async fn invitations_of_those_whose_role_lets_them_invite_no_more_do_not_work() {
    let shop = Shop::open().await;
    let people = made_role(&shop, &["users:write", "orders:read"]).await;
    let (_, token) = holder(&shop, json!([{ "role": people["code"] }])).await;
    let body = json!({ "email": "friend@coffret.example", "name": "Friend", "grants": [{ "role": people["code"] }] });
    let friend = shop.post(&token, "/v1/users", body).await.ok();
    let less = json!({ "permissions": ["orders:read"] });
    shop.patch(&shop.admin, &role_path(&people), less, Some(1)).await.ok();
    people::accept(&shop, &friend, PASSWORD).await.refused(422, "invitation_invalid");
}

#[actix_web::test]
async fn users_are_found_by_a_grant_that_has_the_role_at_the_place_and_is_not_over() {
    let shop = Shop::open_for_long().await;
    let (paris, lyon) = (shop.location("PARIS", 1).await, shop.location("LYON", 2).await);
    let group = made_group(&shop, &[&lyon]).await;
    let end = (shop.clock.now() + chrono::Duration::hours(1)).to_rfc3339();
    let invite = async |name: &str, grants: Value| {
        let body = json!({ "email": format!("{name}@people.example"), "name": name, "grants": grants });
        shop.post(&shop.admin, "/v1/users", body).await.ok();
    };
    let both = json!([
        { "role": "cashier", "location_id": paris }, { "role": "support", "location_id": lyon, "ends_at": end },
    ]);
    invite("one", both).await;
    invite("two", json!([{ "role": "cashier", "location_group_id": group["id"] }])).await;
    let found = async |query: String| {
        let listed = shop.get(&shop.admin, &format!("/v1/users?text=people.example&{query}")).await.ok();
        let names = listed["data"].as_array().unwrap().iter().map(|user| user["name"].as_str().unwrap().to_owned());
        names.collect::<Vec<_>>()
    };
    assert_eq!(found(format!("role=cashier&location_id={lyon}")).await, ["two"]);
    assert_eq!(found(format!("location_id={lyon}")).await, ["one", "two"]);
    assert_eq!(found(format!("location_group_id={}", group["id"].as_str().unwrap())).await, ["two"]);
    shop.after(3_601).await;
    assert_eq!(found(format!("location_id={lyon}")).await, ["two"]);
    assert!(found("role=support".into()).await.is_empty());
}
