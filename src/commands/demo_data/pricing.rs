//! The rates of tax and the price lists of the demo's brand.
use super::{Day, id};
use anyhow::Context;
use serde_json::{Value, json};

impl Day<'_> {
    /// Rates of tax of the countries where the brand sells, exports at 0, and two price lists: a sale with the price
    /// before it, and one for the best customers.
    pub(super) async fn pricing(&self) -> anyhow::Result<()> {
        const RATES: [(&str, &str, i32, &str); 15] = [
            ("FR", "standard", 200_000, "TVA 20 %"),
            ("FR", "reduced", 55_000, "TVA 5,5 %"),
            ("DE", "standard", 190_000, "USt. 19 %"),
            ("DE", "reduced", 70_000, "USt. 7 %"),
            ("IT", "standard", 220_000, "IVA 22 %"),
            ("PT", "standard", 230_000, "IVA 23 %"),
            ("ES", "standard", 210_000, "IVA 21 %"),
            ("AT", "standard", 200_000, "USt. 20 %"),
            ("BE", "standard", 210_000, "TVA 21 %"),
            ("CZ", "standard", 210_000, "DPH 21 %"),
            ("NO", "standard", 250_000, "MVA 25 %"),
            ("GB", "standard", 0, "Export"),
            ("CH", "standard", 0, "Export"),
            ("US", "standard", 0, "Export"),
            ("JP", "standard", 0, "Export"),
        ];
        for (country, tax_class, rate_ppm, name) in RATES {
            let rate = json!({ "country": country, "tax_class": tax_class, "name": name, "rate_ppm": rate_ppm,
                               "starts_at": "2024-01-01T00:00:00+01:00" });
            self.post("/v1/tax-rates", rate).await?;
        }
        let list = async |code: &str, name: &str, applies_to: Value| {
            let body = json!({ "code": code, "name": name, "currency": "EUR", "applies_to": applies_to });
            anyhow::Ok(id(&self.post("/v1/price-lists", body).await?))
        };
        let sale = list("winter-sale", "Winter sale", json!({ "channels": ["web", "mobile"] })).await?;
        let ends_at = format!("{}T23:00:00Z", self.in_days(30));
        let price = async |n: usize, percent: i64, min_quantity: i32| {
            let before = self.base_price(n).await?;
            anyhow::Ok(json!({ "sku": self.sku(n), "amount_minor": before * percent / 100, "compare_at_minor": before,
                               "min_quantity": min_quantity, "ends_at": ends_at }))
        };
        let prices = json!([price(6, 80, 1).await?, price(7, 75, 1).await?, price(7, 65, 3).await?]);
        self.post(&format!("/v1/price-lists/{sale}/prices"), json!({ "prices": prices })).await?;
        let circle = list("beauty-circle", "Beauty circle", json!({ "customer_groups": ["circle"] })).await?;
        let prices = json!([price(0, 90, 1).await?, price(6, 70, 1).await?]);
        self.post(&format!("/v1/price-lists/{circle}/prices"), json!({ "prices": prices })).await?;
        self.promotions().await
    }

    /// A promotion by spend in the web shop, and a coupon for the first order of a customer.
    async fn promotions(&self) -> anyhow::Result<()> {
        let tier = |from_minor: i64, rate_ppm: i32| json!({ "from_minor": from_minor, "rate_ppm": rate_ppm });
        let tiers = json!({ "code": "treat-yourself", "name": "Treat yourself", "currency": "EUR",
                            "applies_to": { "channels": ["web", "mobile"] },
                            "benefit": { "type": "tiered_spend",
                                         "tiers": [tier(10_000, 50_000), tier(20_000, 100_000)] } });
        self.post("/v1/promotions", tiers).await?;
        let welcome = json!({ "code": "welcome", "name": "Welcome: 10 % off", "currency": "EUR",
                              "benefit": { "type": "percent_off", "rate_ppm": 100_000 }, "needs_coupon": true,
                              "max_uses_per_customer": 1, "budget_minor": 500_000 });
        let welcome = id(&self.post("/v1/promotions", welcome).await?);
        self.post(&format!("/v1/promotions/{welcome}/coupons"), json!({ "codes": ["WELCOME-10"] })).await?;
        Ok(())
    }

    /// The price of a SKU in the web shop, in cents.
    async fn base_price(&self, n: usize) -> anyhow::Result<i64> {
        let path = format!("/v1/prices/explain?sku={}&channel=web&currency=EUR", self.sku(n));
        let told = self.send(reqwest::Method::GET, &path, Value::Null).await?;
        told.get("unit_minor").and_then(Value::as_i64).context("a SKU without a price")
    }
}
