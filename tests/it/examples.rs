//! The document against the server: its examples are sent, null is taken where it says so, keys are kept where it takes
//! them.
use crate::{
    permissions::{Operation, operations, prepared::prepared},
    support::{Answer, Shop, answer},
};
use reqwest::Method;
use serde_json::{Value, json};

async fn two_stores() -> (Shop, String) {
    let shop = Shop::open().await;
    let here = shop.stocked("PARIS", "LIP-1", 900).await;
    let there = shop.location("LYON", 200).await;
    shop.stock(&there, "LIP-1", 900).await;
    (shop, here)
}

/// A prepared call of an operation.
struct Call<'a> {
    operation: &'a Operation,
    path: String,
    body: Value,
    version: Option<i64>,
}

impl<'a> Call<'a> {
    async fn of(shop: &Shop, operation: &'a Operation, location: &str) -> Self {
        let (path, body, version) = prepared(shop, operation, location).await;
        Self { operation, path, body, version }
    }

    async fn send(&self, shop: &Shop, key: &str, body: &Value) -> Answer {
        let mut request = shop.request(&shop.admin, self.operation.method.clone(), &self.path);
        request = request.header("X-Forwarded-For", "192.0.2.1");
        if self.operation.method != Method::GET {
            request = request.header("Idempotency-Key", key).json(body);
        }
        if let Some(version) = self.version {
            request = request.header("If-Match", format!("\"{version}\""));
        }
        answer(request).await
    }
}

fn key() -> String {
    uuid::Uuid::now_v7().to_string()
}

fn document() -> Value {
    serde_json::to_value(coffret::app::openapi()).unwrap()
}

fn of<'a>(document: &'a Value, operation: &Operation) -> &'a Value {
    &document["paths"][&operation.path][operation.method.as_str().to_lowercase()]
}

/// A schema with its references followed, and whether null is one of its values.
fn resolved<'a>(document: &'a Value, schema: &'a Value) -> (&'a Value, bool) {
    if let Some(name) = schema["$ref"].as_str().and_then(|name| name.rsplit('/').next()) {
        return resolved(document, &document["components"]["schemas"][name]);
    }
    let is_null = |of: &Value| of["type"] == "null";
    for either in ["oneOf", "anyOf"] {
        let options: Vec<_> = schema[either].as_array().into_iter().flatten().collect();
        let others: Vec<_> = options.iter().filter(|of| !is_null(of)).collect();
        if let [only] = others.as_slice() {
            let inner = resolved(document, only);
            return (inner.0, inner.1 || options.iter().any(|of| is_null(of)));
        }
    }
    (schema, schema["type"].as_array().is_some_and(|types| types.contains(&json!("null"))))
}

/// The fields that the schema of a body has where the body has an object: pointer, field's schema as it is written.
fn fields<'a>(document: &'a Value, schema: &'a Value, body: &Value, at: &str, found: &mut Vec<(String, &'a Value)>) {
    let schema = resolved(document, schema).0;
    match body {
        Value::Object(body) => {
            for (name, of) in schema["properties"].as_object().into_iter().flatten() {
                let pointer = format!("{at}/{name}");
                if let Some(body) = body.get(name) {
                    fields(document, of, body, &pointer, found);
                }
                found.push((pointer, of));
            }
        }
        Value::Array(body) if !body.is_empty() => {
            fields(document, &schema["items"], &body[0], &format!("{at}/0"), found);
        }
        _ => {}
    }
}

fn body_fields<'a>(document: &'a Value, call: &Call) -> Vec<(String, &'a Value)> {
    let schema = &of(document, call.operation)["requestBody"]["content"]["application/json"]["schema"];
    let mut found = vec![];
    fields(document, schema, &call.body, "", &mut found);
    found
}

/// A body with another value at a pointer, or without it.
fn with(body: &Value, pointer: &str, value: Option<&Value>) -> Value {
    let mut body = body.clone();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let Some(parent) = body.pointer_mut(parent).and_then(Value::as_object_mut) else { panic!("{pointer} in {body}") };
    parent.remove(name);
    parent.extend(value.map(|value| (name.to_owned(), value.clone())));
    body
}

fn faults_at(answer: &Answer, pointer: &str) -> bool {
    let faults = answer.body["errors"].as_array().cloned().unwrap_or_default();
    faults.iter().any(|fault| fault["pointer"] == format!("#{pointer}").as_str())
}

fn examples(schema: &Value) -> Vec<Value> {
    let many = schema["examples"].as_array().cloned().unwrap_or_default();
    many.into_iter().chain(schema.get("example").cloned()).collect()
}

fn called() -> Vec<Operation> {
    // An import is not a JSON body, and whoever ends their sessions can call nothing after it; what is public is called
    // by tests of its own.
    let apart = ["startImport", "endMySessions"];
    operations().into_iter().filter(|of| of.permission != "public" && !apart.contains(&of.id.as_str())).collect()
}

#[actix_web::test]
async fn every_example_of_a_request_in_the_document_is_accepted() {
    let (shop, here) = two_stores().await;
    let document = document();
    let mut sent = 0;
    for operation in called() {
        for parameter in of(&document, &operation)["parameters"].as_array().into_iter().flatten() {
            for example in examples(&parameter["schema"]).into_iter().filter(|_| parameter["in"] == "query") {
                let call = Call::of(&shop, &operation, &here).await;
                let (name, value) = (parameter["name"].as_str().unwrap(), example.as_str().unwrap());
                let (path, query) = call.path.split_once('?').unwrap_or((&call.path, ""));
                // A variant is found by one thing at a time; what is named twice is refused.
                let stays = |pair: &&str| !pair.is_empty() && name != "gtin" && !pair.starts_with(&format!("{name}="));
                let pairs =
                    query.split('&').filter(stays).chain([&*format!("{name}={value}")]).collect::<Vec<_>>().join("&");
                let call = Call { path: format!("{path}?{pairs}"), ..call };
                let answer = call.send(&shop, &key(), &call.body).await;
                // What is asked for may not be there.
                assert!(
                    answer.status < 300 || answer.status == 404,
                    "{} {name}={value}: {}",
                    operation.id,
                    answer.body
                );
                sent += 1;
            }
        }
        let call = Call::of(&shop, &operation, &here).await;
        for (pointer, schema) in body_fields(&document, &call) {
            let examples = examples(schema).into_iter().chain(examples(resolved(&document, schema).0));
            for example in examples.collect::<Vec<_>>() {
                let call = Call::of(&shop, &operation, &here).await;
                let body = with(&call.body, &pointer, Some(&example));
                let answer = call.send(&shop, &key(), &body).await;
                // What the shop has, or has not, or the rest of the body may stand in the way of a value that is well
                // formed.
                let is_of_another = answer.body["errors"][0]["code"] == "inconsistent";
                let is_unknown = answer.body["code"].as_str().is_some_and(|code| code.starts_with("unknown_"));
                let is_taken = answer.status < 300 || answer.status == 409 || is_unknown || is_of_another;
                assert!(is_taken, "{} {pointer} {example}: {}", operation.id, answer.body);
                sent += 1;
            }
        }
    }
    assert!(sent >= 20, "only {sent} examples were found");
}

#[actix_web::test]
async fn null_is_taken_exactly_where_the_document_says_so() {
    let (shop, here) = two_stores().await;
    let document = document();
    let (mut wrong, mut tried) = (vec![], 0);
    // GraphQL has errors of its own; of many sales each is read on its own.
    let apart = |operation: &Operation| ["graphql", "syncSales"].contains(&operation.id.as_str());
    for operation in called().into_iter().filter(|operation| !apart(operation)) {
        let call = Call::of(&shop, &operation, &here).await;
        for (pointer, schema) in body_fields(&document, &call) {
            let call = Call::of(&shop, &operation, &here).await;
            let answer = call.send(&shop, &key(), &with(&call.body, &pointer, Some(&Value::Null))).await;
            let mut is_refused = faults_at(&answer, &pointer);
            if is_refused && resolved(&document, schema).1 {
                // Null stands for nothing at all; something may be needed.
                let answer = call.send(&shop, &key(), &with(&call.body, &pointer, None)).await;
                is_refused = !faults_at(&answer, &pointer);
            }
            if is_refused == resolved(&document, schema).1 {
                wrong.push(format!("{} {pointer}: {} {}", operation.id, answer.status, answer.body));
            }
            tried += 1;
        }
    }
    assert!(tried > 100 && wrong.is_empty(), "of {tried}: {wrong:#?}");
}

#[actix_web::test]
async fn a_key_is_kept_wherever_the_document_takes_one() {
    let (shop, here) = two_stores().await;
    let document = document();
    let (mut wrong, mut judged) = (vec![], 0);
    for operation in called().iter().filter(|operation| operation.method != Method::GET) {
        let parameters = of(&document, operation)["parameters"].as_array().cloned().unwrap_or_default();
        let takes_key = parameters.iter().any(|parameter| parameter["name"] == "Idempotency-Key");
        let (call, key) = (Call::of(&shop, operation, &here).await, key());
        let first = call.send(&shop, &key, &call.body).await;
        let again = call.send(&shop, &key, &call.body).await;
        // A refusal is not kept: the next attempt may succeed.
        if first.status >= 300 {
            continue;
        }
        judged += 1;
        if (again.header("idempotent-replayed") == "true") != takes_key {
            wrong.push(format!("{}: {} {}, then {}", operation.id, first.status, first.body, again.status));
        }
    }
    assert!(judged > 50 && wrong.is_empty(), "of {judged}: {wrong:#?}");
}
