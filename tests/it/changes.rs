//! Orders that are changed before anything of them has left.
use crate::{
    payments::{card, path, read, sandbox},
    support::{Answer, Shop, all_at_once, order_body},
};
use serde_json::{Value, json};
use std::rc::Rc;

async fn store(shop: &Shop) -> String {
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    shop.variant("LIP-2").await;
    shop.stock(&paris, "LIP-2", 10).await;
    paris
}

async fn paid(shop: &Shop, paris: &str, how: Value) -> Value {
    let order = shop.post(&shop.admin, "/v1/orders", order_body(paris, "LIP-1", 3)).await.ok();
    shop.post(&shop.admin, &path(&order, "/payments"), how).await.ok();
    read(shop, &order).await
}

fn lines(wanted: &[(&str, i32)]) -> Value {
    let line = |(sku, quantity): &(&str, i32)| json!({ "sku": sku, "quantity": quantity });
    json!({ "lines": wanted.iter().map(line).collect::<Vec<_>>() })
}

async fn change(shop: &Shop, order: &Value, body: Value) -> Answer {
    shop.patch(&shop.admin, &path(order, ""), body, order["version"].as_i64()).await
}

async fn promised(shop: &Shop, location: &str) -> [i64; 4] {
    let of = async |sku: &str| {
        let level = shop.level(location, sku).await;
        [level["allocated"].as_i64().unwrap(), level["reserved"].as_i64().unwrap()]
    };
    let (first, second) = (of("LIP-1").await, of("LIP-2").await);
    [first[0], first[1], second[0], second[1]]
}

#[actix_web::test]
async fn a_pending_order_is_priced_and_held_anew() {
    let shop = Shop::open().await;
    let paris = store(&shop).await;
    let order = shop.placed(&paris, "LIP-1", 3).await;
    let changed = change(&shop, &order, lines(&[("LIP-1", 1), ("LIP-2", 4)])).await.ok();
    assert_eq!((&changed["status"], &changed["total"]["amount_minor"]), (&json!("pending"), &json!(5000)));
    let told: Vec<_> =
        changed["lines"].as_array().unwrap().iter().map(|l| (&l["line_no"], &l["quantity"], &l["canceled"])).collect();
    assert_eq!(told, [(&json!(1), &json!(1), &json!(2)), (&json!(2), &json!(4), &json!(0))]);
    assert_eq!(promised(&shop, &paris).await, [0, 1, 0, 4]);
    change(&shop, &order, lines(&[("LIP-1", 1)])).await.refused(412, "stale_version");
    shop.patch(&shop.admin, &path(&order, ""), lines(&[("LIP-1", 1)]), None)
        .await
        .refused(428, "precondition_required");
    shop.patch(&shop.admin, &path(&order, ""), lines(&[("LIP-1", 0)]), None).await.refused(422, "invalid_body");
    change(&shop, &changed, lines(&[("LIP-1", 11)])).await.refused(409, "out_of_stock");
    change(&shop, &changed, lines(&[("LIP-1", 1), ("LIP-1", 2)])).await.refused(422, "invalid_body");
    change(&shop, &changed, lines(&[("NOTHING", 1)])).await.refused(422, "unknown_sku");
    change(&shop, &changed, lines(&[])).await.refused(422, "invalid_body");
    assert_eq!(
        (promised(&shop, &paris).await, read(&shop, &order).await),
        ([0, 1, 0, 4], changed),
        "nothing has changed"
    );
}

#[actix_web::test]
async fn what_an_order_holds_itself_may_be_held_anew_to_the_last_unit() {
    let shop = Shop::open().await;
    let paris = store(&shop).await;
    let order = shop.placed(&paris, "LIP-1", 9).await;
    let changed = change(&shop, &order, lines(&[("LIP-1", 10)])).await.ok();
    assert_eq!(
        (promised(&shop, &paris).await, changed["total"]["amount_minor"].as_i64()),
        ([0, 10, 0, 0], Some(10_000))
    );
}

#[actix_web::test]
async fn of_two_lines_of_one_sku_both_keep_what_they_have() {
    let shop = Shop::open().await;
    let paris = store(&shop).await;
    let mut body = order_body(&paris, "LIP-1", 1);
    body["lines"] = json!([{ "sku": "LIP-1", "quantity": 1 }, { "sku": "LIP-1", "quantity": 1 }]);
    let order = shop.post(&shop.admin, "/v1/orders", body).await.ok();
    let changed = change(&shop, &order, lines(&[("LIP-1", 3)])).await.ok();
    let told: Vec<_> = changed["lines"].as_array().unwrap().iter().map(|l| l["quantity"].as_i64().unwrap()).collect();
    assert_eq!((told, changed["total"]["amount_minor"].as_i64()), (vec![2, 1], Some(3000)));
}

#[actix_web::test]
async fn the_address_changes_alone() {
    let shop = Shop::open().await;
    let paris = store(&shop).await;
    let order = paid(&shop, &paris, card("tok_approve")).await;
    let to = json!({ "name": "Ada", "address": { "line1": "1 rue Royale", "city": "Lyon", "country": "FR" } });
    let changed = change(&shop, &order, json!({ "customer": to, "reason": "moved" })).await.ok();
    assert_eq!((&changed["customer"]["address"]["city"], &changed["total"]), (&json!("Lyon"), &order["total"]));
    let events = shop.get(&shop.admin, &path(&order, "/events")).await.ok();
    let last = events["data"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&last["event"], &last["reason"]), (&json!("changed"), &json!("moved")));
}

#[actix_web::test]
async fn a_paid_order_that_costs_less_is_paid_back_the_rest() {
    let shop = Shop::open().await;
    let paris = store(&shop).await;
    let cash = paid(&shop, &paris, json!({ "gateway": "manual" })).await;
    let changed = change(&shop, &cash, lines(&[("LIP-2", 1)])).await.ok();
    assert_eq!((&changed["status"], &changed["paid"]["amount_minor"]), (&json!("confirmed"), &json!(1000)));
    assert_eq!(promised(&shop, &paris).await, [0, 0, 1, 0]);
    let by_card = paid(&shop, &paris, card("tok_approve")).await;
    let changed = change(&shop, &by_card, lines(&[("LIP-1", 1)])).await.ok();
    shop.post(&shop.admin, &path(&changed, "/fulfill"), json!({})).await.ok();
    shop.after(1).await;
    assert_eq!(sandbox(&shop), [3000, 1000, 0], "only what was sent is taken");
}

#[actix_web::test]
async fn a_paid_order_that_costs_more_has_the_difference_promised_first() {
    let shop = Shop::open().await;
    let paris = store(&shop).await;
    let order = paid(&shop, &paris, card("tok_approve")).await;
    let more = lines(&[("LIP-1", 3), ("LIP-2", 2)]);
    change(&shop, &order, more.clone()).await.refused(402, "payment_required");
    let with = |method: &str| {
        let mut body = more.clone();
        body["payment"] = card(method);
        body
    };
    change(&shop, &order, with("tok_decline")).await.refused(402, "payment_declined");
    let order = read(&shop, &order).await;
    assert_eq!((&order["total"]["amount_minor"], promised(&shop, &paris).await), (&json!(3000), [3, 0, 0, 0]));
    change(&shop, &order, with("tok_3ds")).await.refused(402, "payment_declined");
    let order = read(&shop, &order).await;
    let changed = change(&shop, &order, with("tok_approve")).await.ok();
    assert_eq!(
        (&changed["total"]["amount_minor"], &changed["authorized"]["amount_minor"]),
        (&json!(5000), &json!(5000))
    );
    assert_eq!(promised(&shop, &paris).await, [3, 0, 2, 0]);
    shop.post(&shop.admin, &path(&order, "/fulfill"), json!({})).await.ok();
    shop.after(1).await;
    assert_eq!(sandbox(&shop), [5000, 5000, 0]);

    let by_hand = paid(&shop, &paris, json!({ "gateway": "manual" })).await;
    let mut body = lines(&[("LIP-1", 4)]);
    body["payment"] = json!({ "gateway": "manual" });
    assert_eq!(change(&shop, &by_hand, body).await.ok()["paid"]["amount_minor"], 4000);
}

#[actix_web::test]
async fn a_difference_that_was_promised_for_a_change_that_fails_is_given_up() {
    let shop = Shop::open().await;
    let paris = store(&shop).await;
    let order = paid(&shop, &paris, card("tok_approve")).await;
    let mut body = lines(&[("LIP-1", 11)]);
    body["payment"] = card("tok_approve");
    change(&shop, &order, body).await.refused(409, "out_of_stock");
    shop.after(1).await;
    assert_eq!(sandbox(&shop), [3000, 0, 0], "the first promise stands alone");
    let order = read(&shop, &order).await;
    assert_eq!((&order["authorized"]["amount_minor"], promised(&shop, &paris).await), (&json!(3000), [3, 0, 0, 0]));
}

#[actix_web::test]
async fn an_order_of_which_a_part_has_left_is_not_changed() {
    let shop = Shop::open().await;
    let paris = store(&shop).await;
    let order = paid(&shop, &paris, json!({ "gateway": "manual" })).await;
    let one = json!({ "lines": [{ "line_no": 1, "quantity": 1 }] });
    let part = shop.post(&shop.admin, &path(&order, "/fulfill"), one).await.ok();
    change(&shop, &part, lines(&[("LIP-1", 2)])).await.refused(409, "order_already_shipped");
}

#[actix_web::test]
async fn of_64_changes_of_one_version_one_is_made() {
    let shop = Rc::new(Shop::open().await);
    let paris = store(&shop).await;
    let order = paid(&shop, &paris, json!({ "gateway": "manual" })).await;
    let answers = all_at_once(|n| {
        let (shop, order) = (shop.clone(), order.clone());
        let wanted = if n % 2 == 0 { lines(&[("LIP-1", 1)]) } else { lines(&[("LIP-2", 2)]) };
        async move { change(&shop, &order, wanted).await }
    })
    .await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1, "{answers:?}");
    assert!(answers.iter().filter(|a| a.status != 200).all(|a| a.code() == "stale_version"), "{answers:?}");
}
