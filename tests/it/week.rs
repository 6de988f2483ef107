//! A week of the brand: bought, received, moved, sold, counted, expired, recalled; with tax, shipping, a promotion, a
//! gift card and mixed tenders. At its end every level, every lot, every amount and every report equals the table that
//! was reckoned by hand.
use crate::{
    exports::exported,
    payments::{card, path, read, sandbox},
    promotions::{percent, promotion},
    returns::{found, step},
    shipping::{method, minor, sent, vat},
    support::Shop,
};
use serde_json::{Value, json};

const DAY: i64 = 86_400;

struct Week {
    shop: Shop,
    warehouse: String,
    paris: String,
}

impl Week {
    async fn begin() -> Self {
        let shop = Shop::open_for_long().await;
        let (warehouse, paris) = (shop.location("WH-1", 1).await, shop.location("PARIS", 2).await);
        for sku in ["CREAM", "SERUM"] {
            let product = shop.variant(sku).await;
            let path = format!("/v1/variants/{}", product["variants"][0]["id"].as_str().unwrap());
            shop.patch(&shop.admin, &path, json!({ "lot_control": "expiry" }), Some(1)).await.ok();
        }
        shop.variant("BRUSH").await;
        vat(&shop, 200_000).await;
        method(&shop, "standard", json!({ "is_default": true })).await;
        promotion(&shop, "web", percent(10), json!({ "applies_to": { "channels": ["web"] } })).await;
        Self { shop, warehouse, paris }
    }

    fn in_days(&self, days: i64) -> String {
        (self.shop.clock.now().date_naive() + chrono::Duration::days(days)).to_string()
    }

    /// Sells so many from a place and hands them over; the order's id.
    async fn sell(&self, at: &str, sku: &str, units: i64) -> String {
        let order = self.shop.paid(at, sku, units).await;
        let id = order["id"].as_str().unwrap().to_owned();
        self.shop.step("orders", &id, "fulfill", json!({})).await.ok();
        id
    }

    /// Sells three serums at the till: ten euros in cash, the rest by card.
    async fn sell_for_two_tenders(&self, at: &str) {
        let order = self.shop.placed(at, "SERUM", 3).await;
        let cash = json!({ "gateway": "manual", "amount_minor": 1_000 });
        for tender in [cash, card("tok_approve")] {
            self.shop.post(&self.shop.admin, &path(&order, "/payments"), tender).await.ok();
        }
        self.shop.post(&self.shop.admin, &path(&order, "/fulfill"), json!({})).await.ok();
    }

    /// Sends two serums and a brush to an address, paid by a gift card of 15.00 and a bank's card; the order, and the
    /// id of the gift card.
    async fn send(&self, from: &str) -> (Value, String) {
        let mut body = sent(from, "SERUM", 2, None);
        body["lines"] = json!([{ "sku": "SERUM", "quantity": 2 }, { "sku": "BRUSH", "quantity": 1 }]);
        let order = self.shop.post(&self.shop.admin, "/v1/orders", body).await.ok();
        let gift = json!({ "currency": "EUR", "amount_minor": 1_500 });
        let gift = self.shop.post(&self.shop.admin, "/v1/gift-cards", gift).await.ok();
        for tender in [json!({ "gateway": "gift_card", "method": gift["code"] }), card("tok_approve")] {
            self.shop.post(&self.shop.admin, &path(&order, "/payments"), tender).await.ok();
        }
        self.shop.post(&self.shop.admin, &path(&order, "/fulfill"), json!({})).await.ok();
        (order, gift["id"].as_str().unwrap().to_owned())
    }

    /// The brush of an order comes back and is sold again; what is owed for it and for its part of the shipping.
    async fn take_brush_back(&self, order: &Value, at: &str) -> [i64; 3] {
        let lines = json!([{ "line_no": 2, "quantity": 1, "reason": "unwanted" }]);
        let back = json!({ "order_id": order["id"], "lines": lines, "location_id": at });
        let back = self.shop.post(&self.shop.admin, "/v1/returns", back).await.ok();
        let closed = step(&self.shop, &self.shop.admin, &back, "inspect", found(&back, "sealed", "restock")).await.ok();
        ["credited", "shipping", "refund"].map(|name| minor(&closed[name]))
    }

    /// The lines of all orders as they are exported: units, units back, and amounts.
    async fn ledger_of_sales(&self) -> Vec<(String, [i64; 10])> {
        let body = json!({ "kind": "orders", "format": "jsonl" });
        let rows = exported(&self.shop, &self.shop.admin, body).await;
        let columns = [
            "quantity",
            "returned",
            "discount_minor",
            "line_total_minor",
            "tax_minor",
            "order_shipping_minor",
            "order_tax_minor",
            "order_total_minor",
            "order_credited_minor",
            "order_paid_minor",
        ];
        let row = |line: &str| {
            let row: Value = serde_json::from_str(line).unwrap();
            (row["sku"].as_str().unwrap().to_owned(), columns.map(|name| row[name].as_i64().unwrap()))
        };
        rows.lines().map(row).collect()
    }

    async fn row(&self, at: &str, sku: &str) -> [i64; 9] {
        let level = self.shop.level(at, sku).await;
        [
            "on_hand",
            "quantity_available",
            "damaged",
            "quality_hold",
            "expired",
            "allocated",
            "reserved",
            "in_transit",
            "uncovered",
        ]
        .map(|name| level[name].as_i64().unwrap())
    }

    async fn lots(&self, sku: &str) -> Vec<(String, String, Vec<[i64; 4]>)> {
        let lots = self.shop.get(&self.shop.admin, &format!("/v1/lots?sku={sku}")).await.ok();
        let place = |place: &Value| {
            ["sellable", "damaged", "quality_hold", "expired"].map(|name| place[name].as_i64().unwrap())
        };
        let told = |lot: &Value| {
            let mut places: Vec<_> = lot["locations"].as_array().unwrap().iter().collect();
            places.sort_by_key(|place| place["location_id"] != self.warehouse.as_str());
            (
                lot["code"].as_str().unwrap().into(),
                lot["status"].as_str().unwrap().into(),
                places.into_iter().map(place).collect(),
            )
        };
        let mut rows: Vec<_> = lots["data"].as_array().unwrap().iter().map(told).collect();
        rows.sort();
        rows
    }
}

#[actix_web::test]
async fn a_week_ends_with_the_stock_that_was_reckoned_by_hand() {
    let week = Week::begin().await;
    let (shop, wh, paris) = (&week.shop, week.warehouse.as_str(), week.paris.as_str());

    // Monday: 100 creams, 60 serums and 40 brushes are ordered.
    let supplier = shop.supplier().await;
    let lines = json!([
        { "sku": "CREAM", "quantity": 100 }, { "sku": "SERUM", "quantity": 60 }, { "sku": "BRUSH", "quantity": 40 },
    ]);
    let order = shop.purchase(&supplier, wh, lines).await;
    shop.step("purchase-orders", &order, "order", json!({})).await.ok();

    // Tuesday: they arrive: creams in two lots, two of them damaged and three refused; four serums too few; all
    // brushes.
    shop.after(DAY).await;
    let (soon, late) = (week.in_days(4), week.in_days(500));
    let arrival = json!({ "purchase_order_id": order, "lines": [
        { "sku": "CREAM", "accepted": 30, "lot": { "code": "C1", "expires_on": soon } },
        { "sku": "CREAM", "accepted": 65, "rejected": 3, "lot": { "code": "C2", "expires_on": late } },
        { "sku": "CREAM", "accepted": 2, "condition": "damaged", "lot": { "code": "C2" } },
        { "sku": "SERUM", "accepted": 56, "lot": { "code": "S1", "expires_on": late } },
        { "sku": "BRUSH", "accepted": 40 },
    ] });
    shop.post(&shop.admin, &format!("/v1/locations/{wh}/receipts"), arrival).await.ok();

    // Wednesday: Paris gets 40 creams (30 of C1, which expires first, and 10 of C2), 20 serums and 10 brushes.
    shop.after(DAY).await;
    let lines = json!([
        { "sku": "CREAM", "quantity": 40 }, { "sku": "SERUM", "quantity": 20 }, { "sku": "BRUSH", "quantity": 10 },
    ]);
    let transfer = shop.transfer(wh, paris, lines).await;
    shop.step("transfers", &transfer, "ready", json!({})).await.ok();
    shop.step("transfers", &transfer, "ship", json!({})).await.ok();

    // Thursday: all creams and brushes arrive; of the serums 17 in good order, 1 damaged, 2 are missing for now.
    shop.after(DAY).await;
    let came = json!({ "lines": [
        { "sku": "CREAM", "received": 40 }, { "sku": "SERUM", "received": 17, "damaged": 1 },
        { "sku": "BRUSH", "received": 10 },
    ] });
    assert_eq!(shop.step("transfers", &transfer, "receive", came).await.ok()["status"], "partially_received");
    // Five creams (of C1) and three serums are sold in Paris, two serums and a brush are sent from the warehouse; six
    // more creams are promised.
    week.sell(paris, "CREAM", 5).await;
    week.sell_for_two_tenders(paris).await;
    let (sent, gift) = week.send(wh).await;
    shop.paid(paris, "CREAM", 6).await;

    // Friday: the two serums turn out to be lost. Paris counts its brushes: 9 are there of 10.
    shop.after(DAY).await;
    let lost = json!({ "lines": [{ "sku": "SERUM", "lost": 2 }] });
    assert_eq!(shop.step("transfers", &transfer, "receive", lost).await.ok()["status"], "received");
    let staff = shop.sign_in("warehouse_staff", Some(paris)).await;
    let count = shop.count_of(paris, &["BRUSH"]).await;
    let found = json!({ "lines": [{ "sku": "BRUSH", "quantity": 9 }] });
    shop.post(&staff, &format!("/v1/counts/{count}/lines"), found).await.ok();
    shop.post(&staff, &format!("/v1/counts/{count}/submit"), json!({})).await.ok();
    shop.step("counts", &count, "approve", json!({})).await.ok();

    // Sunday: C1 expired on Saturday; its 25 creams in Paris are off sale.
    let friday = shop.clock.now();
    shop.after(2 * DAY).await;
    // The brush that was sent comes back: 9.00 for it, and 1.63 of the 4.90 for shipping, as 9 of 27.
    assert_eq!(week.take_brush_back(&sent, wh).await, [1_063, 163, 1_063]);
    shop.after(1).await;
    // Serum S1 is recalled everywhere.
    let lots = shop.get(&shop.admin, "/v1/lots?sku=SERUM").await.ok();
    let s1 = lots["data"][0]["id"].as_str().unwrap();
    shop.step("lots", s1, "recall", json!({ "reason": "irritates the skin" })).await.ok();

    //                                   on_hand avail damaged held expired alloc reserved transit uncovered
    assert_eq!(week.row(wh, "CREAM").await, [57, 55, 2, 0, 0, 0, 0, 0, 0], "97 in, 40 to Paris");
    assert_eq!(week.row(paris, "CREAM").await, [35, 4, 0, 0, 25, 6, 0, 0, 0], "40 in, 5 sold, 25 expired, 6 promised");
    assert_eq!(
        week.row(wh, "SERUM").await,
        [34, 0, 0, 34, 0, 0, 0, 0, 0],
        "56 in, 20 to Paris, 2 sold, the rest recalled"
    );
    assert_eq!(
        week.row(paris, "SERUM").await,
        [15, 0, 1, 14, 0, 0, 0, 0, 0],
        "18 in, 3 sold, 1 damaged, the rest recalled"
    );
    assert_eq!(week.row(wh, "BRUSH").await, [30, 30, 0, 0, 0, 0, 0, 0, 0], "40 in, 10 to Paris, 1 sent and back");
    assert_eq!(week.row(paris, "BRUSH").await, [9, 9, 0, 0, 0, 0, 0, 0, 0], "one less by the count");

    //                                                    sellable damaged held expired, the warehouse first
    let row = |code: &str, status: &str, places: &[[i64; 4]]| (code.to_owned(), status.to_owned(), places.to_vec());
    assert_eq!(
        week.lots("CREAM").await,
        [row("C1", "released", &[[0, 0, 0, 25]]), row("C2", "released", &[[55, 2, 0, 0], [10, 0, 0, 0]])]
    );
    assert_eq!(week.lots("SERUM").await, [row("S1", "recalled", &[[0, 0, 34, 0], [0, 1, 14, 0]])]);

    let purchase = shop.get(&shop.admin, &format!("/v1/purchase-orders/{order}")).await.ok();
    let mut ordered: Vec<_> = purchase["lines"]
        .as_array()
        .unwrap()
        .iter()
        .map(|l| (l["sku"].as_str().unwrap(), ["ordered", "received", "rejected"].map(|n| l[n].as_i64().unwrap())))
        .collect();
    ordered.sort_unstable();
    assert_eq!(ordered, [("BRUSH", [40, 40, 0]), ("CREAM", [100, 97, 3]), ("SERUM", [60, 56, 0])]);
    assert_eq!(purchase["status"], "partially_received");

    // As of Friday nothing had expired and nothing was recalled.
    let then = friday.to_rfc3339().replace('+', "%2B");
    let past = shop.get(&shop.admin, &format!("/v1/locations/{paris}/inventory?sku=CREAM&as_of={then}")).await.ok();
    assert_eq!((&past["data"][0]["on_hand"], &past["data"][0]["expired"]), (&json!(35), &json!(0)));

    // All prices are 10.00, tax is a sixth of each. The gift card pays 15.00 of 31.90, a bank's card 16.90, and gets
    // 10.63 back.
    let row = |sku: &str, amounts: [i64; 10]| (sku.to_owned(), amounts);
    //          units back off total tax, of the order: shipping tax total credited paid
    let expected = [
        row("CREAM", [5, 0, 0, 5_000, 833, 0, 833, 5_000, 0, 5_000]),
        row("SERUM", [3, 0, 0, 3_000, 500, 0, 500, 3_000, 0, 3_000]),
        row("SERUM", [2, 0, 200, 1_800, 300, 490, 532, 3_190, 1_063, 2_127]),
        row("BRUSH", [1, 1, 100, 900, 150, 490, 532, 3_190, 1_063, 2_127]),
        row("CREAM", [6, 0, 0, 6_000, 1_000, 0, 1_000, 6_000, 0, 6_000]),
    ];
    assert_eq!(week.ledger_of_sales().await, expected);
    assert_eq!(sandbox(shop), [2_000 + 1_690, 2_000 + 1_690, 1_063]);
    let left = shop.get(&shop.admin, &format!("/v1/gift-cards/{gift}")).await.ok();
    assert_eq!(["balance", "held"].map(|name| minor(&left[name])), [0, 0]);
    assert_eq!(read(shop, &sent).await["payment_status"], "partially_refunded");

    let proof = shop.get(&shop.admin, "/v1/inventory/integrity").await.ok();
    assert_eq!(proof["violations"], json!([]));
}
