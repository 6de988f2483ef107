//! The saga of a payment, failed at every step: calls that are lost before they are done, answers that are lost after,
//! steps that are repeated. Nothing is left over, taken twice or lost.
use crate::{
    payments::{card, path, read, sandbox},
    returns::{at, found},
    support::{Shop, order_body},
};
use serde_json::{Value, json};

/// Short enough not to wait for, long enough for a call.
const IMPATIENT: &[(&str, &str)] = &[
    ("COFFRET_PAYMENTS__TIMEOUT_MS", "400"),
    ("COFFRET_ORDERS__HOLD_SECONDS", "600"),
    ("COFFRET_ACCESS__ACCESS_TOKEN_SECONDS", "990000000"),
    ("COFFRET_ACCESS__REFRESH_TOKEN_SECONDS", "990000000"),
];

/// Lets the service find out what is open, twice over.
async fn settled(shop: &Shop) {
    for _ in 0..4 {
        shop.after(40).await;
    }
    assert_eq!(shop.after(0).await, 0, "nothing is open any more");
}

async fn paid(shop: &Shop, paris: &str, method: &str) -> Value {
    let order = shop.post(&shop.admin, "/v1/orders", order_body(paris, "LIP-1", 2)).await.ok();
    let key = format!("pay-{}", order["id"]).replace('"', "");
    let first = shop.post_as(&shop.admin, &path(&order, "/payments"), card(method), &key).await;
    assert!([201, 202].contains(&first.status), "{} {}", first.status, first.body);
    settled(shop).await;
    let again = shop.post_as(&shop.admin, &path(&order, "/payments"), card(method), &key).await;
    let once_more = shop.post_as(&shop.admin, &path(&order, "/payments"), card(method), &key).await;
    assert_eq!((again.status, &again.body), (once_more.status, &once_more.body), "the same answer to the same request");
    assert_eq!(again.status, 201);
    order
}

#[actix_web::test]
async fn whichever_step_fails_in_whichever_way_money_and_stock_end_as_if_none_had() {
    for fault in ["slow", "error"] {
        for step in ["authorize", "capture", "void", "refund"] {
            let shop = Shop::open_with(IMPATIENT).await;
            let paris = shop.stocked("PARIS", "LIP-1", 10).await;
            let method = format!("tok_approve_{fault}_{step}");
            let (kept, given_up) = (paid(&shop, &paris, &method).await, paid(&shop, &paris, &method).await);
            assert_eq!(read(&shop, &kept).await["status"], "confirmed", "{method}");
            assert_eq!(sandbox(&shop), [4000, 0, 0], "{method}");

            shop.post_as(&shop.admin, &path(&kept, "/fulfill"), json!({}), "ship").await.ok();
            shop.post_as(&shop.admin, &path(&kept, "/fulfill"), json!({}), "ship").await.ok();
            shop.patch(&shop.admin, &path(&given_up, "/cancel"), json!({}), None).await.ok();
            settled(&shop).await;
            assert_eq!(sandbox(&shop), [2000, 2000, 0], "{method}");
            let (kept, given_up) = (read(&shop, &kept).await, read(&shop, &given_up).await);
            assert_eq!((&kept["status"], &kept["payment_status"]), (&json!("shipped"), &json!("paid")), "{method}");
            assert_eq!((&given_up["status"], &given_up["authorized"]["amount_minor"]), (&json!("canceled"), &json!(0)));
            let level = shop.level(&paris, "LIP-1").await;
            assert_eq!((&level["on_hand"], &level["allocated"], &level["reserved"]), (&json!(8), &json!(0), &json!(0)));
            let back = shop.post_as(&shop.admin, "/v1/returns", at(&kept, 2, &paris), "back").await.ok();
            let inspect = format!("/v1/returns/{}/inspect", back["id"].as_str().unwrap());
            for _ in 0..2 {
                shop.post_as(&shop.admin, &inspect, found(&back, "sealed", "restock"), "seen").await.ok();
            }
            settled(&shop).await;
            assert_eq!(sandbox(&shop), [2000, 2000, 2000], "{method}");
            assert_eq!(read(&shop, &kept).await["payment_status"], "refunded", "{method}");
            assert_eq!(shop.level(&paris, "LIP-1").await["quantity_available"], 10);
            assert_eq!(shop.database.count("payment_operations where state <> 'done'"), 0, "{method}");
        }
    }
}

#[actix_web::test]
async fn a_card_that_is_declined_while_the_answer_is_lost_leaves_the_order_to_lapse() {
    for fault in ["slow", "error"] {
        let shop = Shop::open_with(IMPATIENT).await;
        let paris = shop.stocked("PARIS", "LIP-1", 10).await;
        let order = shop.placed(&paris, "LIP-1", 2).await;
        let method = format!("tok_decline_{fault}_authorize");
        let first = shop.post_as(&shop.admin, &path(&order, "/payments"), card(&method), "k").await;
        assert_eq!((first.status, &first.body["status"]), (202, &json!("pending")));
        let other = shop.post(&shop.admin, &path(&order, "/payments"), card("tok_approve")).await;
        other.refused(409, "payment_in_progress");
        settled(&shop).await;
        shop.post_as(&shop.admin, &path(&order, "/payments"), card(&method), "k")
            .await
            .refused(402, "payment_declined");
        assert_eq!(read(&shop, &order).await["status"], "pending");
        shop.after(700).await;
        assert_eq!(read(&shop, &order).await["status"], "canceled");
        assert_eq!(
            (sandbox(&shop), shop.level(&paris, "LIP-1").await["quantity_available"].as_i64()),
            ([0, 0, 0], Some(10))
        );
    }
}

#[actix_web::test]
async fn a_gateway_that_stays_away_is_given_up_with_the_order_and_nothing_is_left_promised() {
    let shop = Shop::open_with(IMPATIENT).await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let order = shop.placed(&paris, "LIP-1", 2).await;
    let away = shop.post(&shop.admin, &path(&order, "/payments"), card("tok_approve_down_authorize")).await;
    assert_eq!(away.status, 202);
    shop.after(700).await;
    assert_eq!(read(&shop, &order).await["status"], "pending", "the hold has run out, the gateway may still say yes");
    assert_eq!(shop.level(&paris, "LIP-1").await["reserved"], 0);
    shop.after(900).await;
    assert_eq!(read(&shop, &order).await["status"], "canceled");
    settled(&shop).await;
    assert_eq!(shop.database.count("payments where status = 'voided'"), 1);
    assert_eq!(sandbox(&shop), [0, 0, 0]);
}

/// The hold has run out before the promise is heard of: the answer was lost, and no one asked again in time.
async fn promised_too_late(shop: &Shop, paris: &str, meanwhile: i64) -> Value {
    let order = shop.placed(paris, "LIP-1", 2).await;
    let method = "tok_approve_slow_authorize";
    assert_eq!(shop.post_as(&shop.admin, &path(&order, "/payments"), card(method), "k").await.status, 202);
    shop.database.run("update payment_operations set next_at = next_at + interval '650 seconds'");
    shop.after(601).await;
    assert_eq!(shop.level(paris, "LIP-1").await["reserved"], 0, "the hold has run out");
    if meanwhile > 0 {
        shop.paid(paris, "LIP-1", meanwhile).await;
    }
    settled(shop).await;
    order
}

#[actix_web::test]
async fn a_promise_that_comes_late_takes_the_goods_anew_where_they_still_are() {
    let shop = Shop::open_with(IMPATIENT).await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let order = promised_too_late(&shop, &paris, 8).await;
    let order = read(&shop, &order).await;
    assert_eq!((&order["status"], &order["payment_status"]), (&json!("confirmed"), &json!("authorized")));
    let level = shop.level(&paris, "LIP-1").await;
    assert_eq!((&level["allocated"], &level["quantity_available"]), (&json!(10), &json!(0)));
    shop.post(&shop.admin, &path(&order, "/fulfill"), json!({})).await.ok();
    settled(&shop).await;
    assert_eq!(sandbox(&shop), [2000, 2000, 0]);
    assert_eq!(shop.level(&paris, "LIP-1").await["on_hand"], 8);
}

#[actix_web::test]
async fn a_promise_that_comes_when_the_goods_are_gone_is_given_up() {
    let shop = Shop::open_with(IMPATIENT).await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let order = promised_too_late(&shop, &paris, 9).await;
    let order = read(&shop, &order).await;
    assert_eq!((&order["status"], &order["authorized"]["amount_minor"]), (&json!("canceled"), &json!(0)));
    assert_eq!(sandbox(&shop), [0, 0, 0]);
    assert_eq!(shop.level(&paris, "LIP-1").await["allocated"], 9);
}

#[actix_web::test]
async fn a_promise_for_an_order_that_was_paid_in_cash_meanwhile_is_given_up() {
    let shop = Shop::open_with(IMPATIENT).await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let order = shop.placed(&paris, "LIP-1", 2).await;
    let method = "tok_approve_slow_authorize";
    assert_eq!(shop.post(&shop.admin, &path(&order, "/payments"), card(method)).await.status, 202);
    shop.post(&shop.admin, &path(&order, "/payments"), json!({ "gateway": "manual" })).await.ok();
    settled(&shop).await;
    let order = read(&shop, &order).await;
    assert_eq!((&order["payment_status"], &order["authorized"]["amount_minor"]), (&json!("paid"), &json!(0)));
    assert_eq!(sandbox(&shop), [0, 0, 0]);
}

#[actix_web::test]
async fn what_was_never_taken_is_not_given_back() {
    let shop = Shop::open_with(IMPATIENT).await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let order = shop.placed(&paris, "LIP-1", 2).await;
    shop.post(&shop.admin, &path(&order, "/payments"), card("tok_approve_refuse_capture")).await.ok();
    shop.post(&shop.admin, &path(&order, "/fulfill"), json!({})).await.ok();
    // The goods are back before the gateway was asked for their price.
    let back = shop.post(&shop.admin, "/v1/returns", at(&order, 1, &paris)).await.ok();
    let inspect = format!("/v1/returns/{}/inspect", back["id"].as_str().unwrap());
    shop.post(&shop.admin, &inspect, found(&back, "sealed", "restock")).await.ok();
    settled(&shop).await;
    assert_eq!(sandbox(&shop), [2000, 0, 0]);
    let told = shop.get(&shop.admin, &path(&order, "/payments")).await.ok()["data"][0].clone();
    assert_eq!((&told["failure"], &told["captured"]["amount_minor"]), (&json!("expired"), &json!(0)));
    assert_eq!(shop.database.count("payment_operations where state = 'open'"), 0, "nothing is stuck");
    let events = shop.get(&shop.admin, &path(&order, "/events")).await.ok();
    assert!(events["data"].as_array().unwrap().iter().any(|event| event["event"] == "payment_failed"), "{events}");
}

#[actix_web::test]
async fn a_promise_of_more_than_is_due_by_now_covers_the_order_too() {
    let shop = Shop::open_with(IMPATIENT).await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let order = shop.placed(&paris, "LIP-1", 3).await;
    let method = "tok_approve_slow_authorize";
    assert_eq!(shop.post(&shop.admin, &path(&order, "/payments"), card(method)).await.status, 202);
    let one = json!({ "lines": [{ "line_no": 1, "quantity": 1 }] });
    shop.patch(&shop.admin, &path(&order, "/cancel"), one, None).await.ok();
    settled(&shop).await;
    assert_eq!(read(&shop, &order).await["status"], "confirmed");
    shop.post(&shop.admin, &path(&order, "/fulfill"), json!({})).await.ok();
    settled(&shop).await;
    assert_eq!(sandbox(&shop), [3000, 2000, 0], "only what was sent is taken");
}

#[actix_web::test]
async fn a_payer_who_must_confirm_is_found_again_when_an_answer_was_lost() {
    for fault in ["slow", "error"] {
        for approves in [true, false] {
            let shop = Shop::open_with(IMPATIENT).await;
            let paris = shop.stocked("PARIS", "LIP-1", 10).await;
            let order = shop.placed(&paris, "LIP-1", 2).await;
            let (pay, method) = (path(&order, "/payments"), format!("tok_3ds_{fault}_authorize"));
            assert_eq!(shop.post_as(&shop.admin, &pay, card(&method), "k").await.status, 202);
            shop.after(40).await;
            let asked = shop.post_as(&shop.admin, &pay, card(&method), "k").await.ok();
            assert_eq!(asked["status"], "requires_action", "{method}");
            let action = asked["action"].as_str().unwrap();
            shop.post(&shop.admin, action, json!({ "approve": approves })).await.ok();
            shop.post(&shop.admin, action, json!({ "approve": approves })).await.refused(404, "not_found");
            settled(&shop).await;
            let order = read(&shop, &order).await;
            let (status, promised) = if approves { ("confirmed", 2000) } else { ("pending", 0) };
            assert_eq!((&order["status"], sandbox(&shop)), (&json!(status), [promised, 0, 0]), "{method} {approves}");
            let level = shop.level(&paris, "LIP-1").await;
            assert_eq!(level["reserved"].as_i64().unwrap() + level["allocated"].as_i64().unwrap(), 2);
        }
    }
}
