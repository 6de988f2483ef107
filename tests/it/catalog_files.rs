//! Files of the catalog: products, prices, translations and media come in row by row, and what goes out changes nothing
//! when it comes in again.
use crate::support::Shop;
use serde_json::{Value, json};

/// Imports a file, works it through, and gives the import as it is then.
async fn imported(shop: &Shop, kind: &str, text: &str) -> Value {
    let media_type = if text.starts_with('{') { "application/x-ndjson" } else { "text/csv" };
    let made = shop.import(&shop.admin, kind, media_type, text).await.ok();
    shop.app.jobs.import().await.unwrap();
    shop.get(&shop.admin, &format!("/v1/imports/{}", made["id"].as_str().unwrap())).await.ok()
}

/// The rows done, skipped and failed of an import.
fn counts(import: &Value) -> [i64; 3] {
    ["done", "skipped", "failed"].map(|name| import[name].as_i64().unwrap())
}

/// The line and code of each row that failed.
async fn failures(shop: &Shop, import: &Value) -> Vec<(i64, String)> {
    let path = format!("/v1/imports/{}/rows?status=failed&limit=200", import["id"].as_str().unwrap());
    let rows = shop.get(&shop.admin, &path).await.ok()["data"].as_array().unwrap().clone();
    rows.iter().map(|row| (row["row_no"].as_i64().unwrap(), row["code"].as_str().unwrap().to_owned())).collect()
}

async fn brand_and_category(shop: &Shop) {
    shop.made("/v1/brands", json!({ "name": "Maison" })).await;
    shop.made("/v1/categories", json!({ "name": "Lipsticks", "root": "cosmetics" })).await;
}

async fn product(shop: &Shop, slug: &str) -> Value {
    shop.get(&shop.admin, &format!("/v1/products?slug={slug}")).await.ok()["data"][0].clone()
}

const PRODUCTS: &str = "product,name,brand,category,category_slug,sku,gtin,shade,swatch,size,weight_grams,status\n\
    velvet,Velvet,maison,cosmetics,lipsticks,VEL-1,4006381333931,Rouge,#b3122d,3 g,20,\n\
    velvet,Velvet,Maison,cosmetics,lipsticks,VEL-2,,Rose,#E8A0A8,3 g,20,retired\n\
    cloud,Cloud,,skincare,,CLO-50,,,,50 ml,80,\n";

#[actix_web::test]
async fn products_and_their_variants_are_made_changed_and_left_alone_by_files() {
    let shop = Shop::open().await;
    brand_and_category(&shop).await;
    assert_eq!(counts(&imported(&shop, "products", PRODUCTS).await), [3, 0, 0]);
    let velvet = product(&shop, "velvet").await;
    assert_eq!([&velvet["name"], &velvet["brand"]], [&json!("Velvet"), &json!("Maison")]);
    assert!(velvet["category_id"].is_string());
    let variants: Vec<_> = velvet["variants"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["sku"].as_str().unwrap(), one["swatch"].as_str().unwrap(), one["status"].as_str().unwrap()))
        .collect();
    assert_eq!(variants, [("VEL-1", "#B3122D", "active"), ("VEL-2", "#E8A0A8", "retired")]);
    let events = shop.database.count("outbox_events");
    assert_eq!(counts(&imported(&shop, "products", PRODUCTS).await), [0, 3, 0], "all of it is so already");
    assert_eq!(shop.database.count("outbox_events"), events);
    assert_eq!(product(&shop, "velvet").await["version"], velvet["version"]);
    // What a row does not say stays; null takes away.
    let changes = [
        json!({ "sku": "vel-1", "shade": null, "name": "Velvet Matte" }),
        json!({ "sku": "VEL-2", "status": "active" }),
        json!({ "product": "cloud", "product_status": "retired" }),
    ];
    let changes = changes.map(|row| format!("{row}\n")).concat();
    assert_eq!(counts(&imported(&shop, "products", &changes).await), [3, 0, 0]);
    let velvet = product(&shop, "velvet").await;
    assert_eq!([&velvet["name"], &velvet["variants"][0]["shade"]], [&json!("Velvet Matte"), &json!(null)]);
    assert_eq!([&velvet["variants"][0]["size"], &velvet["variants"][1]["status"]], [&json!("3 g"), &json!("active")]);
    let cloud = product(&shop, "cloud").await;
    assert_eq!([&cloud["status"], &cloud["variants"][0]["status"]], [&json!("retired"), &json!("retired")]);
    let back = "product,product_status,sku\ncloud,active,CLO-50\n";
    assert_eq!(counts(&imported(&shop, "products", back).await), [1, 0, 0]);
    let cloud = product(&shop, "cloud").await;
    assert_eq!([&cloud["status"], &cloud["variants"][0]["status"]], [&json!("active"), &json!("active")]);
    // A product that is retired in an export is, with its variants, also new ones; and they come back with it.
    let retired = "product,product_status,sku,status\ncloud,retired,CLO-50,active\ncloud,retired,CLO-30,\n";
    assert_eq!(counts(&imported(&shop, "products", retired).await), [2, 0, 0]);
    let statuses = async || {
        let cloud = product(&shop, "cloud").await;
        cloud["variants"].as_array().unwrap().iter().map(|one| one["status"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(statuses().await, ["retired", "retired"]);
    assert_eq!(counts(&imported(&shop, "products", retired).await), [0, 2, 0]);
}

#[actix_web::test]
async fn a_row_of_the_catalog_that_cannot_be_done_is_refused_alone() {
    let shop = Shop::open().await;
    brand_and_category(&shop).await;
    imported(&shop, "products", PRODUCTS).await;
    let csv = "product,name,brand,category,category_slug,sku,gtin,pao_months,product_status,status\n\
               velvet,,,,,VEL-3,4006381333931,,,\n\
               other,Other,Nobody,cosmetics,,OTH-1,,,,\n\
               other,Other,,cosmetics,nowhere,OTH-1,,,,\n\
               cloud,,,,,VEL-1,,,,\n\
               velvet,,,skincare,,VEL-1,,,,\n\
               fresh,,,,,FRE-1,,,,\n\
               ,,,,,FRE-1,,,,\n\
               velvet,,,,,VEL-1,,400,,\n\
               velvet,,,,,,4006381333924,,,\n\
               No Slug,,,,,VEL-1,,,,\n\
               last,Last,,cosmetics,,LAST-1,,,,\n";
    let done = imported(&shop, "products", csv).await;
    assert_eq!(counts(&done), [1, 0, 10]);
    let wrong = failures(&shop, &done).await;
    let codes: Vec<_> = wrong.iter().map(|(line, code)| (*line, code.as_str())).collect();
    let invalid = |line| (line, "invalid_row");
    let mut expected = vec![(2, "gtin_taken"), (3, "unknown_brand"), (4, "unknown_category")];
    expected.extend([5, 6, 7, 8, 9, 10, 11].map(invalid));
    assert_eq!(codes, expected);
    assert_eq!(shop.get(&shop.admin, "/v1/products?slug=other").await.ok()["data"], json!([]), "nothing is left of it");
}

#[actix_web::test]
async fn prices_of_channels_and_of_lists_are_set_by_files_with_their_history() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let list = json!({ "code": "summer", "name": "Summer", "currency": "EUR", "priority": 1, "applies_to": {} });
    shop.made("/v1/price-lists", list).await;
    let csv = "sku,channel,price_list,currency,amount_minor,compare_at_minor,min_quantity\n\
               LIP-1,web,,EUR,900,1200,\nLIP-1,pos,,EUR,1000,,\nLIP-1,web,,JPY,1500,,\nLIP-1,,summer,,800,,3\n\
               NO-SUCH,web,,EUR,900,,\nLIP-1,web,,EUR,900,100,\nLIP-1,web,summer,EUR,900,,\nLIP-1,,winter,EUR,900,,\n\
               LIP-1,,summer,USD,900,,\nLIP-1,web,,EUR,-1,,\nLIP-1,web,,EUR,850,,\n";
    let done = imported(&shop, "prices", csv).await;
    assert_eq!(counts(&done), [4, 1, 6]);
    let codes: Vec<_> = failures(&shop, &done).await.into_iter().map(|(_, code)| code).collect();
    let invalid = "invalid_row";
    assert_eq!(codes, ["unknown_sku", invalid, invalid, "not_found", invalid, invalid]);
    let variant = shop.get(&shop.admin, "/v1/variants?sku=LIP-1").await.ok();
    let path = format!("/v1/variants/{}/prices/web/EUR/history", variant["id"].as_str().unwrap());
    let history = shop.get(&shop.admin, &path).await.ok();
    let amounts: Vec<_> =
        history["changes"].as_array().unwrap().iter().map(|one| one["after"]["amount_minor"].clone()).collect();
    assert_eq!(amounts, [850, 1000], "what never held is no change");
    let mut order = crate::support::order_body(&paris, "LIP-1", 3);
    order["lines"][0]["quantity"] = json!(3);
    assert_eq!(shop.post(&shop.admin, "/v1/orders", order).await.ok()["total"]["amount_minor"], 2400);
    let again = "sku,price_list,amount_minor,min_quantity\nLIP-1,summer,800,3\n";
    assert_eq!(counts(&imported(&shop, "prices", again).await), [0, 1, 0]);
    // A price that is to come is not the one that is wanted from now on; what is struck through stays.
    let later = "sku,price_list,amount_minor,compare_at_minor,starts_at\nLIP-1,summer,950,1300,\n\
                 LIP-1,summer,700,,2036-01-01T00:00:00Z\n";
    assert_eq!(counts(&imported(&shop, "prices", later).await), [2, 0, 0]);
    let now = "sku,price_list,amount_minor\nLIP-1,summer,700\n";
    assert_eq!(counts(&imported(&shop, "prices", now).await), [1, 0, 0]);
    let query = "/v1/prices/explain?sku=LIP-1&channel=pos&currency=EUR";
    let explained = shop.get(&shop.admin, query).await.ok();
    assert_eq!([&explained["unit_minor"], &explained["compare_at_minor"]], [&json!(700), &json!(1_300)], "{explained}");
}

#[actix_web::test]
async fn translations_and_media_are_set_by_files() {
    let shop = Shop::open().await;
    brand_and_category(&shop).await;
    imported(&shop, "products", PRODUCTS).await;
    let texts = "product,language,name,description\nvelvet,FR,Velours,\"Un rouge,\nmat\"\nvelvet,de,Samt,\n\
                 velvet,zz-zz-zz-zz,Nope,\nnowhere,fr,Nope,\n";
    let done = imported(&shop, "translations", texts).await;
    assert_eq!(counts(&done), [2, 0, 2]);
    let pictures = "product,position,url,alt,sku\nvelvet,,https://cdn.example.com/a.jpg,Two shades,\n\
                    velvet,,https://cdn.example.com/b.jpg,,VEL-1\nvelvet,9,https://cdn.example.com/c.jpg,,\n\
                    velvet,,https://cdn.example.com/d.jpg,,CLO-50\nvelvet,,ftp://cdn.example.com/e.jpg,,\n";
    let done = imported(&shop, "media", pictures).await;
    assert_eq!(counts(&done), [2, 0, 3]);
    let codes: Vec<_> = failures(&shop, &done).await.into_iter().map(|(_, code)| code).collect();
    assert_eq!(codes, ["invalid_row", "unknown_sku", "invalid_row"]);
    let velvet = product(&shop, "velvet").await;
    let names: Vec<_> =
        velvet["translations"].as_array().unwrap().iter().map(|text| [&text["language"], &text["name"]]).collect();
    assert_eq!(names, [[&json!("de"), &json!("Samt")], [&json!("fr"), &json!("Velours")]]);
    assert_eq!(velvet["translations"][1]["description"], "Un rouge,\nmat");
    let media = velvet["media"].as_array().unwrap();
    assert_eq!((media.len(), &media[1]["variant_id"]), (2, &velvet["variants"][0]["id"]));
    let again = "product,position,url,alt\nvelvet,1,https://cdn.example.com/b.jpg,A rouge\n\
                 velvet,0,https://cdn.example.com/a.jpg,\n";
    assert_eq!(counts(&imported(&shop, "media", again).await), [1, 1, 0]);
    assert_eq!(product(&shop, "velvet").await["media"][1]["alt"], "A rouge");
}

#[actix_web::test]
async fn a_dry_run_of_the_catalog_judges_all_rows_and_leaves_nothing() {
    let shop = Shop::open().await;
    brand_and_category(&shop).await;
    let path = "/v1/imports?kind=products&dry_run=true";
    let request = shop.request(&shop.admin, reqwest::Method::POST, path).header("Idempotency-Key", "dry-run-of-it");
    // The second variant of a product that the first row would make.
    let csv = "product,name,category,sku\nfresh,Fresh,cosmetics,FRE-1\nfresh,,,FRE-2\nstale,,,STA-1\n";
    let made = crate::support::answer(request.header("Content-Type", "text/csv").body(csv)).await.ok();
    shop.app.jobs.import().await.unwrap();
    let done = shop.get(&shop.admin, &format!("/v1/imports/{}", made["id"].as_str().unwrap())).await.ok();
    assert_eq!((counts(&done), &done["status"]), ([2, 0, 1], &json!("finished")));
    assert_eq!(
        [shop.database.count("products"), shop.database.count("outbox_events")],
        [0, 2],
        "but brand and category"
    );
}

#[actix_web::test]
async fn files_of_the_catalog_need_the_right_to_write_it() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 1).await;
    let manager = shop.sign_in("store_manager", Some(&paris)).await;
    shop.import(&manager, "products", "text/csv", "sku,name\nLIP-1,X\n").await.refused(403, "forbidden");
    let import = imported(&shop, "products", "sku,name\nLIP-1,X\n").await;
    let (path, planner) =
        (format!("/v1/imports/{}", import["id"].as_str().unwrap()), shop.sign_in("planner", None).await);
    shop.get(&planner, &path).await.refused(404, "not_found");
    let of_stock =
        shop.import(&shop.admin, "levels", "text/csv", "location,sku,set,reason\nPARIS,LIP-1,1,count\n").await;
    let path = format!("/v1/imports/{}", of_stock.ok()["id"].as_str().unwrap());
    shop.get(&planner, &path).await.ok();
    shop.post(&planner, &format!("{path}/cancel"), json!({})).await.refused(403, "forbidden");
    shop.import(&manager, "prices", "text/csv", "sku,amount_minor\nLIP-1,1\n").await.refused(403, "forbidden");
}
