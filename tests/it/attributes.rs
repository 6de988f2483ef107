//! Attributes: defined for some products, set within their bounds, found and counted by searches.
use crate::{exports::exported, support::Shop};
use serde_json::{Value, json};

async fn defined(shop: &Shop, body: Value) -> Value {
    shop.post(&shop.admin, "/v1/attributes", body).await.ok()
}

/// A finish and a boolean for cosmetics, a number for skincare.
async fn definitions(shop: &Shop) -> Value {
    let options = json!(["matte", "satin", "glossy"]);
    let finish = json!({ "code": "finish", "name": "Finish", "kind": "choice", "category": "cosmetics",
                         "options": options, "is_required": true });
    let finish = defined(shop, finish).await;
    defined(shop, json!({ "code": "vegan", "name": "Vegan", "kind": "boolean" })).await;
    let skin = json!({ "code": "skin-type", "name": "Skin type", "kind": "choices", "options": ["dry", "oily"] });
    defined(shop, skin).await;
    let spf = json!({ "code": "spf", "name": "SPF", "kind": "number", "category": "skincare", "minimum": 2,
                      "maximum": 50 });
    defined(shop, spf).await;
    finish
}

fn path(product: &Value) -> String {
    format!("/v1/products/{}/attributes", product["id"].as_str().unwrap())
}

async fn set(shop: &Shop, product: &Value, attributes: Value) -> Value {
    shop.put(&shop.admin, &path(product), json!({ "attributes": attributes })).await.ok()
}

#[actix_web::test]
async fn a_product_has_the_attributes_that_are_defined_for_it_and_no_others() {
    let shop = Shop::open().await;
    definitions(&shop).await;
    let lipstick = shop.variant("LIP-1").await;
    let wrong = json!({ "attributes": { "spf": 30, "glow": true, "vegan": "yes", "skin-type": ["dry", "dry"] } });
    let refused = shop.put(&shop.admin, &path(&lipstick), wrong).await;
    refused.refused(422, "unknown_attribute");
    let errors = refused.body["errors"].as_array().unwrap();
    let told: Vec<_> =
        errors.iter().map(|of| (of["pointer"].as_str().unwrap(), of["code"].as_str().unwrap())).collect();
    let (unknown, invalid) = ("unknown_attribute", "invalid_attribute");
    let wanted = [
        ("#/attributes/glow", unknown),
        ("#/attributes/skin-type", invalid),
        ("#/attributes/spf", unknown),
        ("#/attributes/vegan", invalid),
        ("#/attributes/finish", invalid),
    ];
    assert_eq!(told, wanted, "all at once, with the required one that is missing");
    let told = set(&shop, &lipstick, json!({ "finish": "matte", "vegan": true, "skin-type": ["dry"] })).await;
    assert_eq!(told["attributes"], json!({ "finish": "matte", "skin-type": ["dry"], "vegan": true }));
    let body = json!({ "name": "Sun Care", "category": "skincare", "attributes": { "spf": 60 } });
    let refused = shop.post(&shop.admin, "/v1/products", body).await;
    refused.refused(422, "invalid_attribute");
    assert!(refused.body["detail"].as_str().unwrap().contains("50 or less"), "{}", refused.body);
    let body = json!({ "name": "Sun Care", "category": "skincare", "attributes": { "spf": 50 } });
    assert_eq!(shop.post(&shop.admin, "/v1/products", body).await.ok()["attributes"]["spf"], 50);
}

#[actix_web::test]
async fn an_attribute_of_a_category_belongs_to_what_stands_below_it() {
    let shop = Shop::open().await;
    let lips = json!({ "name": "Lips", "root": "cosmetics" });
    let lips = shop.post(&shop.admin, "/v1/categories", lips).await.ok()["id"].clone();
    let balms = json!({ "name": "Balms", "parent_id": lips });
    let balms = shop.post(&shop.admin, "/v1/categories", balms).await.ok()["id"].clone();
    let flavor = json!({ "code": "flavor", "name": "Flavor", "kind": "text", "category_id": lips });
    defined(&shop, flavor.clone()).await;
    shop.post(&shop.admin, "/v1/attributes", flavor).await.refused(409, "attribute_code_taken");
    let balm = json!({ "name": "Balm", "category": "cosmetics", "category_id": balms });
    let balm = shop.post(&shop.admin, "/v1/products", balm).await.ok();
    set(&shop, &balm, json!({ "flavor": "  Honey " })).await;
    let kept = shop.get(&shop.admin, &format!("/v1/products/{}", balm["id"].as_str().unwrap())).await.ok();
    assert_eq!(kept["attributes"]["flavor"], "Honey");
    let liner = shop.post(&shop.admin, "/v1/products", json!({ "name": "Liner", "category": "cosmetics" })).await.ok();
    let refused = shop.put(&shop.admin, &path(&liner), json!({ "attributes": { "flavor": "Honey" } })).await;
    refused.refused(422, "unknown_attribute");
    let elsewhere = json!({ "code": "x", "name": "X", "kind": "text", "category": "tools", "category_id": lips });
    shop.post(&shop.admin, "/v1/attributes", elsewhere).await.refused(422, "unknown_category");
}

#[actix_web::test]
async fn attributes_are_found_filtered_and_counted() {
    let shop = Shop::open().await;
    definitions(&shop).await;
    for (sku, attributes) in [
        ("LIP-1", json!({ "finish": "matte", "vegan": true })),
        ("LIP-2", json!({ "finish": "satin", "vegan": true, "skin-type": ["dry", "oily"] })),
        ("LIP-3", json!({ "finish": "satin", "vegan": false })),
    ] {
        let product = shop.variant(sku).await;
        set(&shop, &product, attributes).await;
    }
    shop.after(0).await;
    let search = async |query: &str| shop.get(&shop.admin, &format!("/v1/search/products?{query}")).await.ok();
    let names = |found: &Value| {
        let mut names: Vec<_> =
            found["data"].as_array().unwrap().iter().map(|of| of["name"].as_str().unwrap().to_owned()).collect();
        names.sort_unstable();
        names
    };
    assert_eq!(names(&search("q=vegan").await), ["LIP-1", "LIP-2"], "what is not so is not told");
    assert_eq!(names(&search("q=oily").await), ["LIP-2"]);
    let found = search("attribute=finish:satin,vegan:true").await;
    assert_eq!(names(&found), ["LIP-2"]);
    let counted = |code: &str| {
        let all = found["facets"]["attributes"].as_array().unwrap();
        let values = all.iter().find(|of| of["code"] == code).unwrap()["values"].as_array().unwrap();
        values.iter().map(|of| (of["value"].as_str().unwrap(), of["count"].as_i64().unwrap())).collect::<Vec<_>>()
    };
    assert_eq!(counted("finish"), [("matte", 1), ("satin", 1)], "of what is vegan");
    assert_eq!(counted("vegan"), [("false", 1), ("true", 1)], "of what is satin");
    assert_eq!(names(&search("attribute=finish:satin,finish:matte").await).len(), 3, "values of one widen");
    assert_eq!(search("attribute=finish:none").await["total"], 0);
    for wrong in ["vegan", "vegan:", ":true"] {
        let path = format!("/v1/search/products?attribute={wrong}");
        shop.get(&shop.admin, &path).await.refused(400, "invalid_query");
    }
    let query = "{ searchProducts(search: { filter: { attributes: [{ code: \"skin-type\", values: [\"dry\"] }] } }) { \
                 total facets { attributes { code values { value count } } } \
                 hits { product { attributes { code name values } } } } }";
    let told = shop.graphql(&shop.admin, query, json!({})).await["data"]["searchProducts"].clone();
    assert_eq!(told["total"], 1, "{told}");
    let attributes = &told["hits"][0]["product"]["attributes"];
    assert_eq!(attributes[1], json!({ "code": "skin-type", "name": "Skin type", "values": ["dry", "oily"] }));
}

#[actix_web::test]
async fn what_products_have_is_neither_deleted_nor_taken_from_the_options() {
    let shop = Shop::open().await;
    let finish = definitions(&shop).await;
    let at = format!("/v1/attributes/{}", finish["id"].as_str().unwrap());
    let lipstick = shop.variant("LIP-1").await;
    set(&shop, &lipstick, json!({ "finish": "matte" })).await;
    let fewer = json!({ "options": ["satin"] });
    shop.patch(&shop.admin, &at, fewer, Some(1)).await.refused(409, "attribute_in_use");
    let changed =
        shop.patch(&shop.admin, &at, json!({ "options": ["matte", "dewy"], "name": "Look" }), Some(1)).await.ok();
    assert_eq!((&changed["options"], &changed["version"]), (&json!(["matte", "dewy"]), &json!(2)));
    shop.after(0).await;
    let found = shop.get(&shop.admin, "/v1/search/products?q=look").await.ok();
    assert_eq!(found["total"], 1, "it is found by the new name");
    let delete = async || crate::support::answer(shop.request(&shop.admin, reqwest::Method::DELETE, &at)).await;
    delete().await.refused(409, "attribute_in_use");
    shop.patch(&shop.admin, &at, json!({ "is_required": false }), Some(2)).await.ok();
    set(&shop, &lipstick, json!({})).await;
    delete().await.ok();
    shop.get(&shop.admin, &at).await.refused(404, "not_found");
    let nonsense =
        json!({ "code": "n", "name": "N", "kind": "number", "options": ["a", "A"], "minimum": 3, "maximum": 2 });
    let refused = shop.post(&shop.admin, "/v1/attributes", nonsense).await;
    refused.refused(422, "invalid_body");
    assert_eq!(refused.body["errors"].as_array().unwrap().len(), 3, "{}", refused.body);
}

#[actix_web::test]
async fn a_file_launches_products_with_their_attributes_and_reads_what_it_wrote() {
    let shop = Shop::open().await;
    definitions(&shop).await;
    let import = async |media_type: &str, text: &str| {
        let made = shop.import(&shop.admin, "products", media_type, text).await.ok();
        shop.app.jobs.import().await.unwrap();
        let path = format!("/v1/imports/{}", made["id"].as_str().unwrap());
        let import = shop.get(&shop.admin, &path).await.ok();
        ["done", "skipped", "failed"].map(|name| import[name].as_i64().unwrap())
    };
    let rows = "product,name,category,publications,attributes,sku\n\
        dew,Dew,cosmetics,\"[{\"\"channel\"\":\"\"web\"\",\"\"starts_at\"\":\"\"2050-01-01T00:00:00Z\"\"}]\",\
        \"{\"\"finish\"\":\"\"satin\"\",\"\"vegan\"\":true}\",DEW-1\n\
        dew,Dew,cosmetics,,,DEW-2\n\
        mist,Mist,cosmetics,web,,MST-1\n\
        haze,Haze,cosmetics,[],\"{\"\"finish\"\":\"\"none\"\"}\",HAZ-1\n";
    assert_eq!(import("text/csv", rows).await, [2, 0, 2], "words are no publications, and none is no finish");
    let dew = shop.get(&shop.admin, "/v1/products?slug=dew").await.ok()["data"][0].clone();
    assert_eq!((&dew["attributes"]["vegan"], &dew["publications"][0]["channel"]), (&json!(true), &json!("web")));
    for (format, media_type) in [("csv", "text/csv"), ("jsonl", "application/x-ndjson")] {
        let file = exported(&shop, &shop.admin, json!({ "kind": "products", "format": format })).await;
        assert_eq!(import(media_type, &file).await, [0, 2, 0], "{file}");
    }
    let launch = r#"{"product":"dew","publications":null,"attributes":{"finish":"matte"}}"#;
    assert_eq!(import("application/x-ndjson", launch).await, [1, 0, 0]);
    let dew = shop.get(&shop.admin, "/v1/products?slug=dew").await.ok()["data"][0].clone();
    assert_eq!((&dew["attributes"], &dew["publications"]), (&json!({ "finish": "matte" }), &json!(null)));
}
