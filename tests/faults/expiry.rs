//! Buyers who pay at the very moment at which their hold runs out: each order is paid or lapses, never both.
use crate::{
    sized,
    support::{Shop, all_at_once, order_body},
};
use serde_json::json;
use std::rc::Rc;

#[actix_web::test]
async fn payment_and_expiry_of_one_order_have_one_winner() {
    let shop = Rc::new(Shop::open_with(&[("COFFRET_ORDERS__HOLD_SECONDS", "60")]).await);
    let paris = shop.stocked("PARIS", "LIP-1", 100_000).await;
    let (mut paid, mut lapsed) = (0, 0);
    let mut token = String::new();
    for round in 0..sized(12, 157) {
        if round % 10 == 0 {
            token = shop.sign_in("admin", None).await;
        }
        let orders = all_at_once(|_| {
            let (shop, token, body) = (shop.clone(), token.clone(), order_body(&paris, "LIP-1", 1));
            async move { shop.post(&token, "/v1/orders", body).await.ok()["id"].as_str().unwrap().to_owned() }
        })
        .await;
        shop.clock.advance(chrono::Duration::seconds(61));
        let sweeping = async {
            // Now before, now between, now after the payments.
            for _ in 0..round % 5 {
                tokio::task::yield_now().await;
            }
            shop.app.jobs.run().await.unwrap();
        };
        let paying = all_at_once(|n| {
            let (shop, token, path) = (shop.clone(), token.clone(), format!("/v1/orders/{}/payments", orders[n]));
            async move { shop.post(&token, &path, json!({ "gateway": "manual" })).await }
        });
        let (answers, ()) = futures_util::future::join(paying, sweeping).await;
        for answer in &answers {
            match (answer.status, answer.code()) {
                (201, _) => paid += 1,
                (409, "reservation_not_active" | "order_canceled") => lapsed += 1,
                other => panic!("{other:?} {}", answer.body),
            }
        }
        shop.app.jobs.run().await.unwrap();
    }
    assert_eq!(shop.database.count("orders where status = 'confirmed'"), paid);
    assert_eq!(shop.database.count("orders where status = 'canceled'"), lapsed);
    assert!(paid > 0 && lapsed > 0, "{paid} paid, {lapsed} lapsed: they did not race");
    let level = shop.get(&token, &format!("/v1/locations/{paris}/inventory?sku=LIP-1")).await.ok()["data"][0].clone();
    assert_eq!((&level["reserved"], &level["allocated"]), (&json!(0), &json!(paid)));
}
