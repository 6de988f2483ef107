//! Sets that come back in part.
use crate::{
    payments::{card, path, read, sandbox},
    returns::{found, step},
    support::Shop,
};
use serde_json::{Value, json};

/// A set for 25.00 of one LIP-1 (10.00), one LIP-2 (10.00) and two BRUSH (5.00 each) that was sold so many times and
/// sent.
async fn sent(shop: &Shop, quantity: i32) -> (String, Value) {
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    for sku in ["LIP-2", "BRUSH"] {
        shop.variant(sku).await;
        shop.stock(&paris, sku, 10).await;
    }
    let brush = shop.get(&shop.admin, "/v1/variants?sku=BRUSH").await.ok();
    let price = format!("/v1/variants/{}/prices/pos/EUR", brush["id"].as_str().unwrap());
    shop.put(&shop.admin, &price, json!({ "amount_minor": 500 })).await.ok();
    shop.set(("pos", 2500), &[("LIP-1", 1), ("LIP-2", 1), ("BRUSH", 2)]).await;
    let order = shop.placed(&paris, "SET-1", quantity.into()).await;
    shop.post(&shop.admin, &path(&order, "/payments"), card("tok_approve")).await.ok();
    shop.post(&shop.admin, &path(&order, "/fulfill"), json!({})).await.ok();
    shop.after(1).await;
    (paris, read(shop, &order).await)
}

async fn variant(shop: &Shop, sku: &str) -> Value {
    shop.get(&shop.admin, &format!("/v1/variants?sku={sku}")).await.ok()["id"].clone()
}

fn parts(variant: &Value, units: i32) -> Value {
    json!([{ "variant_id": variant, "quantity": units }])
}

async fn asked(shop: &Shop, order: &Value, location: &str, components: Value) -> crate::support::Answer {
    let lines = json!([{ "line_no": 1, "components": components, "reason": "damaged" }]);
    let body = json!({ "order_id": order["id"], "location_id": location, "lines": lines });
    shop.post(&shop.admin, "/v1/returns", body).await
}

#[actix_web::test]
async fn one_part_of_a_set_comes_back_for_its_share_of_the_price() {
    let shop = Shop::open().await;
    let (paris, order) = sent(&shop, 1).await;
    let (lip, brush) = (variant(&shop, "LIP-1").await, variant(&shop, "BRUSH").await);
    let back = asked(&shop, &order, &paris, parts(&brush, 1)).await.ok();
    assert_eq!((&back["worth"]["amount_minor"], &back["goods"][0]["variant_id"]), (&json!(417), &brush));
    step(&shop, &shop.admin, &back, "inspect", found(&back, "damaged", "destroy")).await.ok();
    shop.after(1).await;
    assert_eq!(sandbox(&shop), [2500, 2500, 417], "a sixth of the set's price");
    let now = read(&shop, &order).await;
    let returned = |now: &Value, of: &Value| {
        let parts = now["lines"][0]["components"].as_array().unwrap().clone();
        parts.into_iter().find(|part| part["variant_id"] == *of).unwrap()["returned"].clone()
    };
    assert_eq!((returned(&now, &brush), returned(&now, &lip)), (json!(1), json!(0)));
    assert_eq!((&now["lines"][0]["returned"], &now["fulfillment_status"]), (&json!(0), &json!("partially_returned")));
    asked(&shop, &order, &paris, parts(&brush, 2)).await.refused(409, "nothing_to_return");
    let whole = json!([{ "line_no": 1, "quantity": 1, "reason": "unwanted" }]);
    let whole = json!({ "order_id": order["id"], "location_id": paris, "lines": whole });
    shop.post(&shop.admin, "/v1/returns", whole).await.refused(409, "nothing_to_return");

    let rest = json!([
        { "variant_id": lip, "quantity": 1 }, { "variant_id": variant(&shop, "LIP-2").await, "quantity": 1 },
        { "variant_id": brush, "quantity": 1 },
    ]);
    let rest = asked(&shop, &order, &paris, rest).await.ok();
    step(&shop, &shop.admin, &rest, "inspect", found(&rest, "sealed", "restock")).await.ok();
    shop.after(1).await;
    assert_eq!(sandbox(&shop), [2500, 2500, 2500], "all parts together are worth the set");
    let now = read(&shop, &order).await;
    assert_eq!((&now["status"], &now["lines"][0]["returned"]), (&json!("returned"), &json!(1)));
    assert_eq!(now["payment_status"], "refunded");
}

#[actix_web::test]
async fn a_set_that_arrives_with_a_part_missing_is_received_as_far_as_it_is_there() {
    let shop = Shop::open().await;
    let (paris, order) = sent(&shop, 2).await;
    let (lip, second, brush) =
        (variant(&shop, "LIP-1").await, variant(&shop, "LIP-2").await, variant(&shop, "BRUSH").await);
    let lines = json!([{ "line_no": 1, "quantity": 2, "reason": "unwanted" }]);
    let back = shop.post(&shop.admin, "/v1/returns", json!({ "order_id": order["id"], "lines": lines })).await.ok();
    step(&shop, &shop.admin, &back, "approve", json!({})).await.ok();
    let body = |parts: Value| json!({ "location_id": paris, "lines": [{ "line_no": 1, "components": parts }] });
    let too_many = body(json!([{ "variant_id": brush, "quantity": 5 }]));
    let refused = step(&shop, &shop.admin, &back, "receive", too_many).await;
    refused.refused(409, "nothing_to_return");
    assert_eq!(refused.body["errors"][0]["pointer"], "#/lines/0/components/0/quantity");
    let arrived = json!([
        { "variant_id": lip, "quantity": 2 }, { "variant_id": second, "quantity": 2 },
        { "variant_id": brush, "quantity": 3 },
    ]);
    let came = step(&shop, &shop.admin, &back, "receive", body(arrived)).await.ok();
    assert_eq!(came["worth"]["amount_minor"], 5000 - 417, "one brush is missing");
    let now = read(&shop, &order).await;
    assert_eq!(now["lines"][0]["returned"], 1, "one whole set and most of another");
    let closed = step(&shop, &shop.admin, &came, "inspect", found(&came, "sealed", "restock")).await.ok();
    assert_eq!(closed["refund"]["amount_minor"], 5000 - 417);
    let route = format!("/v1/returns?order_id={}&status=approved", order["id"].as_str().unwrap());
    let waiting = shop.get(&shop.admin, &route).await.ok()["data"][0].clone();
    let missing = &waiting["lines"][0]["components"];
    assert_eq!((&missing[0]["variant_id"], &missing[0]["quantity"]), (&brush, &json!(1)));
    let last = step(&shop, &shop.admin, &waiting, "receive", json!({ "location_id": paris })).await.ok();
    step(&shop, &shop.admin, &last, "inspect", found(&last, "sealed", "restock")).await.ok();
    shop.after(1).await;
    assert_eq!((sandbox(&shop), &read(&shop, &order).await["status"]), ([5000, 5000, 5000], &json!("returned")));
}

#[actix_web::test]
async fn what_is_no_part_of_a_line_is_refused_with_the_line_it_was_named_on() {
    let shop = Shop::open().await;
    let (paris, order) = sent(&shop, 1).await;
    let set = variant(&shop, "SET-1").await;
    asked(&shop, &order, &paris, parts(&set, 1)).await.refused(422, "not_on_document");
    let both = json!([{ "line_no": 1, "quantity": 1, "components": parts(&set, 1), "reason": "other" }]);
    shop.post(&shop.admin, "/v1/returns", json!({ "order_id": order["id"], "lines": both }))
        .await
        .refused(422, "invalid_body");
    let none = json!([{ "line_no": 1, "reason": "other" }]);
    shop.post(&shop.admin, "/v1/returns", json!({ "order_id": order["id"], "lines": none }))
        .await
        .refused(422, "invalid_body");
}
