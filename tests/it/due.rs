//! Records that end by themselves when their time has come.
use crate::support::{Shop, all_at_once, order_body};
use serde_json::json;
use std::rc::Rc;

#[actix_web::test]
async fn a_hold_outlives_its_time_by_the_grace() {
    let shop = Shop::open_with(&[("COFFRET_INVENTORY__GRACE_SECONDS", "10")]).await;
    let paris = shop.stocked("PARIS", "LIP-1", 1).await;
    let body = json!({ "lines": [{ "sku": "LIP-1", "quantity": 1 }], "expires_in_seconds": 60 });
    shop.post(&shop.admin, &format!("/v1/locations/{paris}/inventory/reserve"), body).await.ok();
    assert_eq!(shop.after(65).await, 0);
    assert_eq!(shop.after(6).await, 1);
}

#[actix_web::test]
async fn all_that_is_due_after_a_rush_ends_in_one_sweep() {
    let shop = Rc::new(Shop::open_with(&[("COFFRET_ORDERS__HOLD_SECONDS", "60")]).await);
    let paris = shop.stocked("PARIS", "LIP-1", 10_000).await;
    for _ in 0..9 {
        all_at_once(|_| {
            let (shop, body) = (shop.clone(), order_body(&paris, "LIP-1", 1));
            async move { shop.post(&shop.admin, "/v1/orders", body).await.ok() }
        })
        .await;
    }
    assert_eq!(shop.after(120).await, 2 * 9 * 64, "each hold ends, and each order is canceled");
    assert_eq!(shop.level(&paris, "LIP-1").await["quantity_available"], 10_000);
}

#[actix_web::test]
async fn a_part_payment_gives_the_order_no_more_time_and_goes_back_with_it() {
    let shop = Shop::open_with(&[("COFFRET_ORDERS__HOLD_SECONDS", "100")]).await;
    let paris = shop.stocked("PARIS", "LIP-1", 1).await;
    let order = shop.placed(&paris, "LIP-1", 1).await["id"].as_str().unwrap().to_owned();
    shop.after(90).await;
    let pay = format!("/v1/orders/{order}/payments");
    shop.post(&shop.admin, &pay, json!({ "gateway": "manual", "amount_minor": 400 })).await.ok();
    shop.after(90).await;
    let stands = shop.get(&shop.admin, &format!("/v1/orders/{order}")).await.ok();
    assert_eq!((&stands["status"], &stands["payment_status"]), (&json!("canceled"), &json!("refunded")));
    shop.post(&shop.admin, &pay, json!({ "gateway": "manual" })).await.refused(409, "order_canceled");
}
