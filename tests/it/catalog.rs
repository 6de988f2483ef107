//! The catalog: making, changing, retiring, pricing.
use crate::support::{Shop, order_body};
use serde_json::{Value, json};

#[actix_web::test]
async fn a_product_is_made_with_its_variants_or_not_at_all() {
    let shop = Shop::open().await;
    let body = json!({ "name": "  Cre\u{300}me  ", "category": "skincare", "inci": "Aqua", "pao_months": 12,
        "variants": [{ "sku": "CR-50", "gtin": "4006381333931", "size": "50 ml" }, { "sku": "CR-100" }] });
    let made = shop.post(&shop.admin, "/v1/products", body.clone()).await.ok();
    assert_eq!((&made["name"], made["variants"].as_array().unwrap().len()), (&json!("Crème"), 2));
    shop.post(&shop.admin, "/v1/products", body).await.refused(409, "sku_taken");
    let gtin =
        json!({ "name": "Other", "category": "skincare", "variants": [{ "sku": "OT-1", "gtin": "4006381333931" }] });
    shop.post(&shop.admin, "/v1/products", gtin).await.refused(409, "gtin_taken");
    assert_eq!(shop.database.count("products"), 1);
    let found = shop.get(&shop.admin, "/v1/variants?sku=CR-50").await.ok();
    assert_eq!(found["gtin"], "4006381333931");
}

#[actix_web::test]
async fn a_change_needs_the_version_that_was_read_and_null_clears() {
    let shop = Shop::open().await;
    let made = shop.variant("LIP-1").await;
    let path = format!("/v1/products/{}", made["id"].as_str().unwrap());
    shop.made("/v1/brands", json!({ "name": "Maison" })).await;
    let change = json!({ "brand": "maison", "name": "Lip" });
    shop.patch(&shop.admin, &path, change.clone(), None).await.refused(428, "precondition_required");
    let changed = shop.patch(&shop.admin, &path, change.clone(), Some(1)).await.ok();
    assert_eq!((&changed["brand"], &changed["version"]), (&json!("Maison"), &json!(2)));
    shop.patch(&shop.admin, &path, change, Some(1)).await.refused(412, "stale_version");
    let cleared = shop.patch(&shop.admin, &path, json!({ "brand": null }), Some(2)).await.ok();
    assert_eq!((&cleared["brand"], &cleared["name"]), (&json!(null), &json!("Lip")));
    let tag = shop.get(&shop.admin, &path).await.header("etag").to_owned();
    assert!(tag.starts_with("\"3-"), "the version, and a digest of the answer: {tag}");
    let asked = shop.request(&shop.admin, reqwest::Method::GET, &path).header("If-None-Match", tag);
    let cached = crate::support::answer(asked).await;
    assert_eq!(cached.status, 304);
}

#[actix_web::test]
async fn a_new_price_counts_from_the_next_order_on() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    assert_eq!(shop.placed(&paris, "LIP-1", 1).await["total"]["amount_minor"], 1000);
    let id = shop.get(&shop.admin, "/v1/variants?sku=LIP-1").await.ok()["id"].as_str().unwrap().to_owned();
    shop.put(&shop.admin, &format!("/v1/variants/{id}/prices/pos/EUR"), json!({ "amount_minor": 1250 })).await.ok();
    assert_eq!(shop.placed(&paris, "LIP-1", 2).await["total"]["amount_minor"], 2500);
    let mut yen = order_body(&paris, "LIP-1", 1);
    yen["currency"] = json!("JPY");
    shop.post(&shop.admin, "/v1/orders", yen).await.refused(422, "no_price");
}

#[actix_web::test]
async fn what_is_retired_is_not_sold_and_not_lost() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let variant = shop.get(&shop.admin, "/v1/variants?sku=LIP-1").await.ok();
    let path = format!("/v1/variants/{}", variant["id"].as_str().unwrap());
    shop.post(&shop.admin, &format!("{path}/retire"), json!({})).await.ok();
    shop.post(&shop.admin, "/v1/orders", order_body(&paris, "LIP-1", 1)).await.refused(409, "variant_retired");
    shop.post(&shop.admin, &format!("{path}/retire"), json!({})).await.refused(409, "variant_retired");
    assert_eq!(shop.get(&shop.admin, &path).await.ok()["status"], "retired");
    let product = format!("/v1/products/{}", variant["product_id"].as_str().unwrap());
    shop.post(&shop.admin, &format!("{product}/retire"), json!({})).await.ok();
    assert_eq!(shop.get(&shop.admin, &product).await.ok()["variants"][0]["status"], "retired");
    shop.post(&shop.admin, &format!("{product}/variants"), json!({ "sku": "LIP-9" }))
        .await
        .refused(409, "product_retired");
    assert_eq!(shop.get(&shop.admin, "/v1/products?status=active").await.ok()["data"], json!([]));
}

#[actix_web::test]
async fn a_bundle_is_made_of_known_variants_that_are_not_bundles() {
    let shop = Shop::open().await;
    let plain = shop.variant("LIP-1").await;
    let set = shop
        .post(
            &shop.admin,
            "/v1/products",
            json!({ "name": "Set", "category": "bundle", "variants": [{ "sku": "SET-1" }] }),
        )
        .await
        .ok();
    let path = |product: &serde_json::Value| {
        format!("/v1/variants/{}/components", product["variants"][0]["id"].as_str().unwrap())
    };
    let parts = |sku: &str| json!({ "components": [{ "sku": sku, "quantity": 1 }] });
    shop.put(&shop.admin, &path(&plain), parts("LIP-1")).await.refused(422, "invalid_bundle");
    shop.put(&shop.admin, &path(&set), parts("SET-1")).await.refused(422, "invalid_bundle");
    shop.put(&shop.admin, &path(&set), parts("NOPE")).await.refused(422, "unknown_sku");
    shop.put(&shop.admin, &path(&set), json!({ "components": [] })).await.refused(422, "invalid_bundle");
    let before = shop.get(&shop.admin, &format!("/v1/products/{}", set["id"].as_str().unwrap())).await;
    let made = shop.put(&shop.admin, &path(&set), parts("LIP-1")).await.ok();
    let known =
        shop.request(&shop.admin, reqwest::Method::GET, &format!("/v1/products/{}", set["id"].as_str().unwrap()));
    let after = crate::support::answer(known.header("If-None-Match", before.header("etag"))).await;
    assert_eq!(after.status, 200, "a product's page changes with its variants");
    assert_eq!(made["components"][0]["variant_id"], plain["variants"][0]["id"]);
}

#[actix_web::test]
async fn a_bundle_with_a_retired_part_is_not_sold() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 5).await;
    let part = shop.get(&shop.admin, "/v1/variants?sku=LIP-1").await.ok()["id"].as_str().unwrap().to_owned();
    let prices = json!([{ "channel": "pos", "currency": "EUR", "amount_minor": 1 }]);
    let set = json!({ "name": "Set", "category": "bundle", "variants": [{ "sku": "SET-1", "prices": prices }] });
    let set = shop.post(&shop.admin, "/v1/products", set).await.ok();
    let path = format!("/v1/variants/{}/components", set["variants"][0]["id"].as_str().unwrap());
    shop.put(&shop.admin, &path, json!({ "components": [{ "sku": "LIP-1", "quantity": 1 }] })).await.ok();
    let own = json!({ "delta": 5, "reason": "found" });
    shop.patch(&shop.admin, &format!("/v1/locations/{paris}/inventory/SET-1"), own, None)
        .await
        .refused(422, "invalid_bundle");
    assert_eq!(shop.placed(&paris, "SET-1", 1).await["status"], "pending");
    shop.post(&shop.admin, &format!("/v1/variants/{part}/retire"), json!({})).await.ok();
    shop.post(&shop.admin, "/v1/orders", order_body(&paris, "SET-1", 1)).await.refused(409, "variant_retired");
}

#[actix_web::test]
async fn products_are_listed_by_name_from_either_end() {
    let shop = Shop::open().await;
    for sku in ["B", "A", "C"] {
        shop.variant(sku).await;
    }
    let names = |page: &serde_json::Value| {
        page["data"].as_array().unwrap().iter().map(|p| p["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    for (sort, wanted) in [("name", ["A", "B", "C"]), ("-name", ["C", "B", "A"])] {
        let first = shop.get(&shop.admin, &format!("/v1/products?limit=2&sort={sort}")).await.ok();
        let cursor = first["page"]["next_cursor"].as_str().unwrap();
        let rest = shop.get(&shop.admin, &format!("/v1/products?limit=2&sort={sort}&cursor={cursor}")).await.ok();
        assert_eq!([names(&first), names(&rest)].concat(), wanted);
    }
    let query = "{ products(orderBy: BY_NAME_DESCENDING, first: 1) { edges { node { name } } } }";
    let last = shop.graphql(&shop.admin, query, json!({})).await;
    assert_eq!(last["data"]["products"]["edges"][0]["node"]["name"], "C");
}

#[actix_web::test]
async fn products_are_found_by_a_part_of_their_name_and_variants_by_their_gtin() {
    let shop = Shop::open().await;
    for (name, sku, gtin) in [("Velvet Lipstick", "V-1", "4006381333931"), ("Night Cream", "N-1", "73513537")] {
        let variants = json!([{ "sku": sku, "gtin": gtin }]);
        let body = json!({ "name": name, "category": "cosmetics", "variants": variants });
        shop.post(&shop.admin, "/v1/products", body).await.ok();
    }
    let found = shop.get(&shop.admin, "/v1/products?name=velvet%20LIP").await.ok();
    let names: Vec<_> = found["data"].as_array().unwrap().iter().map(|product| &product["name"]).collect();
    assert_eq!(names, ["Velvet Lipstick"]);
    assert_eq!(shop.get(&shop.admin, "/v1/products?name=%25").await.ok()["data"], json!([]), "no pattern, characters");
    let query = r#"{ products(filter: { name: "cream" }) { edges { node { name } } } }"#;
    let told = shop.graphql(&shop.admin, query, json!({})).await;
    assert_eq!(told["data"]["products"]["edges"][0]["node"]["name"], "Night Cream", "{told}");
    assert_eq!(shop.get(&shop.admin, "/v1/variants?gtin=04006381333931").await.ok()["sku"], "V-1");
    shop.get(&shop.admin, "/v1/variants?gtin=4006381333948").await.refused(404, "not_found");
    shop.get(&shop.admin, "/v1/variants").await.refused(400, "invalid_query");
    shop.get(&shop.admin, "/v1/variants?gtin=73513537&sku=N-1").await.refused(400, "invalid_query");
}

#[actix_web::test]
async fn a_scan_finds_the_variant_whichever_way_its_gtin_is_printed() {
    let shop = Shop::open().await;
    let body =
        json!({ "name": "Cream", "category": "skincare", "variants": [{ "sku": "CREAM-1", "gtin": "4006381333931" }] });
    shop.post(&shop.admin, "/v1/products", body).await.ok();
    let till = shop.sign_in("cashier", None).await;
    let scan = async |text: &str| {
        let text: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
        shop.get(&till, &format!("/v1/scans?text={text}")).await
    };
    let found = scan("]d201040063813339311728063010L-77\u{1d}21X1").await.ok();
    assert_eq!((&found["sku"], &found["gtin"]), (&json!("CREAM-1"), &json!("04006381333931")));
    assert_eq!(
        (&found["lot"], &found["expires_on"], &found["serial"]),
        (&json!("L-77"), &json!("2028-06-30"), &json!("X1"))
    );
    assert_eq!(scan("4006381333931").await.ok()["sku"], "CREAM-1");
    assert_eq!(scan("96385074").await.ok()["sku"], Value::Null);
    scan("(01)04006381333932").await.refused(422, "invalid_scan");
    scan("(11)280101(17)270101").await.refused(422, "expiry_before_manufacture");
    shop.get(&till, "/v1/scans").await.refused(400, "invalid_query");
}

#[actix_web::test]
async fn what_was_retired_with_its_product_comes_back_with_it_and_what_was_retired_before_does_not() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let first = shop.get(&shop.admin, "/v1/variants?sku=LIP-1").await.ok();
    let product = format!("/v1/products/{}", first["product_id"].as_str().unwrap());
    let second = shop.post(&shop.admin, &format!("{product}/variants"), json!({ "sku": "LIP-2" })).await.ok();
    let [one, two] = [&first, &second].map(|variant| format!("/v1/variants/{}", variant["id"].as_str().unwrap()));
    let again = async |path: &str| shop.post(&shop.admin, &format!("{path}/reinstate"), json!({})).await;
    again(&one).await.refused(409, "not_retired");
    again(&product).await.refused(409, "not_retired");
    shop.post(&shop.admin, &format!("{two}/retire"), json!({})).await.ok();
    shop.clock.advance(chrono::Duration::seconds(1));
    shop.post(&shop.admin, &format!("{product}/retire"), json!({})).await.ok();
    again(&two).await.refused(409, "product_retired");
    shop.post(&shop.admin, "/v1/orders", order_body(&paris, "LIP-1", 1)).await.refused(409, "variant_retired");
    let back = again(&product).await.ok();
    let told: Vec<_> = back["variants"].as_array().unwrap().iter().map(|v| (&v["sku"], &v["status"])).collect();
    assert_eq!(told, [(&json!("LIP-1"), &json!("active")), (&json!("LIP-2"), &json!("retired"))]);
    shop.placed(&paris, "LIP-1", 1).await;
    let back = again(&two).await.ok();
    assert_eq!((&back["status"], &back["retired_at"]), (&json!("active"), &json!(null)));
}

#[actix_web::test]
async fn a_sample_has_stock_and_no_sale() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let variant = shop.get(&shop.admin, "/v1/variants?sku=LIP-1").await.ok();
    let path = format!("/v1/variants/{}", variant["id"].as_str().unwrap());
    let sample = shop.patch(&shop.admin, &path, json!({ "purpose": "sample" }), variant["version"].as_i64()).await.ok();
    let refused = shop.post(&shop.admin, "/v1/orders", order_body(&paris, "LIP-1", 1)).await;
    refused.refused(409, "not_for_sale");
    assert_eq!(refused.body["errors"][0]["pointer"], "#/lines/0/sku");
    assert_eq!(shop.level(&paris, "LIP-1").await["on_hand"], 10);
    shop.variant("LIP-2").await;
    shop.stock(&paris, "LIP-2", 5).await;
    let order = shop.placed(&paris, "LIP-2", 1).await;
    let more = json!({ "lines": [{ "sku": "LIP-2", "quantity": 1 }, { "sku": "LIP-1", "quantity": 1 }] });
    let edit = format!("/v1/orders/{}", order["id"].as_str().unwrap());
    shop.patch(&shop.admin, &edit, more, order["version"].as_i64()).await.refused(409, "not_for_sale");
    let told = shop.get(&shop.admin, "/v1/availability?sku=LIP-1").await.ok();
    assert_eq!(told["data"], json!([]), "a sample is not offered");
    let sold = shop.post(&shop.admin, "/v1/pos/sales", crate::tills::sale(&shop, &paris, "LIP-1", 1, 0)).await.ok();
    assert_eq!(sold["marks"], json!(["not_for_sale"]), "a sale that is over is taken, and marked");
    shop.patch(&shop.admin, &path, json!({ "purpose": "sale" }), sample["version"].as_i64()).await.ok();
    shop.placed(&paris, "LIP-1", 1).await;
}

#[actix_web::test]
async fn a_variant_tells_its_color_its_weight_and_what_carriers_and_customs_ask() {
    let shop = Shop::open().await;
    let facts = json!({
        "shade": "Rouge", "shade_code": "N° 12", "shade_family": "red", "undertone": "warm", "swatch": "#b3122d",
        "weight_grams": 35, "shelf_life_days": 900, "dangerous_goods": "3", "hs_code": "330410",
    });
    let mut variant = facts.clone();
    variant["sku"] = json!("LIP-1");
    let body = json!({ "name": "Lipstick", "category": "cosmetics", "variants": [variant] });
    let made = shop.post(&shop.admin, "/v1/products", body).await.ok();
    let kept = &made["variants"][0];
    for (name, value) in facts.as_object().unwrap() {
        let wanted = if name == "swatch" { json!("#B3122D") } else { value.clone() };
        assert_eq!(kept[name], wanted, "{name}");
    }
    assert_eq!(kept["purpose"], "sale");
    let query =
        "{ variant(sku: \"LIP-1\") { shadeFamily undertone swatch weightGrams dangerousGoods hsCode purpose } }";
    let read = shop.graphql(&shop.admin, query, json!({})).await;
    let wanted = json!({
        "shadeFamily": "RED", "undertone": "WARM", "swatch": "#B3122D", "weightGrams": 35, "dangerousGoods": "3",
        "hsCode": "330410", "purpose": "SALE",
    });
    assert_eq!(read["data"]["variant"], wanted);
    let path = format!("/v1/variants/{}", kept["id"].as_str().unwrap());
    let wrong = [
        ("swatch", json!("red")),
        ("hs_code", json!("33.04")),
        ("dangerous_goods", json!("7")),
        ("shade_family", json!("beige")),
        ("weight_grams", json!(0)),
        ("shelf_life_days", json!(4000)),
        ("purpose", json!(null)),
    ];
    for (name, value) in wrong {
        let refused = shop.patch(&shop.admin, &path, json!({ name: value }), Some(1)).await;
        refused.refused(422, "invalid_body");
        assert_eq!(refused.body["errors"][0]["pointer"], format!("#/{name}"), "{}", refused.body);
    }
    let cleared = shop.patch(&shop.admin, &path, json!({ "swatch": null, "undertone": null }), Some(1)).await.ok();
    assert_eq!(
        (&cleared["swatch"], &cleared["undertone"], &cleared["version"]),
        (&json!(null), &json!(null), &json!(2))
    );
}

#[actix_web::test]
async fn a_variant_has_one_price_in_a_channel_and_currency() {
    let shop = Shop::open().await;
    let price = |minor: i64| json!({ "channel": "web", "currency": "EUR", "amount_minor": minor });
    let variant = json!({ "sku": "LIP-1", "prices": [price(1), price(2)] });
    let body = json!({ "name": "Lipstick", "category": "cosmetics", "variants": [variant] });
    let refused = shop.post(&shop.admin, "/v1/products", body).await;
    refused.refused(422, "invalid_body");
    assert_eq!(refused.body["errors"][0]["pointer"], "#/variants/0/prices");
    assert_eq!(shop.database.count("products"), 0);
}
