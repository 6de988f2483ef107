//! Returns of customers: asked for, received anywhere, inspected, paid back.
use crate::{
    payments::{card, path, read, sandbox},
    support::{Shop, all_at_once},
};
use serde_json::{Value, json};
use std::rc::Rc;

/// An order of so many that was paid like this and has left.
pub async fn shipped(shop: &Shop, location: &str, quantity: i64, how: Value) -> Value {
    let order = shop.placed(location, "LIP-1", quantity).await;
    shop.post(&shop.admin, &path(&order, "/payments"), how).await.ok();
    shop.post(&shop.admin, &path(&order, "/fulfill"), json!({})).await.ok();
    shop.after(1).await;
    read(shop, &order).await
}

fn cash() -> Value {
    json!({ "gateway": "manual" })
}

fn asked(order: &Value, quantity: i32, reason: &str) -> Value {
    json!({ "order_id": order["id"], "lines": [{ "line_no": 1, "quantity": quantity, "reason": reason }] })
}

pub fn at(order: &Value, quantity: i32, location: &str) -> Value {
    let mut body = asked(order, quantity, "unwanted");
    body["location_id"] = json!(location);
    body
}

pub async fn step(shop: &Shop, token: &str, back: &Value, name: &str, body: Value) -> crate::support::Answer {
    shop.post(token, &format!("/v1/returns/{}/{name}", back["id"].as_str().unwrap()), body).await
}

/// The findings about everything that came in: all alike.
pub fn found(back: &Value, condition: &str, disposition: &str) -> Value {
    let of = |piece: &Value| {
        let mut found = piece.clone();
        (found["condition"], found["disposition"]) = (json!(condition), json!(disposition));
        found
    };
    json!({ "found": back["goods"].as_array().unwrap().iter().map(of).collect::<Vec<_>>() })
}

async fn counters(shop: &Shop, location: &str) -> [i64; 5] {
    let level = shop.level(location, "LIP-1").await;
    ["on_hand", "returned", "damaged", "quality_hold", "quantity_available"].map(|c| level[c].as_i64().unwrap_or(0))
}

#[actix_web::test]
async fn what_comes_back_sealed_is_sold_again_and_its_price_goes_back_to_the_card() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let order = shipped(&shop, &paris, 3, card("tok_approve")).await;
    let back = shop.post(&shop.admin, "/v1/returns", asked(&order, 2, "unwanted")).await.ok();
    assert_eq!(
        (&back["status"], back["number"].as_str().unwrap()),
        (&json!("requested"), &*format!("{}-R1", order["number"]))
    );
    step(&shop, &shop.admin, &back, "receive", json!({ "location_id": paris })).await.refused(409, "return_not_open");
    step(&shop, &shop.admin, &back, "approve", json!({})).await.ok();
    let came = step(&shop, &shop.admin, &back, "receive", json!({ "location_id": paris })).await.ok();
    assert_eq!((&came["status"], &came["goods"][0]["quantity"]), (&json!("received"), &json!(2)));
    assert_eq!(counters(&shop, &paris).await, [9, 2, 0, 0, 7], "here, but not to be sold");
    assert_eq!(sandbox(&shop), [3000, 3000, 0], "nothing is given back before someone has looked");
    let closed = step(&shop, &shop.admin, &back, "inspect", found(&came, "sealed", "restock")).await.ok();
    assert_eq!((&closed["status"], &closed["refund"]["amount_minor"]), (&json!("closed"), &json!(2000)));
    assert_eq!(counters(&shop, &paris).await, [9, 0, 0, 0, 9]);
    shop.after(1).await;
    assert_eq!(sandbox(&shop), [3000, 3000, 2000]);
    let order = read(&shop, &order).await;
    assert_eq!((&order["status"], &order["payment_status"]), (&json!("shipped"), &json!("partially_refunded")));
    assert_eq!((&order["lines"][0]["returned"], &order["credited"]["amount_minor"]), (&json!(1 + 1), &json!(2000)));

    shop.post(&shop.admin, "/v1/returns", asked(&order, 2, "other")).await.refused(409, "nothing_to_return");
    let last = shop.post(&shop.admin, "/v1/returns", at(&order, 1, &paris)).await.ok();
    step(&shop, &shop.admin, &last, "inspect", found(&last, "sealed", "restock")).await.ok();
    shop.after(1).await;
    let order = read(&shop, &order).await;
    assert_eq!((&order["status"], &order["payment_status"]), (&json!("returned"), &json!("refunded")));
    assert_eq!(sandbox(&shop), [3000, 3000, 3000]);
    shop.post(&shop.admin, "/v1/returns", asked(&order, 1, "other")).await.refused(409, "order_returned");
}

#[actix_web::test]
async fn a_till_of_another_store_takes_it_back_and_hygiene_decides_what_becomes_of_it() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let lyon = shop.location("LYON", 50).await;
    let order = shipped(&shop, &paris, 3, cash()).await;
    let (here, elsewhere) = (shop.sign_in("cashier", Some(&lyon)).await, shop.sign_in("cashier", Some(&paris)).await);
    shop.get(&here, &path(&order, "")).await.refused(404, "not_found");
    shop.post(&here, "/v1/returns", asked(&order, 1, "unwanted")).await.refused(404, "not_found");
    shop.post(&here, "/v1/returns", at(&order, 1, &paris)).await.refused(404, "not_found");
    let back = shop.post(&here, "/v1/returns", at(&order, 3, &lyon)).await.ok();
    assert_eq!(back["status"], "received");
    assert_eq!(counters(&shop, &lyon).await, [3, 3, 0, 0, 0]);
    for disposition in ["restock", "tester", "quarantine"] {
        let told = found(&back, "opened", disposition);
        step(&shop, &here, &back, "inspect", told).await.refused(409, "disposition_not_allowed");
    }
    let mut part = found(&back, "opened", "destroy");
    part["found"][0]["quantity"] = json!(2);
    step(&shop, &here, &back, "inspect", part).await.refused(409, "inspection_incomplete");
    step(&shop, &elsewhere, &back, "inspect", found(&back, "sealed", "restock")).await.refused(404, "not_found");
    let variant = &back["goods"][0]["variant_id"];
    let of = |quantity: i32, condition: &str, disposition: &str| {
        json!({
            "variant_id": variant, "quantity": quantity, "condition": condition, "disposition": disposition,
        })
    };
    let told = json!({ "found": [of(1, "sealed", "restock"), of(1, "opened", "destroy"), of(1, "damaged", "damaged")],
                       "withheld_minor": 400 });
    let closed = step(&shop, &here, &back, "inspect", told).await.ok();
    assert_eq!((&closed["refund"]["amount_minor"], &closed["withheld"]["amount_minor"]), (&json!(2600), &json!(400)));
    assert_eq!(counters(&shop, &lyon).await, [2, 0, 1, 0, 1]);
    let order = read(&shop, &order).await;
    assert_eq!((&order["status"], &order["paid"]["amount_minor"]), (&json!("returned"), &json!(400)));
    assert_eq!(shop.get(&here, &format!("/v1/returns?location_id={lyon}")).await.ok()["data"][0]["id"], back["id"]);
    assert_eq!(
        shop.get(&elsewhere, "/v1/returns").await.ok()["data"][0]["id"],
        back["id"],
        "the order came from there"
    );
}

#[actix_web::test]
async fn a_reaction_is_quarantined_with_its_lot_and_opens_a_case() {
    let shop = Shop::open().await;
    let paris = shop.location("PARIS", 100).await;
    shop.variant("LIP-1").await;
    let lot = shop.lot(&paris, "LIP-1", ("B-7", "2031-01-31"), 5).await;
    let order = shipped(&shop, &paris, 2, cash()).await;
    let mut body = asked(&order, 1, "reaction");
    body["location_id"] = json!(paris);
    let back = shop.post(&shop.admin, "/v1/returns", body).await.ok();
    assert_eq!(back["goods"][0]["lot_id"], json!(lot), "it comes back as the lot that it was");
    step(&shop, &shop.admin, &back, "inspect", found(&back, "reaction", "destroy"))
        .await
        .refused(409, "disposition_not_allowed");
    let mut told = found(&back, "reaction", "quarantine");
    told["note"] = json!("a rash on the lips");
    step(&shop, &shop.admin, &back, "inspect", told).await.ok();
    assert_eq!(counters(&shop, &paris).await, [4, 0, 0, 1, 3]);
    let case = format!("reaction_cases where lot_id = '{lot}' and note = 'a rash on the lips'");
    assert_eq!(shop.database.count(&case), 1);
    assert_eq!(
        shop.database
            .count(&format!("lot_balances where lot_id = '{lot}' and condition = 'quality_hold' and quantity = 1")),
        1
    );
}

#[actix_web::test]
async fn a_recalled_lot_that_comes_back_is_not_sold_again() {
    let shop = Shop::open().await;
    let paris = shop.location("PARIS", 100).await;
    shop.variant("LIP-1").await;
    let lot = shop.lot(&paris, "LIP-1", ("B-7", "2031-01-31"), 5).await;
    let order = shipped(&shop, &paris, 2, cash()).await;
    let back = shop.post(&shop.admin, "/v1/returns", at(&order, 1, &paris)).await.ok();
    shop.step("lots", &lot, "recall", json!({ "reason": "irritant" })).await.ok();
    let again = shop.get(&shop.admin, &format!("/v1/returns/{}", back["id"].as_str().unwrap())).await.ok();
    let sold = step(&shop, &shop.admin, &again, "inspect", found(&again, "sealed", "restock")).await;
    assert_eq!(sold.status, 409, "{}", sold.body);
    assert_eq!(shop.level(&paris, "LIP-1").await["quantity_available"], 0);
}

#[actix_web::test]
async fn a_cheap_thing_is_paid_back_without_its_goods_and_a_dear_one_is_not() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let order = shipped(&shop, &paris, 3, cash()).await;
    let dear = shop.post(&shop.admin, "/v1/returns", asked(&order, 2, "damaged")).await.ok();
    step(&shop, &shop.admin, &dear, "approve", json!({ "returnless": true })).await.refused(409, "returnless_limit");
    step(&shop, &shop.admin, &dear, "reject", json!({ "note": "worn" })).await.ok();
    step(&shop, &shop.admin, &dear, "approve", json!({})).await.refused(409, "return_not_open");
    let cheap = shop.post(&shop.admin, "/v1/returns", asked(&order, 1, "damaged")).await.ok();
    let closed = step(&shop, &shop.admin, &cheap, "approve", json!({ "returnless": true })).await.ok();
    assert_eq!((&closed["status"], &closed["is_returnless"]), (&json!("closed"), &json!(true)));
    let order = read(&shop, &order).await;
    assert_eq!((&order["paid"]["amount_minor"], &order["lines"][0]["returned"]), (&json!(2000), &json!(1)));
    assert_eq!(counters(&shop, &paris).await, [7, 0, 0, 0, 7]);
    step(&shop, &shop.admin, &cheap, "receive", json!({ "location_id": paris })).await.refused(409, "return_not_open");
}

#[actix_web::test]
async fn an_exchange_is_an_order_that_names_its_return() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let order = shipped(&shop, &paris, 1, cash()).await;
    let back = shop.post(&shop.admin, "/v1/returns", at(&order, 1, &paris)).await.ok();
    let mut body = crate::support::order_body(&paris, "LIP-1", 1);
    body["exchange_for"] = back["id"].clone();
    let other = shop.post(&shop.admin, "/v1/orders", body.clone()).await.ok();
    assert_eq!(other["exchange_for"], back["id"]);
    body["exchange_for"] = json!(uuid::Uuid::now_v7());
    shop.post(&shop.admin, "/v1/orders", body).await.refused(404, "not_found");
}

#[actix_web::test]
async fn what_has_not_left_does_not_come_back() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let order = shop.paid(&paris, "LIP-1", 2).await;
    shop.post(&shop.admin, "/v1/returns", asked(&order, 1, "other")).await.refused(409, "order_not_shipped");
    let some = json!({ "lines": [{ "line_no": 1, "quantity": 1 }] });
    shop.post(&shop.admin, &path(&order, "/fulfill"), some).await.ok();
    shop.post(&shop.admin, "/v1/returns", at(&order, 2, &paris)).await.refused(409, "nothing_to_return");
    let back = shop.post(&shop.admin, "/v1/returns", at(&order, 1, &paris)).await.ok();
    step(&shop, &shop.admin, &back, "inspect", found(&back, "sealed", "restock")).await.ok();
    let order = read(&shop, &order).await;
    assert_eq!((&order["status"], &order["paid"]["amount_minor"]), (&json!("processing"), &json!(1000)));
    shop.post(&shop.admin, &path(&order, "/fulfill"), json!({})).await.ok();
    shop.post(&shop.admin, "/v1/returns", asked(&order, 3, "other")).await.refused(409, "nothing_to_return");
}

#[actix_web::test]
async fn what_came_back_before_the_rest_has_left_is_set_against_it() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let order = shop.placed(&paris, "LIP-1", 3).await;
    shop.post(&shop.admin, &path(&order, "/payments"), card("tok_approve")).await.ok();
    let one = json!({ "lines": [{ "line_no": 1, "quantity": 1 }] });
    shop.post(&shop.admin, &path(&order, "/fulfill"), one.clone()).await.ok();
    shop.after(1).await;
    let back = shop.post(&shop.admin, "/v1/returns", at(&order, 1, &paris)).await.ok();
    step(&shop, &shop.admin, &back, "inspect", found(&back, "sealed", "restock")).await.ok();
    shop.post(&shop.admin, &path(&order, "/fulfill"), one).await.ok();
    shop.after(1).await;
    assert_eq!(sandbox(&shop), [3000, 1000, 0], "one is with the customer, one was paid for");
    shop.post(&shop.admin, &path(&order, "/fulfill"), json!({})).await.ok();
    shop.after(1).await;
    assert_eq!(sandbox(&shop), [3000, 2000, 0]);
    let order = read(&shop, &order).await;
    assert_eq!((&order["payment_status"], &order["authorized"]["amount_minor"]), (&json!("paid"), &json!(0)));
}

#[actix_web::test]
async fn nothing_is_paid_back_without_its_goods_before_they_have_left() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let order = shop.paid(&paris, "LIP-1", 2).await;
    shop.post(&shop.admin, &path(&order, "/fulfill"), json!({ "step": "start" })).await.ok();
    shop.post(&shop.admin, "/v1/returns", asked(&order, 1, "damaged")).await.refused(409, "order_not_shipped");
    let some = json!({ "lines": [{ "line_no": 1, "quantity": 1 }] });
    shop.post(&shop.admin, &path(&order, "/fulfill"), some).await.ok();
    shop.post(&shop.admin, "/v1/returns", asked(&order, 2, "damaged")).await.refused(409, "nothing_to_return");
    let back = shop.post(&shop.admin, "/v1/returns", asked(&order, 1, "damaged")).await.ok();
    step(&shop, &shop.admin, &back, "approve", json!({ "returnless": true })).await.ok();
    assert_eq!(read(&shop, &order).await["paid"]["amount_minor"], 1000);
}

#[actix_web::test]
async fn of_64_returns_of_the_same_unit_one_is_taken_and_paid_back_once() {
    let shop = Rc::new(Shop::open().await);
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let order = shipped(&shop, &paris, 1, card("tok_approve")).await;
    let answers = all_at_once(|_| {
        let (shop, body) = (shop.clone(), at(&order, 1, &paris));
        async move { shop.post(&shop.admin, "/v1/returns", body).await }
    })
    .await;
    let taken: Vec<_> = answers.iter().filter(|answer| answer.status == 201).collect();
    assert_eq!(taken.len(), 1, "{answers:?}");
    let back = taken[0].body.clone();
    for name in ["inspect", "approve", "reject", "receive"] {
        let answers = all_at_once(|_| {
            let (shop, back, paris) = (shop.clone(), back.clone(), paris.clone());
            async move {
                let body = match name {
                    "inspect" => found(&back, "sealed", "restock"),
                    "receive" => json!({ "location_id": paris }),
                    _ => json!({}),
                };
                step(&shop, &shop.admin, &back, name, body).await.status
            }
        })
        .await;
        let done = answers.iter().filter(|status| **status == 200).count();
        assert_eq!(done, usize::from(name == "inspect"), "{name}: {answers:?}");
    }
    shop.after(1).await;
    assert_eq!((sandbox(&shop), counters(&shop, &paris).await), ([1000, 1000, 1000], [10, 0, 0, 0, 10]));
}
