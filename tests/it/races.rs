//! 64 at once: no unit is promised twice, no key acts twice, no one deadlocks.
use crate::support::{Shop, all_at_once, order_body};
use serde_json::{Value, json};
use std::rc::Rc;

fn count(answers: &[(u16, Value)], status: u16) -> usize {
    answers.iter().filter(|(found, _)| *found == status).count()
}

#[actix_web::test]
async fn of_64_orders_for_the_last_10_units_exactly_10_exist() {
    let shop = Rc::new(Shop::open().await);
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let answers = all_at_once(|_| {
        let (shop, body) = (shop.clone(), order_body(&paris, "LIP-1", 1));
        async move {
            let answer = shop.post(&shop.admin, "/v1/orders", body).await;
            (answer.status, answer.body)
        }
    })
    .await;
    assert_eq!((count(&answers, 201), count(&answers, 409)), (10, 54), "{answers:?}");
    assert_eq!(shop.database.count("orders"), 10);
    assert_eq!(shop.level(&paris, "LIP-1").await["quantity_available"], 0);
}

#[actix_web::test]
async fn of_64_reservations_for_the_last_10_units_exactly_10_hold() {
    let shop = Rc::new(Shop::open().await);
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let answers = all_at_once(|_| {
        let (shop, path) = (shop.clone(), format!("/v1/locations/{paris}/inventory/reserve"));
        async move {
            let answer = shop.post(&shop.admin, &path, json!({ "lines": [{ "sku": "LIP-1", "quantity": 1 }] })).await;
            (answer.status, answer.body)
        }
    })
    .await;
    assert_eq!((count(&answers, 201), count(&answers, 409)), (10, 54), "{answers:?}");
    let mut versions: Vec<_> = answers.iter().filter_map(|(_, body)| body["lines"][0]["version"].as_i64()).collect();
    versions.sort_unstable();
    assert_eq!(versions, (2..12).collect::<Vec<_>>(), "each hold saw the level after exactly those before it");
}

#[actix_web::test]
async fn orders_reservations_and_adjustments_share_the_last_units() {
    let shop = Rc::new(Shop::open().await);
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let answers = all_at_once(|n| {
        let (shop, paris) = (shop.clone(), paris.clone());
        async move {
            let answer = match n % 3 {
                0 => shop.post(&shop.admin, "/v1/orders", order_body(&paris, "LIP-1", 1)).await,
                1 => {
                    let path = format!("/v1/locations/{paris}/inventory/reserve");
                    shop.post(&shop.admin, &path, json!({ "lines": [{ "sku": "LIP-1", "quantity": 1 }] })).await
                }
                _ => {
                    let path = format!("/v1/locations/{paris}/inventory/LIP-1");
                    shop.patch(&shop.admin, &path, json!({ "delta": -1, "reason": "tester" }), None).await
                }
            };
            (answer.status, answer.body)
        }
    })
    .await;
    assert_eq!(count(&answers, 201) + count(&answers, 200), 10, "{answers:?}");
    assert_eq!(count(&answers, 409), 54);
    assert_eq!(shop.level(&paris, "LIP-1").await["quantity_available"], 0);
}

#[actix_web::test]
async fn one_key_sent_64_times_makes_one_order_and_64_equal_answers() {
    let shop = Rc::new(Shop::open().await);
    let paris = shop.stocked("PARIS", "LIP-1", 100).await;
    let answers = all_at_once(|_| {
        let (shop, body) = (shop.clone(), order_body(&paris, "LIP-1", 1));
        async move {
            let answer = shop.post_as(&shop.admin, "/v1/orders", body, "one-key").await;
            (answer.status, answer.body)
        }
    })
    .await;
    assert!(answers.iter().all(|answer| *answer == answers[0] && answer.0 == 201), "{answers:?}");
    assert_eq!(shop.database.count("orders"), 1);
}

#[actix_web::test]
async fn orders_that_name_the_same_goods_in_reverse_never_deadlock() {
    let shop = Rc::new(Shop::open().await);
    let paris = shop.location("PARIS", 1).await;
    for sku in ["A", "B", "C"] {
        shop.variant(sku).await;
        shop.stock(&paris, sku, 1000).await;
    }
    let answers = all_at_once(|n| {
        let shop = shop.clone();
        let mut lines = vec![
            json!({ "sku": "A", "quantity": 1 }),
            json!({ "sku": "B", "quantity": 1 }),
            json!({ "sku": "C", "quantity": 1 }),
        ];
        if n % 2 == 0 {
            lines.reverse();
        }
        let mut body = order_body(&paris, "A", 1);
        body["lines"] = json!(lines);
        async move {
            let answer = shop.post(&shop.admin, "/v1/orders", body).await;
            (answer.status, answer.body)
        }
    })
    .await;
    assert_eq!(count(&answers, 201), 64, "{answers:?}");
    assert_eq!(shop.app.db.retries_run(), 0, "none was tried again");
}

#[actix_web::test]
async fn paying_canceling_and_shipping_at_once_leave_one_story() {
    let shop = Rc::new(Shop::open().await);
    let paris = shop.stocked("PARIS", "LIP-1", 5).await;
    let order = shop.placed(&paris, "LIP-1", 2).await["id"].as_str().unwrap().to_owned();
    let answers = all_at_once(|n| {
        let (shop, order) = (shop.clone(), order.clone());
        async move {
            let answer = match n % 4 {
                0 => {
                    shop.post(&shop.admin, &format!("/v1/orders/{order}/payments"), json!({ "gateway": "manual" }))
                        .await
                }
                1 => shop.patch(&shop.admin, &format!("/v1/orders/{order}/cancel"), json!({}), None).await,
                2 => shop.post(&shop.admin, &format!("/v1/orders/{order}/fulfill"), json!({})).await,
                _ => shop.post(&shop.admin, &format!("/v1/orders/{order}/deliver"), json!({})).await,
            };
            (answer.status, answer.body)
        }
    })
    .await;
    assert_eq!(count(&answers, 201) + count(&answers, 200) + count(&answers, 409), 64, "{answers:?}");
    assert!(shop.database.count("payments") <= 1 && shop.database.count("shipments") <= 1);
    let end = shop.get(&shop.admin, &format!("/v1/orders/{order}")).await.ok()["status"].as_str().unwrap().to_owned();
    assert!(["canceled", "confirmed", "shipped", "delivered"].contains(&end.as_str()), "{end}");
}

#[actix_web::test]
async fn of_64_part_payments_exactly_those_that_are_due_are_taken() {
    let shop = Rc::new(Shop::open().await);
    let paris = shop.stocked("PARIS", "LIP-1", 5).await;
    let order = shop.placed(&paris, "LIP-1", 2).await["id"].as_str().unwrap().to_owned();
    let answers = all_at_once(|_| {
        let (shop, path) = (shop.clone(), format!("/v1/orders/{order}/payments"));
        async move {
            let answer = shop.post(&shop.admin, &path, json!({ "gateway": "manual", "amount_minor": 500 })).await;
            (answer.status, answer.body)
        }
    })
    .await;
    assert_eq!((count(&answers, 201), count(&answers, 409)), (4, 60), "{answers:?}");
    assert_eq!(shop.get(&shop.admin, &format!("/v1/orders/{order}")).await.ok()["status"], "confirmed");
}
