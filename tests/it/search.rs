//! The search of products: words, typing errors, filters with counts, orders, suggestions.
use crate::{support::Shop, tills::sale};
use serde_json::{Value, json};

/// A product of one variant that costs so many cents, with more fields; found after the next round of the jobs.
async fn product(shop: &Shop, sku: &str, cents: i64, more: Value) -> Value {
    let prices: Vec<_> =
        ["web", "pos"].map(|channel| json!({ "channel": channel, "currency": "EUR", "amount_minor": cents })).to_vec();
    let mut variant = json!({ "sku": sku, "prices": prices });
    let mut body = json!({ "name": sku, "category": "cosmetics" });
    for (field, value) in more.as_object().unwrap() {
        match body.get(field).is_some() || ["brand", "description", "category_id", "inci"].contains(&field.as_str()) {
            true => body[field] = value.clone(),
            false => variant[field] = value.clone(),
        }
    }
    body["variants"] = json!([variant]);
    shop.post(&shop.admin, "/v1/products", body).await.ok()
}

async fn search(shop: &Shop, query: &str) -> Value {
    shop.get(&shop.admin, &format!("/v1/search/products?{query}")).await.ok()
}

fn names(found: &Value) -> Vec<&str> {
    found["data"].as_array().unwrap().iter().map(|p| p["name"].as_str().unwrap()).collect()
}

async fn found(shop: &Shop, query: &str) -> Vec<String> {
    names(&search(shop, query).await).into_iter().map(str::to_owned).collect()
}

/// A velvet lipstick with a French name, and a cream.
async fn counter() -> Shop {
    let shop = Shop::open().await;
    shop.post(&shop.admin, "/v1/brands", json!({ "name": "Maison Éclat" })).await.ok();
    let lipstick = json!({ "name": "Velvet Lipstick", "brand": "Maison Éclat", "description": "Matte, for long days.",
                           "shade": "Rouge Opéra", "shade_family": "red", "gtin": "4006381333931" });
    let made = product(&shop, "LIP-VEL-01", 2_900, lipstick).await;
    let path = format!("/v1/products/{}/translations/fr", made["id"].as_str().unwrap());
    let told = json!({ "name": "Rouge à lèvres velours", "description": "Tenue longue durée." });
    shop.put(&shop.admin, &path, told).await.ok();
    let cream = json!({ "name": "Night Cream", "category": "skincare", "inci": "AQUA, GLYCERIN", "size": "50 ml" });
    product(&shop, "CRM-NGT-50", 4_500, cream).await;
    shop.after(0).await;
    shop
}

#[actix_web::test]
async fn words_find_products_in_any_language_without_accents_or_endings() {
    let shop = counter().await;
    for query in
        ["velvet", "VELV", "lipsticks", "eclat", "éclat lip", "opera", "matte", "levres", "red", "lèvres velou"]
    {
        assert_eq!(found(&shop, &format!("q={query}")).await, ["Velvet Lipstick"], "{query}");
    }
    assert_eq!(found(&shop, "q=longues&language=fr").await, ["Rouge à lèvres velours"], "by its French stem");
    assert_eq!(found(&shop, "q=glycerin").await, ["Night Cream"]);
    assert_eq!(found(&shop, "q=skincare").await, ["Night Cream"]);
    assert!(found(&shop, "q=velvet cream").await.is_empty(), "a product has all the words");
    assert_eq!(found(&shop, "").await.len(), 2, "no words find everything");
    assert_eq!(found(&shop, "q=--").await, Vec::<String>::new());
}

#[actix_web::test]
async fn a_word_with_one_wrong_letter_is_corrected_and_told() {
    let shop = counter().await;
    for typed in ["lipstik", "velet", "vlevet", "lipstcik", "lipstikc", "nihgt crem", "gliceryn"] {
        let answer = search(&shop, &format!("q={typed}")).await;
        assert_eq!(answer["total"], 1, "{typed}: {answer}");
        assert!(answer["corrected_query"].is_string(), "{typed}");
    }
    let right = search(&shop, "q=velvet").await;
    assert_eq!(right["corrected_query"], Value::Null);
    let none = search(&shop, "q=xylophone").await;
    assert_eq!((&none["total"], &none["corrected_query"]), (&json!(0), &Value::Null));
}

#[actix_web::test]
async fn numbers_and_forgotten_words_are_not_corrected() {
    let shop = counter().await;
    for typed in ["4006381333932", "LIP-VEL-02", "velvet0"] {
        let answer = search(&shop, &format!("q={typed}")).await;
        assert_eq!((&answer["total"], &answer["corrected_query"]), (&json!(0), &Value::Null), "{typed}");
    }
    let wrong = product(&shop, "LIP-WRONG", 900, json!({ "name": "Lipstickq" })).await;
    shop.after(0).await;
    assert_eq!(found(&shop, "q=lipstickq").await, ["Lipstickq"]);
    let path = format!("/v1/products/{}/retire", wrong["id"].as_str().unwrap());
    shop.post(&shop.admin, &path, json!({})).await.ok();
    shop.after(0).await;
    assert_eq!(found(&shop, "q=lipstickq").await, ["Velvet Lipstick"], "a word of what is retired is a typing error");
    assert_eq!(search(&shop, "q=ipstickq").await["corrected_query"], "lipstick");
}

#[actix_web::test]
async fn words_of_what_is_not_sold_find_nothing() {
    let shop = counter().await;
    let lipstick = &shop.get(&shop.admin, "/v1/products?name=velvet").await.ok()["data"][0];
    let path = format!("/v1/products/{}/variants", lipstick["id"].as_str().unwrap());
    let sample = json!({ "sku": "LIP-SAMPLE", "shade": "Sampler", "purpose": "sample" });
    shop.post(&shop.admin, &path, sample).await.ok();
    let green = shop.post(&shop.admin, &path, json!({ "sku": "LIP-GREEN", "shade": "Emerald" })).await.ok();
    shop.after(0).await;
    assert!(found(&shop, "q=sampler").await.is_empty());
    assert_eq!(found(&shop, "q=emerald").await, ["Velvet Lipstick"]);
    let path = format!("/v1/variants/{}/retire", green["id"].as_str().unwrap());
    shop.post(&shop.admin, &path, json!({})).await.ok();
    shop.after(0).await;
    assert!(found(&shop, "q=emerald").await.is_empty());
    assert!(found(&shop, "q=LIP-GREEN").await.is_empty());
}

#[actix_web::test]
async fn numbers_are_found_with_and_without_a_space_and_characters_within_a_word() {
    let shop = counter().await;
    product(&shop, "SET-1", 900, json!({ "name": "口红亮泽 Işık N° 10", "size": "1,7 oz" })).await;
    shop.after(0).await;
    for typed in ["亮泽", "ışık", "isik", "n10", "N° 10", "set1", "1,7oz"] {
        assert_eq!(found(&shop, &format!("q={typed}")).await, ["口红亮泽 Işık N° 10"], "{typed}");
    }
    assert_eq!(found(&shop, "q=50ml").await, ["Night Cream"]);
    assert_eq!(found(&shop, r"size=1\,7 oz,50 ml").await.len(), 2);
}

#[actix_web::test]
async fn a_product_with_more_text_than_a_document_holds_keeps_no_other_from_being_found() {
    let shop = counter().await;
    let made = product(&shop, "LONG", 900, json!({ "name": "Longtext" })).await;
    for n in 0..60 {
        let text: Vec<_> = (0..440).map(|word| format!("w{n}x{word}")).collect();
        let language = format!("{}-{}", ["fr", "de", "es"][n % 3], 100 + n);
        let path = format!("/v1/products/{}/translations/{language}", made["id"].as_str().unwrap());
        let told = json!({ "name": "Texte", "description": text.join(" ") });
        shop.put(&shop.admin, &path, told).await.ok();
    }
    product(&shop, "NEXT", 900, json!({ "name": "Successor" })).await;
    shop.after(0).await;
    assert_eq!(found(&shop, "q=longtext").await, ["Longtext"]);
    assert_eq!(found(&shop, "q=successor").await, ["Successor"]);
}

#[actix_web::test]
async fn without_trigrams_the_search_finds_what_is_typed_right() {
    let shop = counter().await;
    shop.database.run("drop extension pg_trgm cascade");
    assert_eq!(found(&shop, "q=velvet").await, ["Velvet Lipstick"]);
    assert_eq!(search(&shop, "q=velet").await["total"], 0);
}

#[actix_web::test]
async fn a_sku_or_gtin_finds_its_product_first() {
    let shop = counter().await;
    product(&shop, "LIP-VEL-01-REFILL", 1_500, json!({ "name": "Refill for LIP VEL 01" })).await;
    shop.after(0).await;
    for typed in ["LIP-VEL-01", "lip-vel-01"] {
        assert_eq!(found(&shop, &format!("q={typed}")).await, ["Velvet Lipstick", "Refill for LIP VEL 01"]);
    }
    for typed in ["4006381333931", "04006381333931"] {
        assert_eq!(found(&shop, &format!("q={typed}")).await, ["Velvet Lipstick"]);
    }
}

#[actix_web::test]
async fn a_sku_that_nothing_has_finds_no_other_product() {
    let shop = counter().await;
    product(&shop, "NC-IMP-02", 900, json!({ "name": "Lipgloss 2" })).await;
    shop.after(0).await;
    assert_eq!(search(&shop, "q=NC-LIP-02").await["total"], 0, "it has NC, 02 and a word that begins with LIP");
    for typed in ["NC-IMP-0", "nc lip 02", "NC-IMP"] {
        assert_eq!(found(&shop, &format!("q={typed}")).await, ["Lipgloss 2"], "{typed}");
    }
}

/// Four products: by name, price, units sold and units in Paris.
async fn table() -> (Shop, String) {
    let shop = Shop::open_for_long().await;
    let paris = shop.location("PAR", 1).await;
    for (sku, cents, sold, left) in [("A", 3_000, 2, 0), ("B", 1_000, 5, 3), ("C", 2_000, 0, 9), ("D", 4_000, 1, 1)] {
        product(&shop, sku, cents, json!({ "size": if cents > 2_000 { "50 ml" } else { "30 ml" } })).await;
        if sold + left > 0 {
            shop.stock(&paris, sku, sold + left).await;
        }
        if sold > 0 {
            shop.post(&shop.admin, "/v1/pos/sales", sale(&shop, &paris, sku, sold, 0)).await.ok();
        }
        shop.clock.advance(chrono::Duration::seconds(1));
    }
    // Sales are counted once an hour.
    shop.after(3_600).await;
    (shop, paris)
}

#[actix_web::test]
async fn orders_of_results_are_those_of_a_table_made_by_hand() {
    let (shop, paris) = table().await;
    let sorted = async |sort: &str| found(&shop, &format!("currency=EUR&location_id={paris}&sort={sort}")).await;
    assert_eq!(sorted("popularity").await, ["B", "A", "D", "C"]);
    assert_eq!(sorted("price").await, ["B", "C", "A", "D"]);
    assert_eq!(sorted("-price").await, ["D", "A", "C", "B"]);
    assert_eq!(sorted("newest").await, ["D", "C", "B", "A"]);
    assert_eq!(sorted("availability").await, ["C", "B", "D", "A"]);
    assert_eq!(found(&shop, "").await, ["B", "A", "D", "C"], "without words what sells most comes first");
    let pages = async |limit: usize| {
        let (mut all, mut cursor) = (vec![], String::new());
        loop {
            let page = search(&shop, &format!("sort=popularity&limit={limit}{cursor}")).await;
            all.extend(names(&page).into_iter().map(str::to_owned));
            match page["page"]["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return all,
            }
        }
    };
    assert_eq!(pages(1).await, ["B", "A", "D", "C"]);
    assert_eq!(pages(3).await, ["B", "A", "D", "C"]);
}

#[actix_web::test]
async fn counts_are_those_of_the_filtered_lists() {
    let (shop, paris) = table().await;
    let base = format!("currency=EUR&location_id={paris}&price_min_minor=1500");
    let all = search(&shop, &base).await;
    assert_eq!(all["total"], 3);
    let facets = &all["facets"];
    for size in facets["sizes"].as_array().unwrap() {
        let list = search(&shop, &format!("{base}&size={}", size["value"].as_str().unwrap())).await;
        assert_eq!(list["total"], size["count"]);
    }
    assert_eq!(facets["sizes"], json!([{ "value": "50 ml", "count": 2 }, { "value": "30 ml", "count": 1 }]));
    assert_eq!(facets["available"], search(&shop, &format!("{base}&available=true")).await["total"]);
    let mut in_bands = 0;
    for band in facets["prices"].as_array().unwrap() {
        let (least, most) = (&band["value"]["min_minor"], &band["value"]["max_minor"]);
        let list = search(&shop, &format!("currency=EUR&price_min_minor={least}&price_max_minor={most}")).await;
        assert_eq!(list["total"], band["count"]);
        in_bands += band["count"].as_i64().unwrap();
    }
    assert_eq!(in_bands, 4, "bands are counted without the price that was asked");
    let two = search(&shop, &format!("{base}&size=30 ml,50 ml")).await;
    assert_eq!(two["total"], 3, "values of one field widen it");
    assert_eq!(two["data"][0]["price"]["currency"], "EUR");
}

#[actix_web::test]
async fn changes_of_the_catalog_are_found_after_the_next_round() {
    let shop = counter().await;
    let brand = shop.get(&shop.admin, "/v1/brands").await.ok()["data"][0].clone();
    let path = format!("/v1/brands/{}", brand["id"].as_str().unwrap());
    shop.patch(&shop.admin, &path, json!({ "name": "Atelier Zéphyr" }), Some(1)).await.ok();
    shop.after(0).await;
    assert_eq!(found(&shop, "q=zephyr").await, ["Velvet Lipstick"]);
    assert!(found(&shop, "q=maison").await.is_empty());
    assert_eq!(search(&shop, "").await["facets"]["brands"][0]["name"], "Atelier Zéphyr");
    let lipstick = &shop.get(&shop.admin, "/v1/products?name=velvet").await.ok()["data"][0];
    let (id, variant) = (lipstick["id"].as_str().unwrap(), lipstick["variants"][0]["id"].as_str().unwrap());
    let price = json!({ "amount_minor": 9_900 });
    shop.put(&shop.admin, &format!("/v1/variants/{variant}/prices/web/EUR"), price).await.ok();
    shop.after(0).await;
    assert_eq!(found(&shop, "currency=EUR&sort=-price").await, ["Velvet Lipstick", "Night Cream"]);
    shop.post(&shop.admin, &format!("/v1/products/{id}/retire"), json!({})).await.ok();
    shop.after(0).await;
    assert!(found(&shop, "q=velvet").await.is_empty(), "what is retired is not found");
    shop.post(&shop.admin, &format!("/v1/products/{id}/reinstate"), json!({})).await.ok();
    shop.after(0).await;
    assert_eq!(found(&shop, "q=velvet").await, ["Velvet Lipstick"]);
}

#[actix_web::test]
async fn names_are_suggested_while_someone_types() {
    let shop = counter().await;
    let suggest = async |typed: &str| shop.get(&shop.admin, &format!("/v1/search/suggestions?q={typed}")).await.ok();
    let told = suggest("vel").await;
    assert_eq!((&told["products"][0]["name"], &told["products"][1]), (&json!("Velvet Lipstick"), &Value::Null));
    assert_eq!(suggest("ecl").await["brands"][0]["name"], "Maison Éclat");
    assert_eq!(suggest("rouge lev").await["products"][0]["name"], "Velvet Lipstick", "by its French name");
    let query = "{ suggestProducts(text: \"vel\") { products { name product { slug } } brands { label } } }";
    let read = shop.graphql(&shop.admin, query, json!({})).await;
    let product = &read["data"]["suggestProducts"]["products"][0];
    assert_eq!((&product["name"], &product["product"]["slug"]), (&json!("Velvet Lipstick"), &json!("velvet-lipstick")));
    assert_eq!(suggest("elvet").await["products"], json!([]), "words are matched from their start");
}

#[actix_web::test]
async fn a_search_that_makes_no_sense_is_refused() {
    let shop = counter().await;
    let paris = shop.location("PAR", 1).await;
    let at = |query: &str| format!("/v1/search/products?{query}");
    for wrong in [
        "sort=price",
        "price_min_minor=1",
        "available=true",
        "sort=availability",
        "currency=EUR&price_min_minor=2&price_max_minor=1",
        "q=a b c d e f g h i j k l m",
        "size=",
        "currency=EUR&price_max_minor=-1",
        "limit=0",
        "limit=201",
        "sort=size",
        "category=shoes",
        "shade_family=red,,pink",
        "brand_id=x",
        "language=_",
        "unknown=1",
    ] {
        shop.get(&shop.admin, &at(wrong)).await.refused(400, "invalid_query");
    }
    let cursor = search(&shop, "limit=1").await["page"]["next_cursor"].as_str().unwrap().to_owned();
    shop.get(&shop.admin, &at(&format!("limit=1&q=cream&cursor={cursor}"))).await.refused(400, "invalid_cursor");
    let nowhere = uuid::Uuid::now_v7();
    shop.get(&shop.admin, &at(&format!("location_id={nowhere}"))).await.refused(404, "not_found");
    let elsewhere = shop.location("LYO", 1).await;
    let clerk = shop.sign_in("cashier", Some(&elsewhere)).await;
    shop.get(&clerk, &at(&format!("location_id={paris}"))).await.refused(404, "not_found");
    shop.get(&clerk, &at(&format!("location_id={elsewhere}"))).await.ok();
    shop.get(&shop.admin, "/v1/search/suggestions?q=").await.refused(400, "invalid_query");
}

#[actix_web::test]
async fn graphql_finds_the_same_products() {
    let (shop, paris) = table().await;
    let query =
        "query($search: SearchInput, $after: String) { searchProducts(search: $search, first: 2, after: $after) {
        total hasNextPage correctedText
        hits { cursor quantityAvailable price { amountMinor currency } product { name } }
        facets { sizes { value label count } prices { minMinor count } available } } }";
    let wanted = json!({ "currency": "EUR", "locationId": paris, "orderBy": "PRICE_ASCENDING" });
    let read = shop.graphql(&shop.admin, query, json!({ "search": wanted })).await;
    let first = &read["data"]["searchProducts"];
    assert_eq!((&first["total"], &first["hasNextPage"]), (&json!(4), &json!(true)), "{read}");
    let hit = &first["hits"][0];
    assert_eq!((&hit["product"]["name"], &hit["quantityAvailable"]), (&json!("B"), &json!(3)));
    assert_eq!(hit["price"], json!({ "amountMinor": 1_000, "currency": "EUR" }));
    assert_eq!((&first["facets"]["available"], &first["facets"]["sizes"][0]["count"]), (&json!(3), &json!(2)));
    let after = &first["hits"][1]["cursor"];
    let read = shop.graphql(&shop.admin, query, json!({ "search": wanted, "after": after })).await;
    let names: Vec<_> =
        read["data"]["searchProducts"]["hits"].as_array().unwrap().iter().map(|h| &h["product"]["name"]).collect();
    assert_eq!(names, ["A", "D"]);
    for wrong in [json!({ "text": "\u{202e}rose" }), json!({ "currency": "XXX" }), json!({ "language": "_" })] {
        let refused = shop.graphql(&shop.admin, query, json!({ "search": wrong })).await;
        assert_eq!(refused["errors"][0]["extensions"]["code"], "graphql_invalid", "{wrong}");
    }
    let wrong = shop.graphql(&shop.admin, query, json!({ "search": { "orderBy": "PRICE_ASCENDING" } })).await;
    assert_eq!(wrong["errors"][0]["extensions"]["code"], "invalid_query", "{wrong}");
}
