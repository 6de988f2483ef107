//! The books can be proven, and mended from the ledger.
use crate::support::Shop;
use serde_json::json;

#[actix_web::test]
async fn integrity_names_what_it_checks_and_the_rows_that_differ() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 5).await;
    shop.placed(&paris, "LIP-1", 2).await;
    let report = shop.get(&shop.admin, "/v1/inventory/integrity").await.ok();
    assert_eq!(report["violations"], json!([]));
    assert!(report["invariants"].as_array().unwrap().len() >= 20, "{report}");
    shop.database.run("update stock_levels set reserved = 3, on_hand = 6");
    let report = shop.get(&shop.admin, "/v1/inventory/integrity").await.ok();
    let named: Vec<_> =
        report["violations"].as_array().unwrap().iter().map(|v| v["invariant"].as_str().unwrap()).collect();
    assert_eq!(named, ["levels_equal_ledger", "reserved_equals_active_holds"]);
    let here = shop.sign_in("store_manager", Some(&paris)).await;
    shop.get(&here, "/v1/inventory/integrity").await.refused(403, "forbidden");
    let coffret = |arguments: &[&str]| {
        let env = [
            ("COFFRET_DATABASE__URL", shop.database.url.as_str()),
            ("COFFRET_DATABASE__ALLOW_UNSAFE_DURABILITY", "true"),
        ];
        crate::support::process::run(arguments, &env, "")
    };
    assert_eq!(coffret(&["audit"]).0, 1);
    let (code, said, why) = coffret(&["audit", "--repair"]);
    assert_eq!(code, 0, "{said}{why}");
    assert!(
        said.contains("on_hand is now 5, reserved 2, allocated 0") && said.contains("every invariant holds"),
        "{said}"
    );
    assert_eq!(shop.level(&paris, "LIP-1").await["quantity_available"], 3);
}

#[actix_web::test]
async fn a_repair_is_refused_when_the_ledger_contradicts_itself() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 5).await;
    shop.placed(&paris, "LIP-1", 2).await;
    shop.database.run("update reservation_lines set quantity = 50; update stock_levels set on_hand = 6");
    let env =
        [("COFFRET_DATABASE__URL", shop.database.url.as_str()), ("COFFRET_DATABASE__ALLOW_UNSAFE_DURABILITY", "true")];
    let (code, said, _) = crate::support::process::run(&["audit", "--repair"], &env, "");
    assert_eq!(code, 1);
    assert!(said.contains("promises_fit_the_ledger"), "{said}");
    assert_eq!(shop.level(&paris, "LIP-1").await["on_hand"], 6, "nothing was changed");
    shop.database.run("update reservation_lines set quantity = 2; update stock_levels set on_hand = 5");
}

#[actix_web::test]
async fn the_audit_knows_costs_that_do_not_fit_and_a_repair_mends_them() {
    let shop = Shop::open().await;
    let paris = shop.location("PARIS", 1).await;
    shop.variant("LIP-1").await;
    let body = json!({ "currency": "EUR", "lines": [{ "sku": "LIP-1", "accepted": 5, "unit_cost_minor": 250 }] });
    shop.post(&shop.admin, &format!("/v1/locations/{paris}/receipts"), body).await.ok();
    let named = async || {
        let report = shop.get(&shop.admin, "/v1/inventory/integrity").await.ok();
        let of = |violation: &serde_json::Value| violation["invariant"].as_str().unwrap().to_owned();
        report["violations"].as_array().unwrap().iter().map(of).collect::<Vec<_>>()
    };
    shop.database.run("update stock_levels set costed = 4");
    assert_eq!(named().await, ["costed_units_equal_ledger"]);
    shop.database.run("alter table stock_levels drop constraint stock_levels_costed_check");
    shop.database.run("update stock_levels set costed = 6, average_cost = null");
    assert_eq!(named().await, ["cost_layers_equal_on_hand", "costed_units_equal_ledger"]);
    let env =
        [("COFFRET_DATABASE__URL", shop.database.url.as_str()), ("COFFRET_DATABASE__ALLOW_UNSAFE_DURABILITY", "true")];
    let (code, said, why) = crate::support::process::run(&["audit", "--repair"], &env, "");
    assert_eq!(code, 0, "{said}{why}");
    let path = format!("/v1/locations/{paris}/costs");
    assert_eq!(shop.get(&shop.admin, &path).await.ok()["data"][0]["average_cost_minor"], 250.0);
}

#[actix_web::test]
async fn a_repair_is_refused_when_more_units_have_a_cost_than_there_are() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 2).await;
    let costs = json!({ "currency": "EUR", "lines": [{ "sku": "LIP-1", "unit_cost_minor": 250 }] });
    shop.post(&shop.admin, &format!("/v1/locations/{paris}/costs"), costs).await.ok();
    shop.database.run("alter table cost_changes disable trigger user; update cost_changes set units = 7");
    let env =
        [("COFFRET_DATABASE__URL", shop.database.url.as_str()), ("COFFRET_DATABASE__ALLOW_UNSAFE_DURABILITY", "true")];
    let (code, said, _) = crate::support::process::run(&["audit", "--repair"], &env, "");
    assert_eq!(code, 1);
    assert!(said.contains("costs_fit_the_ledger"), "{said}");
    shop.database.run("update cost_changes set units = 2; alter table cost_changes enable trigger user");
}
