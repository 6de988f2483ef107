//! Files of many rows: each row is done once or refused with its reason, and an interruption loses and doubles nothing.
use crate::support::Shop;
use serde_json::{Value, json};
use std::fmt::Write;

async fn report(shop: &Shop, id: &str) -> Value {
    shop.get(&shop.admin, &format!("/v1/imports/{id}")).await.ok()
}

fn id(made: &Value) -> String {
    made["id"].as_str().unwrap().to_owned()
}

#[actix_web::test]
async fn every_row_is_done_or_refused_with_its_reason() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let csv = "location,sku,delta,set,reason,reorder_threshold\nPARIS,LIP-1,5,,found,\nPARIS,LIP-1,-99,,sample,\n\
               NOWHERE,LIP-1,1,,found,\nPARIS,NO-SUCH,1,,found,\nPARIS,LIP-1,,,,4\nPARIS,LIP-1,x,,found,\n";
    let made = shop.import(&shop.admin, "levels", "text/csv", csv).await;
    assert_eq!((made.status, &made.body["status"], &made.body["rows"]), (202, &json!("queued"), &json!(6)));
    let import = id(&made.ok());
    shop.app.jobs.import().await.unwrap();
    let done = report(&shop, &import).await;
    assert_eq!([&done["status"], &done["done"], &done["failed"]], [&json!("finished"), &json!(2), &json!(4)]);
    let level = shop.level(&paris, "LIP-1").await;
    assert_eq!((&level["on_hand"], &level["reorder_threshold"]), (&json!(15), &json!(4)));
    let failed = shop.get(&shop.admin, &format!("/v1/imports/{import}/rows?status=failed")).await.ok();
    let codes: Vec<_> = failed["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["row_no"].as_i64().unwrap(), row["code"].as_str().unwrap()))
        .collect();
    assert_eq!(codes, [(3, "negative_stock"), (4, "unknown_location"), (5, "not_found"), (7, "invalid_row")]);
    shop.step("imports", &import, "cancel", json!({})).await.refused(409, "import_finished");
    shop.import(&shop.admin, "levels", "text/csv", "location,nonsense\na,b\n").await.refused(422, "invalid_row");
    shop.import(&shop.admin, "levels", "application/json", "{}").await.refused(415, "unsupported_media_type");
}

#[actix_web::test]
async fn counts_and_receipts_come_in_and_all_kinds_go_out() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let lines =
        "{\"location\":\"PARIS\",\"sku\":\"LIP-1\",\"lot\":\"A1\",\"expires_on\":\"2031-01-31\",\"accepted\":7}\n";
    shop.import(&shop.admin, "receipts", "application/x-ndjson", lines).await.ok();
    let count = shop.count_of(&paris, &["LIP-1"]).await;
    let lines = format!("count_id,sku,quantity\n{count},LIP-1,9\n");
    shop.import(&shop.admin, "counts", "text/csv", &lines).await.ok();
    shop.app.jobs.import().await.unwrap();
    assert_eq!(shop.level(&paris, "LIP-1").await["on_hand"], 17);
    let export = async |kind: &str, format: &str| {
        let path = format!("/v1/locations/{paris}/exports/{kind}?format={format}");
        shop.get(&shop.admin, &path).await.body.as_str().map(str::to_owned)
    };
    let levels = export("levels", "csv").await.unwrap();
    assert!(levels.starts_with("location,sku,on_hand,") && levels.contains("\nPARIS,LIP-1,17,17,"), "{levels}");
    let receipts = export("receipts", "csv").await.unwrap();
    assert!(receipts.contains(",LIP-1,A1,2031-01-31,7,0,sellable,"), "{receipts}");
    let counts = export("counts", "csv").await.unwrap();
    assert!(counts.contains(",LIP-1,,,9,"), "a blind count tells what was found and not what was expected: {counts}");
    let path = format!("/v1/locations/{paris}/exports/levels?format=jsonl");
    let line = shop.get(&shop.admin, &path).await;
    assert_eq!((line.header("content-type"), &line.body["on_hand"]), ("application/x-ndjson", &json!(17)));
}

#[actix_web::test]
async fn an_import_that_is_interrupted_goes_on_and_sales_go_on_meanwhile() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 1_000).await;
    let mut csv = String::from("location,sku,delta,reason\n");
    for _ in 0..1_500 {
        writeln!(csv, "PARIS,LIP-1,1,found").unwrap();
    }
    let import = id(&shop.import(&shop.admin, "levels", "text/csv", &csv).await.ok());
    // The work is dropped wherever it is: rows may be done and not noted.
    for patience in [40, 150, 300] {
        let work = tokio::time::timeout(std::time::Duration::from_millis(patience), shop.app.jobs.import());
        let _ = work.await;
    }
    let halfway = report(&shop, &import).await;
    assert_ne!(halfway["status"], "finished", "the work was not interrupted: {halfway}");
    let (worked, sold) = tokio::join!(shop.app.jobs.import(), async {
        let mut sold = 0;
        while sold < 20 {
            shop.placed(&paris, "LIP-1", 1).await;
            sold += 1;
        }
        sold
    });
    worked.unwrap();
    let done = report(&shop, &import).await;
    assert_eq!([&done["status"], &done["done"], &done["failed"]], [&json!("finished"), &json!(1_500), &json!(0)]);
    let level = shop.level(&paris, "LIP-1").await;
    assert_eq!((&level["on_hand"], &level["reserved"]), (&json!(2_500), &json!(sold)), "each row once");
}

#[actix_web::test]
async fn rows_are_done_with_the_rights_of_whoever_sent_them() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let lyon = shop.location("LYON", 2).await;
    let manager = shop.sign_in("store_manager", Some(&paris)).await;
    let csv = "location,sku,delta,reason\nPARIS,LIP-1,1,found\nLYON,LIP-1,1,found\n";
    let import = id(&shop.import(&manager, "levels", "text/csv", csv).await.ok());
    shop.app.jobs.import().await.unwrap();
    let done = report(&shop, &import).await;
    assert_eq!((&done["done"], &done["failed"]), (&json!(1), &json!(1)));
    let other = shop.sign_in("store_manager", Some(&lyon)).await;
    shop.get(&other, &format!("/v1/imports/{import}")).await.refused(404, "not_found");
}

#[actix_web::test]
async fn a_row_that_cannot_be_kept_as_it_is_told_holds_nothing_up() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let good = r#"{"location":"PARIS","sku":"LIP-1","delta":1,"reason":"found"}"#;
    let bad = [r#"{"a\u0000":1}"#, r#"{"location":"PARIS","sku":"LIP-1","state":"\u0000"}"#];
    let lines = [good, bad[0], bad[1], r#"{"location": "PARIS""#, "5", good].join("\n");
    let import = id(&shop.import(&shop.admin, "levels", "application/x-ndjson", &lines).await.ok());
    shop.app.jobs.import().await.unwrap();
    let done = report(&shop, &import).await;
    assert_eq!([&done["status"], &done["done"], &done["failed"]], [&json!("finished"), &json!(2), &json!(4)]);
    for row in &rows(&shop, &import).await[3..5] {
        assert_eq!(row["detail"], "the row is not a JSON object of columns and cells");
    }
    assert_eq!(shop.level(&paris, "LIP-1").await["on_hand"], 12);
}

async fn rows(shop: &Shop, import: &str) -> Vec<Value> {
    let listed = shop.get(&shop.admin, &format!("/v1/imports/{import}/rows")).await.ok();
    listed["data"].as_array().unwrap().clone()
}

#[actix_web::test]
async fn a_file_with_semicolons_and_decimal_commas_is_read_as_its_spreadsheet_meant_it() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let csv = "sep=;\r\nLocation;Sku;Delta;Reason;Note\r\nPARIS;LIP-1;5,0;found;\"a\nb\"\r\nPARIS;LIP-1;5,5;found;\r\n";
    let import = id(&shop.import(&shop.admin, "levels", "text/csv", csv).await.ok());
    shop.app.jobs.import().await.unwrap();
    assert_eq!(shop.level(&paris, "LIP-1").await["on_hand"], 15);
    let rows = rows(&shop, &import).await;
    assert_eq!((&rows[0]["row_no"], &rows[0]["status"]), (&json!(3), &json!("done")));
    assert_eq!((&rows[1]["row_no"], &rows[1]["code"]), (&json!(5), &json!("invalid_row")), "its line in the file");
    assert_eq!(rows[1]["detail"], "delta must be a whole number, such as 5, not \"5,5\"");
    let latin = "location\tsku\tdelta\treason\nPARIS\tLIP-1\t1 \tfound\n";
    shop.import(&shop.admin, "levels", "text/tab-separated-values", latin).await.ok();
    shop.app.jobs.import().await.unwrap();
    assert_eq!(shop.level(&paris, "LIP-1").await["on_hand"], 16);
}

#[actix_web::test]
async fn a_dry_run_judges_every_row_and_changes_nothing() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let before = shop.level(&paris, "LIP-1").await;
    let csv = "location,sku,delta,reason\nPARIS,LIP-1,5,found\nPARIS,LIP-1,-99,sample\n";
    let import = id(&shop.import(&shop.admin, "levels&dry_run=true", "text/csv", csv).await.ok());
    let arrivals = "location,sku,lot,expires_on,accepted\nPARIS,LIP-1,A1,2031-01-31,7\nPARIS,NO-SUCH,A1,2031-01-31,7\n";
    let receipts = id(&shop.import(&shop.admin, "receipts&dry_run=true", "text/csv", arrivals).await.ok());
    let count = shop.count_of(&paris, &["LIP-1"]).await;
    let counted = format!("count_id,sku,quantity\n{count},LIP-1,3\n");
    let counts = id(&shop.import(&shop.admin, "counts&dry_run=true", "text/csv", &counted).await.ok());
    let events = shop.database.count("outbox_events");
    shop.app.jobs.import().await.unwrap();
    for (import, done, failed) in [(&import, 1, 1), (&receipts, 1, 1), (&counts, 1, 0)] {
        let told = report(&shop, import).await;
        assert_eq!([&told["dry_run"], &told["done"], &told["failed"]], [&json!(true), &json!(done), &json!(failed)]);
    }
    assert_eq!(rows(&shop, &import).await[1]["code"], "negative_stock");
    assert_eq!(shop.level(&paris, "LIP-1").await, before);
    assert_eq!(shop.database.count("outbox_events"), events, "nothing is told");
    let seen = shop.get(&shop.admin, &format!("/v1/counts/{count}")).await.ok();
    assert_eq!(seen["lines"][0]["counted"], Value::Null);
    assert_eq!((shop.database.count("lots"), shop.database.count("receipts")), (0, 0));
}

#[actix_web::test]
async fn an_export_is_imported_again_as_it_is_and_changes_nothing() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let lines = "location,sku,lot,expires_on,accepted\nPARIS,LIP-1,A1,2031-01-31,7\n";
    shop.import(&shop.admin, "receipts", "text/csv", lines).await.ok();
    let limits = "location,sku,safety_stock,reorder_threshold\nPARIS,LIP-1,1,4\n";
    shop.import(&shop.admin, "levels", "text/csv", limits).await.ok();
    let count = shop.count_of(&paris, &["LIP-1"]).await;
    shop.app.jobs.import().await.unwrap();
    let before = shop.level(&paris, "LIP-1").await;
    for kind in ["levels", "receipts", "counts"] {
        for (format, media) in [("csv", "text/csv"), ("jsonl", "application/x-ndjson")] {
            let path = format!("/v1/locations/{paris}/exports/{kind}?format={format}");
            let file = shop.get(&shop.admin, &path).await.text();
            let import = id(&shop.import(&shop.admin, kind, media, &file).await.ok());
            shop.app.jobs.import().await.unwrap();
            let told = report(&shop, &import).await;
            assert_eq!((&told["status"], &told["failed"]), (&json!("finished"), &json!(0)), "{kind} {format}: {told}");
            assert!(told["skipped"].as_i64().unwrap() > 0, "{kind} {format}: {told}");
            let is_ignored = told["ignored_columns"].as_array().unwrap().contains(&json!("on_hand"));
            assert_eq!(is_ignored, kind == "levels", "{told}");
        }
    }
    let after = shop.level(&paris, "LIP-1").await;
    for field in ["on_hand", "safety_stock", "reorder_threshold", "quantity_available", "version"] {
        assert_eq!(after[field], before[field], "{field}");
    }
    assert_eq!(shop.database.count("receipts"), 1, "an arrival is not booked twice");
    let _ = count;
}

#[actix_web::test]
async fn a_file_that_claims_what_the_books_do_not_hold_is_not_believed() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let receipts = "location,sku,lot,expires_on,accepted\nPARIS,LIP-1,A1,2031-01-31,7\n";
    shop.import(&shop.admin, "receipts", "text/csv", receipts).await.ok();
    let count = shop.count_of(&paris, &["LIP-1"]).await;
    shop.app.jobs.import().await.unwrap();
    let exported = shop.get(&shop.admin, &format!("/v1/locations/{paris}/receipts")).await.ok();
    let known = exported["data"][0]["id"].as_str().unwrap();
    let unknown = uuid::Uuid::now_v7();
    let head = "location,receipt_id,sku,lot,accepted\n";
    let rows_of = |rows: &[String]| format!("{head}{}\n", rows.join("\n"));
    let claims = rows_of(&[
        format!("PARIS,{known},LIP-1,A1,7"),
        format!("PARIS,{known},LIP-1,A1,9"),
        format!("PARIS,{known},LIP-2,A1,7"),
        format!("PARIS,{unknown},LIP-1,A1,7"),
    ]);
    let import = id(&shop.import(&shop.admin, "receipts", "text/csv", &claims).await.ok());
    shop.app.jobs.import().await.unwrap();
    let seen: Vec<_> =
        rows(&shop, &import).await.iter().map(|row| (row["status"].clone(), row["code"].clone())).collect();
    let failed = |code: &str| (json!("failed"), json!(code));
    let wanted = [(json!("skipped"), Value::Null), failed("invalid_row"), failed("invalid_row"), failed("not_found")];
    assert_eq!(seen, wanted);
    assert_eq!(shop.database.count("receipts"), 1);

    let claims = format!("count_id,status,sku,lot,quantity\n{count},approved,LIP-1,,3\n");
    let import = id(&shop.import(&shop.admin, "counts", "text/csv", &claims).await.ok());
    shop.app.jobs.import().await.unwrap();
    assert_eq!(rows(&shop, &import).await[0]["status"], "done", "the count is open, whatever the file says");
    let seen = shop.get(&shop.admin, &format!("/v1/counts/{count}")).await.ok();
    assert!(seen["lines"].as_array().unwrap().iter().any(|line| line["counted"] == 3), "{seen}");
    let head = "location,receipt_id,purchase_order_id,reference,sku,lot,expires_on,accepted,condition\n";
    let told = [
        format!("PARIS,{known},,,LIP-1,A1,2031-01-31,7,sellable"),
        format!("PARIS,{known},,,LIP-1,A1,2031-01-31,7,damaged"),
        format!("PARIS,{known},,,LIP-1,A1,2031-02-01,7,sellable"),
        format!("PARIS,{known},,Another,LIP-1,A1,2031-01-31,7,sellable"),
        format!("PARIS,{known},{unknown},,LIP-1,A1,2031-01-31,7,sellable"),
    ];
    let claims = format!("{head}{}\n", told.join("\n"));
    let import = id(&shop.import(&shop.admin, "receipts", "text/csv", &claims).await.ok());
    shop.app.jobs.import().await.unwrap();
    let seen: Vec<_> = rows(&shop, &import).await.iter().map(|row| row["status"].clone()).collect();
    assert_eq!(seen, ["skipped", "failed", "failed", "failed", "failed"]);
}

#[actix_web::test]
async fn of_two_rows_for_one_level_the_later_one_stands() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 100).await;
    let rows = (1..=40).map(|n| format!("PARIS,LIP-1,{n}\n")).collect::<String>();
    shop.import(&shop.admin, "levels", "text/csv", &format!("location,sku,safety_stock\n{rows}")).await.ok();
    let rows = (1..=40).map(|n| format!("paris,lip-1,{n},count\n")).collect::<String>();
    shop.import(&shop.admin, "levels", "text/csv", &format!("location,sku,set,reason\n{rows}")).await.ok();
    shop.app.jobs.import().await.unwrap();
    let level = shop.level(&paris, "LIP-1").await;
    assert_eq!((&level["safety_stock"], &level["on_hand"]), (&json!(40), &json!(40)));
}
