//! Payments through a gateway: promised before goods are promised, taken as they leave.
use crate::support::{Shop, all_at_once, order_body};
use serde_json::{Value, json};
use std::rc::Rc;

pub fn path(order: &Value, rest: &str) -> String {
    format!("/v1/orders/{}{rest}", order["id"].as_str().unwrap())
}

pub fn card(method: &str) -> Value {
    json!({ "gateway": "sandbox", "method": method })
}

pub async fn read(shop: &Shop, order: &Value) -> Value {
    shop.get(&shop.admin, &path(order, "")).await.ok()
}

/// The amounts that the sandbox has authorized, captured and given back, by its own books.
pub fn sandbox(shop: &Shop) -> [i64; 3] {
    ["authorized", "captured", "refunded"].map(|of| {
        shop.database.number(&format!(
            "select coalesce(sum({of}_minor), 0)::bigint as n from sandbox_intents where status not in ('declined', \
             'voided')"
        ))
    })
}

#[actix_web::test]
async fn a_card_is_promised_when_the_order_is_paid_and_taken_when_it_leaves() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let order = shop.placed(&paris, "LIP-1", 3).await;
    let paid = shop.post(&shop.admin, &path(&order, "/payments"), card("tok_approve")).await.ok();
    assert_eq!((&paid["status"], &paid["order"]["status"]), (&json!("authorized"), &json!("confirmed")));
    assert_eq!(paid["order"]["payment_status"], "authorized");
    assert_eq!(
        (&paid["order"]["paid"]["amount_minor"], &paid["order"]["authorized"]["amount_minor"]),
        (&json!(0), &json!(3000))
    );
    assert_eq!(shop.level(&paris, "LIP-1").await["allocated"], 3);
    assert_eq!(sandbox(&shop), [3000, 0, 0]);

    let shipped = shop.post(&shop.admin, &path(&order, "/fulfill"), json!({})).await.ok();
    assert_eq!(shipped["payment_status"], "authorized", "it is taken in a moment");
    assert_eq!(shop.after(1).await, 1);
    assert_eq!(sandbox(&shop), [3000, 3000, 0]);
    let order = read(&shop, &order).await;
    assert_eq!((&order["payment_status"], &order["paid"]["amount_minor"]), (&json!("paid"), &json!(3000)));
    let events = shop.get(&shop.admin, &path(&order, "/events")).await.ok();
    let told: Vec<_> =
        events["data"].as_array().unwrap().iter().map(|event| event["event"].as_str().unwrap()).collect();
    assert_eq!(told, ["placed", "payment_begun", "confirmed", "processing", "shipped", "payment_captured"]);
    assert_eq!(shop.after(60).await, 0, "nothing is left to be settled");
}

#[actix_web::test]
async fn a_declined_card_leaves_the_order_waiting_for_another() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let order = shop.placed(&paris, "LIP-1", 3).await;
    let pay = path(&order, "/payments");
    let refused = shop.post_as(&shop.admin, &pay, card("tok_decline"), "k-1").await;
    refused.refused(402, "payment_declined");
    assert_eq!(shop.post_as(&shop.admin, &pay, card("tok_decline"), "k-1").await.body, refused.body);
    let waiting = read(&shop, &order).await;
    assert_eq!((&waiting["status"], &waiting["payment_status"]), (&json!("pending"), &json!("unpaid")));
    assert_eq!(shop.level(&paris, "LIP-1").await["reserved"], 3);
    let paid = shop.post(&shop.admin, &pay, card("tok_approve")).await.ok();
    assert_eq!(paid["order"]["status"], "confirmed");
    let listed = shop.get(&shop.admin, &pay).await.ok();
    let stands: Vec<_> = listed["data"].as_array().unwrap().iter().map(|payment| &payment["status"]).collect();
    assert_eq!(stands, ["declined", "authorized"]);
    assert_eq!(listed["data"][0]["failure"], "card_declined");
    assert_eq!(shop.database.count("payments"), 2);
}

#[actix_web::test]
async fn a_payer_who_must_confirm_goes_on_where_the_payment_says() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let order = shop.placed(&paris, "LIP-1", 1).await;
    let pay = path(&order, "/payments");
    let asked = shop.post(&shop.admin, &pay, card("tok_3ds")).await.ok();
    assert_eq!((&asked["status"], &asked["order"]["status"]), (&json!("requires_action"), &json!("pending")));
    assert_eq!(shop.after(65).await, 0, "the payer has not done it");
    let action = asked["action"].as_str().unwrap();
    let done = shop.post(&shop.admin, action, json!({ "approve": true })).await.ok();
    assert_eq!(done["status"], "authorized");
    assert_eq!(read(&shop, &order).await["status"], "confirmed");
    shop.post(&shop.admin, action, json!({ "approve": true })).await.refused(404, "not_found");

    let other = shop.placed(&paris, "LIP-1", 1).await;
    let asked = shop.post(&shop.admin, &path(&other, "/payments"), card("tok_3ds")).await.ok();
    let failed = shop.post(&shop.admin, asked["action"].as_str().unwrap(), json!({ "approve": false })).await.ok();
    assert_eq!(failed["status"], "declined");
    assert_eq!(read(&shop, &other).await["status"], "pending");

    let third = shop.placed(&paris, "LIP-1", 1).await;
    let given_up = shop.post(&shop.admin, &path(&third, "/payments"), card("tok_3ds")).await.ok();
    let paid = shop.post(&shop.admin, &path(&third, "/payments"), card("tok_approve")).await.ok();
    assert_eq!(paid["order"]["status"], "confirmed", "another card in place of the first");
    shop.after(1).await;
    shop.post(&shop.admin, given_up["action"].as_str().unwrap(), json!({ "approve": true }))
        .await
        .refused(404, "not_found");
    assert_eq!(sandbox(&shop), [2000, 0, 0]);
}

#[actix_web::test]
async fn canceling_gives_up_what_was_promised() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let order = shop.placed(&paris, "LIP-1", 2).await;
    shop.post(&shop.admin, &path(&order, "/payments"), card("tok_approve")).await.ok();
    let canceled = shop.patch(&shop.admin, &path(&order, "/cancel"), json!({}), None).await.ok();
    assert_eq!((&canceled["status"], &canceled["authorized"]["amount_minor"]), (&json!("canceled"), &json!(0)));
    shop.after(1).await;
    assert_eq!(sandbox(&shop), [0, 0, 0]);
    assert_eq!(shop.database.count("payments where status = 'voided'"), 1);
    assert_eq!(shop.level(&paris, "LIP-1").await["quantity_available"], 10);
}

#[actix_web::test]
async fn an_order_that_leaves_in_parts_is_taken_part_by_part() {
    let shop = Shop::open().await;
    let places = [shop.stocked("A", "LIP-1", 2).await, shop.location("B", 200).await];
    shop.stock(&places[1], "LIP-1", 3).await;
    let body = json!({
        "channel": "web", "currency": "EUR", "customer": crate::support::home(),
        "lines": [{ "sku": "LIP-1", "quantity": 5 }],
    });
    let order = shop.post(&shop.admin, "/v1/orders", body).await.ok();
    shop.post(&shop.admin, &path(&order, "/payments"), card("tok_approve")).await.ok();
    let ship = |place: &str| json!({ "location_id": place });
    shop.post(&shop.admin, &path(&order, "/fulfill"), ship(&places[1])).await.ok();
    shop.after(1).await;
    assert_eq!(sandbox(&shop), [5000, 3000, 0]);
    let part = read(&shop, &order).await;
    assert_eq!(
        (&part["payment_status"], &part["fulfillment_status"]),
        (&json!("partially_captured"), &json!("partially_shipped"))
    );
    shop.post(&shop.admin, &path(&order, "/fulfill"), ship(&places[0])).await.ok();
    shop.after(1).await;
    assert_eq!(sandbox(&shop), [5000, 5000, 0]);
    assert_eq!(read(&shop, &order).await["payment_status"], "paid");
    assert_eq!(shop.database.count("sandbox_calls where kind = 'capture'"), 2);
}

#[actix_web::test]
async fn an_order_may_be_paid_by_cash_and_cards_together() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let order = shop.placed(&paris, "LIP-1", 3).await;
    let pay = path(&order, "/payments");
    shop.post(&shop.admin, &pay, json!({ "gateway": "manual", "amount_minor": 500 })).await.ok();
    let mut part = card("tok_approve");
    part["amount_minor"] = json!(1000);
    let first = shop.post(&shop.admin, &pay, part).await.ok();
    assert_eq!(
        (&first["order"]["status"], &first["order"]["payment_status"]),
        (&json!("pending"), &json!("partially_paid"))
    );
    let second = shop.post(&shop.admin, &pay, card("tok_approve")).await.ok();
    assert_eq!(
        (&second["authorized"]["amount_minor"], &second["order"]["status"]),
        (&json!(1500), &json!("confirmed"))
    );
    shop.post(&shop.admin, &path(&order, "/fulfill"), json!({})).await.ok();
    shop.after(1).await;
    assert_eq!(sandbox(&shop), [2500, 2500, 0]);
    assert_eq!(read(&shop, &order).await["payment_status"], "paid");
}

#[actix_web::test]
async fn what_gateways_cannot_do_is_refused_before_anything_is_written() {
    let shop = Shop::open_with(&[("COFFRET_PAYMENTS__SANDBOX", "false")]).await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let order = shop.placed(&paris, "LIP-1", 1).await;
    let pay = path(&order, "/payments");
    shop.post(&shop.admin, &pay, card("tok_approve")).await.refused(422, "unsupported_gateway");
    let stripe = json!({ "gateway": "stripe", "method": "pm_1" });
    shop.post(&shop.admin, &pay, stripe).await.refused(422, "unsupported_gateway");
    shop.post(&shop.admin, &pay, json!({ "gateway": "external" })).await.refused(422, "unsupported_gateway");
    shop.post(&shop.admin, &pay, json!({ "gateway": "gold" })).await.refused(422, "invalid_body");
    shop.post("", "/v1/webhooks/stripe", json!({})).await.refused(404, "not_found");
    assert_eq!(shop.database.count("payments") + shop.database.count("payment_operations"), 0);
    drop(shop);
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let order = shop.placed(&paris, "LIP-1", 1).await;
    shop.post(&shop.admin, &path(&order, "/payments"), json!({ "gateway": "sandbox" }))
        .await
        .refused(422, "invalid_body");
    let mut dear = card("tok_approve");
    dear["amount_minor"] = json!(1001);
    shop.post(&shop.admin, &path(&order, "/payments"), dear).await.refused(409, "payment_exceeds_total");
    assert_eq!(shop.database.count("payments"), 0);
}

#[actix_web::test]
async fn of_64_cards_for_one_order_one_is_promised() {
    let shop = Rc::new(Shop::open().await);
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let order = shop.placed(&paris, "LIP-1", 1).await;
    let answers = all_at_once(|_| {
        let (shop, pay) = (shop.clone(), path(&order, "/payments"));
        async move { shop.post(&shop.admin, &pay, card("tok_approve")).await }
    })
    .await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1, "{answers:?}");
    let refused = ["payment_in_progress", "order_not_pending"];
    assert!(
        answers.iter().filter(|a| a.status != 201).all(|a| a.status == 409 && refused.contains(&a.code())),
        "{answers:?}"
    );
    assert_eq!((sandbox(&shop), shop.database.count("sandbox_intents")), ([1000, 0, 0], 1));
}

#[actix_web::test]
async fn one_payment_sent_64_times_is_promised_once_and_answered_alike() {
    let shop = Rc::new(Shop::open().await);
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let order: Value = order_body(&paris, "LIP-1", 1);
    let order = shop.post(&shop.admin, "/v1/orders", order).await.ok();
    let answers = all_at_once(|_| {
        let (shop, pay) = (shop.clone(), path(&order, "/payments"));
        async move { shop.post_as(&shop.admin, &pay, card("tok_approve"), "one").await }
    })
    .await;
    assert!(answers.iter().all(|answer| answer.status == 201 && answer.body == answers[0].body), "{answers:?}");
    assert_eq!((sandbox(&shop), shop.database.count("payments")), ([1000, 0, 0], 1));
    assert_eq!(shop.database.count("sandbox_calls where kind = 'authorize'"), 1);
}
