//! A point in time as callers name it: a moment, or a business day of the location that the record belongs to.
use crate::kernel::locations::Zone;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Deserializer, de};
use std::str::FromStr;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type},
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

    /// The instant, or the end of the day at a location of this zone; the end of a day that is not over yet is now.
    pub fn end_in(self, zone: Option<Zone>, now: DateTime<Utc>) -> DateTime<Utc> {
        let day = match self {
            Self::At(at) => return at,
            Self::Day(day) => day,
        };
        let today = zone.map_or_else(|| now.date_naive(), |zone| zone.day(now));
        let start = |next: NaiveDate| match zone {
            Some(zone) => zone.start_of(next),
            None => next.and_hms_opt(0, 0, 0).map(|start| start.and_utc()),
        };
        day.succ_opt().filter(|_| day != today).and_then(start).unwrap_or(now)
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
        ObjectBuilder::new()
            .schema_type(Type::String)
            .pattern(Some(r"^\d{4}-\d{2}-\d{2}(T.+)?$"))
            .description(Some("A time (RFC 3339), or a business day of the location"))
            .examples([serde_json::json!("2026-11-28T09:30:00Z"), serde_json::json!("2026-11-28")])
            .into()
    }
}
impl ToSchema for Moment {}

#[cfg(test)]
mod tests {
    use super::Moment;

    #[test]
    fn a_day_ends_by_the_zone_of_its_location() {
        let now = "2026-11-28T12:00:00Z".parse().unwrap();
        let zone = "Europe/Paris".parse().ok();
        let end = |text: &str| text.parse::<Moment>().unwrap().end_in(zone, now).to_rfc3339();
        assert_eq!(end("2026-11-27"), "2026-11-27T23:00:00+00:00");
        assert_eq!(end("2026-11-28"), "2026-11-28T12:00:00+00:00", "today is not over");
        assert_eq!(end("2026-11-27T10:00:00Z"), "2026-11-27T10:00:00+00:00");
    }

    #[test]
    fn a_day_is_no_moment_and_nonsense_is_answered_with_examples() {
        assert!(matches!("2026-11-27".parse(), Ok(Moment::Day(_))));
        assert!(matches!("2026-11-27T10:00:00+01:00".parse(), Ok(Moment::At(_))));
        assert!("yesterday".parse::<Moment>().unwrap_err().contains("2026-11-28T09:30:00Z"));
    }
}
