//! Buying: what is ordered is expected, what arrives is booked lot by lot, and what is refused never becomes stock.
use crate::support::Shop;
use serde_json::{Value, json};

/// A variant whose goods come in with their lot and its expiry.
async fn controlled(shop: &Shop, sku: &str) {
    let product = shop.variant(sku).await;
    let path = format!("/v1/variants/{}", product["variants"][0]["id"].as_str().unwrap());
    shop.patch(&shop.admin, &path, json!({ "lot_control": "expiry", "gtin": "09506000134352" }), Some(1)).await.ok();
}

async fn ordered(shop: &Shop, location: &str, units: i32) -> String {
    let id = shop.purchase(&shop.supplier().await, location, json!([{ "sku": "LIP-1", "quantity": units }])).await;
    shop.step("purchase-orders", &id, "order", json!({})).await.ok();
    id
}

async fn arrive(shop: &Shop, location: &str, order: &str, line: Value) -> crate::support::Answer {
    let body = json!({ "purchase_order_id": order, "reference": "DN-1", "lines": [line] });
    shop.post(&shop.admin, &format!("/v1/locations/{location}/receipts"), body).await
}

#[actix_web::test]
async fn an_order_is_expected_received_in_parts_and_closed() {
    let shop = Shop::open().await;
    let paris = shop.location("PARIS", 1).await;
    shop.variant("LIP-1").await;
    let id = ordered(&shop, &paris, 100).await;
    let atp = shop.get(&shop.admin, &format!("/v1/locations/{paris}/inventory/LIP-1/atp")).await.ok();
    assert_eq!((&atp["available"], &atp["incoming"][0]["units"]), (&json!(0), &json!(100)));
    let due = shop.clock.now().date_naive() + chrono::Days::new(3);
    assert_eq!(atp["incoming"][0]["expected_on"], json!(due), "by the supplier's lead time");
    let receipt = arrive(&shop, &paris, &id, json!({ "sku": "LIP-1", "accepted": 60, "rejected": 5 })).await.ok();
    assert_eq!((&receipt["lines"][0]["accepted"], &receipt["reference"]), (&json!(60), &json!("DN-1")));
    let held = json!({ "sku": "LIP-1", "accepted": 45, "condition": "quality_hold" });
    arrive(&shop, &paris, &id, held).await.ok();
    let level = shop.level(&paris, "LIP-1").await;
    assert_eq!(
        (&level["on_hand"], &level["quality_hold"], &level["quantity_available"]),
        (&json!(105), &json!(45), &json!(60))
    );
    let order = shop.get(&shop.admin, &format!("/v1/purchase-orders/{id}")).await.ok();
    assert_eq!(
        (&order["status"], &order["lines"][0]["received"], &order["lines"][0]["rejected"]),
        (&json!("received"), &json!(105), &json!(5))
    );
    arrive(&shop, &paris, &id, json!({ "sku": "LIP-1", "accepted": 6 })).await.refused(409, "over_delivery");
    shop.step("purchase-orders", &id, "cancel", json!({})).await.refused(409, "purchase_order_received");
    assert_eq!(shop.step("purchase-orders", &id, "close", json!({})).await.ok()["status"], "closed");
    arrive(&shop, &paris, &id, json!({ "sku": "LIP-1", "accepted": 1 })).await.refused(409, "purchase_order_not_open");
    let atp = shop.get(&shop.admin, &format!("/v1/locations/{paris}/inventory/LIP-1/atp")).await.ok();
    assert_eq!((&atp["available"], &atp["incoming"]), (&json!(60), &json!([])));
    let receipts = shop.get(&shop.admin, &format!("/v1/locations/{paris}/receipts")).await.ok();
    assert_eq!(receipts["data"].as_array().unwrap().len(), 2);
    let moves = shop.get(&shop.admin, &format!("/v1/locations/{paris}/inventory/LIP-1/moves")).await.ok();
    assert_eq!(
        (&moves["data"][0]["cause_type"], &moves["data"][0]["from"]["node"]),
        (&json!("receipt"), &json!("supplier"))
    );
}

#[actix_web::test]
async fn terms_of_the_supplier_bind() {
    let shop = Shop::open().await;
    let paris = shop.location("PARIS", 1).await;
    shop.variant("LIP-1").await;
    let terms = json!({ "code": "ACME", "name": "Acme", "lead_days": 10, "minimum_units": 50 });
    let supplier = shop.made("/v1/suppliers", terms.clone()).await;
    shop.post(&shop.admin, "/v1/suppliers", terms).await.refused(409, "supplier_code_taken");
    let id = shop.purchase(&supplier, &paris, json!([{ "sku": "LIP-1", "quantity": 49 }])).await;
    shop.step("purchase-orders", &id, "order", json!({})).await.refused(409, "below_minimum_order");
    let path = format!("/v1/purchase-orders/{id}");
    let more = json!({ "lines": [{ "sku": "LIP-1", "quantity": 30 }, { "sku": "LIP-1", "quantity": 20 }] });
    let changed = shop.patch(&shop.admin, &path, more, Some(1)).await.ok();
    assert_eq!(changed["lines"][0]["ordered"], 50, "lines of one SKU add up");
    let ordered = shop.step("purchase-orders", &id, "order", json!({})).await.ok();
    assert_eq!(ordered["expected_on"], json!(shop.clock.now().date_naive() + chrono::Days::new(10)));
    shop.patch(&shop.admin, &format!("/v1/suppliers/{supplier}"), json!({ "is_active": false }), Some(1)).await.ok();
    let body = json!({ "supplier_id": supplier, "location_id": paris, "lines": [{ "sku": "LIP-1", "quantity": 50 }] });
    shop.post(&shop.admin, "/v1/purchase-orders", body).await.refused(409, "supplier_inactive");
    let nobody = json!({
        "supplier_id": uuid::Uuid::now_v7(), "location_id": paris, "lines": [{ "sku": "LIP-1", "quantity": 50 }],
    });
    shop.post(&shop.admin, "/v1/purchase-orders", nobody).await.refused(422, "unknown_supplier");
}

#[actix_web::test]
async fn goods_come_in_with_the_lot_and_expiry_that_their_variant_demands() {
    let shop = Shop::open().await;
    let paris = shop.location("PARIS", 1).await;
    controlled(&shop, "LIP-1").await;
    let line = |lot: Value| json!([{ "sku": "LIP-1", "accepted": 5, "lot": lot }]);
    shop.receive(&paris, line(Value::Null)).await.refused(422, "lot_required");
    shop.receive(&paris, line(json!({ "code": "L1" }))).await.refused(422, "expiry_required");
    let wrong = json!({ "code": "L1", "made_on": "2027-02-01", "expires_on": "2027-01-31" });
    shop.receive(&paris, line(wrong)).await.refused(422, "expiry_before_manufacture");
    assert_eq!(shop.database.count("lots"), 0, "nothing is written by a refusal");
    shop.receive(&paris, line(json!({ "code": "L1", "expires_on": "2031-01-31" }))).await.ok();
    let other = json!({ "code": "L1", "expires_on": "2031-02-28" });
    shop.receive(&paris, line(other)).await.refused(409, "lot_mismatch");
    let same = shop.receive(&paris, line(json!({ "code": "L1", "made_on": "2026-01-01" }))).await.ok();
    assert_eq!((&same["lines"][0]["lot"], &same["lines"][0]["expires_on"]), (&json!("L1"), &json!("2031-01-31")));
    let lots = shop.get(&shop.admin, "/v1/lots?sku=LIP-1").await.ok();
    assert_eq!(
        (&lots["data"][0]["locations"][0]["sellable"], &lots["data"][0]["made_on"]),
        (&json!(10), &json!("2026-01-01"))
    );
}

#[actix_web::test]
async fn a_lot_without_a_printed_expiry_has_the_one_that_its_manufacture_and_shelf_life_make() {
    let shop = Shop::open().await;
    let paris = shop.location("PARIS", 1).await;
    controlled(&shop, "LIP-1").await;
    let today = shop.clock.now().date_naive();
    let made = today - chrono::Days::new(30);
    let line = |code: &str| json!([{ "sku": "LIP-1", "accepted": 5, "lot": { "code": code, "made_on": made } }]);
    shop.receive(&paris, line("L1")).await.refused(422, "expiry_required");
    let variant = shop.get(&shop.admin, "/v1/variants?sku=LIP-1").await.ok();
    let path = format!("/v1/variants/{}", variant["id"].as_str().unwrap());
    shop.patch(&shop.admin, &path, json!({ "shelf_life_days": 900 }), variant["version"].as_i64()).await.ok();
    let receipt = shop.receive(&paris, line("L1")).await.ok();
    assert_eq!(receipt["lines"][0]["expires_on"], json!(made + chrono::Days::new(900)));
    let printed =
        json!([{ "sku": "LIP-1", "accepted": 5, "lot": { "code": "L2", "made_on": made, "expires_on": today } }]);
    let receipt = shop.receive(&paris, printed).await.ok();
    assert_eq!(receipt["lines"][0]["expires_on"], json!(today), "what is printed holds");
    assert_eq!(shop.receive(&paris, line("L2")).await.ok()["lines"][0]["expires_on"], json!(today));
}

#[actix_web::test]
async fn a_scan_names_variant_lot_and_dates_at_once() {
    let shop = Shop::open().await;
    let paris = shop.location("PARIS", 1).await;
    controlled(&shop, "LIP-1").await;
    let scan = ["]d2", "0109506000134352", "17311031", "11260101", "10ABC-7"].concat();
    let receipt = shop.receive(&paris, json!([{ "scan": scan, "accepted": 2 }])).await.ok();
    let line = &receipt["lines"][0];
    assert_eq!(
        (&line["sku"], &line["lot"], &line["expires_on"]),
        (&json!("LIP-1"), &json!("ABC-7"), &json!("2031-10-31"))
    );
    let misprint = "]d201095060001343531731103110ABC-7";
    shop.receive(&paris, json!([{ "scan": misprint, "accepted": 2 }])).await.refused(422, "invalid_scan");
    let stranger = "]d201040063813339311731103110ABC-7";
    shop.receive(&paris, json!([{ "scan": stranger, "accepted": 2 }])).await.refused(422, "unknown_sku");
}

#[actix_web::test]
async fn an_order_for_another_place_is_not_received_here() {
    let shop = Shop::open().await;
    let (paris, lyon) = (shop.location("PARIS", 1).await, shop.location("LYON", 2).await);
    shop.variant("LIP-1").await;
    shop.variant("LIP-2").await;
    let id = ordered(&shop, &paris, 10).await;
    arrive(&shop, &lyon, &id, json!({ "sku": "LIP-1", "accepted": 1 })).await.refused(404, "not_found");
    arrive(&shop, &paris, &id, json!({ "sku": "LIP-2", "accepted": 1 })).await.refused(422, "not_on_document");
    let nothing = json!({ "sku": "LIP-1" });
    arrive(&shop, &paris, &id, nothing).await.refused(422, "invalid_body");
    assert_eq!(shop.database.count("receipts"), 0);
}

#[actix_web::test]
async fn dates_of_a_lot_are_completed_by_those_who_may_everywhere_and_must_make_sense() {
    let shop = Shop::open().await;
    let (paris, lyon) = (shop.location("PARIS", 1).await, shop.location("LYON", 2).await);
    shop.variant("LIP-1").await;
    let line = |lot: Value| json!({ "lines": [{ "sku": "LIP-1", "accepted": 1, "lot": lot }] });
    let at = |location: &str| format!("/v1/locations/{location}/receipts");
    shop.post(&shop.admin, &at(&paris), line(json!({ "code": "X", "made_on": "2026-06-01" }))).await.ok();
    let early = line(json!({ "code": "X", "expires_on": "2026-01-01" }));
    shop.post(&shop.admin, &at(&paris), early).await.refused(422, "expiry_before_manufacture");
    let staff = shop.sign_in("warehouse_staff", Some(&lyon)).await;
    let dated = line(json!({ "code": "X", "expires_on": "2026-07-01" }));
    shop.post(&staff, &at(&lyon), dated.clone()).await.refused(409, "lot_mismatch");
    shop.post(&staff, &at(&lyon), line(json!({ "code": "X" }))).await.ok();
    shop.post(&shop.admin, &at(&lyon), dated).await.ok();
}
