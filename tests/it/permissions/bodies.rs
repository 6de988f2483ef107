//! Bodies with which each route would succeed.
use super::Operation;
use crate::support::{Shop, order_body, papers::unique};
use serde_json::{Value, json};

/// A body that would succeed.
pub fn body_of(shop: &Shop, operation: &Operation, location: &str, (id, sku): (&str, &str)) -> Value {
    match operation.id.as_str() {
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
        _ => catalog_body(operation, sku).unwrap_or_else(|| supply_body(operation, location, id, sku)),
    }
}

/// A body that would succeed on a route of products, their groups and attributes.
fn catalog_body(operation: &Operation, sku: &str) -> Option<Value> {
    Some(match operation.id.as_str() {
        "createProduct" => json!({ "name": "Fresh", "category": "tools", "variants": [{ "sku": sku }] }),
        "addVariant" => json!({ "sku": sku }),
        "changeProduct" => json!({ "inci": "Aqua" }),
        "createBrand" | "createCollection" | "changeBrand" | "changeCategory" | "changeCollection" => {
            json!({ "name": unique() })
        }
        "createCategory" => json!({ "name": unique(), "root": "skincare" }),
        "setProductMedia" => json!({ "media": [] }),
        "createAttribute" => json!({ "code": sku.to_lowercase(), "name": "New", "kind": "boolean" }),
        "setProductAttributes" => json!({ "attributes": {} }),
        "publishProduct" => json!({ "publications": null }),
        "setProductTranslation" => json!({ "name": "Frais" }),
        "setCollectionProducts" => json!({ "product_ids": [] }),
        "changeVariant" => json!({ "shade": "Other" }),
        _ => return None,
    })
}

/// A body that would succeed on a route of reasons, transfers, suppliers, receipts, counts or their costs.
fn supply_body(operation: &Operation, location: &str, id: &str, sku: &str) -> Value {
    match operation.id.as_str() {
        "startExport" => json!({ "kind": "media" }),
        "inviteUser" => json!({ "email": format!("{}@coffret.example", unique()), "name": "New", "grants": [] }),
        "grantRole" => json!({ "role": "support" }),
        "createRole" => crate::roles::role(&["orders:read"]),
        "createLocationGroup" => crate::roles::location_group(&[]),
        "createApiKey" => crate::api_keys::new_key(&["orders:read"]),
        "changeRole" | "changeLocationGroup" | "changeApiKey" => json!({ "name": "Other" }),
        // Whoever changes their password must sign in again: the matrix does not.
        "changePassword" => json!({ "current_password": "not it", "new_password": "a long sentence" }),
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
        "changeAttribute" | "changeReason" | "changeShippingMethod" | "changePromotion" | "changeUser" => {
            json!({ "name": "Other" })
        }
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
pub fn shipping_method(code: &str) -> Value {
    json!({ "code": code.to_lowercase(), "name": "By hand", "currency": "XAF", "carries_dangerous_goods": true,
            "zones": [{ "rates": [{ "charge_minor": 1 }] }] })
}

/// A promotion of what nobody buys.
pub fn promotion(code: &str) -> Value {
    let code = code.to_lowercase();
    json!({ "code": code, "name": "New", "currency": "SEK", "needs_coupon": true,
            "benefit": { "type": "percent_off", "rate_ppm": 1 } })
}

pub fn tax_rate(country: &str, tax_class: &str) -> Value {
    let starts_at = "2050-01-01T00:00:00Z";
    json!({ "country": country, "tax_class": tax_class, "name": "VAT", "rate_ppm": 1, "starts_at": starts_at })
}

/// A line of a document.
pub const LINES: fn() -> Value = || json!([{ "sku": "LIP-1", "quantity": 1 }]);
