//! Wrong input gets a clear refusal with a lasting code; nothing is written, and nothing is our fault.
use crate::support::{Answer, Shop, answer, order_body};
use reqwest::Method;
use serde_json::{Value, json};
use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

async fn raw(shop: &Shop, path: &str, body: impl Into<reqwest::Body>) -> Answer {
    let request = shop
        .request(&shop.admin, Method::POST, path)
        .header("Content-Type", "application/json")
        .header("Idempotency-Key", "raw");
    answer(request.body(body)).await
}

#[actix_web::test]
async fn quantities_that_are_none_are_refused_with_their_place() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    for bad in ["0", "-1", "1.5", "\"1\"", "2147483648", "9223372036854775808", "1e400", "null", "true", "[]", "NaN"] {
        let order = format!(
            r#"{{"channel":"pos","currency":"EUR","location_id":"{paris}","customer":{{}},
                "lines":[{{"sku":"LIP-1","quantity":{bad}}}]}}"#
        );
        let refusal = raw(&shop, "/v1/orders", order).await;
        assert!(
            matches!((refusal.status, refusal.code()), (422, "invalid_body") | (400, "malformed_json")),
            "{bad}: {}",
            refusal.body
        );
        if refusal.status == 422 {
            assert_eq!(refusal.body["errors"][0]["pointer"], "#/lines/0/quantity", "{bad}");
        }
        let delta = format!(r#"{{"delta":{bad},"reason":"count"}}"#);
        let path = format!("/v1/locations/{paris}/inventory/LIP-1");
        let request =
            shop.request(&shop.admin, Method::PATCH, &path).header("Content-Type", "application/json").body(delta);
        let refusal = answer(request).await;
        let is_fine = refusal.status == 200 && bad == "-1";
        assert!(is_fine || matches!(refusal.status, 400 | 422), "{bad}: {} {}", refusal.status, refusal.body);
    }
    assert_eq!(shop.database.count("orders"), 0);
    let whole = format!(
        r#"{{"channel":"pos","currency":"EUR","location_id":"{paris}","customer":{{}},
            "lines":[{{"sku":"LIP-1","quantity":2.0}}]}}"#
    );
    assert_eq!(raw(&shop, "/v1/orders", whole).await.status, 201, "JSON Schema calls 2.0 an integer");
}

#[actix_web::test]
async fn many_lines_of_much_never_overflow() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let mut body = order_body(&paris, "LIP-1", 1);
    body["lines"] = json!(vec![json!({ "sku": "LIP-1", "quantity": 1_000_000 }); 500]);
    shop.post(&shop.admin, "/v1/orders", body.clone()).await.refused(409, "out_of_stock");
    body["lines"] = json!(vec![json!({ "sku": "LIP-1", "quantity": 1 }); 501]);
    shop.post(&shop.admin, "/v1/orders", body.clone()).await.refused(422, "invalid_body");
    body["lines"] = json!(vec![json!({ "sku": "LIP-1", "quantity": 1 }); 100_000]);
    shop.post(&shop.admin, "/v1/orders", body.clone()).await.refused(413, "body_too_large");
    body["lines"] = json!([]);
    shop.post(&shop.admin, "/v1/orders", body).await.refused(422, "invalid_body");
    let id = shop.get(&shop.admin, "/v1/variants?sku=LIP-1").await.ok()["id"].as_str().unwrap().to_owned();
    shop.put(
        &shop.admin,
        &format!("/v1/variants/{id}/prices/pos/EUR"),
        json!({ "amount_minor": 9_007_199_254_740_991i64 }),
    )
    .await
    .ok();
    shop.post(&shop.admin, "/v1/orders", order_body(&paris, "LIP-1", 2)).await.refused(422, "amount_overflow");
}

#[actix_web::test]
async fn text_that_cannot_be_kept_is_refused_wherever_it_stands() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let order = |name: &str| {
        format!(
            r#"{{"channel":"pos","currency":"EUR","location_id":"{paris}","customer":{{"name":"{name}"}},
                "lines":[{{"sku":"LIP-1","quantity":1}}]}}"#
        )
    };
    raw(&shop, "/v1/orders", order("A\\u0000B")).await.refused(422, "invalid_body");
    raw(&shop, "/v1/orders", order("A\\u0007B")).await.refused(422, "invalid_body");
    raw(&shop, "/v1/orders", order("\\ud800")).await.refused(400, "malformed_json");
    raw(&shop, "/v1/orders", [order("A").as_bytes(), b"\xff\xfe"].concat()).await.refused(400, "malformed_json");
    raw(&shop, "/v1/orders", order(&"x".repeat(201))).await.refused(422, "invalid_body");
    for query in ["sku=%00", "sku=a%20b", "sku=", "nothing=1"] {
        shop.get(&shop.admin, &format!("/v1/locations/{paris}/inventory?{query}")).await.refused(400, "invalid_query");
    }
    for query in ["from=-262143-01-01T00:00:00Z", "from=yesterday"] {
        shop.get(&shop.admin, &format!("/v1/orders?{query}")).await.refused(400, "invalid_query");
    }
    shop.get(&shop.admin, "/v1/orders/%00").await.refused(400, "invalid_path");
    shop.get(&shop.admin, "/v1/orders/not-a-uuid").await.refused(400, "invalid_path");
    let nul = shop.graphql(&shop.admin, "query($s: String!) { variant(sku: $s) { sku } }", json!({ "s": "a" })).await;
    assert_eq!(nul["data"]["variant"], json!(null));
    let refused = answer(
        shop.request(&shop.admin, Method::POST, "/graphql")
            .json(&json!({ "query": "{ variant(sku: \"\\u0000\") { sku } }" })),
    )
    .await;
    assert_eq!(refused.body["errors"][0]["extensions"]["code"], "invalid_body", "{}", refused.body);
}

#[actix_web::test]
async fn bodies_that_are_not_what_was_asked_for_are_refused() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let good = order_body(&paris, "LIP-1", 1);
    for bad in ["", "{", "[", "nul", "{}{}", "{\"lines\":[}"] {
        let refusal = raw(&shop, "/v1/orders", bad).await;
        assert!(
            matches!((refusal.status, refusal.code()), (400, "malformed_json") | (422, "invalid_body")),
            "{bad:?}: {}",
            refusal.body
        );
    }
    for (field, value) in [
        ("colour", json!("red")),
        ("status", json!("confirmed")),
        ("total", json!(1)),
        ("channel", json!("fax")),
        ("currency", json!("XXQ")),
        ("customer", json!("Ada")),
        ("customer", json!({ "email": "not an address" })),
        ("location_id", json!("here")),
    ] {
        let mut body = good.clone();
        body[field] = value;
        shop.post(&shop.admin, "/v1/orders", body).await.refused(422, "invalid_body");
    }
    raw(&shop, "/v1/orders", r#"{"channel":"pos","channel":"web","currency":"EUR","lines":[]}"#)
        .await
        .refused(422, "invalid_body");
    let deep = format!(r#"{{"customer":{}1{}}}"#, r#"{"address":"#.repeat(4_000), "}".repeat(4_000));
    raw(&shop, "/v1/orders", deep).await.refused(422, "invalid_body");
    let request = |kind: &str| {
        shop.request(&shop.admin, Method::POST, "/v1/orders")
            .header("Idempotency-Key", "x")
            .header("Content-Type", kind.to_owned())
            .body(good.to_string())
    };
    answer(request("text/plain")).await.refused(415, "unsupported_media_type");
    answer(request("application/json").header("Content-Encoding", "br")).await.refused(415, "unsupported_encoding");
    answer(request("application/json; charset=utf-8")).await.ok();
    shop.get(&shop.admin, &format!("/v1/orders?cursor={}", "x".repeat(9000))).await.refused(414, "uri_too_long");
    shop.get(&shop.admin, "/v1/nothing").await.refused(404, "not_found");
    let method = answer(shop.request(&shop.admin, Method::DELETE, "/v1/orders")).await;
    method.refused(405, "method_not_allowed");
    assert_eq!(method.header("allow"), "GET, POST");
}

#[actix_web::test]
async fn an_array_is_never_taken_for_an_object() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let line = r#"{"sku":"LIP-1","quantity":1}"#;
    for body in [
        format!(r#"["pos","EUR","{paris}",{{}},[{line}]]"#),
        format!(r#"{{"channel":"pos","currency":"EUR","location_id":"{paris}","lines":[["LIP-1",1]]}}"#),
        format!(r#"{{"channel":"pos","currency":"EUR","location_id":"{paris}","customer":["a"],"lines":[{line}]}}"#),
        format!(
            r#"{{"channel":"pos","currency":"EUR","location_id":"{paris}",
                "customer":{{"address":["a",null,"b",null,"FR"]}},"lines":[{line}]}}"#
        ),
        "null".into(),
        "[]".into(),
    ] {
        let refusal = raw(&shop, "/v1/orders", body.clone()).await;
        refusal.refused(422, "invalid_body");
        assert!(!refusal.body.to_string().contains("struct"), "{body}: {}", refusal.body);
    }
    assert_eq!(shop.database.count("orders"), 0);
}

#[actix_web::test]
async fn a_change_that_changes_nothing_is_refused() {
    let shop = Shop::open().await;
    let paris = shop.location("PARIS", 1).await;
    let product = shop.variant("LIP-1").await;
    let paths = [
        format!("/v1/products/{}", product["id"].as_str().unwrap()),
        format!("/v1/variants/{}", product["variants"][0]["id"].as_str().unwrap()),
        format!("/v1/locations/{paris}"),
    ];
    for path in paths {
        shop.patch(&shop.admin, &path, json!({}), Some(1)).await.refused(422, "invalid_body");
    }
    let null = shop.patch(&shop.admin, &format!("/v1/locations/{paris}"), json!({ "name": null }), Some(1)).await;
    null.refused(422, "invalid_body");
}

#[actix_web::test]
async fn what_does_not_exist_is_told_by_its_name() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let nowhere = uuid::Uuid::now_v7();
    let unknown = shop.post(&shop.admin, "/v1/orders", order_body(&paris, "NO-SUCH", 1)).await;
    unknown.refused(422, "unknown_sku");
    assert_eq!(unknown.body["errors"][0]["pointer"], "#/lines/0/sku");
    shop.post(&shop.admin, "/v1/orders", order_body(&nowhere.to_string(), "LIP-1", 1)).await.refused(404, "not_found");
    for path in [
        format!("/v1/orders/{nowhere}"),
        format!("/v1/products/{nowhere}"),
        format!("/v1/reservations/{nowhere}"),
        format!("/v1/locations/{nowhere}/inventory"),
    ] {
        shop.get(&shop.admin, &path).await.refused(404, "not_found");
    }
    shop.patch(&shop.admin, &format!("/v1/orders/{nowhere}/cancel"), json!({}), None).await.refused(404, "not_found");
    let weak = shop
        .request(&shop.admin, Method::PATCH, &format!("/v1/locations/{paris}/inventory/LIP-1"))
        .header("If-Match", "3");
    answer(weak.json(&json!({ "set": 1, "reason": "count" }))).await.refused(400, "invalid_header");
    let kinds = json!({ "delta": 1, "set": 2, "reason": "count" });
    shop.patch(&shop.admin, &format!("/v1/locations/{paris}/inventory/LIP-1"), kinds, Some(1))
        .await
        .refused(422, "invalid_body");
}

/// Sends raw bytes and reads until the server closes or says something.
fn exchange(shop: &Shop, bytes: &[u8], patience: Duration) -> String {
    let mut stream = TcpStream::connect(shop.url.trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(patience)).unwrap();
    stream.write_all(bytes).unwrap();
    let mut answer = vec![0; 4096];
    let read = stream.read(&mut answer).unwrap_or(0);
    String::from_utf8_lossy(&answer[..read]).into_owned()
}

#[actix_web::test]
async fn a_body_that_never_ends_is_cut_off() {
    let shop = Shop::open().await;
    let head = format!(
        "POST /v1/orders HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nIdempotency-Key: slow\r\n\
         Content-Type: application/json\r\nContent-Length: 500\r\n\r\n{{",
        shop.admin
    );
    let said = exchange(&shop, head.as_bytes(), Duration::from_secs(20));
    assert!(said.starts_with("HTTP/1.1 408") && said.contains("request_timeout"), "{said}");
}

#[actix_web::test]
async fn requests_made_to_confuse_a_proxy_are_refused() {
    let shop = Shop::open().await;
    let both =
        "POST /v1/orders HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
    let twice = "POST /v1/orders HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!";
    for bytes in [both, twice] {
        let said = exchange(&shop, bytes.as_bytes(), Duration::from_secs(5));
        assert!(said.is_empty() || said.starts_with("HTTP/1.1 400"), "{said}");
    }
}

#[actix_web::test]
async fn a_point_that_is_nowhere_is_refused_with_its_pointer() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 2).await;
    let mut body = crate::support::order_body(&paris, "LIP-1", 1);
    body["customer"] = crate::support::home();
    for (latitude, pointer) in [(91.5, "#/customer/address/latitude"), (48.8, "#/customer/address/longitude")] {
        body["customer"]["address"]["latitude"] = json!(latitude);
        let refused = shop.post(&shop.admin, "/v1/orders", body.clone()).await;
        refused.refused(422, "invalid_body");
        assert_eq!(refused.body["errors"][0]["pointer"], pointer, "{}", refused.body);
    }
    body["customer"]["address"]["longitude"] = json!(2.3);
    shop.post(&shop.admin, "/v1/orders", body).await.ok();
}

#[actix_web::test]
async fn fields_that_do_not_fit_together_are_told_with_their_pointers_all_at_once() {
    let shop = Shop::open().await;
    let paris = shop.location("PARIS", 1).await;
    let line = json!({ "sku": "LIP-1", "quantity": 1, "unit_price_minor": 5 });
    let order = json!({ "channel": "web", "currency": "EUR", "lines": [line] });
    let receipt = json!({ "lines": [{ "accepted": 1 }, { "sku": "LIP-1" }] });
    let choices = json!({ "choices": [{ "location_id": paris, "sku": "LIP-1", "quantity": 1 }] });
    let point = json!({
        "code": "P", "name": "P", "kind": "store", "country": "FR", "time_zone": "Europe/Paris",
        "shipping": { "latitude": 1.5 },
    });
    let cases = [
        ("/v1/orders".to_owned(), order, vec!["#/customer/address", "#/lines/0/unit_price_minor"]),
        (format!("/v1/locations/{paris}/receipts"), receipt, vec!["#/lines/0", "#/lines/1/accepted"]),
        ("/v1/replenishment".to_owned(), choices, vec!["#/choices/0"]),
        ("/v1/locations".to_owned(), point, vec!["#/shipping/longitude"]),
    ];
    for (path, body, pointers) in cases {
        let refused = shop.post(&shop.admin, &path, body).await;
        assert_eq!(refused.status, 422, "{path} {}", refused.body);
        let told = refused.body["errors"].as_array().unwrap().iter().map(|error| error["pointer"].as_str().unwrap());
        assert_eq!(told.collect::<Vec<_>>(), pointers, "{path} {}", refused.body);
    }
}

#[actix_web::test]
async fn each_sku_that_is_unknown_retired_or_without_a_price_is_told() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    shop.variant("LIP-2").await;
    let retired = shop.get(&shop.admin, "/v1/variants?sku=LIP-2").await.ok();
    let path = format!("/v1/variants/{}/retire", retired["id"].as_str().unwrap());
    shop.post(&shop.admin, &path, json!({})).await.ok();
    let line = |sku: &str| json!({ "sku": sku, "quantity": 1 });
    let lines = json!([line("NO-1"), line("LIP-1"), line("LIP-2"), line("NO-2")]);
    let order = json!({
        "channel": "web", "currency": "EUR", "location_id": paris, "customer": crate::support::home(), "lines": lines,
    });
    let hold = json!({ "lines": lines });
    let pointers = |body: &Value| {
        let faults = body["errors"].as_array().unwrap_or_else(|| panic!("{body}")).clone();
        faults
            .iter()
            .map(|fault| format!("{} {}", fault["pointer"], fault["code"]).replace('"', ""))
            .collect::<Vec<_>>()
    };
    let reserve = format!("/v1/locations/{paris}/inventory/reserve");
    for (path, body) in [("/v1/orders".to_owned(), &order), (reserve, &hold)] {
        let refused = shop.post(&shop.admin, &path, body.clone()).await;
        let wanted = ["#/lines/0/sku unknown_sku", "#/lines/2/sku variant_retired", "#/lines/3/sku unknown_sku"];
        assert_eq!((refused.status, pointers(&refused.body)), (422, wanted.map(String::from).to_vec()), "{path}");
    }
    let lines = json!([line("NO-1"), line("LIP-1"), line("NO-2")]);
    let bought = json!({ "supplier_id": supplier(&shop).await, "location_id": paris, "lines": lines });
    let refused = shop.post(&shop.admin, "/v1/purchase-orders", bought).await;
    assert_eq!(pointers(&refused.body), ["#/lines/0/sku unknown_sku", "#/lines/2/sku unknown_sku"]);
    let unpriced = json!({
        "channel": "web", "currency": "JPY", "location_id": paris, "customer": crate::support::home(),
        "lines": [line("LIP-1"), line("LIP-1")],
    });
    let refused = shop.post(&shop.admin, "/v1/orders", unpriced).await;
    assert_eq!(pointers(&refused.body), ["#/lines/0/sku no_price", "#/lines/1/sku no_price"], "{}", refused.body);
}

async fn supplier(shop: &Shop) -> Value {
    let supplier = json!({ "code": "LAB", "name": "Lab", "lead_days": 3 });
    shop.post(&shop.admin, "/v1/suppliers", supplier).await.ok()["id"].clone()
}
