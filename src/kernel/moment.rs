//! A point in time as callers name it: a moment, or a business day of the location that the record belongs to.
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Deserializer, de};
use std::str::FromStr;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, OneOfBuilder, RefOr, Schema, SchemaFormat, Type, schema::KnownFormat},
};

/// A moment or a business day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// An instant.
    At(DateTime<Utc>),
    /// A day as the location's own calendar has it.
    Day(NaiveDate),
}

impl Moment {
    /// The instant, where one was named.
    pub fn at(self) -> Option<DateTime<Utc>> {
        match self {
            Self::At(at) => Some(at),
            Self::Day(_) => None,
        }
    }

    /// The day, where one was named.
    pub fn day(self) -> Option<NaiveDate> {
        match self {
            Self::At(_) => None,
            Self::Day(day) => Some(day),
        }
    }
}

impl FromStr for Moment {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let at = || DateTime::parse_from_rfc3339(text).map(|at| Self::At(at.to_utc()));
        text.parse().map(Self::Day).or_else(|_| at()).map_err(|_| {
            format!(
                "{text:?} is neither a moment such as 2026-11-28T09:30:00Z nor a business day such as 2026-11-28 \
                 (in an address, write + as %2B)"
            )
        })
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl PartialSchema for Moment {
    fn schema() -> RefOr<Schema> {
        let text =
            |format| ObjectBuilder::new().schema_type(Type::String).format(Some(SchemaFormat::KnownFormat(format)));
        OneOfBuilder::new().item(text(KnownFormat::DateTime)).item(text(KnownFormat::Date)).into()
    }
}
impl ToSchema for Moment {}

#[cfg(test)]
mod tests {
    use super::Moment;

    #[test]
    fn a_day_is_no_moment_and_nonsense_is_answered_with_examples() {
        assert!(matches!("2026-11-27".parse(), Ok(Moment::Day(_))));
        assert!(matches!("2026-11-27T10:00:00+01:00".parse(), Ok(Moment::At(_))));
        assert!("yesterday".parse::<Moment>().unwrap_err().contains("2026-11-28T09:30:00Z"));
    }
}
