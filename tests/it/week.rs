//! A week of the brand: bought, received, moved, sold, counted, expired, recalled. At its end every level, every lot
//! and every report equals the table that was reckoned by hand.
use crate::support::Shop;
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
    // Five creams (of C1) and three serums are sold in Paris, two serums from the warehouse; six more creams are
    // promised.
    week.sell(paris, "CREAM", 5).await;
    week.sell(paris, "SERUM", 3).await;
    week.sell(wh, "SERUM", 2).await;
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
    assert_eq!(week.row(wh, "BRUSH").await, [30, 30, 0, 0, 0, 0, 0, 0, 0]);
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

    let proof = shop.get(&shop.admin, "/v1/inventory/integrity").await.ok();
    assert_eq!(proof["violations"], json!([]));
}
