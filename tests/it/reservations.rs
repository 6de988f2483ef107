//! Reservations: taken over by orders, listed, extended.
use crate::support::{Shop, all_at_once, order_body};
use serde_json::{Value, json};
use std::rc::Rc;

async fn held(shop: &Shop, token: &str, paris: &str, units: i32) -> Value {
    let body =
        json!({ "lines": [{ "sku": "LIP-1", "quantity": units }], "expires_in_seconds": 100, "reference": "basket 7" });
    shop.post(token, &format!("/v1/locations/{paris}/inventory/reserve"), body).await.ok()
}

#[actix_web::test]
async fn an_order_takes_over_the_reservation_that_it_names() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 5).await;
    let till = shop.sign_in("cashier", Some(&paris)).await;
    let reservation = held(&shop, &till, &paris, 5).await;
    let mut body = order_body(&paris, "LIP-1", 4);
    shop.post(&till, "/v1/orders", body.clone()).await.refused(409, "out_of_stock");
    body["reservation_id"] = reservation["id"].clone();
    let mut too_much = body.clone();
    too_much["lines"][0]["quantity"] = json!(6);
    shop.post(&till, "/v1/orders", too_much).await.refused(409, "out_of_stock");
    let route = format!("/v1/reservations/{}", reservation["id"].as_str().unwrap());
    assert_eq!(shop.get(&till, &route).await.ok()["status"], "active", "what is refused takes nothing over");
    let lyon = shop.location("LYON", 1).await;
    let mut elsewhere = body.clone();
    elsewhere["location_id"] = json!(lyon);
    let refused = shop.post(&shop.admin, "/v1/orders", elsewhere).await;
    refused.refused(422, "invalid_body");
    assert_eq!(refused.body["errors"][0]["pointer"], "#/location_id");
    body.as_object_mut().unwrap().remove("location_id");
    let order = shop.post(&till, "/v1/orders", body.clone()).await.ok();
    assert_eq!(order["location_id"], paris.as_str());
    assert_eq!(shop.get(&till, &route).await.ok()["status"], "released");
    let level = shop.level(&paris, "LIP-1").await;
    assert_eq!((&level["reserved"], &level["quantity_available"]), (&json!(4), &json!(1)));
    shop.post(&till, "/v1/orders", body).await.refused(409, "reservation_not_active");
}

#[actix_web::test]
async fn reservations_are_found_by_their_reference_and_extended() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 5).await;
    let till = shop.sign_in("cashier", Some(&paris)).await;
    let reservation = held(&shop, &till, &paris, 5).await;
    let listed = shop.get(&till, "/v1/reservations?reference=basket%207&status=active").await.ok();
    assert_eq!(listed["data"][0]["id"], reservation["id"]);
    assert_eq!(listed["data"][0]["lines"][0]["sku"], "LIP-1");
    let lyon = shop.location("LYON", 1).await;
    let stranger = shop.sign_in("cashier", Some(&lyon)).await;
    assert_eq!(shop.get(&stranger, "/v1/reservations").await.ok()["data"], json!([]));
    let route = format!("/v1/reservations/{}/extend", reservation["id"].as_str().unwrap());
    shop.post(&stranger, &route, json!({ "expires_in_seconds": 100 })).await.refused(404, "not_found");
    shop.post(&till, &route, json!({ "expires_in_seconds": 0 })).await.refused(422, "invalid_body");
    shop.after(60).await;
    shop.post(&till, &route, json!({ "expires_in_seconds": 100 })).await.ok();
    shop.after(60).await;
    assert_eq!(shop.level(&paris, "LIP-1").await["quantity_available"], 0, "it is held on");
    shop.after(200).await;
    assert_eq!(shop.level(&paris, "LIP-1").await["quantity_available"], 5);
    shop.post(&till, &route, json!({ "expires_in_seconds": 100 })).await.refused(409, "reservation_not_active");
}

#[actix_web::test]
async fn of_64_orders_that_name_one_reservation_one_takes_it_over() {
    let shop = Rc::new(Shop::open().await);
    let paris = shop.stocked("PARIS", "LIP-1", 5).await;
    let reservation = held(&shop, &shop.admin, &paris, 5).await;
    let answers = all_at_once(|_| {
        let (shop, mut body) = (shop.clone(), order_body(&paris, "LIP-1", 3));
        body["reservation_id"] = reservation["id"].clone();
        async move { shop.post(&shop.admin, "/v1/orders", body).await }
    })
    .await;
    let taken = answers.iter().filter(|answer| answer.status == 201).count();
    let late = answers.iter().filter(|answer| answer.code() == "reservation_not_active").count();
    assert_eq!((taken, late), (1, 63), "{answers:?}");
    let level = shop.level(&paris, "LIP-1").await;
    assert_eq!((&level["reserved"], &level["quantity_available"]), (&json!(3), &json!(2)));
}
