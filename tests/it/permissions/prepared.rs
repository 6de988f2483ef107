//! The things that each route needs to succeed: an object at the place, at the step that the route takes it from, and a
//! body.
use super::{Operation, sold::sold};
use crate::support::{Shop, order_body, papers::unique};
use serde_json::{Value, json};

/// A body that would succeed.
fn body_of(shop: &Shop, operation: &Operation, location: &str, (id, sku): (&str, &str)) -> Value {
    match operation.id.as_str() {
        "createProduct" => json!({ "name": "Fresh", "category": "tools", "variants": [{ "sku": sku }] }),
        "addVariant" => json!({ "sku": sku }),
        "changeProduct" => json!({ "inci": "Aqua" }),
        "createBrand" | "createCollection" | "changeBrand" | "changeCategory" | "changeCollection" => {
            json!({ "name": unique() })
        }
        "createCategory" => json!({ "name": unique(), "root": "skincare" }),
        "setProductMedia" => json!({ "media": [] }),
        "setProductTranslation" => json!({ "name": "Frais" }),
        "setCollectionProducts" => json!({ "product_ids": [] }),
        "changeVariant" => json!({ "shade": "Other" }),
        "setPrice" => json!({ "amount_minor": 5 }),
        "createPriceList" => json!({ "code": sku.to_lowercase(), "name": "New", "currency": "EUR" }),
        "changePriceList" | "changePromotion" => json!({ "name": "Other" }),
        "createTaxRate" => tax_rate("FR", "zero"),
        "endTaxRate" => json!({ "ends_at": "2060-01-01T00:00:00Z" }),
        "setListPrices" => json!({ "prices": [{ "sku": "LIP-1", "amount_minor": 5 }] }),
        "setComponents" => json!({ "components": [{ "sku": "LIP-1", "quantity": 1 }] }),
        "createLocation" => {
            json!({
                "code": &sku[sku.len() - 20..], "name": "New", "kind": "store", "country": "FR",
                "time_zone": "Europe/Paris",
            })
        }
        "changeLocation" => json!({ "priority": 7 }),
        "reserve" => json!({ "lines": [{ "sku": "LIP-1", "quantity": 1 }] }),
        "release" => json!({ "reservation_id": id }),
        "adjustInventory" => json!({ "delta": 1, "reason": "found" }),
        "placeOrder" | "priceCart" => order_body(location, "LIP-1", 1),
        "payOrder" => json!({ "gateway": "manual" }),
        "requestReturn" => {
            json!({
                "order_id": id, "lines": [{ "line_no": 1, "quantity": 1, "reason": "unwanted" }],
                "location_id": location,
            })
        }
        "putRates" => json!({ "rates": [] }),
        "simulateSourcing" => {
            json!({ "from": "2026-01-01T00:00:00Z", "to": "2026-01-02T00:00:00Z", "chain": ["nearest"] })
        }
        "changeOrder" => json!({ "lines": [{ "sku": "LIP-1", "quantity": 2 }] }),
        "recordSale" => crate::tills::sale(shop, location, "LIP-1", 1, 0),
        "syncSales" => json!({ "sales": [crate::tills::sale(shop, location, "LIP-1", 1, 0)] }),
        "collectPickup" => json!({ "code": id.split_once(' ').map_or("", |(_, code)| code) }),
        "reportParcelProblem" => json!({ "problem": "lost" }),
        "receiveReturn" => json!({ "location_id": location }),
        "inspectReturn" => {
            let variant = id.split_once(' ').map_or("", |(_, variant)| variant);
            json!({
                "found": [{ "variant_id": variant, "quantity": 1, "condition": "sealed", "disposition": "restock" }],
            })
        }
        "rejectFulfillment" => json!({ "location_id": location, "reason": "no_capacity" }),
        "answerSandboxChallenge" => json!({ "approve": true }),
        "extendReservation" => json!({ "expires_in_seconds": 60 }),
        "refundByHand" => json!({ "amount_minor": 1000, "note": "cash" }),
        "graphql" => json!({ "query": "{ __typename }" }),
        _ => supply_body(operation, location, id, sku),
    }
}

/// A body that would succeed on a route of reasons, transfers, suppliers, receipts, counts or their costs.
fn supply_body(operation: &Operation, location: &str, id: &str, sku: &str) -> Value {
    match operation.id.as_str() {
        "startExport" => json!({ "kind": "media" }),
        "createPromotion" => promotion(sku),
        "createShippingMethod" => shipping_method(sku),
        "createCoupons" => json!({ "count": 1 }),
        "issueGiftCard" => json!({ "currency": "EUR", "amount_minor": 5 }),
        "lookUpGiftCard" => json!({ "code": id }),
        "adjustGiftCard" => json!({ "delta_minor": 5, "reason": "more" }),
        "changeCoupon" | "changeGiftCard" => json!({ "disabled": true }),
        "createReason" => {
            json!({
                "code": format!("r{}", &sku[sku.len() - 20..].to_lowercase()), "name": "New", "direction": "out",
                "node": "scrap",
            })
        }
        "changeReason" | "changeShippingMethod" | "changePromotion" => json!({ "name": "Other" }),
        "createTransfer" => json!({ "from_location_id": location, "to_location_id": id, "lines": LINES() }),
        "changeTransfer" | "changePurchaseOrder" => json!({ "reference": "other" }),
        "createSupplier" => json!({ "code": &sku[sku.len() - 20..], "name": "New", "lead_days": 3 }),
        "setSupplierItem" => json!({ "pack_size": 6 }),
        "setCosts" => json!({ "currency": "EUR", "lines": [{ "sku": "LIP-1", "unit_cost_minor": 900 }] }),
        "changeSupplier" => json!({ "lead_days": 4 }),
        "createPurchaseOrder" => json!({ "supplier_id": id, "location_id": location, "lines": LINES() }),
        "createReceipt" => json!({ "lines": [{ "sku": "LIP-1", "accepted": 1 }] }),
        "replenish" => {
            json!({ "choices": [{ "location_id": location, "sku": "LIP-1", "quantity": 1, "from_location_id": id }] })
        }
        "recordCount" => json!({ "lines": [{ "sku": "LIP-1", "quantity": 900 }] }),
        "submitCount" => json!({ "skip_uncounted": true }),
        _ => json!({}),
    }
}

/// A way in which nothing is sent.
fn shipping_method(code: &str) -> Value {
    json!({ "code": code.to_lowercase(), "name": "By hand", "currency": "XAF", "carries_dangerous_goods": true,
            "zones": [{ "rates": [{ "charge_minor": 1 }] }] })
}

/// A promotion of what nobody buys.
fn promotion(code: &str) -> Value {
    let code = code.to_lowercase();
    json!({ "code": code, "name": "New", "currency": "SEK", "needs_coupon": true,
            "benefit": { "type": "percent_off", "rate_ppm": 1 } })
}

fn tax_rate(country: &str, tax_class: &str) -> Value {
    let starts_at = "2050-01-01T00:00:00Z";
    json!({ "country": country, "tax_class": tax_class, "name": "VAT", "rate_ppm": 1, "starts_at": starts_at })
}

const LINES: fn() -> Value = || json!([{ "sku": "LIP-1", "quantity": 1 }]);

/// A transfer that may take the step; goods come in at the place where it is tried, or leave from there.
async fn transfer(shop: &Shop, name: &str, location: &str) -> String {
    let other = shop.location(&unique(), 900).await;
    let (from, to) = if name == "receiveTransfer" { (&*other, location) } else { (location, &*other) };
    shop.stock(from, "LIP-1", 1).await;
    let id = shop.transfer(from, to, LINES()).await;
    let steps: &[&str] = match name {
        "shipTransfer" => &["ready"],
        "receiveTransfer" => &["ready", "ship"],
        _ => &[],
    };
    for step in steps {
        shop.step("transfers", &id, step, json!({})).await.ok();
    }
    id
}

/// A count that may take the step, or room for a new one.
async fn count(shop: &Shop, name: &str, location: &str) -> Option<String> {
    let path = format!("/v1/locations/{location}/counts");
    for open in shop.get(&shop.admin, &path).await.ok()["data"].as_array().unwrap() {
        shop.step("counts", open["id"].as_str().unwrap(), "cancel", json!({})).await;
    }
    if name == "startCount" {
        return None;
    }
    let id = shop.count_of(location, &["LIP-1"]).await;
    if matches!(name, "submitCount" | "approveCount" | "reopenCount") {
        shop.step("counts", &id, "lines", json!({ "lines": [{ "sku": "LIP-1", "quantity": 900 }] })).await.ok();
    }
    if matches!(name, "approveCount" | "reopenCount") {
        shop.step("counts", &id, "submit", json!({ "skip_uncounted": true })).await.ok();
    }
    Some(id)
}

/// A promotion at the step that the operation needs; its id.
async fn promotion_for(shop: &Shop, name: &str) -> String {
    let mut body = promotion(&unique());
    if name == "withdrawPromotion" {
        body["starts_at"] = json!("2050-01-01T00:00:00Z");
    }
    let id = shop.made("/v1/promotions", body).await;
    if name == "endPromotion" {
        let begun = format!("update promotions set starts_at = starts_at - interval '1 day' where id = '{id}'");
        shop.database.run(&begun);
    }
    id
}

/// A gift card; its id, or its code where that is what the operation needs.
async fn gift_card(shop: &Shop, name: &str) -> String {
    let code = unique();
    let id = shop.made("/v1/gift-cards", json!({ "currency": "EUR", "amount_minor": 5, "code": code })).await;
    if name == "lookUpGiftCard" { code } else { id }
}

/// A coupon of a promotion of its own; its id.
async fn coupon(shop: &Shop) -> String {
    let id = shop.made("/v1/promotions", promotion(&unique())).await;
    shop.post(&shop.admin, &format!("/v1/promotions/{id}/coupons"), json!({ "count": 1 })).await.ok();
    let listed = shop.get(&shop.admin, &format!("/v1/coupons?promotion_id={id}")).await.ok();
    listed["data"][0]["id"].as_str().unwrap().to_owned()
}

/// A document of goods that move, at the step that the operation needs; its id.
async fn document(shop: &Shop, operation: &Operation, location: &str) -> Option<String> {
    let (name, path) = (operation.id.as_str(), operation.path.as_str());
    match () {
        () if matches!(name, "createTransfer" | "replenish") => Some(shop.location(&unique(), 900).await),
        () if path.contains("{transfer_id}") => Some(transfer(shop, name, location).await),
        () if name == "createPurchaseOrder" || path.contains("{supplier_id}") => Some(shop.supplier().await),
        () if path.contains("{purchase_order_id}") => {
            let id = shop.purchase(&shop.supplier().await, location, LINES()).await;
            if name == "closePurchaseOrder" {
                shop.step("purchase-orders", &id, "order", json!({})).await.ok();
            }
            Some(id)
        }
        () if path.contains("{receipt_id}") => {
            let receipt = shop.receive(location, json!([{ "sku": "LIP-1", "accepted": 1 }])).await.ok();
            receipt["id"].as_str().map(str::to_owned)
        }
        () if path.contains("{lot_id}") => {
            let id = shop.lot(location, "LIP-1", (&unique(), "2031-01-31"), 1).await;
            if name == "releaseLot" {
                shop.step("lots", &id, "quarantine", json!({})).await.ok();
            }
            Some(id)
        }
        () if path.contains("{brand_id}") => Some(shop.made("/v1/brands", json!({ "name": unique() })).await),
        () if path.contains("{category_id}") => {
            Some(shop.made("/v1/categories", json!({ "name": unique(), "root": "tools" })).await)
        }
        () if path.contains("{price_list_id}") => {
            let starts_at = "2050-01-01T00:00:00Z";
            let code = unique().to_lowercase();
            let body = json!({ "code": code, "name": "L", "currency": "EUR", "starts_at": starts_at });
            let id = shop.made("/v1/price-lists", body).await;
            let price = json!({ "prices": [{ "sku": "LIP-1", "amount_minor": 5, "min_quantity": 9 }] });
            let set = shop.post(&shop.admin, &format!("/v1/price-lists/{id}/prices"), price).await.ok();
            Some(format!("{id} {}", set["prices"][0]["id"].as_str().unwrap()))
        }
        () if path.contains("{promotion_id}") => Some(promotion_for(shop, name).await),
        () if name == "lookUpGiftCard" || path.contains("{gift_card_id}") => Some(gift_card(shop, name).await),
        () if path.contains("{shipping_method_id}") => {
            Some(shop.made("/v1/shipping-methods", shipping_method(&unique())).await)
        }
        () if path.contains("{coupon_id}") => Some(coupon(shop).await),
        () if path.contains("{tax_rate_id}") || name == "createTaxRate" => {
            // One of its kind holds at a time: those of before go.
            shop.database.run("delete from tax_rates");
            (name != "createTaxRate").then_some(shop.made("/v1/tax-rates", tax_rate("FR", "reduced")).await)
        }
        () if path.contains("{collection_id}") => Some(shop.made("/v1/collections", json!({ "name": unique() })).await),
        () if path.contains("{import_id}") || path.contains("{export_id}") => Some(file(shop, name).await),
        () if name == "startCount" || path.contains("{count_id}") => count(shop, name, location).await,
        () => None,
    }
}

/// A file that came in, or one that is to go out.
async fn file(shop: &Shop, name: &str) -> String {
    if !name.contains("Export") {
        let rows = "location,sku,delta,reason\nPARIS,LIP-1,1,found\n";
        return shop.import(&shop.admin, "levels", "text/csv", rows).await.ok()["id"].as_str().unwrap().to_owned();
    }
    let id = shop.made("/v1/exports", json!({ "kind": "media" })).await;
    if name == "getExportFile" {
        shop.app.jobs.export().await.unwrap();
    }
    id
}

/// Brings a product to where the operation takes it from: retired, with a price, or translated.
async fn bring_there(shop: &Shop, operation: &Operation, product: &Value) {
    let retired = match operation.id.as_str() {
        "reinstateProduct" => Some(format!("/v1/products/{}/retire", product["id"].as_str().unwrap())),
        "reinstateVariant" => Some(format!("/v1/variants/{}/retire", product["variants"][0]["id"].as_str().unwrap())),
        _ => None,
    };
    if operation.id == "withdrawPrice" {
        let path = format!("/v1/variants/{}/prices/pos/EUR", product["variants"][0]["id"].as_str().unwrap());
        shop.put(&shop.admin, &path, json!({ "amount_minor": 5 })).await.ok();
    }
    if operation.id == "deleteProductTranslation" {
        let path = format!("/v1/products/{}/translations/fr", product["id"].as_str().unwrap());
        shop.put(&shop.admin, &path, json!({ "name": "Frais" })).await.ok();
    }
    if let Some(retire) = retired {
        shop.post(&shop.admin, &retire, json!({})).await.ok();
    }
}

/// The version that a change names.
async fn version_of(shop: &Shop, operation: &Operation, path: &str) -> Option<i64> {
    match operation.id.as_str() {
        "changeProduct"
        | "changeVariant"
        | "changeBrand"
        | "changeCategory"
        | "changeCollection"
        | "changeTransfer"
        | "changePurchaseOrder"
        | "changeSupplier"
        | "endTaxRate"
        | "changePromotion"
        | "changeShippingMethod"
        | "changeCoupon"
        | "changeOrder" => Some(1),
        "changePriceList" | "changeGiftCard" => Some(2),
        "changeLocation" | "changeReason" => shop.get(&shop.admin, path).await.ok()["version"].as_i64(),
        _ => None,
    }
}

/// Parts of paths that are the id of a document.
const OF_DOCUMENT: [&str; 19] = [
    "brand_id",
    "category_id",
    "collection_id",
    "tax_rate_id",
    "promotion_id",
    "coupon_id",
    "shipping_method_id",
    "gift_card_id",
    "transfer_id",
    "import_id",
    "export_id",
    "supplier_id",
    "purchase_order_id",
    "receipt_id",
    "lot_id",
    "count_id",
    "payment_id",
    "case_id",
    "reservation_id",
];

/// The path of a call, with the ids of what it needs: of two, the outer one is told first.
fn path_of(operation: &Operation, location: &str, (id, product): (&str, &Value)) -> String {
    let (outer, inner) = (id.split(' ').next().unwrap_or_default(), id.split(' ').next_back().unwrap_or_default());
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let path = operation.path.replace("inventory/{product_id}", "inventory/LIP-1").replace("{location_id}", location);
    let path = OF_DOCUMENT.iter().fold(path, |path, name| path.replace(&format!("{{{name}}}"), id));
    path.replace("{code}", "tester")
        .replace("{sku}", "LIP-1")
        .replace("{price_list_id}", outer)
        .replace("{list_price_id}", inner)
        .replace("{kind}", "levels")
        .replace("{shipment_id}", inner)
        .replace("{order_id}", outer)
        .replace("{return_id}", outer)
        .replace("{language}", "fr")
        .replace("{product_id}", &text(&product["id"]))
        .replace("{variant_id}", &text(&product["variants"][0]["id"]))
        .replace("{channel}/{currency}", "pos/EUR")
}

/// The things that a call needs: a fresh object at the location, and a body that would succeed.
pub async fn prepared(shop: &Shop, operation: &Operation, location: &str) -> (String, Value, Option<i64>) {
    let id = match sold(shop, &operation.id, location).await {
        Some(id) => id,
        None => document(shop, operation, location).await.unwrap_or_default(),
    };
    let sku = format!("NEW-{}", uuid::Uuid::now_v7().simple());
    let path = operation.path.as_str();
    let product = if path.contains("/products/") || path.contains("/variants/") {
        let category = if operation.id == "setComponents" { "bundle" } else { "cosmetics" };
        let body = json!({ "name": "Fresh", "category": category, "variants": [{ "sku": format!("{sku}-V") }] });
        shop.post(&shop.admin, "/v1/products", body).await.ok()
    } else {
        json!({ "id": "", "variants": [{ "id": "" }] })
    };
    bring_there(shop, operation, &product).await;
    let body = body_of(shop, operation, location, (&id, &sku));
    let path = path_of(operation, location, (&id, &product));
    assert!(!path.contains('{'), "how to call {} {path} is not known here", operation.id);
    let path = match operation.id.as_str() {
        "findVariant" | "getAvailability" => format!("{path}?sku=LIP-1"),
        "explainPrice" => format!("{path}?sku=LIP-1&channel=web&currency=EUR"),
        _ => path,
    };
    let version = version_of(shop, operation, &path).await;
    (path, body, version)
}
