//! REST for brands, categories and collections.
mod brands;
mod categories;
mod collections;

use super::{
    model::GroupKind,
    store::{self, Group, GroupKey},
};
use crate::{
    kernel::{Error, GroupId, Page, Prose, Result, Text},
    platform::{
        db::Db,
        http::{PageQuery, listed, page_of, versioned},
    },
};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::{Validate, ValidationError};

/// The changes of a brand or collection; absent fields stay, null clears.
#[derive(Default, PartialEq, Eq, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = changes_something))]
struct ChangeGroup {
    /// The name that people read.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::present")]
    #[schema(nullable = false)]
    name: Option<Text<100>>,
    /// The name in addresses, unique among those of its kind.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::present")]
    #[schema(nullable = false)]
    slug: Option<crate::catalog::attributes::Slug>,
    /// The text for customers.
    #[serde(default, deserialize_with = "crate::catalog::model::clearable")]
    #[schema(value_type = Option<Prose<2000>>)]
    description: Option<Option<Prose<2000>>>,
}

fn changes_something(body: &ChangeGroup) -> std::result::Result<(), ValidationError> {
    says(*body != ChangeGroup::default())
}

/// Refuses a change that changes nothing.
fn says(something: bool) -> std::result::Result<(), ValidationError> {
    match something {
        true => Ok(()),
        false => Err(ValidationError::new("empty").with_message("there is nothing to change".into())),
    }
}

/// A page of the groups of a kind.
async fn page(db: &Db, kind: GroupKind, query: PageQuery) -> Result<HttpResponse> {
    let PageQuery { limit, cursor } = query;
    let page = page_of::<GroupKey>(limit, cursor.as_deref(), kind.as_str())?;
    let page = db.read(move |db| Ok(Page::of(store::page(db.conn(), kind, &page)?, page.limit)));
    listed(page.await?, kind.as_str(), |group: &Group| (group.name.clone(), group.id))
}

/// A group of a kind.
async fn one(req: &HttpRequest, db: &Db, kind: GroupKind, id: GroupId) -> Result<HttpResponse> {
    let found = db.read(move |db| Ok(store::by_id(db.conn(), &[id])?.pop())).await?;
    let group = found.filter(|group| group.kind == kind).ok_or_else(|| Error::not_found(kind.as_str()))?;
    versioned(req, group.version, &group)
}

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    brands::routes(config);
    categories::routes(config);
    collections::routes(config);
}
