//! Less arrives of a return than was asked for; and reactions can be read by those who look into them.
use crate::{
    payments::{card, read, sandbox},
    returns::{at, found, shipped, step},
    support::Shop,
};
use serde_json::json;

#[actix_web::test]
async fn what_did_not_arrive_waits_in_a_return_of_its_own() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let order = shipped(&shop, &paris, 3, card("tok_approve")).await;
    let lines = json!([{ "line_no": 1, "quantity": 3, "reason": "unwanted" }]);
    let back = shop.post(&shop.admin, "/v1/returns", json!({ "order_id": order["id"], "lines": lines })).await.ok();
    step(&shop, &shop.admin, &back, "approve", json!({})).await.ok();
    let body = |units: i32| json!({ "location_id": paris, "lines": [{ "line_no": 1, "quantity": units }] });
    let refused = step(&shop, &shop.admin, &back, "receive", body(4)).await;
    refused.refused(409, "nothing_to_return");
    assert_eq!(refused.body["errors"][0]["pointer"], "#/lines/0/quantity");
    let nothing = json!({ "location_id": paris, "lines": [] });
    step(&shop, &shop.admin, &back, "receive", nothing).await.refused(422, "invalid_body");
    let came = step(&shop, &shop.admin, &back, "receive", body(2)).await.ok();
    assert_eq!((&came["lines"][0]["quantity"], &came["lines"][0]["received"]), (&json!(3), &json!(2)));
    assert_eq!((&came["goods"][0]["quantity"], &came["worth"]["amount_minor"]), (&json!(2), &json!(2000)));
    assert_eq!(read(&shop, &order).await["lines"][0]["returned"], 2);

    let route = format!("/v1/returns?order_id={}&status=approved", order["id"].as_str().unwrap());
    let waiting = shop.get(&shop.admin, &route).await.ok()["data"][0].clone();
    assert_eq!((&waiting["rest_of"], &waiting["lines"][0]["quantity"]), (&back["id"], &json!(1)));
    let more = json!({ "order_id": order["id"], "lines": [{ "line_no": 1, "quantity": 1, "reason": "other" }] });
    shop.post(&shop.admin, "/v1/returns", more.clone()).await.refused(409, "nothing_to_return");
    step(&shop, &shop.admin, &came, "inspect", found(&came, "sealed", "restock")).await.ok();
    shop.after(1).await;
    assert_eq!(sandbox(&shop), [3000, 3000, 2000], "what arrived alone is given back");
    step(&shop, &shop.admin, &waiting, "reject", json!({ "note": "it never came" })).await.ok();
    shop.post(&shop.admin, "/v1/returns", more).await.ok();
}

#[actix_web::test]
async fn what_did_not_arrive_need_not_be_waited_for() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let order = shipped(&shop, &paris, 3, card("tok_approve")).await;
    let lines = json!([{ "line_no": 1, "quantity": 3, "reason": "unwanted" }]);
    let back = shop.post(&shop.admin, "/v1/returns", json!({ "order_id": order["id"], "lines": lines })).await.ok();
    step(&shop, &shop.admin, &back, "approve", json!({})).await.ok();
    let body = json!({ "location_id": paris, "lines": [{ "line_no": 1, "quantity": 2 }], "rest": "closed" });
    step(&shop, &shop.admin, &back, "receive", body).await.ok();
    let route = format!("/v1/returns?order_id={}", order["id"].as_str().unwrap());
    assert_eq!(shop.get(&shop.admin, &route).await.ok()["data"].as_array().unwrap().len(), 1);
}

#[actix_web::test]
async fn a_reaction_case_is_listed_by_its_lot_for_those_who_may_see_cases() {
    let shop = Shop::open().await;
    let paris = shop.location("PARIS", 100).await;
    shop.variant("LIP-1").await;
    let lot = shop.lot(&paris, "LIP-1", ("L1", "2031-01-31"), 5).await;
    let order = shipped(&shop, &paris, 1, json!({ "gateway": "manual" })).await;
    let back = shop.post(&shop.admin, "/v1/returns", at(&order, 1, &paris)).await.ok();
    step(&shop, &shop.admin, &back, "inspect", found(&back, "reaction", "quarantine")).await.ok();
    let manager = shop.sign_in("store_manager", Some(&paris)).await;
    let listed = shop.get(&manager, &format!("/v1/reaction-cases?lot_id={lot}&sku=lip-1")).await.ok();
    let case = &listed["data"][0];
    assert_eq!((&case["lot"], &case["sku"], &case["order_id"]), (&json!("L1"), &json!("LIP-1"), &order["id"]));
    let route = format!("/v1/reaction-cases/{}", case["id"].as_str().unwrap());
    assert_eq!(&shop.get(&manager, &route).await.ok(), case);
    let elsewhere = shop.location("LYON", 1).await;
    let stranger = shop.sign_in("store_manager", Some(&elsewhere)).await;
    shop.get(&stranger, &route).await.refused(404, "not_found");
    assert_eq!(shop.get(&stranger, "/v1/reaction-cases").await.ok()["data"], json!([]));
    let cashier = shop.sign_in("cashier", Some(&paris)).await;
    shop.get(&cashier, &route).await.refused(403, "forbidden");
}

#[actix_web::test]
async fn goods_that_are_handed_over_were_not_lost() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let order = crate::returns::shipped(&shop, &paris, 2, json!({ "gateway": "manual" })).await;
    for reason in ["lost", "undeliverable"] {
        let lines = json!([{ "line_no": 1, "quantity": 1, "reason": reason }]);
        let body = json!({ "order_id": order["id"], "location_id": paris, "lines": lines });
        let refused = shop.post(&shop.admin, "/v1/returns", body).await;
        refused.refused(422, "invalid_body");
        assert_eq!(refused.body["errors"][0]["pointer"], "#/lines/0/reason", "{}", refused.body);
    }
}
