//! Values of attributes, and their kinds.
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt};
use utoipa::{PartialSchema, ToSchema};

crate::text_enum! {
    /// The kind of value that an attribute has.
    AttributeKind {
        /// A text of 500 characters at most.
        Text = "text",
        /// A number, with decimals or without.
        Number = "number",
        /// True or false.
        Boolean = "boolean",
        /// One of the options.
        Choice = "choice",
        /// One or several of the options.
        Choices = "choices",
    }
}

/// The value of an attribute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, expecting = "must be a text, a number, true or false, or a list of options")]
pub enum AttributeValue {
    /// True or false.
    Flag(bool),
    /// A number.
    Number(serde_json::Number),
    /// A text, or one of the options.
    Text(String),
    /// Some of the options.
    Choices(Vec<String>),
}

impl AttributeValue {
    /// The value as one text for each thing that it says.
    pub fn words(&self) -> Vec<String> {
        match self {
            Self::Flag(is_so) => vec![is_so.to_string()],
            Self::Number(number) => vec![number.to_string()],
            Self::Text(text) => vec![text.clone()],
            Self::Choices(all) => all.clone(),
        }
    }
}

impl fmt::Display for AttributeValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.words().join(", ").fmt(f)
    }
}

impl PartialSchema for AttributeValue {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        use utoipa::openapi::{ArrayBuilder, ObjectBuilder, OneOfBuilder, Type};
        let of = |kind| ObjectBuilder::new().schema_type(kind);
        OneOfBuilder::new()
            .item(of(Type::Boolean))
            .item(of(Type::Number))
            .item(of(Type::String).min_length(Some(1)).max_length(Some(500)))
            .item(ArrayBuilder::new().items(of(Type::String)).min_items(Some(1)).max_items(Some(200)))
            .description(Some("A text, number or boolean, or a list of options, as the attribute says"))
            .into()
    }
}
impl ToSchema for AttributeValue {}

/// The attributes of a product, by code.
pub type Attributes = BTreeMap<String, AttributeValue>;
