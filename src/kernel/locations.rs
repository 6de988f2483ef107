//! Countries and time zones, each checked against the list that its keepers publish: ISO 3166-1 and the IANA database.
use chrono::{DateTime, NaiveDate, Offset, Utc};
use serde::{Deserialize, Deserializer, Serialize, de};
use std::{fmt, str::FromStr};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type},
};

/// A country by its ISO 3166-1 alpha-2 code, in capital letters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Country(String);

impl FromStr for Country {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let is_code = text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase());
        match is_code && rust_iso3166::from_alpha2(text).is_some() {
            true => Ok(Self(text.to_owned())),
            false => Err(format!("{text:?} is not a country: use a code of ISO 3166-1 alpha-2 such as \"FR\"")),
        }
    }
}

impl Country {
    /// The code.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl PartialSchema for Country {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .pattern(Some("^[A-Z]{2}$"))
            .description(Some("ISO 3166-1 alpha-2"))
            .examples([serde_json::json!("FR")])
            .into()
    }
}

/// A part of a country by its ISO 3166-2 code, in capital letters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Region(String);

impl FromStr for Region {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let is_code = text.len() <= 6 && !text.bytes().any(|b| b.is_ascii_lowercase());
        match is_code && rust_iso3166::iso3166_2::from_code(text).is_some() {
            true => Ok(Self(text.to_owned())),
            false => Err(format!("{text:?} is not a part of a country: use a code of ISO 3166-2 such as \"ES-CN\"")),
        }
    }
}

impl Region {
    /// The code.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// True if it is a part of a country.
    pub fn is_in(&self, country: &Country) -> bool {
        self.0.starts_with(country.as_str())
    }
}

impl PartialSchema for Region {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .pattern(Some("^[A-Z]{2}-[A-Z0-9]{1,3}$"))
            .description(Some("ISO 3166-2"))
            .examples([serde_json::json!("FR-IDF")])
            .into()
    }
}

/// A time zone by its name in the IANA database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Zone(chrono_tz::Tz);

impl FromStr for Zone {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let zone = text.parse().map(Self);
        zone.map_err(|_| {
            format!("{text:?} is not a time zone: use a name of the IANA database such as \"Europe/Paris\"")
        })
    }
}

impl Zone {
    /// The day that it is there at a moment.
    pub fn day(self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.0).date_naive()
    }

    /// The moment at which the hour began there that it is at a moment.
    pub fn hour(self, at: DateTime<Utc>) -> DateTime<Utc> {
        let offset = i64::from(at.with_timezone(&self.0).offset().fix().local_minus_utc());
        let seconds = at.timestamp() + offset;
        DateTime::from_timestamp(seconds - seconds.rem_euclid(3_600) - offset, 0).unwrap_or(at)
    }

    /// The moment at which the hour began in UTC.
    pub fn utc_hour(at: DateTime<Utc>) -> DateTime<Utc> {
        Self(chrono_tz::UTC).hour(at)
    }

    /// The moment at which a day begins there. Where clocks are put forward at midnight, the first one that exists.
    pub fn start_of(self, day: NaiveDate) -> Option<DateTime<Utc>> {
        let midnight = day.and_hms_opt(0, 0, 0)?;
        (0..=180).find_map(|minutes| {
            let local = midnight + chrono::Duration::minutes(minutes);
            local.and_local_timezone(self.0).earliest().map(|at| at.with_timezone(&Utc))
        })
    }
}

impl Serialize for Zone {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.name())
    }
}

impl PartialSchema for Zone {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .min_length(Some(1))
            .max_length(Some(64))
            .description(Some("Name of a time zone in the IANA database"))
            .examples([serde_json::json!("Europe/Paris")])
            .into()
    }
}

macro_rules! as_text {
    ($name:ident, $text:expr) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let text: fn(&Self) -> &str = $text;
                text(self).fmt(f)
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
            }
        }
        impl ToSchema for $name {}
    };
}
as_text!(Country, |country| &country.0);
as_text!(Region, |region| &region.0);
as_text!(Zone, |zone| zone.0.name());

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_lists_hold_is_a_country_or_a_zone() {
        for bad in ["se", "XX", "SWE", "", "ZZ"] {
            assert!(bad.parse::<Country>().is_err(), "{bad}");
        }
        assert!("ES-CN".parse::<Region>().unwrap().is_in(&"ES".parse().unwrap()));
        assert!(["ES", "es-cn", "ES-ZZ", "", "ES-"].iter().all(|bad| bad.parse::<Region>().is_err()));
        assert_eq!("SE".parse::<Country>().unwrap().as_str(), "SE");
        assert!("Europe/Pariss".parse::<Zone>().is_err());
        let samoa: Zone = "Pacific/Kiritimati".parse().unwrap();
        let noon = DateTime::parse_from_rfc3339("2026-11-28T12:00:00Z").unwrap().to_utc();
        let half_past = DateTime::parse_from_rfc3339("2026-11-28T12:15:00Z").unwrap().to_utc();
        let hours =
            ["Asia/Kolkata", "Europe/Paris"].map(|zone| zone.parse::<Zone>().unwrap().hour(half_past).to_rfc3339());
        assert_eq!(hours, ["2026-11-28T11:30:00+00:00", "2026-11-28T12:00:00+00:00"]);
        assert_eq!(samoa.day(noon).to_string(), "2026-11-29");
        let start = "Europe/Paris".parse::<Zone>().unwrap().start_of(samoa.day(noon)).unwrap();
        assert_eq!(start.to_rfc3339(), "2026-11-28T23:00:00+00:00");
    }
}
