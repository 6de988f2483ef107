//! The GTIN of a trade item.
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use utoipa::{PartialSchema, ToSchema};

/// A GS1 GTIN of 8, 12, 13 or 14 digits with a right check digit (GS1 General Specifications §7.9).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Gtin(String);

impl Gtin {
    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The ways in which the same number is written: with 14 digits, and with fewer where zeros lead.
    pub fn forms(&self) -> Vec<String> {
        let whole = format!("{:0>14}", self.0);
        let shorter =
            |length: usize| whole.split_at_checked(14 - length).filter(|(zeros, _)| zeros.bytes().all(|b| b == b'0'));
        [14, 13, 12, 8].into_iter().filter_map(shorter).map(|(_, digits)| digits.to_owned()).collect()
    }
}

impl FromStr for Gtin {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        if !matches!(text.len(), 8 | 12 | 13 | 14) || !text.bytes().all(|b| b.is_ascii_digit()) {
            return Err("a GTIN has 8, 12, 13 or 14 digits".into());
        }
        let weighted = |(at, byte): (usize, u8)| u32::from(byte - b'0') * if at % 2 == 1 { 3 } else { 1 };
        let sum: u32 = text.bytes().rev().enumerate().map(weighted).sum();
        if sum.is_multiple_of(10) {
            Ok(Self(text.to_owned()))
        } else {
            Err(format!("the check digit of GTIN {text} is wrong"))
        }
    }
}

impl fmt::Display for Gtin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<'de> Deserialize<'de> for Gtin {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl PartialSchema for Gtin {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::Type::String)
            .pattern(Some("^([0-9]{8}|[0-9]{12,14})$"))
            .description(Some("GS1 GTIN with check digit"))
            .examples(["4006381333931"])
            .into()
    }
}

impl ToSchema for Gtin {}
