//! Media and translations in PostgreSQL.
use super::model::{MediaKind, NewMedia, NewTranslation};
use crate::{
    catalog::schema::{product_media as m, product_translations as t},
    kernel::{ProductId, Result, VariantId},
    platform::db::Write,
};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

crate::text_enum_in_sql!(crate::catalog::content::model::MediaKind);

/// A picture or film of a product.
#[derive(Debug, Clone, Queryable, Serialize, ToSchema)]
pub struct Media {
    /// Identifies the picture or film.
    pub id: Uuid,
    #[serde(skip)]
    pub product_id: ProductId,
    /// The variant that it shows; null for the whole product.
    pub variant_id: Option<VariantId>,
    /// The kind of media.
    pub kind: MediaKind,
    /// Its address.
    #[schema(format = "uri")]
    pub url: String,
    /// The text for those who do not see it.
    pub alt: Option<String>,
    /// Its place among those of the product, from 0.
    pub position: i32,
    /// When it was set.
    pub created_at: DateTime<Utc>,
}

/// The texts of a product in a language.
#[derive(Debug, Clone, Queryable, Serialize, ToSchema)]
pub struct Translation {
    #[serde(skip)]
    pub product_id: ProductId,
    /// The language, as BCP 47 tags it.
    pub language: String,
    /// The name that people read.
    pub name: String,
    /// The text for customers; null where the default one stands.
    pub description: Option<String>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// Puts other media in place of all of a product, in this order.
pub fn put_media(tx: &mut Write, product: ProductId, media: &[(NewMedia, Option<VariantId>)]) -> Result<()> {
    let now = tx.now();
    diesel::delete(m::table.filter(m::product_id.eq(product))).execute(tx.conn())?;
    let row = |(at, (new, variant)): (i32, &(NewMedia, Option<VariantId>))| {
        (
            m::id.eq(Uuid::now_v7()),
            m::product_id.eq(product),
            m::variant_id.eq(*variant),
            m::kind.eq(new.kind),
            m::url.eq(new.url.as_str().to_owned()),
            m::alt.eq(new.alt.as_deref().map(str::to_owned)),
            m::position.eq(at),
            m::created_at.eq(now),
        )
    };
    let rows: Vec<_> = (0..).zip(media).map(row).collect();
    diesel::insert_into(m::table).values(rows).execute(tx.conn())?;
    Ok(())
}

/// The media of products, in their order.
pub fn media_of(conn: &mut PgConnection, of: &[ProductId]) -> QueryResult<Vec<Media>> {
    m::table.filter(m::product_id.eq_any(of)).order((m::product_id, m::position)).load(conn)
}

/// Sets the texts of a product in a language.
pub fn put_translation(tx: &mut Write, product: ProductId, new: &NewTranslation) -> Result<()> {
    let now = tx.now();
    let texts = (t::name.eq(&*new.name), t::description.eq(new.description.as_deref()), t::updated_at.eq(now));
    diesel::insert_into(t::table)
        .values((t::product_id.eq(product), t::language.eq(new.language.as_str()), texts))
        .on_conflict((t::product_id, t::language))
        .do_update()
        .set(texts)
        .execute(tx.conn())?;
    Ok(())
}

/// Removes the texts of a product in a language; false if there were none.
pub fn delete_translation(conn: &mut PgConnection, product: ProductId, language: &str) -> QueryResult<bool> {
    Ok(diesel::delete(t::table.find((product, language))).execute(conn)? > 0)
}

/// The translations of products, by language.
pub fn translations_of(conn: &mut PgConnection, of: &[ProductId]) -> QueryResult<Vec<Translation>> {
    t::table.filter(t::product_id.eq_any(of)).order((t::product_id, t::language)).load(conn)
}
