//! Money in minor units (cents, yen, fils) with its ISO 4217 currency.
use super::{
    code::Code,
    error::{Error, Result},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{fmt, str::FromStr};
use utoipa::{PartialSchema, ToSchema};

/// The largest amount: 2^53 − 1, which every JSON reader holds exactly.
pub const MAX_MINOR: i64 = 9_007_199_254_740_991;

/// An ISO 4217 currency code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Currency(iso_currency::Currency);

impl Currency {
    /// The three-letter code.
    pub fn code(self) -> &'static str {
        self.0.code()
    }

    /// Decimals of its minor unit, as ISO 4217 has them.
    pub fn decimals(self) -> u32 {
        self.0.exponent().map_or(0, u32::from)
    }
}

impl FromStr for Currency {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        iso_currency::Currency::from_code(text)
            .map(Self)
            .ok_or_else(|| format!("{text:?} is not an ISO 4217 currency code"))
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        match code.as_str() {
            // Rows from before may have them, and are read; nobody sends them any more.
            "XXX" | "XTS" => Err(de::Error::custom("ISO 4217 keeps XXX for no currency and XTS for tests")),
            _ => code.parse().map_err(de::Error::custom),
        }
    }
}

impl PartialSchema for Currency {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::Type::String)
            .pattern(Some("^[A-Z]{3}$"))
            .description(Some("ISO 4217 currency code"))
            .examples(["EUR"])
            .into()
    }
}
impl ToSchema for Currency {}

/// An amount of one currency, in minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Money {
    /// Minor units: cents of a euro, whole yen, fils of a dinar. At most 2^53 − 1.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64, example = 2490)]
    pub amount_minor: i64,
    /// ISO 4217 code.
    pub currency: Currency,
}

impl Money {
    /// An amount, refused when negative or past 2^53 − 1.
    pub fn new(amount_minor: i64, currency: Currency) -> Result<Self> {
        if (0..=MAX_MINOR).contains(&amount_minor) {
            return Ok(Self { amount_minor, currency });
        }
        Err(Error::refused(
            Code::AmountOverflow,
            format!("{amount_minor} minor units is not between 0 and {MAX_MINOR}"),
        ))
    }

    /// An amount of which the stored number or the stored currency may be missing.
    pub fn known(amount_minor: Option<i64>, currency: Option<&str>) -> Option<Self> {
        Some(Self { amount_minor: amount_minor?, currency: currency?.parse().ok()? })
    }

    /// The price of several.
    pub fn times(self, quantity: i32) -> Result<Self> {
        let amount = self.amount_minor.checked_mul(i64::from(quantity)).unwrap_or(i64::MAX);
        Self::new(amount, self.currency)
    }

    /// The sum, refused when the currencies differ.
    pub fn plus(self, other: Self) -> Result<Self> {
        if self.currency != other.currency {
            let detail = format!("cannot add {} to {}", other.currency, self.currency);
            return Err(Error::refused(Code::CurrencyMismatch, detail));
        }
        let amount = self.amount_minor.checked_add(other.amount_minor).unwrap_or(i64::MAX);
        Self::new(amount, self.currency)
    }
}

/// An amount shared by weights, none of which is negative: each share is the difference of two sums rounded down, so
/// that the shares add up to the amount. No share is greater than its weight if the amount is not greater than all
/// weights together. Without any weight nothing is shared.
pub fn spread(amount_minor: i64, weights: &[i64]) -> Vec<i64> {
    let all = weights.iter().map(|weight| i128::from(*weight)).sum::<i128>();
    let up_to = |weight: i128| i64::try_from(i128::from(amount_minor) * weight / all.max(1)).unwrap_or(i64::MAX);
    let mut sum = 0;
    let share = |weight: &i64| {
        let before = up_to(sum);
        sum += i128::from(*weight);
        up_to(sum) - before
    };
    weights.iter().map(share).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_past_the_json_limit_are_refused_not_wrapped() {
        let eur: Currency = "EUR".parse().unwrap();
        let most = Money::new(MAX_MINOR, eur).unwrap();
        assert_eq!(most.times(2).unwrap_err().code(), Code::AmountOverflow);
        assert_eq!(most.plus(most).unwrap_err().code(), Code::AmountOverflow);
        assert_eq!(Money::new(-1, eur).unwrap_err().code(), Code::AmountOverflow);
    }

    #[test]
    fn currencies_do_not_mix() {
        let eur = Money::new(1, "EUR".parse().unwrap()).unwrap();
        let jpy = Money::new(1, "JPY".parse().unwrap()).unwrap();
        assert_eq!(eur.plus(jpy).unwrap_err().code(), Code::CurrencyMismatch);
        assert!("XYZ".parse::<Currency>().is_err());
        assert!("XXX".parse::<Currency>().is_ok(), "a row from before is read");
        assert!(serde_json::from_str::<Currency>("\"XXX\"").is_err(), "and no request may say so");
    }
}
