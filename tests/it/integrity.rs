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
