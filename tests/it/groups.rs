//! Brands, categories and collections: the names by which products are found.
use crate::support::{Shop, together::all_at_once};
use serde_json::{Value, json};

fn id(record: &Value) -> &str {
    record["id"].as_str().unwrap()
}

async fn product(shop: &Shop, name: &str, more: Value) -> Value {
    let mut body = json!({ "name": name, "category": "skincare" });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    shop.post(&shop.admin, "/v1/products", body).await.ok()
}

async fn named(shop: &Shop, query: &str) -> Vec<String> {
    let listed = shop.get(&shop.admin, &format!("/v1/products?{query}")).await.ok();
    listed["data"].as_array().unwrap().iter().map(|p| p["name"].as_str().unwrap().to_owned()).collect()
}

#[actix_web::test]
async fn products_bear_the_name_of_their_brand_and_its_new_one_at_once() {
    let shop = Shop::open().await;
    let brand = shop.post(&shop.admin, "/v1/brands", json!({ "name": "Maison Éclat" })).await.ok();
    assert_eq!((&brand["slug"], &brand["kind"]), (&json!("maison-eclat"), &json!("brand")));
    shop.post(&shop.admin, "/v1/brands", json!({ "name": "MAISON éclat", "slug": "other" }))
        .await
        .refused(409, "name_taken");
    let cream = product(&shop, "Cream", json!({ "brand": "maison éclat" })).await;
    assert_eq!((&cream["brand"], &cream["brand_id"]), (&json!("Maison Éclat"), &brand["id"]));
    let path = format!("/v1/brands/{}", id(&brand));
    shop.patch(&shop.admin, &path, json!({}), Some(1)).await.refused(422, "invalid_body");
    shop.patch(&shop.admin, &path, json!({ "name": "Éclat" }), None).await.refused(428, "precondition_required");
    shop.patch(&shop.admin, &path, json!({ "name": "Éclat" }), Some(1)).await.ok();
    let read = shop.get(&shop.admin, &format!("/v1/products/{}", id(&cream))).await.ok();
    assert_eq!((&read["brand"], &read["version"]), (&json!("Éclat"), &json!(2)));
    product(&shop, "Serum", json!({})).await;
    assert_eq!(named(&shop, &format!("brand_id={}", id(&brand))).await, ["Cream"]);
    let wrong = json!({ "name": "A", "category": "tools", "brand": "Nobody", "category_id": brand["id"] });
    let refused = shop.post(&shop.admin, "/v1/products", wrong).await;
    refused.refused(422, "unknown_brand");
    let told: Vec<_> =
        refused.body["errors"].as_array().unwrap().iter().map(|e| (e["pointer"].clone(), e["code"].clone())).collect();
    assert_eq!(
        told,
        [(json!("#/brand"), json!("unknown_brand")), (json!("#/category_id"), json!("unknown_category")),]
    );
}

#[actix_web::test]
async fn categories_make_a_tree_of_one_kind_without_circles() {
    let shop = Shop::open().await;
    let make = async |name: &str, below: Value| {
        let mut body = json!({ "name": name });
        body.as_object_mut().unwrap().extend(below.as_object().unwrap().clone());
        shop.post(&shop.admin, "/v1/categories", body).await
    };
    let serums = make("Serums", json!({ "root": "skincare" })).await.ok();
    let bright = make("Brightening", json!({ "parent_id": serums["id"] })).await.ok();
    assert_eq!((&bright["root"], &bright["parent_id"]), (&json!("skincare"), &serums["id"]));
    let brushes = make("Brushes", json!({ "root": "tools" })).await.ok();
    make("Both", json!({ "root": "tools", "parent_id": serums["id"] })).await.refused(422, "invalid_body");
    make("None", json!({})).await.refused(422, "invalid_body");
    make("Serums", json!({ "root": "haircare", "slug": "serums" })).await.refused(409, "slug_taken");
    let other = make("Serums", json!({ "root": "haircare" })).await.ok();
    assert!(other["slug"].as_str().unwrap().starts_with("serums-"), "{other}");
    let r#move = async |category: &Value, parent: &Value| {
        let path = format!("/v1/categories/{}", id(category));
        shop.patch(&shop.admin, &path, json!({ "parent_id": parent }), category["version"].as_i64()).await
    };
    r#move(&serums, &bright["id"]).await.refused(422, "invalid_category");
    r#move(&serums, &serums["id"]).await.refused(422, "invalid_category");
    r#move(&bright, &brushes["id"]).await.refused(422, "invalid_category");
    r#move(&bright, &json!(uuid::Uuid::now_v7())).await.refused(422, "unknown_category");
    product(&shop, "Glow", json!({ "category_id": bright["id"] })).await;
    product(&shop, "Plain", json!({ "category_id": serums["id"] })).await;
    assert_eq!(named(&shop, &format!("category_id={}", id(&serums))).await, ["Glow", "Plain"]);
    assert_eq!(named(&shop, &format!("category_id={}", id(&bright))).await, ["Glow"]);
    let tool = json!({ "name": "Brush", "category": "tools", "category_id": serums["id"] });
    shop.post(&shop.admin, "/v1/products", tool).await.refused(422, "unknown_category");
    let top = r#move(&bright, &Value::Null).await.ok();
    assert_eq!((&top["parent_id"], &top["root"]), (&Value::Null, &json!("skincare")));
    let query = "{ products(first: 5) { nodes { name slug categoryGroup { name root parent { name } } } } \
                 catalogGroups(kind: CATEGORY) { nodes { name slug } } }";
    let read = shop.graphql(&shop.admin, query, json!({})).await;
    assert_eq!(
        read["data"]["products"]["nodes"][0],
        json!({
            "name": "Glow", "slug": "glow",
            "categoryGroup": { "name": "Brightening", "root": "SKINCARE", "parent": null },
        })
    );
    let names: Vec<_> = read["data"]["catalogGroups"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|g| g["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["Brightening", "Brushes", "Serums", "Serums"]);
}

#[actix_web::test]
async fn two_categories_that_move_below_each_other_at_once_make_no_circle() {
    let shop = Shop::open().await;
    let make = async |name: &str| {
        shop.post(&shop.admin, "/v1/categories", json!({ "name": name, "root": "tools" })).await.ok()
    };
    let (one, two) = (make("One").await, make("Two").await);
    let moved = all_at_once(|n| {
        let (category, parent) = if n % 2 == 0 { (&one, &two) } else { (&two, &one) };
        let path = format!("/v1/categories/{}", id(category));
        let request = shop.request(&shop.admin, reqwest::Method::PATCH, &path).header("If-Match", "*");
        let body = json!({ "parent_id": parent["id"] });
        async move { crate::support::answer(request.json(&body)).await.status }
    });
    let moved = moved.await;
    assert!(moved.contains(&200) && moved.iter().all(|status| [200, 422].contains(status)), "{moved:?}");
    let read = async |group: &Value| {
        shop.get(&shop.admin, &format!("/v1/categories/{}", id(group))).await.ok()["parent_id"].clone()
    };
    let parents = [read(&one).await, read(&two).await];
    assert_eq!(parents.iter().filter(|parent| parent.is_null()).count(), 1, "{parents:?}");
}

#[actix_web::test]
async fn a_collection_holds_known_products_and_their_pages_tell_of_it() {
    let shop = Shop::open().await;
    let (a, b) = (product(&shop, "A", json!({})).await, product(&shop, "B", json!({})).await);
    let collection = shop.post(&shop.admin, "/v1/collections", json!({ "name": "Summer 2027" })).await.ok();
    let path = format!("/v1/collections/{}/products", id(&collection));
    let unknown = uuid::Uuid::now_v7();
    let refused = shop.put(&shop.admin, &path, json!({ "product_ids": [a["id"], unknown, a["id"]] })).await;
    refused.refused(422, "unknown_product");
    let pointers: Vec<_> = refused.body["errors"].as_array().unwrap().iter().map(|e| e["pointer"].clone()).collect();
    assert_eq!(pointers, [json!("#/product_ids/1"), json!("#/product_ids/2")]);
    let set = shop.put(&shop.admin, &path, json!({ "product_ids": [b["id"], a["id"]] })).await.ok();
    assert_eq!(set["version"], 2);
    assert_eq!(shop.get(&shop.admin, &path).await.ok()["product_ids"], json!([b["id"], a["id"]]), "in their order");
    assert_eq!(named(&shop, &format!("collection_id={}", id(&collection))).await, ["A", "B"]);
    let page = shop.get(&shop.admin, &format!("/v1/products/{}", id(&a))).await.ok();
    assert_eq!((&page["collection_ids"], &page["version"]), (&json!([collection["id"]]), &json!(2)));
    shop.put(&shop.admin, &path, json!({ "product_ids": [b["id"]] })).await.ok();
    let page = shop.get(&shop.admin, &format!("/v1/products/{}", id(&a))).await.ok();
    assert_eq!((&page["collection_ids"], &page["version"]), (&json!([]), &json!(3)));
    let kept = shop.get(&shop.admin, &format!("/v1/products/{}", id(&b))).await.ok();
    assert_eq!(kept["version"], 2, "what stayed in it has not changed");
    shop.get(&shop.admin, &format!("/v1/brands/{}", id(&collection))).await.refused(404, "not_found");
}

#[actix_web::test]
async fn a_slug_finds_one_product_and_is_made_of_the_name_where_none_is_said() {
    let shop = Shop::open().await;
    let first = product(&shop, "Rosée Nº 5", json!({})).await;
    let second = product(&shop, "Rosée Nº 5", json!({})).await;
    let slugs = [&first, &second].map(|made| made["slug"].as_str().unwrap().to_owned());
    assert!(slugs[0] != slugs[1] && slugs[1].starts_with(&slugs[0]), "{slugs:?}");
    let taken = json!({ "name": "Other", "category": "tools", "slug": slugs[0] });
    shop.post(&shop.admin, "/v1/products", taken).await.refused(409, "slug_taken");
    let path = format!("/v1/products/{}", id(&second));
    shop.patch(&shop.admin, &path, json!({ "slug": slugs[0] }), Some(1)).await.refused(409, "slug_taken");
    for bad in ["Rosée", "a--b", "-a", "", "A"] {
        shop.patch(&shop.admin, &path, json!({ "slug": bad }), Some(1)).await.refused(422, "invalid_body");
    }
    shop.patch(&shop.admin, &path, json!({ "slug": "rosee-second" }), Some(1)).await.ok();
    let found = shop.get(&shop.admin, "/v1/products?slug=rosee-second").await.ok();
    assert_eq!((found["data"].as_array().unwrap().len(), &found["data"][0]["id"]), (1, &second["id"]));
}

#[actix_web::test]
async fn products_of_one_name_that_are_made_at_once_get_slugs_of_their_own() {
    let shop = std::rc::Rc::new(Shop::open().await);
    let made = all_at_once(|_| {
        let shop = shop.clone();
        let body = json!({ "name": "Rosée", "category": "tools" });
        async move { shop.post(&shop.admin, "/v1/products", body).await.ok() }
    });
    let slugs: std::collections::HashSet<_> = made.await.iter().map(|made| made["slug"].to_string()).collect();
    assert_eq!(slugs.len(), 64);
}

#[actix_web::test]
async fn a_brand_that_is_renamed_while_products_name_it_leaves_none_with_its_old_name() {
    let shop = std::rc::Rc::new(Shop::open().await);
    let brand = shop.post(&shop.admin, "/v1/brands", json!({ "name": "Old" })).await.ok();
    let path = std::rc::Rc::new(format!("/v1/brands/{}", id(&brand)));
    let met = all_at_once(|n| {
        let (shop, path) = (shop.clone(), path.clone());
        let body = json!({ "name": format!("P{n}"), "category": "tools", "brand": "Old" });
        async move {
            match n {
                0 => shop.patch(&shop.admin, &path, json!({ "name": "New" }), Some(1)).await.status,
                _ => shop.post(&shop.admin, "/v1/products", body).await.status,
            }
        }
    });
    let met = met.await;
    assert_eq!(met[0], 200);
    assert!(met[1..].iter().all(|status| [201, 422].contains(status)), "{met:?}");
    assert_eq!(shop.database.count("products where brand <> 'New'"), 0);
}
