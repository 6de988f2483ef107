//! The cost of one unit, and the rate by which costs of other currencies come into the books.
use crate::kernel::{Code, Error, Result, money::Currency, quantity};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{fmt, str::FromStr};
use utoipa::{PartialSchema, ToSchema};

/// The cost of a unit, in ten-thousandths of a minor unit of the book currency; never negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnitCost(i64);

/// Parts of a minor unit.
const PARTS: i64 = 10_000;

/// The most that a unit may cost, in minor units: ten billion.
pub const MOST_MINOR: i64 = 10_000_000_000;

impl UnitCost {
    /// A cost of whole minor units.
    pub fn of_minor(minor: i64) -> Self {
        Self(minor.clamp(0, MOST_MINOR) * PARTS)
    }

    /// From the table.
    pub fn of_parts(parts: i64) -> Self {
        Self(parts)
    }

    /// For the table.
    pub fn parts(self) -> i64 {
        self.0
    }

    /// In minor units, to four decimals.
    pub fn minor(self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "at most 10^14, which is exact")]
        let parts = self.0 as f64;
        parts / 10_000.0
    }

    /// The cost of so many units, in minor units, rounded half up.
    pub fn of_units(self, units: i32) -> i64 {
        let value = i128::from(self.0) * i128::from(units);
        let parts = i128::from(PARTS);
        i64::try_from((value + parts / 2).div_euclid(parts)).unwrap_or(i64::MAX)
    }

    /// The average of so many units at this cost and others at another, rounded half up.
    pub(super) fn blended(self, units: i32, other: Self, more: i32) -> Result<Self> {
        let all = i128::from(units) + i128::from(more);
        let value = i128::from(self.0) * i128::from(units) + i128::from(other.0) * i128::from(more);
        if all <= 0 {
            return Ok(other);
        }
        let average = (value + all / 2).div_euclid(all);
        let average = i64::try_from(average);
        average.map(Self).map_err(|_| Error::refused(Code::QuantityOverflow, "the average cost is too large"))
    }
}

/// Reads a cost in minor units that may be absent.
pub fn minor<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    let minor = quantity::whole_number(deserializer)?;
    match (0..=MOST_MINOR).contains(&minor) {
        true => Ok(Some(minor)),
        false => Err(de::Error::custom(format!("must be between 0 and {MOST_MINOR} minor units, not {minor}"))),
    }
}

/// Units of the book currency for one unit of another, in billionths; positive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExchangeRate(i64);

/// Parts of a rate.
const BILLION: i64 = 1_000_000_000;

impl ExchangeRate {
    /// One for one.
    pub const ONE: Self = Self(BILLION);

    /// From the table.
    pub fn of_billionths(billionths: i64) -> Self {
        Self(billionths)
    }

    /// For the table.
    pub fn billionths(self) -> i64 {
        self.0
    }

    /// A cost in minor units of a currency as one of the book currency, rounded half up to a ten-thousandth of its
    /// minor unit. Refused when it is out of bounds.
    pub fn converted(self, minor: i64, from: Currency, to: Currency) -> Result<UnitCost> {
        let too_much = || {
            Error::refused(Code::InvalidBody, format!("{minor} minor units of {from} are too much at the rate {self}"))
        };
        let up = i128::from(minor) * i128::from(self.0) * i128::from(PARTS);
        let up = up.checked_mul(10i128.pow(to.decimals())).ok_or_else(too_much)?;
        let down = i128::from(BILLION) * 10i128.pow(from.decimals());
        let parts = i64::try_from((up + down / 2) / down).map_err(|_| too_much())?;
        match (0..=MOST_MINOR * PARTS).contains(&parts) {
            true => Ok(UnitCost(parts)),
            false => Err(too_much()),
        }
    }
}

impl FromStr for ExchangeRate {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!(
                "{text:?} is not a rate: a positive decimal number below 1000000, such as \"1.0842\", with 9 decimals \
                 at most"
            )
        };
        let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number(whole) || !is_number(part) || part.len() > 9 || whole.len() > 6 {
            return Err(wrong());
        }
        let whole: i64 = whole.parse().map_err(|_| wrong())?;
        let part: i64 = format!("{part:0<9}").parse().map_err(|_| wrong())?;
        match whole * BILLION + part {
            0 => Err(wrong()),
            rate => Ok(Self(rate)),
        }
    }
}

impl fmt::Display for ExchangeRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = format!("{}.{:09}", self.0 / BILLION, self.0 % BILLION);
        f.write_str(text.trim_end_matches('0').trim_end_matches('.'))
    }
}

impl Serialize for ExchangeRate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ExchangeRate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl PartialSchema for ExchangeRate {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::Type::String)
            .pattern(Some(r"^[0-9]{1,6}(\.[0-9]{1,9})?$"))
            .max_length(Some(16))
            .description(Some(
                "Units of the book currency for one unit of the other, a positive decimal number such as 0.9217",
            ))
            .into()
    }
}
impl ToSchema for ExchangeRate {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn costs_of_other_currencies_come_in_by_the_rate_and_the_decimals_of_both() {
        let currency = |code: &str| code.parse::<Currency>().unwrap();
        let rate: ExchangeRate = "0.0061".parse().unwrap();
        // 2,000 yen have no decimals: 12.20 euros.
        assert_eq!(rate.converted(2_000, currency("JPY"), currency("EUR")).unwrap(), UnitCost::of_minor(1_220));
        let rate: ExchangeRate = "2.1".parse().unwrap();
        // 1.500 dinars have three: 3.15 euros.
        assert_eq!(rate.converted(1_500, currency("BHD"), currency("EUR")).unwrap(), UnitCost::of_minor(315));
        let rate: ExchangeRate = "0.3333".parse().unwrap();
        assert_eq!(rate.converted(1, currency("USD"), currency("EUR")).unwrap(), UnitCost::of_parts(3_333));
        assert!(
            "999999".parse::<ExchangeRate>().unwrap().converted(MOST_MINOR, currency("USD"), currency("EUR")).is_err()
        );
    }

    #[test]
    fn a_rate_is_a_positive_decimal_number() {
        for wrong in ["", "0", "0.000", "-1", "1,08", "1e3", "1.", ".5", "1.0000000001", "1234567", "+1"] {
            assert!(wrong.parse::<ExchangeRate>().is_err(), "{wrong}");
        }
        for right in ["1", "1.0842", "0.000000001", "999999"] {
            assert_eq!(right.parse::<ExchangeRate>().unwrap().to_string(), right);
        }
    }
}
