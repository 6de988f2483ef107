//! The content of product pages: texts in other languages, pictures and films.
use crate::support::Shop;
use serde_json::{Value, json};

async fn cream(shop: &Shop) -> (Value, String) {
    let body = json!({ "name": "Cream", "description": "For every day.", "category": "skincare",
                       "variants": [{ "sku": "CR-1" }, { "sku": "CR-2" }] });
    let made = shop.post(&shop.admin, "/v1/products", body).await.ok();
    let path = format!("/v1/products/{}", made["id"].as_str().unwrap());
    (made, path)
}

#[actix_web::test]
async fn a_product_is_told_in_the_nearest_language_that_there_is() {
    let shop = Shop::open().await;
    let (_, path) = cream(&shop).await;
    let set = async |language: &str, body: Value| {
        shop.put(&shop.admin, &format!("{path}/translations/{language}"), body).await
    };
    set("FR", json!({ "name": "Crème", "description": "Pour tous les jours." })).await.ok();
    set("fr-ca", json!({ "name": "Crème du Québec" })).await.ok();
    for bad in ["french_", "x", "e n", "de-1996-1996", "en-a-bbb-a-ccc"] {
        set(bad, json!({ "name": "A" })).await.refused(400, "invalid_path");
    }
    let told = async |language: &str| {
        let read = shop.get(&shop.admin, &format!("{path}?language={language}")).await.ok();
        [&read["name"], &read["description"], &read["language"]].map(|text| text.as_str().unwrap_or("-").to_owned())
    };
    assert_eq!(told("fr-BE").await, ["Crème", "Pour tous les jours.", "fr"]);
    assert_eq!(told("fr-CA").await, ["Crème du Québec", "For every day.", "fr-CA"]);
    assert_eq!(told("de").await, ["Cream", "For every day.", "-"]);
    let listed = shop.get(&shop.admin, "/v1/products?language=fr").await.ok();
    assert_eq!(listed["data"][0]["name"], "Crème");
    let query = "{ products(first: 1) { nodes { name fr: name(language: \"fr-BE\") description(language: \"fr\") } } }";
    let read = shop.graphql(&shop.admin, query, json!({})).await;
    let wanted = json!({ "name": "Cream", "fr": "Crème", "description": "Pour tous les jours." });
    assert_eq!(read["data"]["products"]["nodes"][0], wanted);
    let bad = shop.graphql(&shop.admin, "{ products(first: 1) { nodes { name(language: \"_\") } } }", json!({})).await;
    assert_eq!(bad["errors"][0]["extensions"]["code"], "graphql_invalid", "{bad}");
    let gone = shop.request(&shop.admin, reqwest::Method::DELETE, &format!("{path}/translations/fr-CA"));
    crate::support::answer(gone).await.ok();
    assert_eq!(told("fr-CA").await[0], "Crème");
    let twice = shop.request(&shop.admin, reqwest::Method::DELETE, &format!("{path}/translations/fr-CA"));
    crate::support::answer(twice).await.refused(404, "not_found");
}

#[actix_web::test]
async fn a_page_of_products_goes_on_in_every_language() {
    let shop = Shop::open().await;
    for (name, french) in [("A", "Z"), ("B", "Y"), ("C", "X")] {
        let made = shop.post(&shop.admin, "/v1/products", json!({ "name": name, "category": "tools" })).await.ok();
        let path = format!("/v1/products/{}/translations/fr", made["id"].as_str().unwrap());
        shop.put(&shop.admin, &path, json!({ "name": french })).await.ok();
    }
    let (mut seen, mut cursor) = (vec![], String::new());
    loop {
        let page = shop.get(&shop.admin, &format!("/v1/products?language=fr&limit=1{cursor}")).await.ok();
        seen.push(page["data"][0]["name"].as_str().unwrap().to_owned());
        let Some(next) = page["page"]["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(seen, ["Z", "Y", "X"], "each once, in the order of the default names");
}

#[actix_web::test]
async fn the_media_of_a_product_stand_in_their_order_and_show_its_own_variants() {
    let shop = Shop::open().await;
    let (made, path) = cream(&shop).await;
    let set = async |media: Value| shop.put(&shop.admin, &format!("{path}/media"), json!({ "media": media })).await;
    let first = json!({ "url": "https://cdn.example.com/a.jpg", "alt": "The jar" });
    let film = json!({ "url": "https://cdn.example.com/b.mp4", "kind": "video", "sku": "cr-2" });
    let kept = set(json!([film, first])).await.ok();
    let told: Vec<_> = kept["media"].as_array().unwrap().iter().map(|m| (&m["kind"], &m["variant_id"])).collect();
    let second = &made["variants"][1]["id"];
    assert_eq!(told, [(&json!("video"), second), (&json!("image"), &Value::Null)]);
    assert_eq!(kept["version"], 2);
    let other = json!({ "url": "https://cdn.example.com/c.jpg", "sku": "LIP-9" });
    let refused = set(json!([first, other])).await;
    refused.refused(422, "unknown_sku");
    assert_eq!(refused.body["errors"][0]["pointer"], "#/media/1/sku");
    for bad in [
        "javascript:alert(1)",
        "/a.jpg",
        "https://",
        "https://a b/c.jpg",
        "ftp://a.example/b",
        "https://u:p@a.example/b",
        "https://.",
    ] {
        set(json!([{ "url": bad }])).await.refused(422, "invalid_body");
    }
    let query = "{ products(first: 1) { nodes { media { kind url alt variant { sku } } } } }";
    let read = shop.graphql(&shop.admin, query, json!({})).await;
    assert_eq!(
        read["data"]["products"]["nodes"][0]["media"],
        json!([
            { "kind": "VIDEO", "url": "https://cdn.example.com/b.mp4", "alt": null, "variant": { "sku": "CR-2" } },
            { "kind": "IMAGE", "url": "https://cdn.example.com/a.jpg", "alt": "The jar", "variant": null },
        ])
    );
    let odd = set(json!([{ "url": "HTTPS://EXAMPLE.COM/\"><b>.jpg" }])).await.ok();
    assert_eq!(odd["media"][0]["url"], "https://example.com/%22%3E%3Cb%3E.jpg");
    assert_eq!(set(json!([])).await.ok()["media"], json!([]));
}
