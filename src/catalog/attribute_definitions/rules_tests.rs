//! Definitions allow the values that they say, and no others.
use super::*;
use crate::{catalog::classification::Category, kernel::AttributeId, platform::db::Json};
use chrono::{DateTime, Utc};
use proptest::prelude::*;
use serde_json::json;

fn definition(kind: AttributeKind) -> AttributeDefinition {
    let options = match kind {
        AttributeKind::Choice | AttributeKind::Choices => vec!["matte".to_owned(), "satin".to_owned()],
        _ => vec![],
    };
    AttributeDefinition {
        id: AttributeId::new(),
        code: "finish".into(),
        name: "Finish".into(),
        kind,
        category: None,
        category_id: None,
        unit: None,
        options: Json(options),
        minimum: Some(2.0),
        maximum: Some(50.0),
        is_required: false,
        version: 1,
        created_at: DateTime::<Utc>::UNIX_EPOCH,
        updated_at: DateTime::<Utc>::UNIX_EPOCH,
    }
}

fn allows(kind: AttributeKind, value: serde_json::Value) -> bool {
    definition(kind).read(&serde_json::from_value(value).unwrap()).is_ok()
}

#[test]
fn a_value_is_of_the_kind_and_among_the_options_of_its_attribute() {
    use AttributeKind as K;
    let rows = [
        (K::Text, json!("Made in Grasse"), true),
        (K::Text, json!(""), false),
        (K::Text, json!(3), false),
        (K::Text, json!("a\u{0}b"), false),
        (K::Number, json!(2), true),
        (K::Number, json!(49.5), true),
        (K::Number, json!(1.9), false),
        (K::Number, json!(51), false),
        (K::Number, json!("30"), false),
        (K::Boolean, json!(false), true),
        (K::Boolean, json!("false"), false),
        (K::Choice, json!("matte"), true),
        (K::Choice, json!("Matte"), false),
        (K::Choice, json!(["matte"]), false),
        (K::Choices, json!(["satin", "matte"]), true),
        (K::Choices, json!(["satin", "satin"]), false),
        (K::Choices, json!(["satin", "gloss"]), false),
        (K::Choices, json!([]), false),
    ];
    for (kind, value, is_allowed) in rows {
        assert_eq!(allows(kind, value.clone()), is_allowed, "{kind} {value}");
    }
}

#[test]
fn an_attribute_of_a_category_belongs_to_the_products_below_it() {
    let (own, above, other) = (GroupId::new(), GroupId::new(), GroupId::new());
    let of = |category, category_id| AttributeDefinition { category, category_id, ..definition(AttributeKind::Text) };
    let path = [own, above];
    assert!(of(None, None).applies_to(Category::Skincare, &[]));
    assert!(of(Some(Category::Skincare), None).applies_to(Category::Skincare, &path));
    assert!(!of(Some(Category::Fragrance), None).applies_to(Category::Skincare, &path));
    assert!(of(None, Some(above)).applies_to(Category::Skincare, &path));
    assert!(!of(None, Some(other)).applies_to(Category::Skincare, &path));
}

proptest! {
    #[test]
    fn a_number_is_allowed_between_its_bounds_alone(number in -100.0_f64..100.0) {
        prop_assert_eq!(allows(AttributeKind::Number, json!(number)), (2.0..=50.0).contains(&number));
    }
}
