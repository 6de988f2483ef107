//! Media and translations of products.
use super::{catalog::Channel, variants::Variant};
use crate::{
    catalog,
    graphql::{
        context::loaders,
        errors::{coded, shared},
        loaders::{TranslationsOf, VariantById},
    },
    kernel::{Code, Error, ProductId, VariantId},
};
use async_graphql::{ComplexObject, Context, Enum, Result, SimpleObject};
use chrono::{DateTime, Utc};

/// The texts of a product in the nearest language that there is; none for the default one.
pub(super) async fn translation(
    ctx: &Context<'_>,
    id: ProductId,
    language: Option<String>,
) -> Result<Option<catalog::Translation>> {
    let Some(language) = language else { return Ok(None) };
    let wanted: catalog::Language =
        language.parse().map_err(|why: String| coded(Error::refused(Code::GraphqlInvalid, why)))?;
    let all = loaders(ctx).load_one(TranslationsOf(id)).await.map_err(shared)?.unwrap_or_default();
    Ok(catalog::nearest(wanted.as_str(), &all, |one| &one.language).cloned())
}

/// An attribute of a product.
#[derive(SimpleObject)]
pub struct ProductAttribute {
    /// The code of the attribute, by which searches filter.
    pub code: String,
    /// The name that people read.
    pub name: String,
    /// The unit of a number.
    pub unit: Option<String>,
    /// The value, or each of several options.
    pub values: Vec<String>,
}

/// The publication of a product in a channel.
#[derive(SimpleObject)]
pub struct Publication {
    /// The channel in which it is published.
    channel: Channel,
    /// The moment from which it is; null if it always was.
    starts_at: Option<DateTime<Utc>>,
    /// The moment from which it is no more; null for none.
    ends_at: Option<DateTime<Utc>>,
}

impl From<catalog::Publication> for Publication {
    fn from(of: catalog::Publication) -> Self {
        Self { channel: of.channel.into(), starts_at: of.starts_at, ends_at: of.ends_at }
    }
}

/// The kind of media.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "catalog::MediaKind")]
pub enum MediaKind {
    Image,
    Video,
}

/// A picture or film of a product.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct Media {
    /// The kind of media.
    kind: MediaKind,
    /// Its address.
    url: String,
    /// The text for those who do not see it.
    alt: Option<String>,
    #[graphql(skip)]
    of: Option<VariantId>,
}

impl From<catalog::Media> for Media {
    fn from(media: catalog::Media) -> Self {
        Self { kind: media.kind.into(), url: media.url, alt: media.alt, of: media.variant_id }
    }
}

#[ComplexObject]
impl Media {
    /// The variant that it shows; null for the whole product.
    async fn variant(&self, ctx: &Context<'_>) -> Result<Option<Variant>> {
        let Some(id) = self.of else { return Ok(None) };
        Ok(loaders(ctx).load_one(VariantById(id)).await.map_err(shared)?.map(Variant))
    }
}
