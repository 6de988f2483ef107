//! Tests of finding the faults of a body.
use super::*;
use serde::Deserialize;

#[derive(Debug, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only read")]
struct Sent {
    #[validate(length(min = 2, message = "too short"))]
    name: String,
    count: i32,
    #[serde(default)]
    lines: Vec<Line>,
}

#[derive(Debug, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only read")]
struct Nested {
    first: Line,
    #[validate(range(min = 1, message = "too few"))]
    units: i32,
}

#[test]
fn values_are_judged_beside_a_structure_that_is_none() {
    let first = attempt::<Nested>(&json!({ "first": 7, "units": 0 })).unwrap_err();
    let found = all::<Nested>(r#"{"first":7,"units":0}"#, first);
    assert_eq!(found.iter().map(|fault| &*fault.pointer).collect::<Vec<_>>(), ["#/first", "#/units"]);
    let first = attempt::<Nested>(&json!({ "a/b": 1 })).unwrap_err();
    assert_eq!(first.pointer, "#/a~1b");
}

#[derive(Debug, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only read")]
struct Line {
    sku: String,
    units: i32,
}

fn pointers(text: &str) -> Vec<String> {
    let first = attempt::<Sent>(&serde_json::from_str(text).unwrap()).unwrap_err();
    all::<Sent>(text, first).into_iter().map(|fault| fault.pointer).collect()
}

#[test]
fn each_fault_of_a_body_is_told_with_its_pointer() {
    let text = r#"{"name":7,"extra":1,"lines":[{"sku":"A"},{"sku":"B","units":"x"},{"sku":"C","units":1,"more":2}]}"#;
    let mut found = pointers(text);
    found.sort();
    let expected = ["#/count", "#/extra", "#/lines/0/units", "#/lines/1/units", "#/lines/2/more", "#/name"];
    assert_eq!(found, expected);
    assert_eq!(pointers(r#"{"name":"a","count":"x"}"#), ["#/count", "#/name"], "and what is read but not valid");
}
