//! A day of the demo's brand, made through its own interface: brands to show with their products, rates of tax, price
//! lists, suppliers with their assortments and what was bought from them at which cost, a level that runs low, demand
//! that was not met, lots of which one is short-dated, goods on their way, orders at every step, returns, a count in
//! review.
mod pricing;
mod showcase;

use crate::kernel::LocationId;
use anyhow::{Context, ensure};
use chrono::{Days, NaiveDate};
use serde_json::{Value, json};
use uuid::Uuid;

/// The stage of the day.
pub struct Stage {
    /// The server's address.
    pub url: String,
    /// An administrator's token.
    pub token: String,
    /// The location that has most in stock.
    pub warehouse: LocationId,
    /// A store.
    pub store: LocationId,
    /// SKUs of which both have some.
    pub skus: Vec<String>,
    /// The day on which the demo begins.
    pub today: NaiveDate,
}

/// Makes the day, by requests to the server.
pub async fn create(stage: &Stage) -> anyhow::Result<()> {
    let day = Day { http: reqwest::Client::new(), stage };
    day.showcase().await.context("the showcase")?;
    day.pricing().await.context("pricing")?;
    day.buying().await.context("buying")?;
    day.moving().await.context("moving goods")?;
    day.selling().await.context("selling")?;
    day.taking_back().await.context("taking back")?;
    day.counting().await.context("counting")
}

struct Day<'a> {
    http: reqwest::Client,
    stage: &'a Stage,
}

impl Day<'_> {
    fn request(&self, method: reqwest::Method, path: &str, body: &Value) -> reqwest::RequestBuilder {
        let request = self
            .http
            .request(method, format!("{}{path}", self.stage.url))
            .bearer_auth(&self.stage.token)
            .header("Idempotency-Key", Uuid::now_v7().to_string());
        match body {
            Value::Null => request,
            body => request.header("Content-Type", "application/json").body(body.to_string()),
        }
    }

    async fn send(&self, method: reqwest::Method, path: &str, body: Value) -> anyhow::Result<Value> {
        let answer = self.request(method, path, &body).send().await?;
        let (status, text) = (answer.status(), answer.text().await?);
        ensure!(status.is_success(), "{path}: {status} {text}");
        Ok(if text.is_empty() { Value::Null } else { serde_json::from_str(&text)? })
    }

    async fn post(&self, path: &str, body: Value) -> anyhow::Result<Value> {
        self.send(reqwest::Method::POST, path, body).await
    }

    fn sku(&self, n: usize) -> &str {
        self.stage.skus.get(n % self.stage.skus.len().max(1)).map_or("", String::as_str)
    }

    fn in_days(&self, days: u64) -> NaiveDate {
        self.stage.today.checked_add_days(Days::new(days)).unwrap_or(self.stage.today)
    }

    async fn buying(&self) -> anyhow::Result<()> {
        let warehouse = self.stage.warehouse;
        let lab = json!({ "code": "LAB-GRASSE", "name": "Laboratoire de Grasse", "lead_days": 14 });
        let lab = id(&self.post("/v1/suppliers", lab).await?);
        let milano = json!({ "code": "MILANO-COSM", "name": "Milano Cosmetica", "lead_days": 21 });
        let milano = id(&self.post("/v1/suppliers", milano).await?);
        let rates = json!({ "rates": [
            { "from_country": "FR", "to_country": "FR", "parcel_minor": 490, "unit_minor": 0 },
            { "from_country": "FR", "to_country": "**", "parcel_minor": 990, "unit_minor": 20 },
            { "from_country": "**", "to_country": "**", "parcel_minor": 1490, "unit_minor": 30 } ] });
        self.send(reqwest::Method::PUT, "/v1/sourcing/rates", rates).await?;
        let item = async |supplier: &str, n: usize, (pack, minor, currency): (i32, i64, &str)| {
            let terms = json!({ "supplier_sku": format!("F-{}", 4400 + n), "pack_size": pack, "minimum_units": 2 * pack,
                                "unit_cost_minor": minor, "currency": currency, "is_preferred": true });
            self.send(reqwest::Method::PUT, &format!("/v1/suppliers/{supplier}/items/{}", self.sku(n)), terms).await
        };
        // The draft of what is bought in dollars waits for its exchange rate.
        item(&milano, 0, (20, 460, "USD")).await?;
        for (supplier, n, terms) in [
            (&milano, 1, (20, 385, "EUR")),
            (&milano, 2, (20, 240, "EUR")),
            (&lab, 3, (10, 612, "EUR")),
            (&lab, 4, (10, 1180, "EUR")),
        ] {
            item(supplier, n, terms).await?;
        }
        let order = async |supplier: &str, lines: Value| {
            let body = json!({ "supplier_id": supplier, "location_id": warehouse, "lines": lines });
            anyhow::Ok(id(&self.post("/v1/purchase-orders", body).await?))
        };
        order(&milano, json!([{ "sku": self.sku(0), "quantity": 200 }])).await?;
        let open =
            order(&milano, json!([{ "sku": self.sku(1), "quantity": 120 }, { "sku": self.sku(2), "quantity": 80 }]));
        self.post(&format!("/v1/purchase-orders/{}/order", open.await?), json!({})).await?;
        let coming =
            order(&lab, json!([{ "sku": self.sku(3), "quantity": 100 }, { "sku": self.sku(4), "quantity": 60 }]))
                .await?;
        self.post(&format!("/v1/purchase-orders/{coming}/order"), json!({})).await?;
        let lot = |code: &str, days: u64| json!({ "code": code, "expires_on": self.in_days(days) });
        let lines = json!([
            { "sku": self.sku(3), "accepted": 60, "lot": lot("G2601", 700) },
            { "sku": self.sku(3), "accepted": 12, "lot": lot("G2411", 20) },
            { "sku": self.sku(4), "accepted": 30, "rejected": 2, "lot": lot("H2603", 540) } ]);
        let receipt = json!({ "purchase_order_id": coming, "reference": "DN-20714", "lines": lines });
        self.post(&format!("/v1/locations/{warehouse}/receipts"), receipt).await?;
        self.running_out().await
    }

    /// A level that is to be replenished, and an order for more than there is.
    async fn running_out(&self) -> anyhow::Result<()> {
        let levels = format!("/v1/locations/{}/inventory", self.stage.store);
        let found = self.send(reqwest::Method::GET, &format!("{levels}?sku={}", self.sku(1)), Value::Null).await?;
        let version = found.pointer("/data/0/version").cloned().context("a level without a version")?;
        let path = format!("{levels}/{}", self.sku(1));
        let limits = json!({ "reorder_threshold": 500, "reorder_quantity": 60 });
        let set = self.request(reqwest::Method::PATCH, &path, &limits).header("If-Match", format!("\"{version}\""));
        let set = set.send().await?;
        ensure!(set.status().is_success(), "{path}: {}", set.status());
        let wanted = json!({ "channel": "pos", "currency": "EUR", "location_id": self.stage.store,
                             "customer": { "name": "Ada Martin" },
                             "lines": [{ "sku": self.sku(1), "quantity": 9000 }] });
        let refused = self.request(reqwest::Method::POST, "/v1/orders", &wanted).send().await?;
        ensure!(refused.status() == reqwest::StatusCode::CONFLICT, "an order of 9000: {}", refused.status());
        Ok(())
    }

    async fn moving(&self) -> anyhow::Result<()> {
        let (warehouse, store) = (self.stage.warehouse, self.stage.store);
        for (n, steps) in [vec![], vec!["ready"], vec!["ready", "ship"]].into_iter().enumerate() {
            let lines = json!([{ "sku": self.sku(n + 1), "quantity": 6 }]);
            let body = json!({ "from_location_id": warehouse, "to_location_id": store, "lines": lines,
                               "expected_on": self.in_days(2) });
            let transfer = id(&self.post("/v1/transfers", body).await?);
            for step in steps {
                self.post(&format!("/v1/transfers/{transfer}/{step}"), json!({})).await?;
            }
        }
        Ok(())
    }

    /// An order from the web shop of so many units, filled by a location.
    async fn order(&self, n: usize, units: i32, at: LocationId) -> anyhow::Result<String> {
        const PEOPLE: [(&str, &str, &str, &str); 4] = [
            ("Ada Martin", "12 Rue des Carmes", "Nancy", "FR"),
            ("Jonas Weber", "Kantstr. 9", "Berlin", "DE"),
            ("Giulia Conti", "Via Solferino 3", "Milano", "IT"),
            ("Marta Silva", "Rua do Ouro 21", "Lisboa", "PT"),
        ];
        let (name, line1, city, country) = PEOPLE.get(n % PEOPLE.len()).copied().unwrap_or(PEOPLE[0]);
        let email = format!("{}@example.com", name.to_lowercase().replace(' ', "."));
        let address = json!({ "line1": line1, "city": city, "country": country });
        let body = json!({ "channel": "web", "currency": "EUR", "location_id": at,
                           "customer": { "id": format!("C-{}", 1000 + n), "name": name, "email": email,
                                         "address": address },
                           "lines": [{ "sku": self.sku(n), "quantity": units }] });
        Ok(id(&self.post("/v1/orders", body).await?))
    }

    async fn step(&self, order: &str, step: &str, body: Value) -> anyhow::Result<Value> {
        self.post(&format!("/v1/orders/{order}/{step}"), body).await
    }

    async fn shipped(&self, n: usize, units: i32) -> anyhow::Result<(String, Value)> {
        let order = self.order(n, units, self.stage.warehouse).await?;
        self.step(&order, "payments", json!({ "gateway": "manual" })).await?;
        let parcel = json!({ "carrier": "Colissimo", "tracking_number": format!("6A{:09}", 310_000 + n) });
        let told = self.step(&order, "fulfill", parcel).await?;
        Ok((order, told))
    }

    async fn selling(&self) -> anyhow::Result<()> {
        let (warehouse, store) = (self.stage.warehouse, self.stage.store);
        self.order(0, 1, warehouse).await?;
        let paid = self.order(1, 2, warehouse).await?;
        self.step(&paid, "payments", json!({ "gateway": "manual" })).await?;
        self.shipped(2, 1).await?;
        let (arrived, _) = self.shipped(3, 1).await?;
        self.step(&arrived, "deliver", json!({})).await?;
        let given_up = self.order(4, 1, warehouse).await?;
        let canceled = json!({ "reason": "changed their mind" });
        self.send(reqwest::Method::PATCH, &format!("/v1/orders/{given_up}/cancel"), canceled).await?;
        let fetched = json!({ "channel": "web", "currency": "EUR", "location_id": store, "pickup": true,
                              "customer": { "name": "Noa Petit" }, "lines": [{ "sku": self.sku(5), "quantity": 1 }] });
        let fetched = id(&self.post("/v1/orders", fetched).await?);
        self.step(&fetched, "payments", json!({ "gateway": "manual" })).await?;
        self.step(&fetched, "pickup/ready", json!({})).await?;
        let missing = self.order(5, 1, store).await?;
        self.step(&missing, "payments", json!({ "gateway": "manual" })).await?;
        self.step(&missing, "reject", json!({ "location_id": store, "reason": "not_in_stock" })).await?;
        let refused = self.order(1, 1, warehouse).await?;
        let card = json!({ "gateway": "sandbox", "method": "tok_approve_refuse_capture" });
        self.step(&refused, "payments", card).await?;
        self.step(&refused, "fulfill", json!({})).await?;
        let held = json!({ "lines": [{ "sku": self.sku(0), "quantity": 2 }], "expires_in_seconds": 3600 });
        self.post(&format!("/v1/locations/{warehouse}/inventory/reserve"), held).await?;
        Ok(())
    }

    async fn taking_back(&self) -> anyhow::Result<()> {
        let warehouse = self.stage.warehouse;
        let (lost, told) = self.shipped(6, 1).await?;
        let parcel = told.pointer("/shipments/0/id").and_then(Value::as_str).context("a parcel without an id")?;
        let told = json!({ "problem": "lost", "note": "carrier case 4711" });
        self.step(&lost, &format!("shipments/{parcel}/problem"), told).await?;
        let line = |reason: &str| json!({ "line_no": 1, "quantity": 1, "reason": reason });
        let ask = |order: &str, reason: &str| json!({ "order_id": order, "lines": [line(reason)] });
        let (asked, _) = self.shipped(7, 2).await?;
        self.post("/v1/returns", ask(&asked, "unwanted")).await?;
        let (here, _) = self.shipped(8, 1).await?;
        self.post("/v1/returns", at_hand(ask(&here, "damaged"), warehouse)).await?;
        let (harmed, _) = self.shipped(9, 1).await?;
        let back = self.post("/v1/returns", at_hand(ask(&harmed, "reaction"), warehouse)).await?;
        let of = |name: &str| back.pointer(&format!("/goods/0/{name}")).cloned();
        let found = json!({ "variant_id": of("variant_id"), "lot_id": of("lot_id"), "quantity": 1,
                            "condition": "reaction", "disposition": "quarantine" });
        let told = json!({ "found": [found], "note": "redness within an hour" });
        self.post(&format!("/v1/returns/{}/inspect", id(&back)), told).await?;
        Ok(())
    }

    async fn counting(&self) -> anyhow::Result<()> {
        let skus = json!({ "skus": [self.sku(0), self.sku(1)] });
        let count = id(&self.post(&format!("/v1/locations/{}/counts", self.stage.store), skus).await?);
        let lines = json!({ "lines": [{ "sku": self.sku(0), "quantity": 4 }, { "sku": self.sku(1), "quantity": 5 }] });
        self.post(&format!("/v1/counts/{count}/lines"), lines).await?;
        self.post(&format!("/v1/counts/{count}/submit"), json!({ "skip_uncounted": true })).await?;
        Ok(())
    }
}

/// The same for goods that are handed over here.
fn at_hand(mut asked: Value, location: LocationId) -> Value {
    if let Some(fields) = asked.as_object_mut() {
        fields.insert("location_id".into(), json!(location));
    }
    asked
}

fn id(made: &Value) -> String {
    made["id"].as_str().unwrap_or_default().to_owned()
}
