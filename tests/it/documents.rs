//! Documents of the service: the OpenAPI document, the codes, health, metrics, the documentation page.
use crate::support::{Shop, answer};
use reqwest::Method;
use serde_json::{Value, json};
use std::{collections::BTreeSet, fmt::Write};

#[actix_web::test]
async fn the_document_describes_every_operation_whole() {
    let shop = Shop::open().await;
    let document = shop.get("", "/openapi.json").await.ok();
    assert_eq!(document["openapi"], "3.1.0");
    let mut ids = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let place = format!("{method} {path}");
            for field in ["summary", "description", "operationId", "x-permission"] {
                assert!(operation[field].as_str().is_some_and(|text| !text.is_empty()), "{place} lacks {field}");
            }
            assert!(ids.insert(operation["operationId"].to_string()), "{place} repeats its id");
            assert!(operation["tags"].as_array().is_some_and(|tags| tags.len() == 1), "{place} lacks its tag");
            for (status, response) in operation["responses"].as_object().unwrap() {
                assert!(
                    response["description"].as_str().is_some_and(|d| !d.is_empty()),
                    "{place} {status} lacks a description"
                );
            }
            if operation["x-permission"] != "public" {
                assert!(operation["security"].is_array(), "{place} lacks security");
                assert!(
                    operation["responses"]["401"].is_object() && operation["responses"]["403"].is_object(),
                    "{place}"
                );
            }
        }
    }
    check_references(&document, &document);
    assert_eq!(document["components"]["schemas"]["Channel"]["enum"], json!(["web", "mobile", "pos", "marketplace"]));
}

#[actix_web::test]
async fn head_answers_like_get_without_a_body() {
    let shop = Shop::open().await;
    for path in ["/v1/orders", "/livez", "/openapi.json", "/docs/"] {
        let head = answer(shop.request(&shop.admin, Method::HEAD, path)).await;
        let get = shop.get(&shop.admin, path).await;
        assert_eq!((head.status, head.header("content-type")), (200, get.header("content-type")), "{path}");
        assert_eq!(head.body, "", "{path}");
    }
    assert_eq!(answer(shop.request("", Method::HEAD, "/v1/orders")).await.status, 401);
    shop.get("", "/docs/no-such-file.js").await.refused(404, "not_found");
}

/// Every `$ref` leads somewhere.
fn check_references(at: &Value, document: &Value) {
    match at {
        Value::Object(fields) => {
            if let Some(target) = fields.get("$ref").and_then(Value::as_str) {
                assert!(document.pointer(target.trim_start_matches('#')).is_some(), "{target} leads nowhere");
            }
            fields.values().for_each(|value| check_references(value, document));
        }
        Value::Array(items) => items.iter().for_each(|value| check_references(value, document)),
        _ => {}
    }
}

#[actix_web::test]
async fn each_code_has_a_page_and_the_list_of_codes_is_as_checked_in() {
    let shop = Shop::open().await;
    let mut listing = String::new();
    for code in coffret::kernel::Code::ALL {
        let page = shop.get("", &format!("/problems/{}", code.as_str())).await.ok();
        assert_eq!(page["status"], code.status());
        assert!(page["remedy"].as_str().unwrap().ends_with('.'), "{page}");
        writeln!(listing, "{} {} — {}", code.status(), code.as_str(), code.title()).unwrap();
    }
    insta::assert_snapshot!(listing);
    let all = shop.get("", "/problems").await.ok();
    assert_eq!(all["data"].as_array().unwrap().len(), coffret::kernel::Code::ALL.len());
    let request = shop.http.get(format!("{}/problems", shop.url)).header("Accept", "text/html");
    assert!(answer(request).await.text().contains("<a href=\"/problems/out_of_stock\">"));
}

#[test]
fn the_summary_of_each_operation_is_an_order_of_its_own() {
    let document: Value = serde_json::to_value(coffret::app::openapi()).unwrap();
    let mut seen = BTreeSet::new();
    let returns = &document["paths"]["/v1/returns"]["get"]["responses"]["200"];
    assert!(!returns.to_string().contains("allOf"), "{returns}");
    for operation in document["paths"].as_object().unwrap().values().flat_map(|item| item.as_object().unwrap().values())
    {
        let summary = operation["summary"].as_str().unwrap_or_default();
        let verb = summary.split(' ').next().unwrap_or_default();
        let is_order = !verb.ends_with('s') || ["Process", "Press"].contains(&verb);
        assert!(
            is_order && summary.contains(' ') && !summary.ends_with('.'),
            "{}: {summary}",
            operation["operationId"]
        );
        assert!(seen.insert(summary.to_owned()), "two operations are {summary}");
    }
}

#[actix_web::test]
async fn health_is_told_apart_from_readiness() {
    let shop = Shop::open().await;
    assert_eq!(shop.get("", "/livez").await.status, 200);
    assert_eq!(shop.get("", "/readyz").await.status, 200);
    shop.app.drainer()();
    let draining = shop.get("", "/readyz").await;
    draining.refused(503, "draining");
    assert!(!draining.header("retry-after").is_empty());
    assert_eq!(shop.get("", "/livez").await.status, 200);
}

#[actix_web::test]
async fn metrics_count_requests_by_route_and_are_open_to_this_machine_only() {
    let shop = Shop::open().await;
    shop.get(&shop.admin, &format!("/v1/orders/{}", uuid::Uuid::now_v7())).await;
    let text = shop.get("", "/metrics").await.body.as_str().unwrap().to_owned();
    for line in [
        r#"http_server_request_duration_seconds_count{method="GET",route="/v1/orders/{order_id}"} 1"#,
        r#"http_server_route_responses_total{class="4xx",method="GET",route="/v1/orders/{order_id}"} 1"#,
        r#"http_server_responses_total{method="GET",status="404"} 1"#,
    ] {
        assert!(text.contains(line), "{line} is not in {text}");
    }
    let forwarded = answer(shop.request("", Method::GET, "/metrics").header("X-Forwarded-For", "203.0.113.9")).await;
    forwarded.refused(401, "unauthenticated");
    let admin =
        answer(shop.request(&shop.admin, Method::GET, "/metrics").header("X-Forwarded-For", "203.0.113.9")).await;
    assert_eq!(admin.status, 200);
}

#[actix_web::test]
async fn metrics_stay_small_though_every_route_is_called_in_every_way() {
    let shop = Shop::open().await;
    let (document, mut operations) = (shop.get("", "/openapi.json").await.ok(), 0);
    for (path, item) in document["paths"].as_object().unwrap() {
        operations += item.as_object().unwrap().len();
        let of_none =
            |part: &str| if part.starts_with('{') { uuid::Uuid::now_v7().to_string() } else { part.to_owned() };
        for method in item.as_object().unwrap().keys() {
            for token in ["", shop.admin.as_str()] {
                let path = path.split('/').map(of_none).collect::<Vec<_>>().join("/");
                let method = method.to_uppercase().parse().unwrap();
                answer(shop.request(token, method, &path).json(&json!({}))).await;
            }
        }
    }
    let text = shop.get("", "/metrics").await.body.as_str().unwrap().to_owned();
    let routes = text.lines().filter(|line| line.starts_with("http_server_request_duration_seconds_count")).count();
    assert!(routes >= 140, "{routes} routes");
    assert!(text.len() <= operations * 1_000, "{} bytes of {operations} operations", text.len());
}

#[actix_web::test]
async fn pages_are_served_by_the_binary_alone() {
    let shop = Shop::open().await;
    for path in ["/docs/", "/playground"] {
        let page = shop.get("", path).await;
        assert_eq!(page.status, 200, "{path}");
        let html = page.body.as_str().unwrap();
        assert!(!html.contains("https://") && !html.contains("//cdn"), "{path} loads from elsewhere: {html}");
        assert!(page.header("content-security-policy").contains("default-src 'none'"));
    }
    let browser = answer(shop.request("", Method::GET, "/graphql").header("Accept", "text/html")).await;
    assert_eq!(browser.status, 200);
    shop.get("", "/graphql").await.refused(406, "not_acceptable");
    assert_eq!(
        shop.get("", "/playground/playground.js").await.header("content-type"),
        "text/javascript; charset=utf-8"
    );
    shop.get("", "/playground/..%2f..%2fetc%2fpasswd").await.refused(404, "not_found");
}

#[actix_web::test]
async fn every_answer_carries_its_request_id_and_safe_headers() {
    let shop = Shop::open().await;
    let answer = shop.get(&shop.admin, "/v1/orders").await;
    assert!(uuid::Uuid::parse_str(answer.header("x-request-id")).is_ok());
    assert_eq!((answer.header("x-content-type-options"), answer.header("cache-control")), ("nosniff", "no-store"));
    assert_eq!(answer.ok()["page"], json!({ "next_cursor": null, "has_more": false }));
}

#[actix_web::test]
async fn the_document_says_how_to_sign_in_and_where_the_server_is() {
    let shop = Shop::open().await;
    let document = shop.get("", "/openapi.json").await.ok();
    assert_eq!(document["servers"][0]["url"], "/");
    assert_eq!(document["paths"]["/v1/orders"]["get"]["security"], json!([{ "bearer": [] }, { "oauth2": [] }]));
    assert_eq!(document["paths"]["/livez"]["get"]["security"], json!([]));
    let fields = document["components"]["schemas"]["Query"]["properties"].as_object().unwrap();
    assert!(fields.contains_key("operationName") && !fields.contains_key("operation_name"), "{fields:?}");
    let named: std::collections::BTreeSet<_> =
        document["tags"].as_array().unwrap().iter().map(|tag| tag["name"].as_str().unwrap()).collect();
    for (path, item) in document["paths"].as_object().unwrap() {
        for operation in item.as_object().unwrap().values() {
            for tag in operation["tags"].as_array().into_iter().flatten() {
                assert!(named.contains(tag.as_str().unwrap()), "{path}: the tag {tag} is not defined");
            }
        }
    }
    let page = shop.get("", "/").await;
    assert!(
        page.header("content-type").starts_with("text/html") && page.body.as_str().unwrap().contains("/playground")
    );
}

#[test]
fn the_openapi_document_is_as_checked_in() {
    let now = coffret::app::openapi().to_pretty_json().unwrap() + "\n";
    let file = "docs/openapi.json";
    if std::fs::read_to_string(file).unwrap_or_default() != now {
        std::fs::write(file, now).unwrap();
        panic!("{file} was not what the code says; it has been written anew: look at the difference and commit it");
    }
}
