//! Shipping: which method an order is sent by, what it is charged, and what of it comes back.
use crate::{
    payments::{card, path, read, sandbox},
    promotions::{percent, promotion},
    returns::{at, found, step},
    support::{Shop, home, order_body},
};
use serde_json::{Value, json};

/// A shipping method in euros with rates of France, up to a kilogram for 4.90 and beyond for 9.90; free from 50.00.
pub async fn method(shop: &Shop, code: &str, more: Value) -> Value {
    let rates = json!([
        { "up_to_grams": 1_000, "charge_minor": 490 }, { "charge_minor": 990 },
        { "from_minor": 5_000, "charge_minor": 0 },
    ]);
    let mut body = json!({ "code": code, "name": code, "currency": "EUR", "carries_dangerous_goods": false,
                           "zones": [{ "countries": ["FR"], "rates": rates }] });
    more.as_object().unwrap().iter().for_each(|(field, value)| body[field] = value.clone());
    shop.post(&shop.admin, "/v1/shipping-methods", body).await.ok()
}

/// An order from the web that is sent home, of one line.
pub fn sent(location: &str, sku: &str, units: i64, method: Option<&str>) -> Value {
    let mut body = order_body(location, sku, units);
    (body["channel"], body["customer"]) = (json!("web"), home());
    if let Some(code) = method {
        body["shipping_method"] = json!(code);
    }
    body
}

pub async fn placed(shop: &Shop, body: Value) -> Value {
    shop.post(&shop.admin, "/v1/orders", body).await.ok()
}

pub fn minor(of: &Value) -> i64 {
    of["amount_minor"].as_i64().unwrap_or_else(|| panic!("no amount: {of}"))
}

pub async fn change(shop: &Shop, method: &Value, version: i64, change: Value) -> Value {
    let path = format!("/v1/shipping-methods/{}", method["id"].as_str().unwrap());
    shop.patch(&shop.admin, &path, change, Some(version)).await.ok()
}

pub async fn vat(shop: &Shop, rate_ppm: i64) {
    let body = json!({ "country": "FR", "tax_class": "standard", "name": "TVA", "rate_ppm": rate_ppm,
                       "starts_at": "2020-01-01T00:00:00Z" });
    shop.post(&shop.admin, "/v1/tax-rates", body).await.ok();
}

#[actix_web::test]
async fn an_order_is_charged_for_its_shipping_and_the_charge_is_taken_with_the_first_parcel() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 20).await;
    vat(&shop, 200_000).await;
    method(&shop, "standard", json!({ "is_default": true })).await;
    let order = placed(&shop, sent(&paris, "LIP-1", 3, None)).await;
    let totals = &order["totals"];
    assert_eq!(
        ["goods", "shipping", "tax", "net", "total"].map(|of| minor(&totals[of])),
        [3_000, 490, 582, 2_908, 3_490]
    );
    assert_eq!((minor(&order["total"]), &order["shipping"]["code"]), (3_490, &json!("standard")));
    assert_eq!(minor(&order["shipping"]["tax"]["amount"]), 82, "4.90 less 4.90 / 1.2");
    assert_eq!(minor(&totals["taxes"][0]["gross"]), 3_490);
    let shown = "query { orders(first: 1) { edges { node { shipping { code charge { amountMinor } total { amountMinor }
        tax { name } } totals { shipping { amountMinor } } } } } }";
    let shown = shop.graphql(&shop.admin, shown, json!({})).await;
    let node = &shown["data"]["orders"]["edges"][0]["node"];
    assert_eq!(
        (&node["shipping"]["total"]["amountMinor"], &node["totals"]["shipping"]["amountMinor"]),
        (&json!(490), &json!(490)),
        "{shown}"
    );
    shop.post(&shop.admin, &path(&order, "/payments"), card("tok_approve")).await.ok();
    assert_eq!(sandbox(&shop), [3_490, 0, 0]);
    for (units, taken) in [(1, 1_490), (2, 3_490)] {
        let parcel = json!({ "location_id": paris, "lines": [{ "line_no": 1, "quantity": units }] });
        shop.post(&shop.admin, &path(&order, "/fulfill"), parcel).await.ok();
        shop.after(1).await;
        assert_eq!(sandbox(&shop)[1], taken);
    }
    let free = placed(&shop, sent(&paris, "LIP-1", 5, None)).await;
    assert_eq!((minor(&free["total"]), minor(&free["totals"]["shipping"])), (5_000, 0), "free from 50.00");
    let fetched = {
        let mut body = sent(&paris, "LIP-1", 1, None);
        body["pickup"] = json!(true);
        placed(&shop, body).await
    };
    assert_eq!((minor(&fetched["total"]), &fetched["shipping"]), (1_000, &json!(null)), "nothing is sent");
}

#[actix_web::test]
async fn returns_give_their_share_of_the_shipping_back_and_together_all_of_it() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 20).await;
    vat(&shop, 200_000).await;
    method(&shop, "standard", json!({ "is_default": true })).await;
    method(&shop, "half", json!({ "refund_rate_ppm": 500_000 })).await;
    for (code, shares) in [("standard", [163, 163, 164]), ("half", [81, 82, 82])] {
        let order = placed(&shop, sent(&paris, "LIP-1", 3, Some(code))).await;
        shop.post(&shop.admin, &path(&order, "/payments"), card("tok_approve")).await.ok();
        shop.post(&shop.admin, &path(&order, "/fulfill"), json!({})).await.ok();
        shop.after(1).await;
        let (mut given, mut tax) = (vec![], 0);
        for _ in 0..3 {
            let back = shop.post(&shop.admin, "/v1/returns", at(&order, 1, &paris)).await.ok();
            assert_eq!(minor(&back["shipping"]), 0, "nothing before it is closed");
            let closed = step(&shop, &shop.admin, &back, "inspect", found(&back, "sealed", "restock")).await.ok();
            given.push(minor(&closed["shipping"]));
            tax += minor(&closed["shipping_tax"]);
            assert_eq!(minor(&closed["credited"]), 1_000 + minor(&closed["shipping"]));
            assert_eq!(minor(&closed["refund"]), minor(&closed["credited"]));
        }
        assert_eq!(given, shares, "{code}");
        assert_eq!(tax, if code == "half" { 41 } else { 82 });
        shop.after(1).await;
        let order = read(&shop, &order).await;
        let kept = if code == "half" { 245 } else { 0 };
        assert_eq!((&order["status"], minor(&order["paid"])), (&json!("returned"), kept));
    }
}

#[actix_web::test]
async fn a_canceled_part_keeps_the_charge_and_a_canceled_order_gives_it_back() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 20).await;
    method(&shop, "standard", json!({ "is_default": true })).await;
    let order = placed(&shop, sent(&paris, "LIP-1", 3, None)).await;
    shop.post(&shop.admin, &path(&order, "/payments"), json!({ "gateway": "manual" })).await.ok();
    let part = json!({ "lines": [{ "line_no": 1, "quantity": 1 }], "reason": "changed my mind" });
    let left = shop.post(&shop.admin, &path(&order, "/cancel"), part).await.ok();
    assert_eq!((minor(&left["total"]), minor(&left["totals"]["shipping"]), minor(&left["paid"])), (2_490, 490, 2_490));
    let more = json!({ "lines": [{ "sku": "LIP-1", "quantity": 4 }], "payment": { "gateway": "manual" } });
    let version = left["version"].as_i64().unwrap();
    let edited = shop.patch(&shop.admin, &path(&order, ""), more, Some(version)).await.ok();
    assert_eq!((minor(&edited["total"]), minor(&edited["totals"]["shipping"])), (4_490, 490), "an edit keeps it, too");
    let mut abroad = home();
    abroad["address"]["country"] = json!("DE");
    let version = edited["version"].as_i64();
    let moved = shop.patch(&shop.admin, &path(&order, ""), json!({ "customer": abroad }), version).await;
    moved.refused(409, "shipping_place_fixed");
    let canceled = shop.post(&shop.admin, &path(&order, "/cancel"), json!({ "reason": "all of it" })).await.ok();
    assert_eq!((&canceled["status"], minor(&canceled["paid"])), (&json!("canceled"), 0));
}

#[actix_web::test]
async fn free_shipping_is_a_promotion_that_counts_and_is_judged_after_the_others() {
    let shop = Shop::open_for_long().await;
    let paris = shop.stocked("PARIS", "LIP-1", 20).await;
    let standard = method(&shop, "standard", json!({ "is_default": true })).await;
    method(&shop, "express", json!({ "zones": [{ "rates": [{ "charge_minor": 1_500 }] }] })).await;
    let benefit = json!({ "type": "free_shipping", "shipping_method_ids": [standard["id"]] });
    let free = promotion(&shop, "free", benefit, json!({ "budget_minor": 1_000, "priority": 9 })).await;
    promotion(&shop, "ten", percent(10), json!({ "target": { "skus": ["LIP-1"] } })).await;
    let cart = shop.post(&shop.admin, "/v1/carts/price", sent(&paris, "LIP-1", 5, None)).await.ok();
    let order = placed(&shop, sent(&paris, "LIP-1", 5, None)).await;
    assert_eq!(cart["totals"], order["totals"]);
    assert_eq!(minor(&order["total"]), 4_500, "45.00 are charged for shipping, for which the promotion pays");
    assert_eq!((minor(&order["shipping"]["charge"]), minor(&order["shipping"]["discount"])), (490, 490));
    assert_eq!(order["shipping"]["discounts"][0]["name"], "free");
    let usage = async || shop.get(&shop.admin, &format!("/v1/promotions/{free}/usage")).await.ok();
    assert_eq!(usage().await["spent_minor"], 490);
    let express = placed(&shop, sent(&paris, "LIP-1", 1, Some("express"))).await;
    assert_eq!(minor(&express["total"]), 2_400);
    placed(&shop, sent(&paris, "LIP-1", 1, None)).await;
    let poor = placed(&shop, sent(&paris, "LIP-1", 1, None)).await;
    assert_eq!(minor(&poor["total"]), 1_390, "20 cents are left of the budget");
    shop.post(&shop.admin, &path(&order, "/cancel"), json!({ "reason": "no" })).await.ok();
    assert_eq!(usage().await["spent_minor"], 490, "a canceled order gives its part back");
    let refused = promotion_with(&shop, json!(["01890a5d-ac96-774b-bcce-b302099a8057"])).await;
    refused.refused(422, "unknown_shipping_method");
}

async fn promotion_with(shop: &Shop, methods: Value) -> crate::support::Answer {
    let benefit = json!({ "type": "free_shipping", "shipping_method_ids": methods });
    let body = json!({ "code": "other", "name": "other", "currency": "EUR", "benefit": benefit });
    shop.post(&shop.admin, "/v1/promotions", body).await
}

#[actix_web::test]
async fn a_quote_keeps_its_shipping_though_the_rate_changes() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 20).await;
    let standard = method(&shop, "standard", json!({ "is_default": true })).await;
    let mut cart = sent(&paris, "LIP-1", 1, None);
    cart["quote"] = json!(true);
    let quoted = shop.post(&shop.admin, "/v1/carts/price", cart).await.ok();
    let dearer = json!({ "zones": [{ "countries": ["FR"], "rates": [{ "charge_minor": 700 }] }] });
    change(&shop, &standard, 1, dearer).await;
    let mut order = sent(&paris, "LIP-1", 1, None);
    assert_eq!(minor(&placed(&shop, order.clone()).await["total"]), 1_700);
    order["quote_id"] = quoted["quote"]["id"].clone();
    let other = shop.post(&shop.admin, "/v1/orders", {
        let mut other = order.clone();
        other["shipping_method"] = json!("standard");
        other
    });
    other.await.refused(422, "quote_mismatch");
    let kept = placed(&shop, order).await;
    assert_eq!(kept["totals"], quoted["totals"]);
    assert_eq!(minor(&kept["total"]), 1_490);
}

#[actix_web::test]
async fn a_marketplace_tells_what_it_charged_for_shipping() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 20).await;
    method(&shop, "standard", json!({ "is_default": true })).await;
    let mut body = sent(&paris, "LIP-1", 2, None);
    (body["channel"], body["settled_outside"]) = (json!("marketplace"), json!(true));
    let order = placed(&shop, body.clone()).await;
    assert_eq!((minor(&order["total"]), &order["shipping"]), (2_000, &json!(null)), "it has settled all");
    body["shipping_minor"] = json!(350);
    let order = placed(&shop, body.clone()).await;
    assert_eq!(
        (minor(&order["total"]), minor(&order["paid"]), &order["shipping"]["code"]),
        (2_350, 2_350, &json!(null))
    );
    let reduced = json!({ "country": "JP", "tax_class": "reduced", "name": "JCT", "rate_ppm": 80_000,
                          "starts_at": "2020-01-01T00:00:00Z" });
    shop.post(&shop.admin, "/v1/tax-rates", reduced).await.ok();
    let price = json!([{ "channel": "marketplace", "currency": "EUR", "amount_minor": 900 }]);
    let book = json!({ "name": "Book", "category": "tools", "tax_class": "reduced",
                       "variants": [{ "sku": "BOOK-1", "prices": price }] });
    shop.post(&shop.admin, "/v1/products", book).await.ok();
    shop.stock(&paris, "BOOK-1", 5).await;
    let mut far = body.clone();
    (far["customer"]["address"]["country"], far["lines"][0]["sku"]) = (json!("JP"), json!("BOOK-1"));
    let far = placed(&shop, far).await;
    assert_eq!((minor(&far["totals"]["tax"]), &far["shipping"]["tax"]), (133, &json!(null)), "of 18.00 for two books");
    assert_eq!(far["marks"], json!(["tax_unknown"]), "the tax of the charge is not known");
    body["shipping_method"] = json!("standard");
    shop.post(&shop.admin, "/v1/orders", body.clone()).await.refused(422, "invalid_body");
    body.as_object_mut().unwrap().remove("settled_outside");
    let refused = shop.post(&shop.admin, "/v1/orders", body).await;
    assert_eq!(refused.body["errors"][0]["pointer"], "#/shipping_minor", "{refused:?}");
}

#[actix_web::test]
async fn parcels_that_are_lost_give_all_of_their_part_of_the_shipping_back_and_no_more() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 20).await;
    vat(&shop, 200_000).await;
    method(&shop, "half", json!({ "is_default": true, "refund_rate_ppm": 500_000 })).await;
    let order = placed(&shop, sent(&paris, "LIP-1", 3, None)).await;
    shop.post(&shop.admin, &path(&order, "/payments"), card("tok_approve")).await.ok();
    for _ in 0..3 {
        let parcel = json!({ "location_id": paris, "lines": [{ "line_no": 1, "quantity": 1 }] });
        shop.post(&shop.admin, &path(&order, "/fulfill"), parcel).await.ok();
    }
    shop.after(1).await;
    let parcels = read(&shop, &order).await["shipments"].clone();
    for (at, given) in [1_163, 2_326].into_iter().enumerate() {
        let parcel = parcels[at]["id"].as_str().unwrap();
        let lost = path(&order, &format!("/shipments/{parcel}/problem"));
        shop.post(&shop.admin, &lost, json!({ "problem": "lost" })).await.ok();
        shop.after(1).await;
        assert_eq!(sandbox(&shop)[2], given);
    }
    let back = shop.post(&shop.admin, "/v1/returns", at(&order, 1, &paris)).await.ok();
    step(&shop, &shop.admin, &back, "inspect", found(&back, "sealed", "restock")).await.ok();
    shop.after(1).await;
    assert_eq!(sandbox(&shop), [3_490, 3_490, 3_408], "of what is not wanted, half");
    let listed = shop.get(&shop.admin, &format!("/v1/returns?order_id={}", order["id"].as_str().unwrap())).await.ok();
    let shares: Vec<_> = listed["data"].as_array().unwrap().iter().map(|of| minor(&of["shipping"])).collect();
    assert_eq!(shares, [82, 163, 163]);
}
