//! The commands as a newcomer runs them: the demo, its printed lines, its refusals.
use crate::support::process::{BINARY, Demo, folder, run};
use std::{os::unix::fs::PermissionsExt, process::Command};

#[test]
fn the_demo_serves_and_every_line_it_prints_works_when_pasted() {
    let folder = folder();
    let demo = Demo::start(folder.path());
    let mode = std::fs::metadata(folder.path().join("demo.env")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    for name in [
        "COFFRET_URL",
        "COFFRET_ADMIN_TOKEN",
        "COFFRET_MANAGER_TOKEN",
        "COFFRET_TILL_TOKEN",
        "COFFRET_LOCATION_ID",
        "COFFRET_SKU",
        "COFFRET_CURRENCY",
    ] {
        assert!(!demo.var(name).is_empty(), "{name}");
    }
    let revoke = format!("{}/v1/oauth/revoke", demo.var("COFFRET_URL"));
    let token = format!("token={}", demo.var("COFFRET_ADMIN_TOKEN"));
    let revoked = Command::new("curl").args(["-s", &revoke, "-d", &token]).output().unwrap().stdout;
    assert!(String::from_utf8_lossy(&revoked).contains("unsupported_token_type"), "it belongs to no session");
    let is_command = |line: &&str| ["source ", "curl ", "ORDER="].iter().any(|start| line.starts_with(start));
    let script: Vec<_> = demo.said.lines().map(str::trim).filter(is_command).collect();
    assert!(script.len() >= 9, "{}", demo.said);
    let script =
        script.join("; echo;\n").replace("/tmp/coffret-order.json", folder.path().join("order.json").to_str().unwrap());
    let pasted = Command::new("bash").args(["-ec", &script]).output().unwrap();
    let said = String::from_utf8(pasted.stdout).unwrap();
    assert!(pasted.status.success(), "{said}");
    for sign in [
        r#""quantity_available":"#,
        r#""status":"active""#,
        r#""status":"pending""#,
        r#""status":"confirmed""#,
        r#""status":"shipped""#,
        r#""status":"delivered""#,
        r#""number""#,
    ] {
        assert!(said.contains(sign), "{sign} is not in {said}");
    }
    assert!(!said.contains("/problems/"), "{said}");
    let available = said.split("\"quantity_available\":").nth(1).unwrap().split(',').next().unwrap();
    assert!(available.parse::<i32>().unwrap() >= 100);
    let (code, _, why) = run(&["demo", "--port", "0", "--data-dir", folder.path().to_str().unwrap()], &[], "");
    assert!(code == 1 && why.contains("another Coffret server is using"), "{code} {why}");
    let (code, said, _) = run(&["audit", "--data-dir", folder.path().to_str().unwrap()], &[], "");
    assert_eq!((code, said.trim()), (0, "every invariant holds"), "the audit works beside a running server");
    let (code, _, why) = run(&["audit", "--data-dir", folder.path().join("elsewhere").to_str().unwrap()], &[], "");
    assert!(code == 1 && why.contains("there is no database"), "{why}");
    assert!(demo.stop().success(), "asked to stop, it ends well");
    let again = Demo::start(folder.path());
    assert!(again.stop().success());
}

#[test]
fn the_lines_of_the_readme_work_when_pasted() {
    let folder = folder();
    let demo = Demo::start(folder.path());
    let readme = std::fs::read_to_string("README.md").unwrap();
    let block = readme.split("```sh\n").nth(1).unwrap().split("```").next().unwrap();
    let script = block.replace("http://127.0.0.1:8080", demo.var("COFFRET_URL"));
    assert_eq!(script.lines().count(), 5);
    let pasted = Command::new("bash").args(["-ec", &script]).output().unwrap();
    let said = String::from_utf8(pasted.stdout).unwrap();
    for sign in [r#""sku":"MC-00001""#, r#""status":"captured""#, r#""status":"CONFIRMED""#, r#""allocated":2"#] {
        assert!(said.contains(sign), "{sign} is not in {said}");
    }
    assert!(demo.stop().success());
}

#[test]
fn the_demo_runs_as_a_plain_user_too() {
    let folder = folder();
    let binary = folder.path().join("coffret");
    std::fs::copy(BINARY, &binary).unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let is_root = String::from_utf8(Command::new("id").arg("-u").output().unwrap().stdout).unwrap().trim() == "0";
    let data = folder.path().join("data");
    std::fs::create_dir(&data).unwrap();
    let nobody = is_root.then_some(65534);
    if let Some(user) = nobody {
        std::os::unix::fs::chown(&data, Some(user), Some(user)).unwrap();
    }
    let demo = Demo::start_as(&data, &binary, nobody, None);
    assert!(demo.stop().success());
}

#[test]
fn a_production_start_with_weak_or_missing_secrets_is_refused_in_one_message() {
    let (code, _, why) = run(
        &["serve"],
        &[
            ("COFFRET_ENVIRONMENT", "production"),
            ("COFFRET_ACCESS__SIGNING_KEY", "00"),
            ("COFFRET_SERVER__WORKERS", "x"),
        ],
        "",
    );
    assert_eq!(code, 2, "{why}");
    for part in ["COFFRET_SERVER__WORKERS", "access.signing_key", "database.url", "access.issuer"] {
        assert!(why.contains(part), "{part} is not in {why}");
    }
}

#[test]
fn a_database_that_loses_acknowledged_writes_is_refused() {
    let database = crate::support::database::TestDatabase::create();
    let folder = folder();
    let env = [
        ("COFFRET_DATABASE__URL", database.url.as_str()),
        ("COFFRET_DATA_DIR", folder.path().to_str().unwrap()),
        ("COFFRET_SERVER__BIND", "127.0.0.1:0"),
    ];
    let (code, _, why) = run(&["serve"], &env, "");
    assert!(code == 1 && why.contains("fsync is off") && why.contains("synchronous_commit is off"), "{code} {why}");
}

#[test]
fn users_are_made_from_the_command_line_and_the_audit_is_clean() {
    let database = crate::support::database::TestDatabase::create();
    let folder = folder();
    let env = [("COFFRET_DATABASE__URL", database.url.as_str()), ("COFFRET_DATA_DIR", folder.path().to_str().unwrap())];
    let create = ["user", "create", "--email", "head@coffret.example", "--role", "admin"];
    let (code, _, why) = run(&create, &env, "short\n");
    assert!(code == 1 && why.contains("8 characters or more"), "{why}");
    assert_eq!(run(&create, &env, "long enough to be safe\n").0, 0);
    let (code, _, why) = run(&create, &env, "long enough to be safe\n");
    assert!(code == 1 && why.contains("already"), "{why}");
    assert_eq!(database.count("users"), 1);
    assert_eq!(run(&["seed", "--profile", "S"], &env, "").0, 0);
    assert_eq!(database.count("stock_levels"), 400 * 12);
    assert_eq!(run(&["seed", "--profile", "S"], &env, "").0, 1, "a second seed is refused");
    let (code, said, _) = run(&["audit"], &env, "");
    assert_eq!((code, said.trim()), (0, "every invariant holds"));
    database.run(
        "update stock_levels set on_hand = on_hand + 1 where (location_id, variant_id) in (select \
        location_id, variant_id from stock_levels limit 1)",
    );
    let (code, said, _) = run(&["audit"], &env, "");
    assert!(code == 1 && said.contains("levels_equal_ledger"), "{said}");
}

#[test]
fn descriptions_are_exported_and_settings_shown() {
    let (code, document, _) = run(&["export", "openapi"], &[], "");
    assert!(code == 0 && serde_json::from_str::<serde_json::Value>(&document).is_ok());
    let (code, sdl, _) = run(&["export", "sdl"], &[], "");
    assert!(code == 0 && sdl == std::fs::read_to_string("graphql/schema.graphql").unwrap());
    let (code, shown, _) = run(&["config"], &[("COFFRET_DATABASE__URL", "postgres://me:tiger@db/x")], "");
    assert!(code == 0 && shown.contains("<hidden>") && !shown.contains("tiger"), "{shown}");
    let wrong =
        [("COFFRET_ORDERS__SOURCING_WEB", "fastest"), ("COFFRET_ORDERS__SOURCING_POS", "location_priority,dearest")];
    for command in ["config", "serve"] {
        let (code, _, why) = run(&[command], &wrong, "");
        assert!(
            code == 2 && why.contains("orders.sourcing_web") && why.contains("orders.sourcing_pos"),
            "{command}: {why}"
        );
    }
    let (code, _, why) = run(&["healthcheck", "--address", "127.0.0.1:9"], &[], "");
    assert!(code == 1 && why.contains("nothing answers"), "{why}");
}

#[test]
fn a_database_of_another_version_is_refused_with_its_name() {
    let database = crate::support::database::TestDatabase::create();
    let folder = folder();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let bind = taken.local_addr().unwrap().to_string();
    let env = [
        ("COFFRET_DATABASE__URL", database.url.as_str()),
        ("COFFRET_DATA_DIR", folder.path().to_str().unwrap()),
        ("COFFRET_SERVER__BIND", bind.as_str()),
        ("COFFRET_DATABASE__ALLOW_UNSAFE_DURABILITY", "true"),
    ];
    let (code, _, why) = run(&["serve"], &env, "");
    assert!(code == 1 && why.contains(&bind) && why.contains("in use"), "{why}");
    database.run(
        "delete from __diesel_schema_migrations where version = (select max(version) from __diesel_schema_migrations)",
    );
    let (code, _, why) = run(&["serve", "--no-migrate"], &env, "");
    assert!(code == 1 && why.contains("lacks the migrations"), "{why}");
    database.run("insert into __diesel_schema_migrations (version) values ('20990101000000')");
    let (code, _, why) = run(&["serve"], &env, "");
    assert!(code == 1 && why.contains("newer than this program") && why.contains("20990101000000"), "{why}");
}

#[actix_web::test]
async fn the_log_of_a_server_never_holds_a_query() {
    let folder = folder();
    let log = folder.path().join("log");
    let demo = Demo::start_logging(folder.path(), &log);
    let asked = format!("{}/v1/orders?access_token=eyJhbGciOi&password=hunter2", demo.var("COFFRET_URL"));
    let answer = demo.http.get(&asked).send().await.unwrap();
    assert_eq!(answer.status(), 401, "a token in a query opens nothing");
    demo.http.get(asked.replace("/v1/orders", "/nothing/here")).send().await.unwrap();
    assert!(demo.stop().success());
    let said = std::fs::read_to_string(&log).unwrap();
    assert!(said.contains("/v1/orders"), "requests are logged: {said}");
    assert!(!said.contains("eyJhbGciOi") && !said.contains("hunter2"), "{said}");
}

#[actix_web::test]
async fn the_demo_has_something_on_every_page() {
    let folder = folder();
    let demo = Demo::start(folder.path());
    let rows = async |path: &str| {
        let address = format!("{}{path}", demo.var("COFFRET_URL"));
        let answer = demo.http.get(address).bearer_auth(demo.var("COFFRET_ADMIN_TOKEN")).send().await.unwrap();
        let body: serde_json::Value = answer.json().await.unwrap();
        body["data"].as_array().unwrap_or_else(|| panic!("{path}: {body}")).clone()
    };
    let store = rows("/v1/locations?limit=200").await;
    let store =
        store.iter().find(|location| location["code"] == "STORE-002").unwrap()["id"].as_str().unwrap().to_owned();
    for path in [
        "/v1/suppliers",
        "/v1/purchase-orders?status=draft",
        "/v1/purchase-orders?status=ordered",
        "/v1/purchase-orders?status=partially_received",
        "/v1/lots",
        "/v1/transfers?status=draft",
        "/v1/transfers?status=in_transit",
        "/v1/sourcing/rates",
        "/v1/orders?status=pending",
        "/v1/orders?status=confirmed",
        "/v1/orders?status=canceled",
        "/v1/pickups",
        "/v1/returns?status=requested",
        "/v1/returns?status=received",
        "/v1/returns?status=closed",
        "/v1/reaction-cases",
        "/v1/reservations",
        &format!("/v1/locations/{store}/counts"),
        &format!("/v1/locations/{store}/missing"),
    ] {
        assert!(!rows(path).await.is_empty(), "{path} is empty");
    }
    assert!(rows("/v1/locations").await.iter().all(|location| location["latitude"].is_number()));
    assert!(demo.stop().success());
}
