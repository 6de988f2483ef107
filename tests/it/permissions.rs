//! Permissions: every route of the document, for every role, at its own location and at another,
//! as one listing that a change of rights shows in its diff.
mod bodies;
mod documents;
pub mod prepared;
mod sold;

use crate::support::{Shop, answer};
use prepared::prepared;
use reqwest::Method;
use serde_json::{Value, json};
use std::fmt::Write;

const ROLES: [&str; 8] =
    ["admin", "catalog_manager", "planner", "store_manager", "warehouse_staff", "cashier", "support", "analyst"];

/// An operation of the document.
pub struct Operation {
    pub id: String,
    pub method: Method,
    pub path: String,
    pub permission: String,
}

/// All operations of the document, by permission.
pub fn operations() -> Vec<Operation> {
    let document: Value = serde_json::to_value(coffret::app::openapi()).unwrap();
    let mut found = vec![];
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let text = |name: &str| operation[name].as_str().unwrap_or(path).to_owned();
            let method = method.to_uppercase().parse().unwrap();
            found.push(Operation {
                id: text("operationId"),
                method,
                path: path.clone(),
                permission: text("x-permission"),
            });
        }
    }
    found.sort_by(|a, b| (&a.permission, &a.id).cmp(&(&b.permission, &b.id)));
    found
}

async fn call(shop: &Shop, operation: &Operation, token: &str, location: &str) -> (u16, Value) {
    let (path, body, version) = prepared(shop, operation, location).await;
    if operation.id == "startImport" {
        let answer = shop.import(token, "levels", "text/csv", "location,sku,delta,reason\nPARIS,LIP-1,1,found\n").await;
        return (answer.status, answer.body);
    }
    let mut request = shop.request(token, operation.method.clone(), &path).header("X-Forwarded-For", "192.0.2.1");
    if operation.method != Method::GET {
        request = request.header("Idempotency-Key", uuid::Uuid::now_v7().to_string()).json(&body);
    }
    if let Some(version) = version {
        request = request.header("If-Match", format!("\"{version}\""));
    }
    let answer = answer(request).await;
    (answer.status, answer.body)
}

async fn two_stores() -> (Shop, String, String) {
    let shop = Shop::open().await;
    let here = shop.stocked("PARIS", "LIP-1", 900).await;
    let there = shop.location("LYON", 200).await;
    shop.stock(&there, "LIP-1", 900).await;
    (shop, here, there)
}

#[actix_web::test]
async fn every_route_refuses_a_stranger_and_the_powerless() {
    let (shop, here, _) = two_stores().await;
    let powerless = shop.sign_in("none", None).await;
    let mut guarded = 0;
    for operation in operations().iter().filter(|o| o.permission != "public") {
        let stranger = call(&shop, operation, "", &here).await;
        assert_eq!((stranger.0, &stranger.1["code"]), (401, &json!("unauthenticated")), "{}", operation.id);
        if operation.permission == "signed_in" {
            continue;
        }
        let weak = call(&shop, operation, &powerless, &here).await;
        assert_eq!((weak.0, &weak.1["code"]), (403, &json!("forbidden")), "{}", operation.id);
        guarded += 1;
    }
    assert!(guarded >= 25, "{guarded}");
}

#[actix_web::test]
async fn the_matrix_of_roles_and_places_is_as_listed() {
    let (shop, here, there) = two_stores().await;
    let operations = operations();
    let mut listing = String::from(
        "Each cell: status for a role granted at PARIS on something in PARIS, in LYON; and granted everywhere, in \
         LYON.\n",
    );
    let mut tokens = vec![];
    for role in ROLES {
        tokens.push((role, shop.sign_in(role, Some(&here)).await, shop.sign_in(role, None).await));
    }
    for operation in &operations {
        writeln!(listing, "\n{} {} ({}: {})", operation.method, operation.path, operation.id, operation.permission)
            .unwrap();
        // Whoever ends their sessions can call nothing after it.
        if operation.permission == "public" || operation.id == "endMySessions" {
            continue;
        }
        for (role, local, global) in &tokens {
            let own = call(&shop, operation, local, &here).await.0;
            let foreign = call(&shop, operation, local, &there).await.0;
            let anywhere = call(&shop, operation, global, &there).await.0;
            writeln!(listing, "  {role:<16} {own} {foreign} {anywhere}").unwrap();
        }
    }
    insta::assert_snapshot!(listing);
}

#[actix_web::test]
async fn a_foreign_object_answers_exactly_like_a_missing_one() {
    let (shop, here, there) = two_stores().await;
    let manager = shop.sign_in("store_manager", Some(&here)).await;
    let order = shop.placed(&there, "LIP-1", 1).await["id"].as_str().unwrap().to_owned();
    let missing = uuid::Uuid::now_v7().to_string();
    for (method, path) in [
        (Method::GET, "/v1/orders/{id}"),
        (Method::GET, "/v1/orders/{id}/payments"),
        (Method::POST, "/v1/orders/{id}/payments"),
        (Method::POST, "/v1/orders/{id}/fulfill"),
        (Method::PATCH, "/v1/orders/{id}/cancel"),
    ] {
        let body = if path.ends_with("payments") { json!({ "gateway": "manual" }) } else { json!({}) };
        let mut seen = vec![];
        for id in [&order, &missing] {
            let request = shop
                .request(&manager, method.clone(), &path.replace("{id}", id))
                .header("Idempotency-Key", id.as_str());
            let sent = answer(if method == Method::GET { request } else { request.json(&body) }).await;
            seen.push((sent.status, sent.body));
        }
        assert_eq!(seen[0], seen[1], "{method} {path}");
        assert_eq!(seen[0].0, 404);
    }
    for path in ["/v1/locations/{id}", "/v1/locations/{id}/inventory"] {
        let foreign = shop.get(&manager, &path.replace("{id}", &there)).await;
        let none = shop.get(&manager, &path.replace("{id}", &missing)).await;
        assert_eq!((foreign.status, foreign.body), (none.status, none.body));
    }
    let orders = shop.get(&manager, &format!("/v1/orders?location_id={there}")).await.ok();
    assert_eq!(orders["data"], json!([]));
    let places = shop.get(&manager, "/v1/locations").await.ok();
    assert_eq!(places["data"].as_array().unwrap().len(), 1);
}
