//! Names for programs.
use serde::{Deserialize, Deserializer, Serialize, de};
use std::{fmt, str::FromStr};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        ObjectBuilder, RefOr,
        schema::{Schema, Type},
    },
};

/// A name that programs use: 2 to 32 of `a-z`, `0-9` and `_`, a letter first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct CodeName(String);

impl CodeName {
    /// A word of the program that has this form.
    pub(in crate::kernel) fn of_word(word: &'static str) -> Self {
        Self(word.to_owned())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for CodeName {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let is_fine = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        let begins = text.starts_with(|c: char| c.is_ascii_lowercase());
        match begins && (2..=32).contains(&text.len()) && text.bytes().all(is_fine) {
            true => Ok(Self(text.to_owned())),
            false => Err("must be 2 to 32 of a-z, 0-9 and _, a letter first".into()),
        }
    }
}

impl fmt::Display for CodeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for CodeName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl PartialSchema for CodeName {
    fn schema() -> RefOr<Schema> {
        let pattern = Some("^[a-z][a-z0-9_]{1,31}$");
        ObjectBuilder::new().schema_type(Type::String).pattern(pattern).into()
    }
}
impl ToSchema for CodeName {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_name_is_small_letters_digits_and_low_lines() {
        for fine in ["ab", "floor_lead", "a1", &"a".repeat(32)] {
            assert_eq!(fine.parse::<CodeName>().unwrap().as_str(), fine);
        }
        for wrong in ["", "a", "1a", "_a", "Floor", "floor-lead", "é_a", " ab", "ab\n", &"a".repeat(33)] {
            assert!(wrong.parse::<CodeName>().is_err(), "{wrong:?}");
        }
    }
}
