//! Sourcing by chains of strategies, and what other chains would have made of the past.
use crate::{
    payments::path,
    support::{Shop, all_at_once, order_body},
};
use serde_json::{Value, json};
use std::rc::Rc;

struct Places {
    depot: String,
    paris: String,
    berlin: String,
}

/// A depot near Madrid, a store in Paris, a store in Berlin: each with five of LIP-1; Berlin has ten.
async fn places(shop: &Shop) -> Places {
    shop.variant("LIP-1").await;
    let mut made = vec![];
    let known = [
        ("DEPOT", 10, "ES", 40.4168, -3.7038),
        ("PARIS", 20, "FR", 48.8566, 2.3522),
        ("BERLIN", 30, "DE", 52.52, 13.405),
    ];
    for ((code, priority, country, latitude, longitude), units) in known.into_iter().zip([5, 5, 10]) {
        let body = json!({ "code": code, "name": code, "kind": "store", "priority": priority, "country": country,
                           "time_zone": "Europe/Paris",
                           "shipping": { "latitude": latitude, "longitude": longitude } });
        let id = shop.post(&shop.admin, "/v1/locations", body).await.ok()["id"].as_str().unwrap().to_owned();
        shop.stock(&id, "LIP-1", units).await;
        made.push(id);
    }
    let rates = json!({ "rates": [
        { "from_country": "ES", "to_country": "**", "parcel_minor": 900, "unit_minor": 10 },
        { "from_country": "FR", "to_country": "FR", "parcel_minor": 500, "unit_minor": 0 },
        { "from_country": "DE", "to_country": "FR", "parcel_minor": 300, "unit_minor": 0 } ] });
    shop.put(&shop.admin, "/v1/sourcing/rates", rates).await.ok();
    let [depot, paris, berlin] = made.try_into().unwrap();
    Places { depot, paris, berlin }
}

fn body(quantity: i32) -> Value {
    let to =
        json!({ "line1": "1 rue Royale", "city": "Reims", "country": "FR", "latitude": 49.2583, "longitude": 4.0317 });
    json!({
        "channel": "web", "currency": "EUR", "customer": { "address": to },
        "lines": [{ "sku": "LIP-1", "quantity": quantity }],
    })
}

async fn by(chain: &str) -> (Shop, Places) {
    let shop = Shop::open_with(&[("COFFRET_ORDERS__SOURCING_WEB", chain)]).await;
    let places = places(&shop).await;
    (shop, places)
}

#[actix_web::test]
async fn a_channel_is_sourced_by_its_chain_and_tells_why() {
    for (chain, expected) in [
        ("fewest_parcels,location_priority", "DEPOT"),
        ("nearest", "PARIS"),
        ("cheapest,nearest", "BERLIN"),
        ("balance_stock", "BERLIN"),
    ] {
        let (shop, Places { depot, paris, berlin }) = by(chain).await;
        let order = shop.post(&shop.admin, "/v1/orders", body(2)).await.ok();
        let place = [("DEPOT", &depot), ("PARIS", &paris), ("BERLIN", &berlin)]
            .into_iter()
            .find(|(name, _)| *name == expected)
            .unwrap()
            .1;
        assert_eq!(order["location_ids"], json!([place]), "{chain}");
        let told = shop.get(&shop.admin, &path(&order, "/sourcing")).await.ok()["data"][0].clone();
        assert_eq!((&told["country"], &told["wanted"]), (&json!("FR"), &json!([2])), "{chain}");
        if chain == "nearest" {
            let paris = told["candidates"].as_array().unwrap().iter().find(|c| c["chosen"] == true).unwrap().clone();
            assert_eq!(paris["location_code"], "PARIS");
            assert_eq!(
                (&paris["shipping_cost"]["distance_km"], &paris["shipping_cost"]["parcel_minor"]),
                (&json!(130), &json!(500))
            );
        }
    }
}

#[actix_web::test]
async fn two_near_parcels_or_one_far_one_as_the_chain_says() {
    let (shop, Places { depot, paris, .. }) = by("nearest,fewest_parcels").await;
    shop.stock(&depot, "LIP-1", 10).await;
    let order = shop.post(&shop.admin, "/v1/orders", body(5)).await.ok();
    assert_eq!(order["location_ids"], json!([paris]));
    shop.post(&shop.admin, "/v1/orders", body(26)).await.refused(409, "out_of_stock");
    assert_eq!(shop.database.count("orders"), 1);
}

#[actix_web::test]
async fn a_place_that_does_not_send_there_or_is_full_for_today_is_left_out() {
    let shop = Shop::open().await;
    let Places { depot, paris, berlin } = places(&shop).await;
    let change = async |id: &str, shipping: Value| {
        let path = format!("/v1/locations/{id}");
        let version = shop.get(&shop.admin, &path).await.ok()["version"].as_i64();
        shop.patch(&shop.admin, &path, json!({ "shipping": shipping }), version).await.ok()
    };
    let changed = change(&depot, json!({ "ships_to": ["ES", "PT"] })).await;
    assert_eq!(changed["ships_to"], json!(["ES", "PT"]));
    let order = shop.post(&shop.admin, "/v1/orders", body(1)).await.ok();
    assert_eq!(order["location_ids"], json!([paris]), "the depot does not send to France");
    change(&paris, json!({ "daily_orders": 1 })).await;
    let order = shop.post(&shop.admin, "/v1/orders", body(1)).await.ok();
    assert_eq!(order["location_ids"], json!([berlin]), "Paris has its order of the day");
    let named = shop.post(&shop.admin, "/v1/orders", order_body(&depot, "LIP-1", 1)).await.ok();
    assert_eq!(named["location_ids"], json!([depot]), "who names a place knows why");
    shop.post(&shop.admin, "/v1/orders", body(11)).await.refused(409, "out_of_stock");
}

#[actix_web::test]
async fn other_rules_are_tried_on_the_past() {
    let shop = Shop::open().await;
    let places = places(&shop).await;
    for quantity in [2, 3, 8] {
        shop.post(&shop.admin, "/v1/orders", body(quantity)).await.ok();
    }
    shop.placed(&places.berlin, "LIP-1", 1).await;
    let now = shop.clock.now();
    let ask = |chain: Value| {
        json!({ "from": (now - chrono::Duration::hours(1)).to_rfc3339(),
                "to": (now + chrono::Duration::hours(1)).to_rfc3339(),
                "channel": "web", "chain": chain })
    };
    let same =
        shop.post(&shop.admin, "/v1/sourcing/simulate", ask(json!(["fewest_parcels", "location_priority"]))).await.ok();
    assert_eq!((&same["orders"], &same["changed"], &same["actual"]), (&json!(3), &json!(0), &same["simulated"]));
    // The depot sent 2 and 3 (900 each, 10 a unit), Berlin 8 (300): 2,150. From Berlin all would have cost 300 a
    // parcel.
    assert_eq!(same["actual"], json!({ "parcels": 3, "cost_minor": 2150 }));
    let cheap = shop.post(&shop.admin, "/v1/sourcing/simulate", ask(json!(["cheapest"]))).await.ok();
    assert_eq!(cheap["simulated"], json!({ "parcels": 3, "cost_minor": 900 }));
    assert_eq!((&cheap["changed"], cheap["examples"].as_array().unwrap().len()), (&json!(2), 2));
    assert_eq!(cheap["examples"][0]["simulated"], json!([places.berlin]));
    let here = shop.sign_in("store_manager", Some(&places.paris)).await;
    shop.post(&here, "/v1/sourcing/simulate", ask(json!(["cheapest"]))).await.refused(403, "forbidden");
    shop.post(&shop.admin, "/v1/sourcing/simulate", ask(json!([]))).await.refused(422, "invalid_body");
    shop.post(&shop.admin, "/v1/sourcing/simulate", ask(json!(["luck"]))).await.refused(422, "invalid_body");
    let twice = json!({ "from_country": "FR", "to_country": "FR", "parcel_minor": 1, "unit_minor": 0 });
    shop.put(&shop.admin, "/v1/sourcing/rates", json!({ "rates": [twice, twice] })).await.refused(422, "invalid_body");
    assert_eq!(shop.get(&here, "/v1/sourcing/rates").await.ok()["data"].as_array().unwrap().len(), 3);
}

#[actix_web::test]
async fn forty_orders_at_once_never_exceed_what_a_place_packs_in_a_day() {
    let shop = Rc::new(Shop::open().await);
    let paris = shop.stocked("PARIS", "LIP-1", 100).await;
    let lyon = shop.location("LYON", 200).await;
    shop.stock(&lyon, "LIP-1", 100).await;
    let at = format!("/v1/locations/{paris}");
    let version = shop.get(&shop.admin, &at).await.ok()["version"].as_i64();
    shop.patch(&shop.admin, &at, json!({ "shipping": { "daily_orders": 5 } }), version).await.ok();
    for _ in 0..3 {
        let sale = crate::tills::sale(&shop, &paris, "LIP-1", 1, 0);
        shop.post(&shop.admin, "/v1/pos/sales", sale).await.ok();
    }
    let answers = all_at_once(|_| {
        let shop = shop.clone();
        async move { shop.post(&shop.admin, "/v1/orders", body(1)).await }
    })
    .await;
    let of = |place: &str| answers.iter().filter(|answer| answer.body["location_id"] == *place).count();
    assert_eq!((of(&paris), of(&lyon)), (5, answers.len() - 5), "what tills sell needs no packing");
    let first = answers.iter().find(|answer| answer.body["location_id"] == *paris).unwrap();
    let cancel = format!("/v1/orders/{}/cancel", first.body["id"].as_str().unwrap());
    shop.patch(&shop.admin, &cancel, json!({}), None).await.ok();
    let next = shop.post(&shop.admin, "/v1/orders", body(1)).await.ok();
    assert_eq!(next["location_id"], json!(paris), "a canceled order is not packed either");
}

#[actix_web::test]
async fn a_chain_that_prefers_near_places_keeps_all_that_an_order_needs() {
    for chain in ["nearest,location_priority", "fewest_parcels,balance_stock"] {
        let shop = Shop::open_with(&[("COFFRET_ORDERS__SOURCING_WEB", chain)]).await;
        shop.variant("LIP-1").await;
        for n in 1..=12 {
            let place = shop.location(&format!("P{n}"), n * 10).await;
            shop.stock(&place, "LIP-1", 1).await;
        }
        let lines = json!([{ "sku": "LIP-1", "quantity": 12 }]);
        let order = json!({ "channel": "web", "currency": "EUR", "customer": crate::support::home(), "lines": lines });
        shop.post(&shop.admin, "/v1/orders", order.clone()).await.ok();
        assert_eq!(shop.database.count("stock_levels where reserved = 1"), 12, "{chain}");
        shop.post(&shop.admin, "/v1/orders", order).await.refused(409, "out_of_stock");
    }
}
