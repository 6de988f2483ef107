//! Documents of goods that move, made through the interface at the step that a test needs.
use super::{Answer, Shop};
use serde_json::{Value, json};

/// A short name that no other test uses.
pub fn unique() -> String {
    uuid::Uuid::now_v7().simple().to_string()[12..].to_uppercase()
}

fn id_of(made: &Value) -> String {
    made["id"].as_str().unwrap().to_owned()
}

impl Shop {
    /// The bundle SET-1 of so many units of each SKU, sold in a channel at a price in cents.
    pub async fn set(&self, (channel, amount_minor): (&str, i64), parts: &[(&str, i32)]) {
        let prices = json!([{ "channel": channel, "currency": "EUR", "amount_minor": amount_minor }]);
        let set = json!({ "name": "Set", "category": "bundle", "variants": [{ "sku": "SET-1", "prices": prices }] });
        let set = self.post(&self.admin, "/v1/products", set).await.ok();
        let part = |(sku, quantity): &(&str, i32)| json!({ "sku": sku, "quantity": quantity });
        let components = json!({ "components": parts.iter().map(part).collect::<Vec<_>>() });
        let route = format!("/v1/variants/{}/components", set["variants"][0]["id"].as_str().unwrap());
        self.put(&self.admin, &route, components).await.ok();
    }

    /// Makes something as the administrator; its id.
    pub async fn made(&self, path: &str, body: Value) -> String {
        id_of(&self.post(&self.admin, path, body).await.ok())
    }

    /// A supplier that delivers in three days.
    pub async fn supplier(&self) -> String {
        self.made("/v1/suppliers", json!({ "code": unique(), "name": "Supplier", "lead_days": 3 })).await
    }

    /// A draft of a transfer.
    pub async fn transfer(&self, from: &str, to: &str, lines: Value) -> String {
        self.made("/v1/transfers", json!({ "from_location_id": from, "to_location_id": to, "lines": lines })).await
    }

    /// Does a step of a document, such as `/v1/transfers/{id}/ship`.
    pub async fn step(&self, kind: &str, id: &str, step: &str, body: Value) -> Answer {
        self.post(&self.admin, &format!("/v1/{kind}/{id}/{step}"), body).await
    }

    /// A draft of a purchase order.
    pub async fn purchase(&self, supplier: &str, location: &str, lines: Value) -> String {
        self.made("/v1/purchase-orders", json!({ "supplier_id": supplier, "location_id": location, "lines": lines }))
            .await
    }

    /// Books an arrival without a purchase order.
    pub async fn receive(&self, location: &str, lines: Value) -> Answer {
        self.post(&self.admin, &format!("/v1/locations/{location}/receipts"), json!({ "lines": lines })).await
    }

    /// Books so many units of a lot; the lot's id.
    pub async fn lot(&self, location: &str, sku: &str, (code, expires_on): (&str, &str), units: i32) -> String {
        let lot = json!({ "code": code, "expires_on": expires_on });
        let receipt = self.receive(location, json!([{ "sku": sku, "accepted": units, "lot": lot }])).await.ok();
        receipt["lines"][0]["lot_id"].as_str().unwrap().to_owned()
    }

    /// A count of some SKUs.
    pub async fn count_of(&self, location: &str, skus: &[&str]) -> String {
        self.made(&format!("/v1/locations/{location}/counts"), json!({ "skus": skus })).await
    }

    /// Sends a file of rows.
    pub async fn import(&self, token: &str, kind: &str, media_type: &str, text: &str) -> Answer {
        let request = self.request(token, reqwest::Method::POST, &format!("/v1/imports?kind={kind}"));
        let request = request.header("Idempotency-Key", unique()).header("Content-Type", media_type);
        super::answer(request.body(text.to_owned())).await
    }
}
