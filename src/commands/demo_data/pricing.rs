//! The rates of tax, price lists, promotions and shipping methods of the demo's brand.
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
        self.promotions().await?;
        self.shipping().await
    }

    /// Shipping by road, free from a price on, and by air, which carries no perfume; and a gift card.
    async fn shipping(&self) -> anyhow::Result<()> {
        let rate = |up_to_grams: Option<i32>, from_minor: i64, charge_minor: i64| {
            let mut rate = json!({ "from_minor": from_minor, "charge_minor": charge_minor });
            if let (Some(grams), Some(fields)) = (up_to_grams, rate.as_object_mut()) {
                fields.insert("up_to_grams".to_owned(), json!(grams));
            }
            rate
        };
        let france = json!({ "countries": ["FR"],
                             "rates": [rate(Some(1_000), 0, 490), rate(None, 0, 890), rate(None, 6_000, 0)] });
        let elsewhere = json!({ "rates": [rate(Some(2_000), 0, 990), rate(None, 0, 1_990)] });
        let standard = json!({ "code": "standard", "name": "Standard", "currency": "EUR", "channels": ["web", "mobile"],
                               "zones": [france, elsewhere], "carries_dangerous_goods": true, "is_default": true,
                               "min_days": 2, "max_days": 5 });
        self.post("/v1/shipping-methods", standard).await?;
        let express = json!({ "code": "express", "name": "Express by air", "currency": "EUR",
                              "channels": ["web", "mobile"], "zones": [{ "rates": [rate(Some(5_000), 0, 1_490)] }],
                              "carries_dangerous_goods": false, "refund_rate_ppm": 0, "min_days": 1, "max_days": 2 });
        self.post("/v1/shipping-methods", express).await?;
        let gift = json!({ "currency": "EUR", "amount_minor": 5_000, "code": "GIFT-CARD-ADA-2026",
                           "note": "to try gift cards with" });
        self.post("/v1/gift-cards", gift).await?;
        Ok(())
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
