//! Money that failed has a way on, and prices that were agreed stay.
use crate::{
    payments::{card, path, read, sandbox},
    support::{Shop, answer},
};
use reqwest::Method;
use serde_json::{Value, json};

/// An order of two that has left, whose card could not be charged.
async fn unpaid_after_shipping(method: &str) -> (Shop, Value, String) {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let order = shop.placed(&paris, "LIP-1", 2).await;
    shop.post(&shop.admin, &path(&order, "/payments"), card(method)).await.ok();
    shop.post(&shop.admin, &path(&order, "/fulfill"), json!({})).await.ok();
    shop.after(1).await;
    let listed = shop.get(&shop.admin, "/v1/payments/failed").await.ok();
    let failed = listed["data"].as_array().unwrap().clone();
    assert_eq!((failed.len(), &failed[0]["failure"]), (1, &json!("expired")), "{listed}");
    assert_eq!(failed[0]["order_number"], order["number"]);
    let query = "{ failedPayments { nodes { failure captured { amountMinor } order { number } } } }";
    let told = shop.graphql(&shop.admin, query, json!({})).await["data"]["failedPayments"]["nodes"].clone();
    assert_eq!((&told[0]["failure"], &told[0]["order"]["number"]), (&json!("expired"), &order["number"]), "{told}");
    let id = failed[0]["id"].as_str().unwrap().to_owned();
    (shop, order, id)
}

async fn nothing_is_left_to_look_at(shop: &Shop) {
    assert_eq!(shop.get(&shop.admin, "/v1/payments/failed").await.ok()["data"], json!([]));
}

#[actix_web::test]
async fn a_capture_that_was_refused_after_shipping_is_asked_again() {
    let (shop, order, payment) = unpaid_after_shipping("tok_approve_first_refuse_capture").await;
    assert_eq!(read(&shop, &order).await["payment_status"], "unpaid");
    let retried = shop.post(&shop.admin, &format!("/v1/payments/{payment}/retry"), json!({})).await.ok();
    assert_eq!((&retried["status"], &retried["order"]["payment_status"]), (&json!("captured"), &json!("paid")));
    nothing_is_left_to_look_at(&shop).await;
    shop.post(&shop.admin, &format!("/v1/payments/{payment}/retry"), json!({})).await.refused(409, "nothing_to_retry");
    assert_eq!(sandbox(&shop), [2000, 2000, 0]);
}

#[actix_web::test]
async fn a_refused_capture_is_asked_again_though_the_next_parcel_left_before_it_was_known() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let order = shop.placed(&paris, "LIP-1", 3).await;
    shop.post(&shop.admin, &path(&order, "/payments"), card("tok_approve_first_refuse_capture")).await.ok();
    for units in [1, 2] {
        let lines = json!({ "lines": [{ "line_no": 1, "quantity": units }] });
        shop.post(&shop.admin, &path(&order, "/fulfill"), lines).await.ok();
    }
    shop.after(1).await;
    assert_eq!(sandbox(&shop), [3000, 2000, 0], "the first parcel is not paid, the second is");
    let failed = shop.get(&shop.admin, "/v1/payments/failed").await.ok()["data"][0].clone();
    let retry = format!("/v1/payments/{}/retry", failed["id"].as_str().unwrap());
    let retried = shop.post(&shop.admin, &retry, json!({})).await.ok();
    assert_eq!((&retried["status"], &retried["order"]["payment_status"]), (&json!("captured"), &json!("paid")));
    nothing_is_left_to_look_at(&shop).await;
    assert_eq!(sandbox(&shop), [3000, 3000, 0]);
    shop.post(&shop.admin, &retry, json!({})).await.refused(409, "nothing_to_retry");
}

#[actix_web::test]
async fn what_could_not_be_taken_after_shipping_is_paid_in_another_way() {
    let (shop, order, _) = unpaid_after_shipping("tok_approve_refuse_capture").await;
    let part = json!({ "gateway": "manual", "amount_minor": 500 });
    let paid = shop.post(&shop.admin, &path(&order, "/payments"), part).await.ok();
    assert_eq!(
        (&paid["order"]["status"], &paid["order"]["payment_status"]),
        (&json!("shipped"), &json!("partially_paid"))
    );
    let too_much = json!({ "gateway": "manual", "amount_minor": 1501 });
    shop.post(&shop.admin, &path(&order, "/payments"), too_much).await.refused(409, "payment_exceeds_total");
    shop.post(&shop.admin, &path(&order, "/payments"), card("tok_approve")).await.ok();
    shop.after(1).await;
    let order = read(&shop, &order).await;
    assert_eq!((&order["payment_status"], &order["paid"]["amount_minor"]), (&json!("paid"), &json!(2000)));
    nothing_is_left_to_look_at(&shop).await;
    shop.post(&shop.admin, &path(&order, "/payments"), json!({ "gateway": "manual" }))
        .await
        .refused(409, "order_not_pending");
}

#[actix_web::test]
async fn a_return_of_what_was_never_paid_gives_nothing_back() {
    let (shop, order, _) = unpaid_after_shipping("tok_approve_refuse_capture").await;
    let lines = json!([{ "line_no": 1, "quantity": 2, "reason": "unwanted" }]);
    let at = order["location_id"].clone();
    let back = json!({ "order_id": order["id"], "lines": lines, "location_id": at });
    let back = shop.post(&shop.admin, "/v1/returns", back).await.ok();
    let variant = &back["goods"][0]["variant_id"];
    let found = json!([{ "variant_id": variant, "quantity": 2, "condition": "sealed", "disposition": "restock" }]);
    let closed = shop.step("returns", back["id"].as_str().unwrap(), "inspect", json!({ "found": found })).await.ok();
    assert_eq!((&closed["refund"]["amount_minor"], &closed["credited"]["amount_minor"]), (&json!(0), &json!(2000)));
    assert_eq!(read(&shop, &order).await["payment_status"], "unpaid");
    nothing_is_left_to_look_at(&shop).await;
    shop.after(1).await;
    let payments = shop.get(&shop.admin, &path(&order, "/payments")).await.ok();
    assert_eq!(payments["data"][0]["status"], "voided", "nothing is owed any more, so nothing stays authorized");
}

/// An order of two that was paid by a card and has left, and a way to give one unit of it back.
async fn shipped_two(method: &str) -> (Shop, Value) {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let order = shop.placed(&paris, "LIP-1", 2).await;
    shop.post(&shop.admin, &path(&order, "/payments"), card(method)).await.ok();
    shop.post(&shop.admin, &path(&order, "/fulfill"), json!({})).await.ok();
    shop.after(1).await;
    (shop, order)
}

/// Gives one unit back; the path of the return.
async fn one_back(shop: &Shop, order: &Value) -> String {
    let lines = json!([{ "line_no": 1, "quantity": 1, "reason": "unwanted" }]);
    let back = json!({ "order_id": order["id"], "lines": lines, "location_id": order["location_id"] });
    let back = shop.post(&shop.admin, "/v1/returns", back).await.ok();
    let variant = &back["goods"][0]["variant_id"];
    let found = json!([{ "variant_id": variant, "quantity": 1, "condition": "sealed", "disposition": "restock" }]);
    let id = back["id"].as_str().unwrap();
    shop.step("returns", id, "inspect", json!({ "found": found })).await.ok();
    shop.after(1).await;
    format!("/v1/returns/{id}")
}

#[actix_web::test]
async fn a_refund_that_is_given_by_hand_in_parts_needs_a_person_until_all_of_it_is() {
    let (shop, order) = shipped_two("tok_approve_refuse_refund").await;
    let back = one_back(&shop, &order).await;
    let failed = shop.get(&shop.admin, "/v1/payments/failed").await.ok();
    let by_hand = format!("/v1/payments/{}/refunded-by-hand", failed["data"][0]["id"].as_str().unwrap());
    let give =
        async |minor: i64| shop.post(&shop.admin, &by_hand, json!({ "amount_minor": minor, "note": "cash" })).await;
    give(1001).await.refused(409, "payment_exceeds_total");
    give(100).await.ok();
    let failed = shop.get(&shop.admin, "/v1/payments/failed").await.ok();
    assert_eq!(failed["data"][0]["refunded"]["amount_minor"], 100, "900 are owed still");
    assert_eq!(shop.get(&shop.admin, &back).await.ok()["refund_status"], "failed");
    give(901).await.refused(409, "payment_exceeds_total");
    give(900).await.ok();
    assert_eq!(shop.get(&shop.admin, &back).await.ok()["refund_status"], "done");
    nothing_is_left_to_look_at(&shop).await;
    give(1).await.refused(409, "nothing_to_retry");
}

#[actix_web::test]
async fn the_rest_of_a_refund_is_asked_of_the_gateway_again_after_a_part_was_given_by_hand() {
    let (shop, order) = shipped_two("tok_approve_first_refuse_refund").await;
    let back = one_back(&shop, &order).await;
    let failed = shop.get(&shop.admin, "/v1/payments/failed").await.ok();
    let payment = format!("/v1/payments/{}", failed["data"][0]["id"].as_str().unwrap());
    let part = json!({ "amount_minor": 90, "note": "cash" });
    shop.post(&shop.admin, &format!("{payment}/refunded-by-hand"), part).await.ok();
    let retried = shop.post(&shop.admin, &format!("{payment}/retry"), json!({})).await.ok();
    assert_eq!(retried["refunded"]["amount_minor"], 1000);
    assert_eq!(shop.get(&shop.admin, &back).await.ok()["refund_status"], "done");
    assert_eq!(sandbox(&shop), [2000, 2000, 910]);
    nothing_is_left_to_look_at(&shop).await;
}

#[actix_web::test]
async fn the_refunds_of_returns_add_up_to_what_was_given_back_though_one_was_refused_at_first() {
    let (shop, order) = shipped_two("tok_approve_first_refuse_refund").await;
    let backs = [one_back(&shop, &order).await, one_back(&shop, &order).await];
    for back in backs {
        let back = shop.get(&shop.admin, &back).await.ok();
        assert_eq!((&back["refund"]["amount_minor"], &back["refund_status"]), (&json!(1000), &json!("done")));
    }
    assert_eq!(sandbox(&shop), [2000, 2000, 2000]);
}

#[actix_web::test]
async fn a_declined_payment_that_is_sent_again_is_told_as_the_answer_that_was_given() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let order = shop.placed(&paris, "LIP-1", 2).await;
    let pay = async || shop.post_as(&shop.admin, &path(&order, "/payments"), card("tok_decline"), "once").await;
    let (first, again) = (pay().await, pay().await);
    for answer in [&first, &again] {
        answer.refused(402, "payment_declined");
    }
    assert_eq!((first.header("idempotent-replayed"), again.header("idempotent-replayed")), ("", "true"));
}

#[actix_web::test]
async fn a_refund_that_the_gateway_refuses_is_noted_as_given_back_by_hand() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let order = shop.placed(&paris, "LIP-1", 2).await;
    shop.post(&shop.admin, &path(&order, "/payments"), card("tok_approve_refuse_refund")).await.ok();
    shop.post(&shop.admin, &path(&order, "/fulfill"), json!({})).await.ok();
    shop.after(1).await;
    let lines = json!([{ "line_no": 1, "quantity": 1, "reason": "unwanted" }]);
    let back = json!({ "order_id": order["id"], "lines": lines, "location_id": paris });
    let back = shop.post(&shop.admin, "/v1/returns", back).await.ok();
    let variant = &back["goods"][0]["variant_id"];
    let found = json!([{ "variant_id": variant, "quantity": 1, "condition": "sealed", "disposition": "restock" }]);
    let id = back["id"].as_str().unwrap();
    let closed = shop.step("returns", id, "inspect", json!({ "found": found })).await.ok();
    assert_eq!(closed["refund_status"], "pending");
    shop.after(1).await;
    assert_eq!(shop.get(&shop.admin, &format!("/v1/returns/{id}")).await.ok()["refund_status"], "failed");
    let failed = shop.get(&shop.admin, "/v1/payments/failed").await.ok();
    let by_hand = format!("/v1/payments/{}/refunded-by-hand", failed["data"][0]["id"].as_str().unwrap());
    let till = shop.sign_in("cashier", Some(&paris)).await;
    let cash = json!({ "amount_minor": 1000, "note": "cash from the drawer" });
    shop.post(&till, &by_hand, cash.clone()).await.refused(403, "forbidden");
    let too_much = json!({ "amount_minor": 2001, "note": "x" });
    shop.post(&shop.admin, &by_hand, too_much).await.refused(409, "payment_exceeds_total");
    let manager = shop.sign_in("store_manager", Some(&paris)).await;
    let noted = shop.post(&manager, &by_hand, cash).await.ok();
    assert_eq!(
        (&noted["order"]["paid"]["amount_minor"], &noted["order"]["payment_status"]),
        (&json!(1000), &json!("partially_refunded"))
    );
    assert_eq!(noted["order"]["fulfillment_status"], "partially_returned");
    assert_eq!(shop.get(&shop.admin, &format!("/v1/returns/{id}")).await.ok()["refund_status"], "done");
    nothing_is_left_to_look_at(&shop).await;
}

#[actix_web::test]
async fn units_that_are_kept_keep_their_price_and_only_added_ones_are_priced_anew() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let cheap = shop.variant("LIP-2").await;
    shop.stock(&paris, "LIP-2", 10).await;
    let set = async |sku: &str, minor: i64| {
        let variant = shop.get(&shop.admin, &format!("/v1/variants?sku={sku}")).await.ok();
        let route = format!("/v1/variants/{}/prices/pos/EUR", variant["id"].as_str().unwrap());
        let request = shop.request(&shop.admin, Method::PUT, &route).header("If-Match", "*");
        answer(request.json(&json!({ "amount_minor": minor }))).await.ok();
    };
    assert!(cheap["id"].is_string());
    set("LIP-2", 500).await;
    let lines = |a: i64, b: i64| {
        let all = [("LIP-1", a), ("LIP-2", b)];
        let named: Vec<_> =
            all.iter().filter(|(_, n)| *n > 0).map(|(sku, n)| json!({ "sku": sku, "quantity": n })).collect();
        json!({ "lines": named })
    };
    let mut body = crate::support::order_body(&paris, "LIP-1", 1);
    body["lines"] = lines(1, 1)["lines"].clone();
    let order = shop.post(&shop.admin, "/v1/orders", body).await.ok();
    let paid = shop.post(&shop.admin, &path(&order, "/payments"), json!({ "gateway": "manual" })).await.ok();
    set("LIP-1", 2000).await;
    let version = paid["order"]["version"].as_i64();
    let less = shop.patch(&shop.admin, &path(&order, ""), lines(1, 0), version).await.ok();
    assert_eq!(
        (&less["total"]["amount_minor"], &less["paid"]["amount_minor"]),
        (&json!(1000), &json!(1000)),
        "5.00 came back"
    );
    assert_eq!(less["payment_status"], "paid");
    let mut more = lines(3, 0);
    more["payment"] = json!({ "gateway": "manual" });
    let more = shop.patch(&shop.admin, &path(&order, ""), more, less["version"].as_i64()).await.ok();
    assert_eq!(more["total"]["amount_minor"], 1000 + 2 * 2000);
    let kept: Vec<_> = more["lines"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| (&line["sku"], &line["quantity"], &line["unit_price"]["amount_minor"]))
        .collect();
    assert_eq!(kept[0], (&json!("LIP-1"), &json!(1), &json!(1000)));
    assert_eq!(kept[2], (&json!("LIP-1"), &json!(2), &json!(2000)));
}

#[actix_web::test]
async fn the_sandboxs_bank_has_a_page_on_which_a_payer_decides() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let order = shop.placed(&paris, "LIP-1", 1).await;
    let asked = shop.post(&shop.admin, &path(&order, "/payments"), card("tok_3ds")).await.ok();
    let action = asked["action"].as_str().unwrap();
    let page = shop.get("", action).await;
    assert!(page.header("content-type").starts_with("text/html") && page.body.as_str().unwrap().contains("Approve"));
    let form = [("decision", "approve")];
    let decided = answer(shop.request("", Method::POST, &format!("{action}/decide")).form(&form)).await;
    assert_eq!(decided.status, 200);
    assert_eq!(read(&shop, &order).await["status"], "confirmed");
}

#[actix_web::test]
async fn payments_of_a_cent_do_not_keep_goods_from_others() {
    let shop = Shop::open_with(&[("COFFRET_ORDERS__HOLD_SECONDS", "100")]).await;
    let paris = shop.stocked("PARIS", "LIP-1", 2).await;
    let order = shop.placed(&paris, "LIP-1", 2).await;
    let cent = json!({ "gateway": "manual", "amount_minor": 1 });
    for _ in 0..3 {
        shop.after(30).await;
        shop.post(&shop.admin, &path(&order, "/payments"), cent.clone()).await.ok();
    }
    shop.after(30).await;
    assert_eq!(read(&shop, &order).await["status"], "canceled");
    assert_eq!(shop.level(&paris, "LIP-1").await["quantity_available"], 2);
    shop.post(&shop.admin, &path(&order, "/payments"), cent).await.refused(409, "order_canceled");
}

#[actix_web::test]
async fn authorizations_of_the_rest_extend_a_hold_up_to_a_limit() {
    let shop = Shop::open_with(&[("COFFRET_ORDERS__HOLD_SECONDS", "100")]).await;
    let paris = shop.stocked("PARIS", "LIP-1", 2).await;
    let order = shop.placed(&paris, "LIP-1", 2).await;
    let mut ends = vec![];
    for _ in 0..6 {
        shop.after(80).await;
        let declined = shop.post(&shop.admin, &path(&order, "/payments"), card("tok_decline")).await;
        ends.push(declined.status);
    }
    assert_eq!(ends[..4], [402; 4]);
    assert_eq!(ends[5], 409, "not for ever");
}
