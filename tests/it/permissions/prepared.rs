//! The things that each route needs to succeed: an object at the place, at the step that the route takes it from, and a
//! body.
use super::{Operation, bodies::body_of, documents::document, sold::sold};
use crate::support::Shop;
use serde_json::{Value, json};

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
        | "changeAttribute"
        | "changeCoupon"
        | "changeUser"
        | "changeRole"
        | "changeLocationGroup"
        | "changeApiKey"
        | "changeOrder" => Some(1),
        "changePriceList" | "changeGiftCard" => Some(2),
        "changeLocation" | "changeReason" => shop.get(&shop.admin, path).await.ok()["version"].as_i64(),
        _ => None,
    }
}

/// Parts of paths that are the id of a document.
const OF_DOCUMENT: [&str; 22] = [
    "role_code",
    "location_group_id",
    "brand_id",
    "category_id",
    "collection_id",
    "tax_rate_id",
    "promotion_id",
    "coupon_id",
    "shipping_method_id",
    "attribute_id",
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
        .replace("{api_key_id}", outer)
        .replace("{secret_id}", inner)
        .replace("{user_id}", outer)
        .replace("{grant_id}", inner)
        .replace("{session_id}", inner)
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
