//! The documents that routes are about, each at the step from which its route takes it.
use super::{
    Operation,
    bodies::{LINES, promotion, shipping_method, tax_rate},
};
use crate::{
    roles::location_group,
    support::{PASSWORD, Shop, papers::unique},
};
use serde_json::json;

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

/// A user with a role, at the step that the operation needs; the ids of both.
async fn user(shop: &Shop, name: &str) -> String {
    let email = format!("{}@coffret.example", unique().to_lowercase());
    let body = json!({ "email": email, "name": "New", "grants": [{ "role": "analyst" }] });
    let user = shop.post(&shop.admin, "/v1/users", body).await.ok();
    let id = user["id"].as_str().unwrap();
    if name == "enableUser" {
        shop.post(&shop.admin, &format!("/v1/users/{id}/disable"), json!({})).await.ok();
    }
    if name == "endUserSession" {
        let accepted = json!({ "token": user["invitation"]["token"], "password": PASSWORD });
        shop.post("", "/v1/invitations/accept", accepted).await.ok();
        shop.token(&[("grant_type", "password"), ("username", &email), ("password", PASSWORD)]).await;
        let sessions = shop.get(&shop.admin, &format!("/v1/users/{id}/sessions")).await.ok();
        return format!("{id} {}", sessions["data"][0]["id"].as_str().unwrap());
    }
    format!("{id} {}", user["grants"][0]["id"].as_str().unwrap())
}

/// An API key, and the secret of it that the operation ends.
async fn api_key(shop: &Shop, name: &str) -> String {
    let key = crate::api_keys::made(shop, crate::api_keys::new_key(&["catalog:read"])).await;
    if name == "endApiKeySecret" {
        shop.post(&shop.admin, &crate::api_keys::key_path(&key, "/rotate"), json!({})).await.ok();
    }
    format!("{} {}", key["id"].as_str().unwrap(), key["secrets"][0]["id"].as_str().unwrap())
}

/// A price list with a price; the ids of both.
async fn price_list(shop: &Shop) -> String {
    let starts_at = "2050-01-01T00:00:00Z";
    let code = unique().to_lowercase();
    let body = json!({ "code": code, "name": "L", "currency": "EUR", "starts_at": starts_at });
    let id = shop.made("/v1/price-lists", body).await;
    let price = json!({ "prices": [{ "sku": "LIP-1", "amount_minor": 5, "min_quantity": 9 }] });
    let set = shop.post(&shop.admin, &format!("/v1/price-lists/{id}/prices"), price).await.ok();
    format!("{id} {}", set["prices"][0]["id"].as_str().unwrap())
}

/// A role of the brand; its code.
async fn role(shop: &Shop) -> String {
    let made = shop.post(&shop.admin, "/v1/roles", crate::roles::role(&["orders:read"])).await.ok();
    made["code"].as_str().unwrap().to_owned()
}

/// A coupon of a promotion of its own; its id.
async fn coupon(shop: &Shop) -> String {
    let id = shop.made("/v1/promotions", promotion(&unique())).await;
    shop.post(&shop.admin, &format!("/v1/promotions/{id}/coupons"), json!({ "count": 1 })).await.ok();
    let listed = shop.get(&shop.admin, &format!("/v1/coupons?promotion_id={id}")).await.ok();
    listed["data"][0]["id"].as_str().unwrap().to_owned()
}

/// A document of goods that move, at the step that the operation needs; its id.
pub async fn document(shop: &Shop, operation: &Operation, location: &str) -> Option<String> {
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
        () if path.contains("{user_id}") => Some(user(shop, name).await),
        () if path.contains("{api_key_id}") => Some(api_key(shop, name).await),
        () if path.contains("{role_code}") => Some(role(shop).await),
        () if path.contains("{location_group_id}") => Some(shop.made("/v1/location-groups", location_group(&[])).await),
        () if path.contains("{session_id}") => Some(uuid::Uuid::now_v7().to_string()),
        () if path.contains("{brand_id}") => Some(shop.made("/v1/brands", json!({ "name": unique() })).await),
        () if path.contains("{category_id}") => {
            Some(shop.made("/v1/categories", json!({ "name": unique(), "root": "tools" })).await)
        }
        () if path.contains("{price_list_id}") => Some(price_list(shop).await),
        () if path.contains("{promotion_id}") => Some(promotion_for(shop, name).await),
        () if name == "lookUpGiftCard" || path.contains("{gift_card_id}") => Some(gift_card(shop, name).await),
        () if path.contains("{attribute_id}") => {
            let body = json!({ "code": unique().to_lowercase(), "name": "A", "kind": "boolean" });
            Some(shop.made("/v1/attributes", body).await)
        }
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
