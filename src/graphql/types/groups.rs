//! Brands, categories and collections.
use super::catalog::Category;
use crate::{
    catalog,
    graphql::{
        connection,
        connection::{Connected, connection, request},
        context::{loaders, places, read},
        errors::shared,
        loaders::GroupById,
    },
    kernel::{GroupId, actor::Permission},
};
use async_graphql::{Context, Enum, Object, Result};

/// The kind of a group of products.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "catalog::GroupKind")]
pub enum GroupKind {
    Brand,
    Category,
    Collection,
}

/// A brand, a category or a collection.
pub struct CatalogGroup(pub catalog::Group);

/// A group by id, if one is named.
pub(super) async fn group(ctx: &Context<'_>, id: Option<GroupId>) -> Result<Option<CatalogGroup>> {
    let Some(id) = id else { return Ok(None) };
    Ok(loaders(ctx).load_one(GroupById(id)).await.map_err(shared)?.map(CatalogGroup))
}

/// A brand, a category or a collection.
#[Object]
impl CatalogGroup {
    /// The id that REST uses.
    async fn group_id(&self) -> String {
        self.0.id.to_string()
    }
    /// The kind of group.
    async fn kind(&self) -> GroupKind {
        self.0.kind.into()
    }
    /// Its name.
    async fn name(&self) -> &str {
        &self.0.name
    }
    /// The name in addresses, unique among those of its kind.
    async fn slug(&self) -> &str {
        &self.0.slug
    }
    /// The description, in a few sentences.
    async fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }
    /// The kind of product to which a category belongs.
    async fn root(&self) -> Option<Category> {
        self.0.root.map(Into::into)
    }
    /// The category above it.
    async fn parent(&self, ctx: &Context<'_>) -> Result<Option<CatalogGroup>> {
        group(ctx, self.0.parent_id).await
    }
    /// The order among those with the same parent.
    async fn position(&self) -> i32 {
        self.0.position
    }
}

/// Reads of brands, categories and collections.
#[derive(Default)]
pub struct GroupQuery;

/// Reads of brands, categories and collections.
#[Object]
impl GroupQuery {
    /// Brands, categories or collections, in order of their names.
    #[graphql(complexity = "connection::cost(first, child_complexity)")]
    async fn catalog_groups(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The kind of group.")] kind: GroupKind,
        #[graphql(desc = "Rows in a page, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Where to go on: the end cursor of the page before.")] after: Option<String>,
    ) -> Result<Connected<CatalogGroup>> {
        places(ctx, Permission::CatalogRead)?;
        let kind = catalog::GroupKind::from(kind);
        let list = format!("groups {kind}");
        let page = request::<catalog::GroupKey>(first, after.as_deref(), &list)?;
        let found = read(ctx, move |db| catalog::groups_by_name(db, kind, &page)).await?;
        connection(found, &list, after.is_some(), |group| (group.name.clone(), group.id), CatalogGroup)
    }
}
