//! Shipping methods: made and changed, which of them carry goods, and that no order is charged what was changed before.
use crate::{
    payments::path,
    promotions::{coupons, promotion},
    returns::{found, step},
    shipping::{change, method, minor, placed, sent, vat},
    support::{Shop, all_at_once, answer, order_body, papers::unique},
};
use serde_json::json;
use std::rc::Rc;

#[actix_web::test]
async fn a_cart_tells_what_each_method_charges_and_why_one_does_not_carry_it() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 20).await;
    let product = shop.variant("PERFUME-1").await;
    let path = format!("/v1/variants/{}", product["variants"][0]["id"].as_str().unwrap());
    let facts = json!({ "weight_grams": 400, "dangerous_goods": "3" });
    let changed = shop.patch(&shop.admin, &path, facts, Some(1)).await;
    assert_eq!(changed.status, 200, "{changed:?}");
    shop.stock(&paris, "PERFUME-1", 20).await;
    method(&shop, "air", json!({})).await;
    method(
        &shop,
        "road",
        json!({ "channels": ["web"], "carries_dangerous_goods": true, "min_days": 2, "max_days": 4 }),
    )
    .await;
    method(&shop, "dollars", json!({ "currency": "USD" })).await;
    let cart = shop.post(&shop.admin, "/v1/carts/price", sent(&paris, "PERFUME-1", 3, None)).await.ok();
    let told: Vec<_> = cart["shipping_options"]
        .as_array()
        .unwrap()
        .iter()
        .map(|of| (of["code"].as_str().unwrap().to_owned(), of["charge"]["amount_minor"].clone(), of["reason"].clone()))
        .collect();
    assert_eq!(
        told,
        [("air".to_owned(), json!(null), json!("dangerous_goods")), ("road".to_owned(), json!(990), json!(null)),]
    );
    assert_eq!((minor(&cart["totals"]["total"]), &cart["shipping"]), (3_000, &json!(null)), "none is the default");
    let refused = shop.post(&shop.admin, "/v1/orders", sent(&paris, "PERFUME-1", 3, Some("air"))).await;
    refused.refused(422, "shipping_unavailable");
    assert_eq!(refused.body["errors"][0]["pointer"], "#/shipping_method");
    assert!(refused.body["detail"].as_str().unwrap().contains("road"), "{refused:?}");
    let order = placed(&shop, sent(&paris, "PERFUME-1", 2, Some("road"))).await;
    assert_eq!(minor(&order["totals"]["shipping"]), 490, "800 grams");
    let refused = shop.post(&shop.admin, "/v1/orders", sent(&paris, "LIP-1", 1, Some("pigeon"))).await;
    refused.refused(422, "unknown_shipping_method");
    let mut abroad = sent(&paris, "LIP-1", 1, Some("road"));
    abroad["customer"]["address"]["country"] = json!("JP");
    shop.post(&shop.admin, "/v1/orders", abroad).await.refused(422, "shipping_unavailable");
    let mut till = order_body(&paris, "LIP-1", 1);
    till["shipping_method"] = json!("road");
    shop.post(&shop.admin, "/v1/orders", till).await.refused(422, "invalid_body");
}

#[actix_web::test]
async fn no_order_is_charged_a_rate_that_was_changed_before_it_was_placed() {
    let shop = Rc::new(Shop::open().await);
    let paris = shop.stocked("PARIS", "LIP-1", 200).await;
    let standard = method(&shop, "standard", json!({ "is_default": true })).await;
    let (url, _app) = shop.second(&[]);
    let (mutant, _other) = shop.second(&[("COFFRET_GROUP_COMMIT__MUTANT", "remembered_price")]);
    let on = async |url: &str| {
        let request = shop.http.post(format!("{url}/v1/orders")).bearer_auth(&shop.admin);
        let request = request.header("Idempotency-Key", unique()).json(&sent(&paris, "LIP-1", 1, None));
        minor(&answer(request).await.ok()["totals"]["shipping"])
    };
    assert_eq!((on(&url).await, on(&mutant).await), (490, 490));
    for (version, charge) in (1..).zip([700, 800, 900]) {
        let dearer = json!({ "zones": [{ "countries": ["FR"], "rates": [{ "charge_minor": charge }] }] });
        change(&shop, &standard, version, dearer).await;
        assert_eq!(on(&url).await, charge, "the other server has not heard of it");
    }
    assert_eq!(on(&mutant).await, 490, "so the check is what keeps the other server right");
    let charges = all_at_once(|n| {
        let (shop, paris, standard) = (shop.clone(), paris.clone(), standard.clone());
        async move {
            if n == 32 {
                let dearer = json!({ "zones": [{ "countries": ["FR"], "rates": [{ "charge_minor": 1_000 }] }] });
                change(&shop, &standard, 4, dearer).await;
                return 1_000;
            }
            minor(&placed(&shop, sent(&paris, "LIP-1", 1, None)).await["totals"]["shipping"])
        }
    });
    assert!(charges.await.iter().all(|charge| [900, 1_000].contains(charge)));
    assert_eq!(minor(&placed(&shop, sent(&paris, "LIP-1", 1, None)).await["totals"]["shipping"]), 1_000);
}

#[actix_web::test]
async fn a_method_that_cannot_be_is_refused_with_all_that_is_wrong_and_a_default_takes_the_place_of_another() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 20).await;
    let rate = json!({ "up_to_grams": 0, "from_minor": -1, "charge_minor": -5 });
    let body = json!({ "code": "odd", "name": "odd", "currency": "EUR", "carries_dangerous_goods": true, "min_days": 3,
                       "max_days": 2, "channels": [], "zones": [
                           { "countries": ["FR", "FR"], "rates": [rate] }, { "rates": [] },
                           { "countries": [], "rates": [] }] });
    let refused = shop.post(&shop.admin, "/v1/shipping-methods", body).await;
    refused.refused(422, "invalid_body");
    let pointers: Vec<_> = refused.body["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|of| of["pointer"].as_str().unwrap().to_owned())
        .collect();
    for pointer in [
        "#/zones/0/countries/1",
        "#/zones/0/rates/0/up_to_grams",
        "#/zones/0/rates/0/from_minor",
        "#/zones/0/rates/0/charge_minor",
        "#/zones/1/rates",
        "#/zones/2/countries",
        "#/channels",
        "#/max_days",
    ] {
        assert!(pointers.iter().any(|of| of == pointer), "{pointer} of {pointers:?}");
    }
    let first = method(&shop, "first", json!({ "is_default": true })).await;
    shop.post(
        &shop.admin,
        "/v1/shipping-methods",
        json!({ "code": "first", "name": "again", "currency": "EUR",
        "carries_dangerous_goods": true, "zones": [{ "rates": [{ "charge_minor": 1 }] }] }),
    )
    .await
    .refused(409, "shipping_method_code_taken");
    let second =
        method(&shop, "second", json!({ "is_default": true, "zones": [{ "rates": [{ "charge_minor": 1 }] }] })).await;
    let path = format!("/v1/shipping-methods/{}", first["id"].as_str().unwrap());
    let now = shop.get(&shop.admin, &path).await.ok();
    assert_eq!((&now["is_default"], &now["version"]), (&json!(false), &json!(2)));
    assert_eq!(minor(&placed(&shop, sent(&paris, "LIP-1", 1, None)).await["total"]), 1_001);
    change(&shop, &second, 1, json!({ "is_retired": true })).await;
    assert_eq!(minor(&placed(&shop, sent(&paris, "LIP-1", 1, None)).await["total"]), 1_000, "there is no default");
    shop.post(&shop.admin, "/v1/orders", sent(&paris, "LIP-1", 1, Some("second")))
        .await
        .refused(422, "shipping_unavailable");
    change(&shop, &first, 2, json!({ "is_default": true, "min_days": 1, "max_days": 2 })).await;
    let at_second = format!("/v1/shipping-methods/{}", second["id"].as_str().unwrap());
    let default = json!({ "is_default": true });
    shop.patch(&shop.admin, &at_second, default, Some(2)).await.refused(422, "invalid_body");
    let back = change(&shop, &second, 2, json!({ "is_retired": false })).await;
    assert_eq!(back["is_default"], false);
    assert_eq!(shop.get(&shop.admin, &path).await.ok()["is_default"], true, "who is offered again is no default");
    let listed = shop.get(&shop.admin, "/v1/shipping-methods?limit=1").await.ok();
    assert_eq!((&listed["data"][0]["code"], listed["page"]["next_cursor"].is_string()), (&json!("first"), true));
}

#[actix_web::test]
async fn a_cart_is_priced_though_its_default_method_does_not_reach_it() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 20).await;
    vat(&shop, 200_000).await;
    method(&shop, "home", json!({ "is_default": true })).await;
    method(&shop, "abroad", json!({ "zones": [{ "rates": [{ "charge_minor": 1_500 }] }] })).await;
    let mut nowhere = sent(&paris, "LIP-1", 1, None);
    nowhere["customer"] = json!({});
    let free = json!({ "type": "free_shipping" });
    let free = promotion(&shop, "free", free, json!({ "needs_coupon": true })).await;
    coupons(&shop, &free, json!({ "codes": ["FREESHIP"] })).await;
    nowhere["coupons"] = json!(["FREESHIP"]);
    let cart = shop.post(&shop.admin, "/v1/carts/price", nowhere).await.ok();
    assert_eq!(cart["promotions"][0]["reason"], "no_shipping_charge", "it waits for an address");
    assert_eq!(
        (minor(&cart["totals"]["total"]), &cart["shipping"], minor(&cart["totals"]["tax"])),
        (1_000, &json!(null), 0)
    );
    let body = json!({ "country": "DE", "tax_class": "standard", "name": "MwSt", "rate_ppm": 190_000,
                       "starts_at": "2020-01-01T00:00:00Z" });
    shop.post(&shop.admin, "/v1/tax-rates", body).await.ok();
    let mut german = sent(&paris, "LIP-1", 1, None);
    german["customer"]["address"]["country"] = json!("DE");
    let cart = shop.post(&shop.admin, "/v1/carts/price", german.clone()).await.ok();
    assert_eq!(cart["shipping"], json!(null));
    let told: Vec<_> = cart["shipping_options"]
        .as_array()
        .unwrap()
        .iter()
        .map(|of| (of["code"].as_str().unwrap(), of["reason"].clone()))
        .collect();
    assert_eq!(told, [("abroad", json!(null)), ("home", json!("other_country"))]);
    shop.post(&shop.admin, "/v1/orders", german.clone()).await.refused(422, "shipping_unavailable");
    german["quote"] = json!(true);
    shop.post(&shop.admin, "/v1/carts/price", german).await.refused(422, "shipping_unavailable");
}

#[actix_web::test]
async fn an_edit_adds_nothing_that_the_shipping_method_does_not_carry() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 20).await;
    let product = shop.variant("PERFUME-1").await;
    let variant = format!("/v1/variants/{}", product["variants"][0]["id"].as_str().unwrap());
    shop.patch(&shop.admin, &variant, json!({ "dangerous_goods": "3" }), Some(1)).await.ok();
    shop.stock(&paris, "PERFUME-1", 20).await;
    method(&shop, "air", json!({ "is_default": true })).await;
    let order = placed(&shop, sent(&paris, "LIP-1", 1, None)).await;
    let lines = json!({ "lines": [{ "sku": "LIP-1", "quantity": 1 }, { "sku": "PERFUME-1", "quantity": 1 }] });
    let refused = shop.patch(&shop.admin, &path(&order, ""), lines, order["version"].as_i64()).await;
    refused.refused(422, "shipping_unavailable");
    assert_eq!(refused.body["errors"][0]["pointer"], "#/lines");
}

#[actix_web::test]
async fn what_shipping_cost_pays_for_no_part_of_a_set_that_was_paid_back() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 1).await;
    let lyon = shop.stocked("LYON", "BRUSH-1", 1).await;
    shop.set(("web", 3_000), &[("LIP-1", 1), ("BRUSH-1", 1)]).await;
    let dear = json!([{ "rates": [{ "charge_minor": 1_990 }] }]);
    method(&shop, "express", json!({ "is_default": true, "zones": dear, "refund_rate_ppm": 0 })).await;
    let mut body = sent(&paris, "SET-1", 1, None);
    body.as_object_mut().unwrap().remove("location_id");
    let order = placed(&shop, body).await;
    assert_eq!((minor(&order["total"]), order["location_ids"].as_array().unwrap().len()), (4_990, 2));
    shop.post(&shop.admin, &path(&order, "/payments"), json!({ "gateway": "manual" })).await.ok();
    shop.post(&shop.admin, &path(&order, "/fulfill"), json!({ "location_id": paris })).await.ok();
    let lip = shop.level(&paris, "LIP-1").await["variant_id"].clone();
    let part = json!([{ "line_no": 1, "components": [{ "variant_id": lip, "quantity": 1 }], "reason": "unwanted" }]);
    let back = json!({ "order_id": order["id"], "location_id": paris, "lines": part });
    let back = shop.post(&shop.admin, "/v1/returns", back).await.ok();
    let closed = step(&shop, &shop.admin, &back, "inspect", found(&back, "sealed", "restock")).await.ok();
    assert_eq!((minor(&closed["credited"]), minor(&closed["shipping"])), (1_500, 0));
    let gone = json!({ "location_id": lyon, "reason": "not_in_stock" });
    shop.post(&shop.admin, &path(&order, "/reject"), gone).await.refused(409, "order_returned");
}
