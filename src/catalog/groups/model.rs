//! Groups to be made and changed.
use crate::{
    catalog::{attributes::Slug, classification::Category},
    kernel::{GroupId, Prose, Text},
};

crate::text_enum! {
    /// The kind of a group of products.
    GroupKind {
        /// A brand; a product has one at most.
        Brand = "brand",
        /// A category below a kind of product; a product has one at most.
        Category = "category",
        /// A collection, such as a season's; a product may be in several.
        Collection = "collection",
    }
}

/// A group to be made.
#[derive(Debug, Clone)]
pub struct NewGroup {
    pub kind: GroupKind,
    pub name: Text<100>,
    /// Made of the name, if absent.
    pub slug: Option<Slug>,
    pub description: Option<Prose<2000>>,
    /// The place of a category: below another, or directly below a kind of product.
    pub parent: Option<Parent>,
    /// The order among those with the same parent.
    pub position: i32,
}

/// The node below which a category stands.
#[derive(Debug, Clone, Copy)]
pub enum Parent {
    Kind(Category),
    Category(GroupId),
}

/// The changes of a group; `None` leaves a field, `Some(None)` clears it.
#[derive(Debug, Clone, Default)]
pub struct GroupChange {
    pub name: Option<Text<100>>,
    pub slug: Option<Slug>,
    pub description: Option<Option<Prose<2000>>>,
    /// Another category to stand below, or directly below the kind of product.
    pub parent: Option<Option<GroupId>>,
    pub position: Option<i32>,
}
