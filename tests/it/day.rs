//! A day of a small brand, hand-computed: web orders in parcels and parts, a reject, a pickup, till sales with and
//! without a network, an edit, a cancellation and returns, coupons, shipping and a gift card beside a bank's; in the
//! evening stock, money and orders are as the sheet below says.
use crate::{
    payments::{card, path, read, sandbox},
    promotions::{coupons, promotion},
    returns::{at, found, step},
    support::{Shop, order_body},
    tills::sale,
};
use serde_json::{Value, json};

struct Day {
    shop: Shop,
    depot: String,
    paris: String,
    lyon: String,
}

fn cash() -> Value {
    json!({ "gateway": "manual" })
}

impl Day {
    /// Morning: 30 + 30 in the depot, 20 + 20 in Paris, 10 + 0 in Lyon; everything costs 10.00 EUR, of which a sixth is
    /// tax (20 %).
    async fn begin() -> Self {
        let shop = Shop::open_for_long().await;
        for sku in ["LIP-1", "LIP-2"] {
            shop.variant(sku).await;
        }
        let (depot, paris, lyon) =
            (shop.location("DEPOT", 10).await, shop.location("PARIS", 20).await, shop.location("LYON", 30).await);
        for (place, sku, units) in [
            (&depot, "LIP-1", 30),
            (&depot, "LIP-2", 30),
            (&paris, "LIP-1", 20),
            (&paris, "LIP-2", 20),
            (&lyon, "LIP-1", 10),
        ] {
            shop.stock(place, sku, units).await;
        }
        let rate = json!({ "country": "FR", "tax_class": "standard", "name": "TVA", "rate_ppm": 200_000,
                           "starts_at": "2020-01-01T00:00:00Z" });
        shop.post(&shop.admin, "/v1/tax-rates", rate).await.ok();
        Self { shop, depot, paris, lyon }
    }

    async fn post(&self, path: &str, body: Value) -> Value {
        self.shop.post(&self.shop.admin, path, body).await.ok()
    }

    /// An order from the web, paid.
    async fn ordered(&self, at: Option<&str>, lines: &[(&str, i64)], how: Value) -> Value {
        let mut body = order_body("", "", 1);
        (body["channel"], body["location_id"]) = (json!("web"), json!(at));
        body["customer"] = crate::support::home();
        body["lines"] = lines.iter().map(|(sku, quantity)| json!({ "sku": sku, "quantity": quantity })).collect();
        let order = self.post("/v1/orders", body).await;
        self.post(&path(&order, "/payments"), how).await;
        read(&self.shop, &order).await
    }

    /// An order from the web with shipping and a promotion, paid by a gift card and a bank's card, that has left in two
    /// parcels; and the id of the gift card.
    async fn sent_and_paid_by_two_cards(&self) -> (Value, String) {
        let rates = json!([{ "up_to_grams": 5_000, "charge_minor": 490 }]);
        let standard = json!({ "code": "standard", "name": "Standard", "currency": "EUR", "is_default": true,
                               "carries_dangerous_goods": true, "zones": [{ "countries": ["FR"], "rates": rates }] });
        self.post("/v1/shipping-methods", standard).await;
        let ten = json!({ "type": "percent_off", "rate_ppm": 100_000 });
        promotion(&self.shop, "ten", ten, json!({ "applies_to": { "channels": ["web"] } })).await;
        let gift = self.post("/v1/gift-cards", json!({ "currency": "EUR", "amount_minor": 2_500 })).await;
        let by_gift = json!({ "gateway": "gift_card", "method": gift["code"] });
        let order = self.ordered(Some(&self.depot), &[("LIP-2", 3)], by_gift).await;
        self.post(&path(&order, "/payments"), card("tok_approve")).await;
        self.ship(&order, json!({ "lines": [{ "line_no": 1, "quantity": 2 }] })).await;
        self.ship(&order, json!({})).await;
        (read(&self.shop, &order).await, gift["id"].as_str().unwrap().to_owned())
    }

    async fn ship(&self, order: &Value, body: Value) -> Value {
        self.post(&path(order, "/fulfill"), body).await
    }

    /// On hand, and of it apart from what may be sold; nothing is promised in the evening.
    async fn level(&self, place: &str, sku: &str) -> [i64; 3] {
        let levels = self.shop.get(&self.shop.admin, &format!("/v1/locations/{place}/inventory?sku={sku}")).await.ok();
        ["on_hand", "quality_hold", "quantity_available"].map(|c| levels["data"][0][c].as_i64().unwrap_or(0))
    }

    async fn stands(&self, order: &Value) -> (String, String, i64) {
        let order = read(&self.shop, order).await;
        let word = |of: &str| order[of].as_str().unwrap().to_owned();
        (word("status"), word("payment_status"), order["paid"]["amount_minor"].as_i64().unwrap())
    }
}

#[actix_web::test]
async fn a_day_ends_with_the_stock_the_money_and_the_orders_that_the_sheet_says() {
    let day = Day::begin().await;
    let shop = &day.shop;
    // A: five by card from the depot, in two parcels.
    let a = day.ordered(Some(&day.depot), &[("LIP-1", 5)], card("tok_approve")).await;
    day.ship(&a, json!({ "lines": [{ "line_no": 1, "quantity": 2 }] })).await;
    day.ship(&a, json!({})).await;
    day.post(&path(&a, "/deliver"), json!({})).await;
    // B: more than any place has. The depot's last 25 and 3 of Paris; Paris cannot find them, Lyon sends them.
    let b = day.ordered(None, &[("LIP-1", 28), ("LIP-2", 10)], card("tok_approve")).await;
    assert_eq!(b["location_ids"], json!([day.depot, day.paris]));
    let moved = day.post(&path(&b, "/reject"), json!({ "location_id": day.paris, "reason": "not_in_stock" })).await;
    assert_eq!(moved["location_ids"], json!([day.depot, day.lyon]));
    day.ship(&b, json!({ "location_id": day.lyon })).await;
    day.ship(&b, json!({ "location_id": day.depot })).await;
    // C: two fetched in Paris.
    let mut body = order_body(&day.paris, "LIP-2", 2);
    body["pickup"] = json!(true);
    let c = day.post("/v1/orders", body).await;
    day.post(&path(&c, "/payments"), cash()).await;
    let ready = day.post(&path(&c, "/pickup/ready"), json!({})).await;
    day.post(&path(&c, "/pickup/collect"), json!({ "code": ready["code"] })).await;
    // D: four over the counter in Paris. F is promised four in Lyon before its till, without a network, sells five (E).
    let d = day.post("/v1/pos/sales", sale(shop, &day.paris, "LIP-2", 4, 60)).await;
    let f = day.ordered(Some(&day.lyon), &[("LIP-1", 4)], cash()).await;
    let sales = json!([sale(shop, &day.lyon, "LIP-1", 3, 1800), sale(shop, &day.lyon, "LIP-1", 2, 3600)]);
    let e = day.post("/v1/pos/sync", json!({ "sales": sales })).await;
    assert_eq!(e["results"].as_array().unwrap().iter().filter(|told| told["status"] == "recorded").count(), 2);
    day.post("/v1/pos/sync", json!({ "sales": sales })).await;
    shop.after(1).await;
    // Paris gets twenty more; F comes from there.
    shop.stock(&day.paris, "LIP-1", 20).await;
    shop.after(700).await;
    assert_eq!(read(shop, &f).await["location_ids"], json!([day.paris]));
    day.ship(&f, json!({})).await;
    // G: one becomes three, paid in cash. H: five by card are given up.
    let g = day.ordered(Some(&day.depot), &[("LIP-2", 1)], cash()).await;
    let more = json!({ "lines": [{ "sku": "LIP-2", "quantity": 3 }], "payment": cash() });
    shop.patch(&shop.admin, &path(&g, ""), more, g["version"].as_i64()).await.ok();
    day.ship(&g, json!({})).await;
    let h = day.ordered(Some(&day.depot), &[("LIP-2", 5)], card("tok_approve")).await;
    shop.patch(&shop.admin, &path(&h, "/cancel"), json!({ "reason": "changed their mind" }), None).await.ok();
    // I: two of A come back in Lyon, one sealed, one opened. J: one of C has caused a rash.
    let i = day.post("/v1/returns", at(&a, 2, &day.lyon)).await;
    let variant = &i["goods"][0]["variant_id"];
    let one = |condition: &str, disposition: &str| {
        json!({
            "variant_id": variant, "quantity": 1, "condition": condition, "disposition": disposition,
        })
    };
    let told = json!({ "found": [one("sealed", "restock"), one("opened", "destroy")] });
    step(shop, &shop.admin, &i, "inspect", told).await.ok();
    let j = day.post("/v1/returns", at(&c, 1, &day.paris)).await;
    step(shop, &shop.admin, &j, "inspect", found(&j, "reaction", "quarantine")).await.ok();
    // K: three with a coupon of 7.00 for 23.00 in cash; two leave, one is given up, one of the two comes back.
    let more = json!({ "needs_coupon": true, "budget_minor": 700 });
    let seven = promotion(shop, "seven", json!({ "type": "amount_off", "amount_minor": 700 }), more).await;
    coupons(shop, &seven, json!({ "codes": ["SEVEN-OFF"] })).await;
    let mut body = order_body(&day.depot, "LIP-2", 3);
    body["coupons"] = json!(["seven-off"]);
    let k = day.post("/v1/orders", body.clone()).await;
    shop.post(&shop.admin, "/v1/orders", body).await.refused(409, "budget_spent");
    day.post(&path(&k, "/payments"), cash()).await;
    day.ship(&k, json!({ "lines": [{ "line_no": 1, "quantity": 2 }] })).await;
    let rest = json!({ "reason": "too slow", "lines": [{ "line_no": 1, "quantity": 1 }] });
    day.post(&path(&k, "/cancel"), rest).await;
    let l = day.post("/v1/returns", at(&k, 1, &day.depot)).await;
    step(shop, &shop.admin, &l, "inspect", found(&l, "sealed", "restock")).await.ok();
    // M: three at ten percent off, sent for 4.90: 31.90, of which a gift card pays 25.00 and a bank's card the rest.
    // They leave in two parcels, and one comes back with a third of the shipping: 6.90 to the bank's card, 3.73 to the
    // other.
    let (m, gift) = day.sent_and_paid_by_two_cards().await;
    let n = day.post("/v1/returns", at(&m, 1, &day.depot)).await;
    let n = step(shop, &shop.admin, &n, "inspect", found(&n, "sealed", "restock")).await.ok();
    shop.after(1).await;
    shop.after(60).await;

    let stock = [
        (&day.depot, "LIP-1", [0, 0, 0]),
        (&day.depot, "LIP-2", [14, 0, 14]),
        (&day.paris, "LIP-1", [36, 3, 33]),
        (&day.paris, "LIP-2", [15, 1, 14]),
        (&day.lyon, "LIP-1", [3, 0, 3]),
    ];
    for (place, sku, expected) in stock {
        assert_eq!(day.level(place, sku).await, expected, "{sku} at {place}");
    }
    let orders = [
        ("A", &a, ("delivered", "partially_refunded", 3_000)),
        ("B", &b, ("shipped", "paid", 38_000)),
        ("C", &c, ("delivered", "partially_refunded", 1_000)),
        ("D", &d, ("delivered", "paid", 4_000)),
        ("F", &f, ("shipped", "paid", 4_000)),
        ("G", &g, ("shipped", "paid", 3_000)),
        ("H", &h, ("canceled", "unpaid", 0)),
        ("K", &k, ("shipped", "partially_refunded", 767)),
        ("M", &m, ("shipped", "partially_refunded", 2_127)),
    ];
    // A sixth of what the goods cost, rounded once a line; B has two lines of 280.00 and 100.00. Two thirds of the
    // 23.00 of K are 15.33; the first third that came back is 7.66.
    for (name, order, tax) in [
        ("A", &a, 833),
        ("B", &b, 6_334),
        ("C", &c, 333),
        ("D", &d, 667),
        ("F", &f, 667),
        ("G", &g, 500),
        ("K", &k, 256),
        // 4.50 of the goods and 0.82 of the shipping.
        ("M", &m, 532),
    ] {
        assert_eq!(read(shop, order).await["totals"]["tax"]["amount_minor"], tax, "tax of order {name}");
    }
    assert_eq!((&i["tax"]["amount_minor"], &j["tax"]["amount_minor"]), (&json!(333), &json!(167)), "of what came back");
    assert_eq!((&l["worth"]["amount_minor"], &l["tax"]["amount_minor"]), (&json!(766), &json!(128)));
    let back =
        ["worth", "tax", "shipping", "shipping_tax", "credited"].map(|of| n[of]["amount_minor"].as_i64().unwrap());
    assert_eq!(back, [900, 150, 163, 27, 1_063]);
    let left = shop.get(&shop.admin, &format!("/v1/gift-cards/{gift}")).await.ok();
    assert_eq!((&left["balance"]["amount_minor"], &left["held"]["amount_minor"]), (&json!(373), &json!(0)));
    for (name, order, (status, payment, paid)) in orders {
        assert_eq!(day.stands(order).await, (status.to_owned(), payment.to_owned(), paid), "order {name}");
    }
    assert_eq!(sandbox(shop), [43_690, 43_690, 2_690], "A, B and M, less what came back");
    let by_hand = |of: &str| {
        shop.database.number(&format!("select sum({of})::bigint as n from payments where gateway = 'manual'"))
    };
    assert_eq!((by_hand("captured_minor"), by_hand("refunded_minor")), (20_300, 2_533), "C, D, E, F, G and K");
    assert_eq!(shop.database.count("orders"), 11);
    assert_eq!(shop.database.count("reaction_cases"), 1);
    assert_eq!(shop.database.count("payment_operations where state <> 'done'"), 0);
    assert_eq!(shop.database.count("pickups where status = 'collected'"), 1);
}
