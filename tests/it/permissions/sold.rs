//! Orders, holds and payments at the step from which a route takes them.
use crate::support::Shop;
use serde_json::{Value, json};

fn id_of(made: Value) -> Option<String> {
    made["id"].as_str().map(str::to_owned)
}

/// The id of what the operation works on; none if it is no sale.
pub async fn sold(shop: &Shop, operation: &str, location: &str) -> Option<String> {
    match operation {
        "getOrder" | "getOrderSourcing" | "listOrderEvents" | "listPayments" | "payOrder" | "cancelOrder"
        | "postCancelOrder" | "changeOrder" => id_of(shop.placed(location, "LIP-1", 1).await),
        "retryPayment" | "refundByHand" => failed(shop, location).await,
        "reviewOrder" => {
            let sale = crate::tills::sale(shop, location, "LIP-1", 1, -3600);
            id_of(shop.post(&shop.admin, "/v1/pos/sales", sale).await.ok())
        }
        "answerSandboxChallenge" => {
            let id = id_of(shop.placed(location, "LIP-1", 1).await)?;
            let card = json!({ "gateway": "sandbox", "method": "tok_3ds" });
            id_of(shop.post(&shop.admin, &format!("/v1/orders/{id}/payments"), card).await.ok())
        }
        "fulfillOrder" | "listPicks" | "rejectFulfillment" => id_of(shop.paid(location, "LIP-1", 1).await),
        "deliverOrder" | "requestReturn" => {
            let id = id_of(shop.paid(location, "LIP-1", 1).await)?;
            shop.post(&shop.admin, &format!("/v1/orders/{id}/fulfill"), json!({})).await.ok();
            Some(id)
        }
        "reportParcelProblem" => {
            let id = id_of(shop.paid(location, "LIP-1", 1).await)?;
            let left = shop.post(&shop.admin, &format!("/v1/orders/{id}/fulfill"), json!({})).await.ok();
            Some(format!("{id} {}", left["shipments"][0]["id"].as_str()?))
        }
        "getReturn" | "approveReturn" | "rejectReturn" | "receiveReturn" | "inspectReturn" => {
            returned(shop, operation, location).await
        }
        "getReactionCase" => {
            let back = returned(shop, "inspectReturn", location).await?;
            let (id, variant) = back.split_once(' ')?;
            let goods = shop.get(&shop.admin, &format!("/v1/returns/{id}")).await.ok()["goods"][0].clone();
            let found = json!([{
                "variant_id": variant, "lot_id": goods["lot_id"], "quantity": 1,
                "condition": "reaction", "disposition": "quarantine",
            }]);
            shop.step("returns", id, "inspect", json!({ "found": found })).await.ok();
            id_of(shop.get(&shop.admin, "/v1/reaction-cases").await.ok()["data"][0].clone())
        }
        "readyPickup" | "collectPickup" => pickup(shop, operation, location).await,
        "getReservation" | "extendReservation" | "release" => {
            let body = json!({ "lines": [{ "sku": "LIP-1", "quantity": 1 }] });
            id_of(shop.post(&shop.admin, &format!("/v1/locations/{location}/inventory/reserve"), body).await.ok())
        }
        _ => None,
    }
}

/// A payment whose money could be taken and not given back.
async fn failed(shop: &Shop, location: &str) -> Option<String> {
    let order = id_of(shop.placed(location, "LIP-1", 1).await)?;
    let pay = json!({ "gateway": "sandbox", "method": "tok_approve_refuse_refund" });
    let paid = shop.post(&shop.admin, &format!("/v1/orders/{order}/payments"), pay).await.ok();
    shop.post(&shop.admin, &format!("/v1/orders/{order}/fulfill"), json!({})).await.ok();
    shop.after(1).await;
    let lines = json!([{ "line_no": 1, "quantity": 1, "reason": "unwanted" }]);
    let back = json!({ "order_id": order, "lines": lines, "location_id": location });
    let back = shop.post(&shop.admin, "/v1/returns", back).await.ok();
    let goods = &back["goods"][0];
    let found = json!([{
        "variant_id": goods["variant_id"], "lot_id": goods["lot_id"], "quantity": 1,
        "condition": "sealed", "disposition": "restock",
    }]);
    shop.step("returns", back["id"].as_str()?, "inspect", json!({ "found": found })).await.ok();
    shop.after(1).await;
    id_of(paid)
}

/// A return at the step that the operation takes it from; for an inspection, with the variant that came back.
async fn returned(shop: &Shop, operation: &str, location: &str) -> Option<String> {
    let order = id_of(shop.paid(location, "LIP-1", 1).await)?;
    shop.post(&shop.admin, &format!("/v1/orders/{order}/fulfill"), json!({})).await.ok();
    let line = json!([{ "line_no": 1, "quantity": 1, "reason": "unwanted" }]);
    let mut body = json!({ "order_id": order, "lines": line });
    if operation == "inspectReturn" {
        body["location_id"] = json!(location);
    }
    let made = shop.post(&shop.admin, "/v1/returns", body).await.ok();
    let id = made["id"].as_str()?.to_owned();
    if operation == "receiveReturn" {
        shop.post(&shop.admin, &format!("/v1/returns/{id}/approve"), json!({})).await.ok();
    }
    let variant = made["goods"][0]["variant_id"].as_str().unwrap_or_default();
    Some(if operation == "inspectReturn" { format!("{id} {variant}") } else { id })
}

/// A paid order that is fetched; ready, with its code, if it is to be handed over.
async fn pickup(shop: &Shop, operation: &str, location: &str) -> Option<String> {
    let mut body = crate::support::order_body(location, "LIP-1", 1);
    body["pickup"] = json!(true);
    let id = id_of(shop.post(&shop.admin, "/v1/orders", body).await.ok())?;
    shop.post(&shop.admin, &format!("/v1/orders/{id}/payments"), json!({ "gateway": "manual" })).await.ok();
    if operation == "readyPickup" {
        return Some(id);
    }
    let ready = shop.post(&shop.admin, &format!("/v1/orders/{id}/pickup/ready"), json!({})).await.ok();
    Some(format!("{id} {}", ready["code"].as_str()?))
}
