//! Files on their way out: written in the background, with the rights of whoever wants them.
use crate::support::Shop;
use serde_json::{Value, json};

/// Exports rows and gives the file.
pub async fn exported(shop: &Shop, token: &str, body: Value) -> String {
    let made = shop.post(token, "/v1/exports", body).await;
    assert_eq!(made.status, 202, "{}", made.body);
    shop.app.jobs.export().await.unwrap();
    let path = format!("/v1/exports/{}", made.body["id"].as_str().unwrap());
    let export = shop.get(token, &path).await.ok();
    assert_eq!(export["status"], "finished", "{export}");
    let file = shop.get(token, &format!("{path}/file")).await;
    let text = file.body.as_str().map_or_else(|| file.body.to_string(), str::to_owned);
    assert_eq!(file.status, 200, "{text}");
    assert!(file.header("content-disposition").starts_with("attachment; filename="), "{text}");
    text
}

#[actix_web::test]
async fn a_catalog_that_is_exported_changes_nothing_when_it_is_imported_again() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 3).await;
    shop.made("/v1/brands", json!({ "name": "Maison" })).await;
    let category = shop.made("/v1/categories", json!({ "name": "Creams", "root": "skincare" })).await;
    let cream = json!({ "name": "Crème", "brand": "Maison", "category": "skincare", "category_id": category,
        "description": "=Rich,\n\"soft\"", "inci": "Aqua", "pao_months": 12, "tax_class": "reduced",
        "variants": [
            { "sku": "CR-50", "gtin": "4006381333931", "size": "50 ml", "weight_grams": 80, "hs_code": "330499" },
            { "sku": "CR-1", "shade": "'=odd", "shade_code": "-12", "swatch": "#B3122D", "purpose": "sample",
              "dangerous_goods": "2.1", "lot_control": "expiry", "shelf_life_days": 700 },
        ] });
    let cream = shop.post(&shop.admin, "/v1/products", cream).await.ok();
    let path = format!("/v1/products/{}", cream["id"].as_str().unwrap());
    let media = json!({ "media": [{ "url": "https://cdn.example.com/a.jpg", "alt": "A jar", "sku": "CR-50" },
                                  { "url": "https://cdn.example.com/b.mp4", "kind": "video" }] });
    shop.put(&shop.admin, &format!("{path}/media"), media).await.ok();
    let text = json!({ "name": "Cr\u{e8}me riche", "description": "Une\ncr\u{e8}me" });
    shop.put(&shop.admin, &format!("{path}/translations/fr"), text).await.ok();
    let list = json!({ "code": "summer", "name": "Summer", "currency": "EUR", "priority": 1, "applies_to": {} });
    let list = shop.made("/v1/price-lists", list).await;
    let prices = json!({ "prices": [{ "sku": "CR-50", "amount_minor": 900, "compare_at_minor": 1200 },
                                    { "sku": "LIP-1", "amount_minor": 700, "min_quantity": 3,
                                      "ends_at": "2036-01-01T00:00:00Z" }] });
    shop.post(&shop.admin, &format!("/v1/price-lists/{list}/prices"), prices).await.ok();
    let lip = shop.get(&shop.admin, "/v1/variants?sku=LIP-1").await.ok();
    let retired = format!("/v1/products/{}/retire", lip["product_id"].as_str().unwrap());
    shop.post(&shop.admin, &retired, json!({})).await.ok();
    let before = (shop.database.count("outbox_events"), shop.get(&shop.admin, &path).await.ok());
    for (kind, rows) in [("products", 3), ("prices", 6), ("translations", 1), ("media", 2)] {
        for format in ["csv", "jsonl"] {
            let text = exported(&shop, &shop.admin, json!({ "kind": kind, "format": format })).await;
            let media_type = if format == "csv" { "text/csv" } else { "application/x-ndjson" };
            let made = shop.import(&shop.admin, kind, media_type, &text).await.ok();
            shop.app.jobs.import().await.unwrap();
            let import = shop.get(&shop.admin, &format!("/v1/imports/{}", made["id"].as_str().unwrap())).await.ok();
            let counts = [&import["done"], &import["skipped"], &import["failed"]];
            assert_eq!(counts, [&json!(0), &json!(rows), &json!(0)], "{kind} as {format}:\n{text}\n{import}");
        }
    }
    assert_eq!((shop.database.count("outbox_events"), shop.get(&shop.admin, &path).await.ok()), before);
    assert_eq!(shop.level(&paris, "LIP-1").await["on_hand"], 3);
}

#[actix_web::test]
async fn orders_and_moves_go_out_of_the_places_that_one_may_read() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let lyon = shop.location("LYON", 2).await;
    shop.stock(&lyon, "LIP-1", 5).await;
    let order = shop.placed(&paris, "LIP-1", 2).await;
    shop.placed(&lyon, "LIP-1", 1).await;
    let all = exported(&shop, &shop.admin, json!({ "kind": "orders" })).await;
    assert_eq!(all.lines().count(), 3, "{all}");
    assert!(all.starts_with("number,line_no,channel,location,status,"), "{all}");
    assert!(all.contains(&format!("{},1,pos,PARIS,pending,", order["number"])), "{all}");
    let manager = shop.sign_in("store_manager", Some(&lyon)).await;
    let own = exported(&shop, &manager, json!({ "kind": "orders" })).await;
    assert!(own.lines().count() == 2 && own.contains(",LYON,") && !own.contains(",PARIS,"), "{own}");
    let here = json!({ "kind": "orders", "filter": { "location_id": paris } });
    shop.post(&manager, "/v1/exports", here.clone()).await.refused(404, "not_found");
    let one = exported(&shop, &shop.admin, here).await;
    assert!(one.lines().count() == 2 && one.contains(",PARIS,"), "{one}");
    let since = json!({ "kind": "moves", "format": "jsonl", "filter": { "from": "0001-01-01T00:00:00Z" } });
    let moves = exported(&shop, &manager, since).await;
    let moves: Value = serde_json::from_str(&moves).unwrap();
    let said = [&moves["sku"], &moves["quantity"], &moves["to_location"], &moves["reason"]];
    assert_eq!(said, [&json!("LIP-1"), &json!(5), &json!("LYON"), &json!("found")], "one move");
}

#[actix_web::test]
async fn an_export_is_refused_with_each_filter_that_its_rows_do_not_have() {
    let shop = Shop::open().await;
    let body = json!({ "kind": "products", "filter": { "from": "2026-01-01T00:00:00Z", "email": "a@b.example" } });
    let refused = shop.post(&shop.admin, "/v1/exports", body).await;
    let pointers: Vec<_> =
        refused.body["errors"].as_array().unwrap().iter().map(|fault| fault["pointer"].as_str().unwrap()).collect();
    assert_eq!((refused.status, pointers), (422, vec!["#/filter/from", "#/filter/email"]), "{}", refused.body);
    shop.post(&shop.admin, "/v1/exports", json!({ "kind": "moves" })).await.refused(422, "invalid_body");
    let filters = [json!(["web"]), json!({ "from": "+262142-12-31T12:00:00Z" })];
    for filter in filters {
        let body = json!({ "kind": "moves", "filter": filter });
        shop.post(&shop.admin, "/v1/exports", body).await.refused(422, "invalid_body");
    }
    let nowhere = json!({ "kind": "orders", "filter": { "location_id": uuid::Uuid::now_v7() } });
    shop.post(&shop.admin, "/v1/exports", nowhere).await.refused(404, "not_found");
    let cashier = shop.sign_in("cashier", None).await;
    shop.post(&cashier, "/v1/exports", json!({ "kind": "products" })).await.refused(403, "forbidden");
    let made = shop.post(&shop.admin, "/v1/exports", json!({ "kind": "products" })).await.ok();
    let path = format!("/v1/exports/{}", made["id"].as_str().unwrap());
    shop.get(&shop.admin, &format!("{path}/file")).await.refused(409, "export_not_finished");
    let other = shop.sign_in("analyst", None).await;
    shop.get(&other, &path).await.refused(404, "not_found");
    shop.post(&shop.admin, &format!("{path}/cancel"), json!({})).await.ok();
    shop.app.jobs.export().await.unwrap();
    let export = shop.get(&shop.admin, &path).await.ok();
    assert_eq!([&export["status"], &export["bytes"]], [&json!("canceled"), &json!(0)]);
    shop.post(&shop.admin, &format!("{path}/cancel"), json!({})).await.refused(409, "export_finished");
}

#[actix_web::test]
async fn a_file_is_deleted_with_its_report_when_it_is_old() {
    let shop = Shop::open_for_long().await;
    exported(&shop, &shop.admin, json!({ "kind": "products" })).await;
    shop.import(&shop.admin, "products", "text/csv", "product,name,category\nnew,New,tools\n").await.ok();
    shop.app.jobs.import().await.unwrap();
    shop.after(91 * 86_400).await;
    for table in ["exports", "export_parts", "imports", "import_rows"] {
        assert_eq!(shop.database.count(table), 0, "{table}");
    }
    assert_eq!(shop.database.count("products"), 1);
}

#[actix_web::test]
async fn a_file_is_not_given_to_whoever_has_lost_a_part_of_its_rows() {
    let shop = Shop::open_with(&[("COFFRET_ACCESS__GRANTS_CACHE_MS", "1")]).await;
    let paris = shop.stocked("PARIS", "LIP-1", 5).await;
    let lyon = shop.location("LYON", 2).await;
    let manager = shop.sign_in("store_manager", Some(&paris)).await;
    shop.database.run(&format!(
        "insert into grants (id, user_id, role, location_id, created_at) \
         select gen_random_uuid(), user_id, role, '{lyon}', created_at from grants where role = 'store_manager'"
    ));
    shop.placed(&paris, "LIP-1", 1).await;
    let made = shop.post(&manager, "/v1/exports", json!({ "kind": "orders" })).await.ok();
    shop.app.jobs.export().await.unwrap();
    let path = format!("/v1/exports/{}/file", made["id"].as_str().unwrap());
    assert_eq!(shop.get(&manager, &path).await.status, 200);
    shop.database.run(&format!("delete from grants where location_id = '{lyon}'"));
    shop.get(&manager, &path).await.refused(403, "forbidden");
}
