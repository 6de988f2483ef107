//! Levels that run low: told once when it does, and listed with what to do about it.
use crate::{
    feed::settled,
    support::{Shop, all_at_once, order_body},
};
use serde_json::{Value, json};
use std::rc::Rc;

async fn thresholds(shop: &Shop, location: &str, sku: &str, threshold: i32) {
    let version = shop.level(location, sku).await["version"].as_i64();
    let body = json!({ "reorder_threshold": threshold, "reorder_quantity": 12 });
    shop.patch(&shop.admin, &format!("/v1/locations/{location}/inventory/{sku}"), body, version).await.ok();
}

async fn alerts(shop: &Shop) -> Vec<Value> {
    settled(shop).await;
    let all = shop.get(&shop.admin, "/v1/events?limit=500").await.ok();
    let all = all["data"].as_array().unwrap().clone();
    all.into_iter().filter(|event| event["type"] == "inventory.reorder_due.v1").collect()
}

#[actix_web::test]
async fn of_64_sales_across_the_threshold_one_alert_tells() {
    let shop = Rc::new(Shop::open().await);
    let paris = shop.stocked("PARIS", "LIP-1", 80).await;
    thresholds(&shop, &paris, "LIP-1", 50).await;
    let (second, other) = shop.second(&[]);
    all_at_once(|n| {
        let (shop, body) = (shop.clone(), order_body(&paris, "LIP-1", 1));
        let url = if n % 2 == 0 { shop.url.clone() } else { second.clone() };
        async move {
            let request = shop.http.post(format!("{url}/v1/orders")).bearer_auth(&shop.admin);
            let request = request.header("Idempotency-Key", uuid::Uuid::now_v7().to_string()).json(&body);
            crate::support::answer(request).await.ok()
        }
    })
    .await;
    let told = alerts(&shop).await;
    assert_eq!(told.len(), 1, "{told:?}");
    let data = &told[0]["data"];
    assert!(data["available"].as_i64().unwrap() <= 50 && told[0]["location"] == paris.as_str(), "{told:?}");
    assert_eq!((&data["reorder_threshold"], &data["suggested_quantity"]), (&json!(50), &json!(12)));
    // Stock comes and goes again: that is a second crossing.
    shop.stock(&paris, "LIP-1", 64).await;
    assert_eq!(alerts(&shop).await.len(), 1);
    shop.placed(&paris, "LIP-1", 40).await;
    assert_eq!(alerts(&shop).await.len(), 2);
    // So is a threshold that is raised above what is there, and not one that is raised further.
    shop.stock(&paris, "LIP-1", 20).await;
    thresholds(&shop, &paris, "LIP-1", 70).await;
    thresholds(&shop, &paris, "LIP-1", 80).await;
    assert_eq!(alerts(&shop).await.len(), 3);
    drop(other);
}

#[actix_web::test]
async fn what_runs_low_is_listed_with_how_much_to_get_and_from_where() {
    let shop =
        Shop::open_with(&[("COFFRET_INVENTORY__LEAD_DAYS", "10"), ("COFFRET_INVENTORY__REVIEW_DAYS", "4")]).await;
    let paris = shop.stocked("PARIS", "LIP-1", 60).await;
    let lyon = shop.location("LYON", 2).await;
    shop.variant("EYE-1").await;
    shop.stock(&paris, "EYE-1", 5).await;
    shop.stock(&lyon, "LIP-1", 90).await;
    for (location, sku, threshold) in [(&paris, "LIP-1", 10), (&paris, "EYE-1", 5), (&lyon, "LIP-1", 20)] {
        thresholds(&shop, location, sku, threshold).await;
    }
    let list = async |token: &str, query: &str| {
        shop.get(token, &format!("/v1/replenishment{query}")).await.ok()["data"].as_array().unwrap().clone()
    };
    assert_eq!(list(&shop.admin, "").await.len(), 1, "only what is at its threshold");
    let order = shop.paid(&paris, "LIP-1", 56).await["id"].as_str().unwrap().to_owned();
    shop.post(&shop.admin, &format!("/v1/orders/{order}/fulfill"), json!({})).await.ok();
    let found = list(&shop.admin, &format!("?location_id={paris}")).await;
    let of = |sku: &str| found.iter().find(|row| row["sku"] == sku).unwrap();
    // 56 sold in 28 days are 2 a day: 28 for 14 days, and 10 - 4 to fill up to the threshold.
    assert_eq!((&of("LIP-1")["daily_demand"], &of("LIP-1")["suggested_quantity"]), (&json!(2.0), &json!(34)));
    assert_eq!(of("LIP-1")["source"], json!({ "kind": "transfer", "location_id": lyon, "surplus": 50 }));
    let nobody =
        json!({ "kind": "buy", "supplier_id": null, "supplier_code": null, "supplier_sku": null, "quantity": 12 });
    assert_eq!((&of("EYE-1")["suggested_quantity"], &of("EYE-1")["source"]), (&json!(12), &nobody));
    let here = shop.sign_in("store_manager", Some(&paris)).await;
    let found = list(&here, "").await;
    assert!(found.iter().all(|row| row["location_id"] == paris.as_str()));
    assert!(found.iter().all(|row| row["source"]["kind"] == "buy"), "other places are not theirs to see: {found:?}");
    shop.get(&here, &format!("/v1/replenishment?location_id={lyon}")).await.refused(404, "not_found");
    let mut paged = vec![];
    let mut cursor = String::new();
    loop {
        let page = shop.get(&shop.admin, &format!("/v1/replenishment?limit=1{cursor}")).await.ok();
        paged.extend(page["data"].as_array().unwrap().clone());
        match page["page"]["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(paged.len(), 2);
}

#[actix_web::test]
async fn chosen_suggestions_become_drafts_in_one_call_and_what_is_on_order_is_not_suggested_again() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 4).await;
    let (lyon, supplier) = (shop.location("LYON", 2).await, shop.supplier().await);
    shop.variant("EYE-1").await;
    thresholds(&shop, &paris, "LIP-1", 10).await;
    let choice = |sku: &str, from: (&str, &str)| {
        let mut choice = json!({ "location_id": paris, "sku": sku, "quantity": 8 });
        choice[from.0] = json!(from.1);
        choice
    };
    let buy = ("supplier_id", supplier.as_str());
    let both = json!({
        "choices": [choice("LIP-1", buy), choice("EYE-1", buy), choice("EYE-1", ("from_location_id", &lyon))],
    });
    let drafts = shop.post(&shop.admin, "/v1/replenishment", both).await.ok();
    assert_eq!(drafts["transfer_ids"].as_array().unwrap().len(), 1);
    let order = drafts["purchase_order_ids"][0].as_str().unwrap();
    assert_eq!(
        shop.get(&shop.admin, &format!("/v1/purchase-orders/{order}")).await.ok()["lines"].as_array().unwrap().len(),
        2
    );
    let suggested = async || shop.get(&shop.admin, "/v1/replenishment").await.ok()["data"].clone();
    assert_eq!(suggested().await[0]["on_order"], 0);
    shop.step("purchase-orders", order, "order", json!({})).await.ok();
    assert_eq!(suggested().await, json!([]), "twelve are available or ordered, and ten are enough");
    let neither = json!({ "choices": [{ "location_id": paris, "sku": "LIP-1", "quantity": 1 }] });
    shop.post(&shop.admin, "/v1/replenishment", neither).await.refused(422, "invalid_body");
    let itself = json!({ "choices": [choice("LIP-1", buy), choice("LIP-1", ("from_location_id", &paris))] });
    shop.post(&shop.admin, "/v1/replenishment", itself).await.refused(422, "transfer_to_itself");
    let nowhere = uuid::Uuid::now_v7().to_string();
    let unknown = json!({ "choices": [choice("LIP-1", buy), choice("LIP-1", ("from_location_id", &nowhere))] });
    shop.post(&shop.admin, "/v1/replenishment", unknown).await.refused(404, "not_found");
    assert_eq!(shop.database.count("purchase_orders"), 1, "all or none");
}
