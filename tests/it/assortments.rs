//! Assortments of suppliers: the terms on which each delivers a SKU, and what orders and replenishment take from them.
use crate::support::Shop;
use serde_json::json;

#[actix_web::test]
async fn the_assortment_of_a_supplier_gives_orders_their_cost_and_replenishment_its_supplier() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 5).await;
    let (slow, quick) = (shop.supplier().await, shop.supplier().await);
    let item = |supplier: &str| format!("/v1/suppliers/{supplier}/items/LIP-1");
    let terms = json!({
        "supplier_sku": "A-77", "pack_size": 6, "minimum_units": 24, "lead_days": 20, "unit_cost_minor": 310,
        "currency": "EUR",
    });
    let set = shop.put(&shop.admin, &item(&slow), terms.clone()).await.ok();
    assert_eq!((&set["sku"], &set["pack_size"], &set["version"]), (&json!("LIP-1"), &json!(6), &json!(1)));
    shop.put(&shop.admin, &item(&quick), json!({ "lead_days": 2 })).await.ok();
    let by_number = shop.get(&shop.admin, "/v1/supplier-items?supplier_sku=A-77").await.ok();
    assert_eq!(by_number["data"][0]["supplier_id"], json!(slow));
    let version = shop.level(&paris, "LIP-1").await["version"].as_i64();
    let body = json!({ "reorder_threshold": 5, "reorder_quantity": 10 });
    shop.patch(&shop.admin, &format!("/v1/locations/{paris}/inventory/LIP-1"), body, version).await.ok();
    let source = async || shop.get(&shop.admin, "/v1/replenishment").await.ok()["data"][0]["source"].clone();
    assert_eq!(
        (&source().await["supplier_id"], &source().await["quantity"]),
        (&json!(quick), &json!(10)),
        "the quickest"
    );
    let mut preferred = terms;
    preferred["is_preferred"] = json!(true);
    shop.put(&shop.admin, &item(&slow), preferred).await.ok();
    let told = source().await;
    assert_eq!(
        (&told["supplier_id"], &told["supplier_sku"], &told["quantity"]),
        (&json!(slow), &json!("A-77"), &json!(24)),
        "the preferred one, in its packs"
    );
    let choice = json!({ "location_id": paris, "sku": "LIP-1", "quantity": 25, "supplier_id": slow });
    let drafts = shop.post(&shop.admin, "/v1/replenishment", json!({ "choices": [choice] })).await.ok();
    let id = drafts["purchase_order_ids"][0].as_str().unwrap();
    let draft = shop.get(&shop.admin, &format!("/v1/purchase-orders/{id}")).await.ok();
    assert_eq!((&draft["currency"], &draft["lines"][0]["unit_cost"]["amount_minor"]), (&json!("EUR"), &json!(310)));
    shop.step("purchase-orders", id, "order", json!({})).await.refused(409, "not_a_pack_multiple");
    let lines = |units: i32| json!({ "lines": [{ "sku": "LIP-1", "quantity": units }] });
    let path = format!("/v1/purchase-orders/{id}");
    shop.patch(&shop.admin, &path, lines(18), Some(1)).await.ok();
    shop.step("purchase-orders", id, "order", json!({})).await.refused(409, "below_minimum_order");
    shop.patch(&shop.admin, &path, lines(30), Some(2)).await.ok();
    shop.step("purchase-orders", id, "order", json!({})).await.ok();
    let alone = json!({ "unit_cost_minor": 5 });
    shop.put(&shop.admin, &item(&quick), alone).await.refused(422, "cost_without_currency");
    let analyst = shop.sign_in("support", None).await;
    let seen = shop.get(&analyst, "/v1/supplier-items?sku=LIP-1").await.ok();
    assert!(seen["data"].as_array().unwrap().iter().all(|item| item["unit_cost"].is_null()), "{seen}");
}

#[actix_web::test]
async fn a_draft_in_the_currency_of_the_assortment_is_not_ordered_before_its_rate_is_said() {
    let shop = Shop::open().await;
    let paris = shop.location("PARIS", 1).await;
    shop.variant("LIP-1").await;
    shop.variant("LIP-2").await;
    let supplier = shop.supplier().await;
    for (sku, terms) in [
        ("LIP-1", json!({ "unit_cost_minor": 500, "currency": "USD", "lead_days": 40 })),
        ("LIP-2", json!({ "lead_days": 3 })),
    ] {
        shop.put(&shop.admin, &format!("/v1/suppliers/{supplier}/items/{sku}"), terms).await.ok();
    }
    let choice = |sku: &str| json!({ "location_id": paris, "sku": sku, "quantity": 10, "supplier_id": supplier });
    let choices = json!({ "choices": [choice("LIP-1"), choice("LIP-2")] });
    let drafts = shop.post(&shop.admin, "/v1/replenishment", choices).await.ok();
    let id = drafts["purchase_order_ids"][0].as_str().unwrap();
    let path = format!("/v1/purchase-orders/{id}");
    let draft = shop.get(&shop.admin, &path).await.ok();
    assert_eq!((&draft["currency"], &draft["exchange_rate"]), (&json!("USD"), &json!(null)));
    assert_eq!(draft["lines"][0]["unit_cost"]["amount_minor"], json!(500));
    // Quantities may change without it.
    let lines = json!([{ "sku": "LIP-1", "quantity": 20 }, { "sku": "LIP-2", "quantity": 10 }]);
    shop.patch(&shop.admin, &path, json!({ "lines": lines }), Some(1)).await.ok();
    shop.step("purchase-orders", id, "order", json!({})).await.refused(422, "exchange_rate_required");
    shop.patch(&shop.admin, &path, json!({ "exchange_rate": "0.9" }), Some(2)).await.ok();
    let ordered = shop.step("purchase-orders", id, "order", json!({})).await.ok();
    let due = shop.clock.now().date_naive() + chrono::Days::new(40);
    assert_eq!(ordered["expected_on"], json!(due), "when the slowest item has arrived");
    let came = json!({ "purchase_order_id": id, "lines": [{ "sku": "LIP-1", "accepted": 20 }] });
    shop.post(&shop.admin, &format!("/v1/locations/{paris}/receipts"), came).await.ok();
    let costs = shop.get(&shop.admin, &format!("/v1/locations/{paris}/costs?sku=LIP-1")).await.ok();
    assert_eq!(costs["data"][0]["average_cost_minor"], json!(450.0));
}

#[actix_web::test]
async fn a_supplier_is_named_beside_a_transfer() {
    let shop = Shop::open().await;
    let (paris, lyon) = (shop.stocked("PARIS", "LIP-1", 5).await, shop.location("LYON", 2).await);
    shop.stock(&lyon, "LIP-1", 500).await;
    let supplier = shop.supplier().await;
    let terms = json!({ "pack_size": 12 });
    shop.put(&shop.admin, &format!("/v1/suppliers/{supplier}/items/LIP-1"), terms).await.ok();
    let version = shop.level(&paris, "LIP-1").await["version"].as_i64();
    let limits = json!({ "reorder_threshold": 5, "reorder_quantity": 10 });
    shop.patch(&shop.admin, &format!("/v1/locations/{paris}/inventory/LIP-1"), limits, version).await.ok();
    let low = shop.get(&shop.admin, "/v1/replenishment").await.ok()["data"][0].clone();
    assert_eq!((&low["source"]["kind"], &low["source"]["location_id"]), (&json!("transfer"), &json!(lyon)));
    assert_eq!((&low["supplier"]["supplier_id"], &low["supplier"]["quantity"]), (&json!(supplier), &json!(12)));
}
