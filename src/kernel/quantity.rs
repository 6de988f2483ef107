//! A number of units that someone asks for: whole, positive and bounded.
use serde::{Deserialize, Deserializer, Serialize, de};
use std::fmt;
use utoipa::{PartialSchema, ToSchema};

/// 1 to 1,000,000 units. JSON integers and integral floats (`3.0`) are read; text is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Quantity(i32);

impl Quantity {
    /// The most units one line may ask for.
    pub const MAX: i32 = 1_000_000;

    /// One unit.
    pub const ONE: Self = Self(1);

    /// A quantity, or a sentence about why the number is none.
    pub fn new(units: i64) -> Result<Self, String> {
        match i32::try_from(units) {
            Ok(n @ 1..=Self::MAX) => Ok(Self(n)),
            _ => Err(format!("quantity must be between 1 and {}, not {units}", Self::MAX)),
        }
    }

    /// The number of units.
    pub fn get(self) -> i32 {
        self.0
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Reads a whole JSON number of at most 64 bits, integral floats included (JSON Schema calls `3.0` an integer).
pub fn whole_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    struct Whole;
    impl de::Visitor<'_> for Whole {
        type Value = i64;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a whole number")
        }
        fn visit_i64<E: de::Error>(self, n: i64) -> Result<i64, E> {
            Ok(n)
        }
        fn visit_u64<E: de::Error>(self, n: u64) -> Result<i64, E> {
            i64::try_from(n).map_err(|_| E::custom(format!("{n} is too large")))
        }
        #[expect(clippy::cast_possible_truncation, reason = "integral and within 2^53")]
        fn visit_f64<E: de::Error>(self, n: f64) -> Result<i64, E> {
            let exact = n.fract() == 0.0 && n.abs() <= 9_007_199_254_740_991.0;
            exact.then_some(n as i64).ok_or_else(|| E::custom(format!("{n} is not a whole number")))
        }
    }
    deserializer.deserialize_any(Whole)
}

/// Reads 0 to 1,000,000 units: of what may also be nothing.
pub fn units<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i32, D::Error> {
    let units = whole_number(deserializer)?;
    let fits = i32::try_from(units).ok().filter(|n| (0..=Quantity::MAX).contains(n));
    fits.ok_or_else(|| de::Error::custom(format!("must be between 0 and {}, not {units}", Quantity::MAX)))
}

impl<'de> Deserialize<'de> for Quantity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(whole_number(deserializer)?).map_err(de::Error::custom)
    }
}

impl PartialSchema for Quantity {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::Type::Integer)
            .minimum(Some(1))
            .maximum(Some(Self::MAX))
            .description(Some("Whole units"))
            .examples([2])
            .into()
    }
}
impl ToSchema for Quantity {}

#[cfg(test)]
mod tests {
    use super::Quantity;

    #[test]
    fn only_whole_positive_bounded_numbers_are_quantities() {
        for good in ["1", "1000000", "3.0"] {
            assert!(serde_json::from_str::<Quantity>(good).is_ok(), "{good}");
        }
        for bad in ["0", "-1", "1.5", "\"1\"", "2147483648", "9223372036854775808", "1e400", "null", "true"] {
            assert!(serde_json::from_str::<Quantity>(bad).is_err(), "{bad}");
        }
    }
}
