//! Promotions that are changed, ended or withdrawn while orders are placed.
use crate::{
    promotions::{coupons, percent, promotion, with_coupons},
    support::{Shop, all_at_once, answer, order_body},
};
use serde_json::json;
use std::rc::Rc;

#[actix_web::test]
async fn a_promotion_is_ended_now_or_withdrawn_before_it_begins() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let ten = promotion(&shop, "ten", percent(10), json!({})).await;
    shop.after(1).await;
    assert_eq!(shop.placed(&paris, "LIP-1", 1).await["total"]["amount_minor"], 900);
    let http = |id: &str, path: &str| format!("/v1/promotions/{id}{path}");
    let withdraw = async |id: &str| {
        let path = http(id, "");
        answer(shop.request(&shop.admin, reqwest::Method::DELETE, &path)).await
    };
    withdraw(&ten).await.refused(409, "promotion_begun");
    let ended = shop.post(&shop.admin, &http(&ten, "/end"), json!({})).await.ok();
    assert_eq!(ended["version"], 2);
    assert_eq!(shop.placed(&paris, "LIP-1", 1).await["total"]["amount_minor"], 1_000);
    shop.post(&shop.admin, &http(&ten, "/end"), json!({})).await.refused(409, "promotion_ended");
    let more = json!({ "starts_at": shop.clock.now() + chrono::Duration::days(1), "needs_coupon": true });
    let friday = promotion(&shop, "friday", percent(50), more).await;
    coupons(&shop, &friday, json!({ "codes": ["FRIDAY-1"] })).await;
    shop.post(&shop.admin, &http(&friday, "/end"), json!({})).await.refused(409, "promotion_not_begun");
    withdraw(&friday).await.ok();
    shop.get(&shop.admin, &http(&friday, "")).await.refused(404, "not_found");
    let refused = shop.post(&shop.admin, "/v1/orders", with_coupons(&paris, 1, &["FRIDAY-1"])).await;
    refused.refused(422, "unknown_coupon");
    let late = json!({ "codes": ["LATE-1"] });
    let over = promotion(&shop, "over", percent(50), json!({ "needs_coupon": true })).await;
    shop.after(1).await;
    shop.post(&shop.admin, &http(&over, "/end"), json!({})).await.ok();
    shop.post(&shop.admin, &http(&over, "/coupons"), late).await.refused(409, "promotion_ended");
}

#[actix_web::test]
async fn orders_are_placed_while_promotions_of_others_are_changed_all_the_time() {
    let shop = Rc::new(Shop::open().await);
    let paris = shop.stocked("PARIS", "LIP-1", 100).await;
    promotion(&shop, "ten", percent(10), json!({})).await;
    let mut others = vec![];
    for n in 0..8 {
        let more = json!({ "currency": "USD", "target": { "skus": ["LIP-1"] } });
        others.push(promotion(&shop, &format!("dollars-{n}"), percent(10), more).await);
    }
    let answers = all_at_once(|n| {
        let (shop, paris, other) = (shop.clone(), paris.clone(), others[n / 8].clone());
        async move {
            if n % 8 != 0 {
                return vec![shop.post(&shop.admin, "/v1/orders", order_body(&paris, "LIP-1", 1)).await];
            }
            let mut changes = vec![];
            for version in 1..6 {
                let name = json!({ "name": format!("dollars {version}") });
                changes.push(shop.patch(&shop.admin, &format!("/v1/promotions/{other}"), name, Some(version)).await);
            }
            changes
        }
    })
    .await;
    for answer in answers.iter().flatten() {
        assert!([200, 201].contains(&answer.status), "{answer:?}");
    }
    let orders = answers.iter().flatten().filter(|answer| answer.status == 201);
    assert!(orders.clone().all(|order| order.body["total"]["amount_minor"] == 900));
    assert_eq!(orders.count(), 56);
}
