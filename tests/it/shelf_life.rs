//! Goods that a channel may not be sent are not available to it, at any door, and what was promised in time is kept.
use crate::support::{Shop, order_body};
use chrono::{Duration, Timelike};
use serde_json::{Value, json};

fn day(shop: &Shop, days: i64) -> String {
    (shop.clock.now().date_naive() + Duration::days(days)).to_string()
}

fn order(location: Option<&str>, channel: &str, units: i64) -> Value {
    json!({ "channel": channel, "currency": "EUR", "location_id": location, "customer": crate::support::home(),
            "lines": [{ "sku": "LIP-1", "quantity": units }] })
}

/// A shop with ten units at PARIS of which four expire in ten days, and two good ones at LYON.
async fn two_places() -> (Shop, String, String) {
    let shop = Shop::open_for_long().await;
    let (paris, lyon) = (shop.location("PARIS", 1).await, shop.location("LYON", 2).await);
    shop.variant("LIP-1").await;
    shop.lot(&paris, "LIP-1", ("SOON", &day(&shop, 10)), 4).await;
    shop.lot(&paris, "LIP-1", ("LATE", &day(&shop, 400)), 6).await;
    shop.lot(&lyon, "LIP-1", ("LATE", &day(&shop, 400)), 2).await;
    (shop, paris, lyon)
}

#[actix_web::test]
async fn goods_that_expire_too_soon_for_a_channel_are_not_available_to_it() {
    let (shop, paris, _) = two_places().await;
    let path = format!("/v1/locations/{paris}/inventory?sku=LIP-1");
    for (channel, available) in [("&channel=web", 6), ("&channel=marketplace", 6), ("&channel=pos", 10), ("", 10)] {
        let level = shop.get(&shop.admin, &format!("{path}{channel}")).await.ok();
        assert_eq!(level["data"][0]["quantity_available"], available, "{channel}");
    }
    let query = "query($at: ID!) { variant(sku: \"LIP-1\") { stock(locationId: $at, first: 1) {
        web: quantityAvailable(channel: WEB) pos: quantityAvailable(channel: POS) } } }";
    let shown = shop.graphql(&shop.admin, query, json!({ "at": paris })).await;
    assert_eq!(shown["data"]["variant"]["stock"][0], json!({ "web": 6, "pos": 10 }), "{shown}");

    let refused = shop.post(&shop.admin, "/v1/orders", order(Some(&paris), "web", 7)).await;
    assert_eq!(refused.body["errors"][0]["available"], 6, "{}", refused.body);
    refused.refused(409, "out_of_stock");
    let reserve = format!("/v1/locations/{paris}/inventory/reserve");
    let hold = |channel: &str| json!({ "channel": channel, "lines": [{ "sku": "LIP-1", "quantity": 7 }] });
    shop.post(&shop.admin, &reserve, hold("web")).await.refused(409, "out_of_stock");
    let held = shop.post(&shop.admin, &reserve, hold("pos")).await.ok();
    let release = format!("/v1/locations/{paris}/inventory/release");
    shop.post(&shop.admin, &release, json!({ "reservation_id": held["id"] })).await.ok();
    assert_eq!(shop.post(&shop.admin, "/v1/orders", order(Some(&paris), "pos", 10)).await.status, 201);
}

#[actix_web::test]
async fn sourcing_and_changes_take_goods_that_the_channel_may_be_sent() {
    let (shop, paris, lyon) = two_places().await;
    let placed = shop.post(&shop.admin, "/v1/orders", order(None, "web", 7)).await.ok();
    assert_eq!(placed["location_ids"], json!([paris, lyon]), "PARIS has ten, but only six that may be sent");
    let path = format!("/v1/orders/{}", placed["id"].as_str().unwrap());
    let lines = |units: i64| json!({ "lines": [{ "sku": "LIP-1", "quantity": units }] });
    let refused = shop.patch(&shop.admin, &path, lines(9), Some(1)).await;
    assert_eq!(
        (&refused.body["errors"][0]["pointer"], &refused.body["errors"][0]["available"]),
        (&json!("#/lines/0"), &json!(8))
    );
    refused.refused(409, "out_of_stock");
    assert_eq!(shop.patch(&shop.admin, &path, lines(8), Some(1)).await.status, 200);
    shop.post(&shop.admin, &format!("{path}/payments"), json!({ "gateway": "manual" })).await.ok();
    let shipped = shop.post(&shop.admin, &format!("{path}/fulfill"), json!({})).await.ok();
    assert_eq!(shipped["status"], "shipped", "whatever placing accepts, shipping can do");
    assert_eq!(
        shop.database
            .count("stock_moves as m join lots as l on l.id = m.lot_id where m.reason = 'sale' and l.code = 'SOON'"),
        0
    );
}

#[actix_web::test]
async fn what_was_good_for_long_enough_when_it_was_promised_is_shipped_some_days_later() {
    let shop = Shop::open_for_long().await;
    let paris = shop.location("PARIS", 1).await;
    shop.variant("LIP-1").await;
    shop.lot(&paris, "LIP-1", ("EDGE", &day(&shop, 32)), 5).await;
    let id = shop.made("/v1/orders", order(Some(&paris), "web", 2)).await;
    shop.post(&shop.admin, &format!("/v1/orders/{id}/payments"), json!({ "gateway": "manual" })).await.ok();
    shop.after(5 * 86_400).await;
    shop.post(&shop.admin, "/v1/orders", order(Some(&paris), "web", 1)).await.refused(409, "out_of_stock");
    let picks = shop.get(&shop.admin, &format!("/v1/orders/{id}/picks")).await.ok();
    assert_eq!((&picks["data"][0]["missing"], &picks["data"][0]["lots"][0]["lot"]), (&json!(0), &json!("EDGE")));
    shop.post(&shop.admin, &format!("/v1/orders/{id}/fulfill"), json!({})).await.ok();
}

#[actix_web::test]
async fn everything_is_judged_by_the_day_of_its_own_location_without_waiting_for_a_job() {
    let shop = Shop::open_for_long().await;
    let to_noon = i64::from(36 - shop.clock.now().hour()) % 24;
    shop.clock.advance(Duration::hours(to_noon));
    let made = |code: &str, zone: &str| {
        json!({
            "code": code, "name": code, "kind": "store", "priority": 1, "country": "FR", "time_zone": zone,
        })
    };
    let east = shop.made("/v1/locations", made("EAST", "Pacific/Kiritimati")).await;
    let west = shop.made("/v1/locations", made("WEST", "Pacific/Pago_Pago")).await;
    shop.variant("LIP-1").await;
    let today = day(&shop, 0);
    for place in [&east, &west] {
        shop.lot(place, "LIP-1", ("TODAY", &today), 3).await;
    }
    assert_eq!(shop.level(&east, "LIP-1").await["expired"], 3, "it is tomorrow there: the goods come in as expired");
    assert_eq!(shop.level(&west, "LIP-1").await["quantity_available"], 3, "it is good through its last day");
    shop.post(&shop.admin, "/v1/orders", order_body(&west, "LIP-1", 1)).await.ok();
    shop.lot(&east, "LIP-1", ("TOMORROW", &day(&shop, 1)), 3).await;
    shop.post(&shop.admin, "/v1/orders", order_body(&east, "LIP-1", 1)).await.ok();
    shop.clock.advance(Duration::hours(24));
    assert_eq!(shop.level(&east, "LIP-1").await["quantity_available"], 0, "no job has run, and nothing is sold");
    shop.post(&shop.admin, "/v1/orders", order_body(&east, "LIP-1", 1)).await.refused(409, "out_of_stock");
    shop.post(&shop.admin, "/v1/orders", order(None, "pos", 2)).await.refused(409, "out_of_stock");
}

#[actix_web::test]
async fn a_lot_that_becomes_known_with_its_expiry_elsewhere_is_judged_by_it_everywhere() {
    let (shop, paris, lyon) = two_places().await;
    let came = |lot: Value| json!([{ "sku": "LIP-1", "accepted": 5, "lot": lot }]);
    shop.receive(&paris, came(json!({ "code": "OPEN" }))).await.ok();
    shop.receive(&lyon, came(json!({ "code": "OPEN", "expires_on": day(&shop, 5) }))).await.ok();
    shop.after(0).await;
    let level = shop.get(&shop.admin, &format!("/v1/locations/{paris}/inventory?sku=LIP-1&channel=web")).await.ok();
    assert_eq!(level["data"][0]["quantity_available"], 6);
}
