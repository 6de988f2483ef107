//! 64 at once on what the other races leave out: delivery, a payer's confirmation, what Stripe tells, a till's hour.
use crate::{
    payments::{card, path, read, sandbox},
    support::{Shop, all_at_once},
    tills::sale,
};
use serde_json::json;
use std::rc::Rc;

#[actix_web::test]
async fn of_64_deliveries_of_one_parcel_one_is_noted() {
    let shop = Rc::new(Shop::open().await);
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let order = shop.paid(&paris, "LIP-1", 2).await;
    let one = json!({ "lines": [{ "line_no": 1, "quantity": 1 }] });
    let part = shop.post(&shop.admin, &path(&order, "/fulfill"), one).await.ok();
    let parcel = json!({ "shipment_id": part["shipments"][0]["id"] });
    let answers = all_at_once(|_| {
        let (shop, order, parcel) = (shop.clone(), order.clone(), parcel.clone());
        async move { shop.post(&shop.admin, &path(&order, "/deliver"), parcel).await }
    })
    .await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1, "{answers:?}");
    assert!(answers.iter().all(|a| a.status == 200 || a.code() == "order_already_delivered"), "{answers:?}");
    let events =
        format!("order_events where event = 'part_delivered' and order_id = '{}'", order["id"].as_str().unwrap());
    assert_eq!(shop.database.count(&events), 1);
}

#[actix_web::test]
async fn of_64_parcels_of_the_same_unit_one_leaves_and_is_taken_once() {
    let shop = Rc::new(Shop::open().await);
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let order = shop.placed(&paris, "LIP-1", 2).await;
    shop.post(&shop.admin, &path(&order, "/payments"), card("tok_approve")).await.ok();
    let answers = all_at_once(|_| {
        let (shop, order) = (shop.clone(), order.clone());
        let two = json!({ "lines": [{ "line_no": 1, "quantity": 2 }] });
        async move { shop.post(&shop.admin, &path(&order, "/fulfill"), two).await }
    })
    .await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1, "{answers:?}");
    shop.after(1).await;
    assert_eq!((sandbox(&shop), shop.level(&paris, "LIP-1").await["on_hand"].as_i64()), ([2000, 2000, 0], Some(8)));
    assert_eq!(shop.database.count("sandbox_calls where kind = 'capture'"), 1);
}

#[actix_web::test]
async fn of_64_confirmations_of_a_payer_one_confirms_the_order() {
    let shop = Rc::new(Shop::open().await);
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let order = shop.placed(&paris, "LIP-1", 1).await;
    let asked = shop.post(&shop.admin, &path(&order, "/payments"), card("tok_3ds")).await.ok();
    let answers = all_at_once(|n| {
        let (shop, action) = (shop.clone(), asked["action"].as_str().unwrap().to_owned());
        async move { shop.post(&shop.admin, &action, json!({ "approve": n % 2 == 0 })).await }
    })
    .await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1, "{answers:?}");
    let order = read(&shop, &order).await;
    let is_promised = order["status"] == "confirmed";
    assert_eq!(sandbox(&shop), [if is_promised { 1000 } else { 0 }, 0, 0]);
    assert_eq!(shop.database.count("order_events where event in ('confirmed', 'payment_declined')"), 1);
}

#[actix_web::test]
async fn a_tills_hour_that_is_told_64_times_at_once_is_booked_once() {
    let shop = Rc::new(Shop::open().await);
    let paris = shop.stocked("PARIS", "LIP-1", 20).await;
    let sales: Vec<_> = (0..4).map(|n| sale(&shop, &paris, "LIP-1", 1, 600 * n)).collect();
    let answers = all_at_once(|_| {
        let (shop, sales) = (shop.clone(), json!({ "sales": sales }));
        async move { shop.post(&shop.admin, "/v1/pos/sync", sales).await.ok() }
    })
    .await;
    let told = |status: &str| {
        let results = answers.iter().flat_map(|answer| answer["results"].as_array().unwrap());
        results.filter(|result| result["status"] == status).count()
    };
    assert_eq!((told("recorded"), told("known"), told("refused")), (4, 4 * 63, 0));
    assert_eq!((shop.database.count("orders"), shop.level(&paris, "LIP-1").await["on_hand"].as_i64()), (4, Some(16)));
}
