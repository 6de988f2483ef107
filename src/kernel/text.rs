//! Text from outside: trimmed, in Unicode normal form C, bounded in characters, and such that people can see it.
mod code_name;
mod typed;
mod visible;

pub use code_name::CodeName;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{fmt, ops::Deref, str::FromStr};
pub use typed::Typed;
use unicode_normalization::UnicodeNormalization;
use utoipa::{PartialSchema, ToSchema};
use validator::ValidateEmail;
use visible::Lines;

/// One line of text of 1 to `MAX` characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Text<const MAX: usize>(String);

/// Text of a sentence or two, with line breaks.
pub type Note = Prose<500>;

/// Text of 1 to `MAX` characters in which lines may be broken; every line break is kept as a line feed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Prose<const MAX: usize>(String);

impl<const MAX: usize> FromStr for Text<MAX> {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        clean(text, MAX, Lines::One).map(Self)
    }
}

impl<const MAX: usize> FromStr for Prose<MAX> {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        clean(&text.replace("\r\n", "\n").replace('\r', "\n"), MAX, Lines::Many).map(Self)
    }
}

fn clean(text: &str, most: usize, lines: Lines) -> Result<String, String> {
    let clean: String = text.trim().nfc().collect();
    match clean.chars().count() {
        0 => return Err("must not be empty".into()),
        n if n > most => return Err(format!("must be at most {most} characters, not {n}")),
        _ => {}
    }
    visible::check(&clean, lines)?;
    Ok(clean)
}

macro_rules! bounded_text {
    ($name:ident) => {
        impl<const MAX: usize> Deref for $name<MAX> {
            type Target = str;
            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl<const MAX: usize> From<$name<MAX>> for String {
            fn from(text: $name<MAX>) -> Self {
                text.0
            }
        }

        impl<const MAX: usize> fmt::Display for $name<MAX> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl<'de, const MAX: usize> Deserialize<'de> for $name<MAX> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
            }
        }

        impl<const MAX: usize> PartialSchema for $name<MAX> {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::Type::String)
                    .min_length(Some(1))
                    .max_length(Some(MAX))
                    .into()
            }
        }

        impl<const MAX: usize> ToSchema for $name<MAX> {
            /// Each length is a schema of its own.
            fn name() -> std::borrow::Cow<'static, str> {
                format!("{}{MAX}", stringify!($name)).into()
            }
        }
    };
}
bounded_text!(Text);
bounded_text!(Prose);

/// An e-mail address of up to 254 characters, as HTML's input of that type accepts it. Only a letter tells that it
/// exists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Email(String);

impl FromStr for Email {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let text: Text<254> = text.parse()?;
        match (&*text).validate_email() {
            true => Ok(Self(text.into())),
            false => Err(format!("{:?} is not an e-mail address", &*text)),
        }
    }
}

impl Deref for Email {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl From<Email> for String {
    fn from(email: Email) -> Self {
        email.0
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<'de> Deserialize<'de> for Email {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl PartialSchema for Email {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::Type::String)
            .min_length(Some(3))
            .max_length(Some(254))
            .format(Some(utoipa::openapi::SchemaFormat::Custom("email".into())))
            .into()
    }
}
impl ToSchema for Email {}

/// A stock keeping unit: 1 to 64 of `A–Z a–z 0–9 . _ -`, starting with a letter or digit. Two that differ only in case
/// are the same; it is kept as it was first written.
#[derive(Debug, Clone)]
pub struct Sku {
    text: String,
    key: Typed,
}

impl Sku {
    /// The SKU as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Its identity, whatever its case.
    pub fn key(&self) -> &Typed {
        &self.key
    }
}

impl PartialEq for Sku {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}
impl Eq for Sku {}

impl Serialize for Sku {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.text.serialize(serializer)
    }
}

impl FromStr for Sku {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let text: String = text.trim().nfkc().collect();
        let starts_well = text.starts_with(|c: char| c.is_ascii_alphanumeric());
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        if text.len() <= 64 && starts_well && text.chars().all(allowed) {
            return Ok(Self { key: Typed::of(&text), text });
        }
        Err("a SKU is 1 to 64 letters, digits, dots, dashes and underscores".into())
    }
}

impl fmt::Display for Sku {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(f)
    }
}

impl<'de> Deserialize<'de> for Sku {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl PartialSchema for Sku {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::Type::String)
            .pattern(Some("^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"))
            .description(Some("Stock keeping unit"))
            .into()
    }
}
impl ToSchema for Sku {}

#[cfg(test)]
mod tests;
