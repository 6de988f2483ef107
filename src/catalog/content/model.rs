//! Content that is to be set.
use crate::kernel::{Prose, Sku, Text};
use serde::{Deserialize, Serialize};
use std::{collections::HashSet, fmt, str::FromStr};
use utoipa::{PartialSchema, ToSchema};

crate::text_enum! {
    /// The kind of media.
    MediaKind {
        /// A picture.
        Image = "image",
        /// A film.
        Video = "video",
    }
}
/// A language as BCP 47 tags it (RFC 5646), in its canonical case: `fr`, `pt-BR`, `zh-Hant-TW`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Language(String);

impl Language {
    /// The tag.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Language {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let refused = |why: String| format!("{text:?} is no BCP 47 language tag such as \"fr\" or \"pt-BR\": {why}");
        if text.len() > 35 {
            return Err(refused("it has more than 35 characters".into()));
        }
        let tag = oxilangtag::LanguageTag::parse_and_normalize(text).map_err(|error| refused(error.to_string()))?;
        // RFC 5646 §2.2.5 and §2.2.6.
        let (mut variants, mut singletons) = (HashSet::new(), HashSet::new());
        if !tag.variant_subtags().all(|variant| variants.insert(variant.to_owned()))
            || !tag.extension_subtags().all(|(singleton, _)| singletons.insert(singleton))
        {
            return Err(refused("a subtag is repeated".into()));
        }
        Ok(Self(tag.into_inner()))
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<'de> Deserialize<'de> for Language {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl PartialSchema for Language {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::Type::String)
            .min_length(Some(2))
            .max_length(Some(35))
            .description(Some("BCP 47 language tag (RFC 5646)"))
            .examples(["fr"])
            .into()
    }
}
impl ToSchema for Language {}

/// The address of a picture or film: absolute, by http or https, 2,000 characters at most, as the URL Standard writes
/// it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct MediaUrl(String);

impl MediaUrl {
    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for MediaUrl {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let refused = || "must be an absolute http or https URL of at most 2000 characters, without a user".to_owned();
        let url = url::Url::parse(text).map_err(|_| refused())?;
        let is_named = url.host_str().is_some_and(|host| host.bytes().any(|byte| byte.is_ascii_alphanumeric()));
        let is_anonymous = url.username().is_empty() && url.password().is_none();
        let is_web = matches!(url.scheme(), "http" | "https");
        let has_gap = text.chars().any(|c| c.is_control() || c.is_whitespace());
        match is_named && is_anonymous && is_web && !has_gap && url.as_str().len() <= 2000 {
            true => Ok(Self(url.into())),
            false => Err(refused()),
        }
    }
}

impl<'de> Deserialize<'de> for MediaUrl {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl PartialSchema for MediaUrl {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::Type::String)
            .format(Some(utoipa::openapi::SchemaFormat::Custom("uri".into())))
            .max_length(Some(2000))
            .description(Some("Absolute http or https URL"))
            .examples(["https://cdn.example.com/lipstick.jpg"])
            .into()
    }
}
impl ToSchema for MediaUrl {}

/// A picture or film of a product.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMedia {
    /// Its address.
    pub url: MediaUrl,
    /// The kind of media; `image`, if absent.
    #[serde(default = "image")]
    pub kind: MediaKind,
    /// The text for those who do not see it.
    #[serde(default)]
    pub alt: Option<Text<300>>,
    /// The variant that it shows; the whole product, if absent.
    #[serde(default)]
    pub sku: Option<Sku>,
}

fn image() -> MediaKind {
    MediaKind::Image
}

/// The texts of a product in a language.
#[derive(Debug, Clone)]
pub struct NewTranslation {
    pub language: Language,
    pub name: Text<200>,
    pub description: Option<Prose<4000>>,
}
