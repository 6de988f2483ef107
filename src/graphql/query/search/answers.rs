//! The answers of searches: found products, counts and suggestions.
use crate::{
    graphql::{
        context::loaders,
        errors::shared,
        loaders::ProductById,
        scalars::{Long, Money},
        types::Product,
    },
    kernel,
    search::{self, PriceRange},
};
use async_graphql::{ComplexObject, Context, Result, SimpleObject};

/// A value of a field, and the products that are found with it.
#[derive(SimpleObject)]
pub(super) struct FacetCount {
    /// The value: a word, a size, or the id of a brand or category that REST uses.
    pub(super) value: String,
    /// The name that people read.
    pub(super) label: String,
    /// The products that are found with this value, in place of the ones that were asked of its field.
    pub(super) count: i32,
}

/// Prices from one to another, and the products that are found at them.
#[derive(SimpleObject)]
pub(super) struct PriceCount {
    /// The lowest price, in minor units.
    pub(super) min_minor: Long,
    /// The highest price, in minor units.
    pub(super) max_minor: Long,
    /// The products that are found with such a price, in place of the ones that were asked for.
    pub(super) count: i32,
}

/// Counts of products for each value of an attribute.
#[derive(SimpleObject)]
pub(super) struct AttributeCount {
    /// The code of the attribute.
    pub(super) code: String,
    /// Its values, in place of the ones that were asked of it.
    pub(super) values: Vec<FacetCount>,
}

/// Counts of products for each value of each field, as if only that value were asked of the field.
#[derive(SimpleObject)]
pub(super) struct SearchFacets {
    /// By kind of product.
    pub(super) categories: Vec<FacetCount>,
    /// By brand.
    pub(super) brands: Vec<FacetCount>,
    /// By category below the kinds of product.
    pub(super) groups: Vec<FacetCount>,
    /// By family of shades.
    pub(super) shade_families: Vec<FacetCount>,
    /// By size.
    pub(super) sizes: Vec<FacetCount>,
    /// By attributes that are choices or booleans, in order of their codes.
    pub(super) attributes: Vec<AttributeCount>,
    /// By bands of prices; empty if no currency was named.
    pub(super) prices: Vec<PriceCount>,
    /// Products of which the location has some; null if no location was named.
    pub(super) available: Option<i32>,
}

pub(super) fn int(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

impl From<search::Facets> for SearchFacets {
    fn from(facets: search::Facets) -> Self {
        let counted = |value: String, count: usize| FacetCount { label: value.clone(), value, count: int(count) };
        let attribute = |of: search::AttributeCount| AttributeCount {
            code: of.code,
            values: of.values.into_iter().map(|of| counted(of.value, of.count)).collect(),
        };
        let price = |of: search::Counted<PriceRange>| PriceCount {
            min_minor: Long(of.value.min_minor),
            max_minor: Long(of.value.max_minor),
            count: int(of.count),
        };
        Self {
            categories: facets.categories.into_iter().map(|of| counted(of.value.to_string(), of.count)).collect(),
            brands: facets.brands.iter().map(group_count).collect(),
            groups: facets.groups.iter().map(group_count).collect(),
            shade_families: facets
                .shade_families
                .into_iter()
                .map(|of| counted(of.value.to_string(), of.count))
                .collect(),
            sizes: facets.sizes.into_iter().map(|of| counted(of.value, of.count)).collect(),
            attributes: facets.attributes.into_iter().map(attribute).collect(),
            prices: facets.prices.into_iter().map(price).collect(),
            available: facets.available.map(int),
        }
    }
}

/// A found product.
#[derive(SimpleObject)]
#[graphql(complex)]
pub(super) struct FoundProduct {
    #[graphql(skip)]
    pub(super) hit: search::Hit,
    /// The place of the product, to go on from.
    pub(super) cursor: String,
    /// The lowest price of its variants that were found; null without a currency.
    pub(super) price: Option<Money>,
    /// Units of its variants that were found, at the location; null without one.
    pub(super) quantity_available: Option<i32>,
}

#[ComplexObject]
impl FoundProduct {
    /// The product.
    async fn product(&self, ctx: &Context<'_>) -> Result<Option<Product>> {
        Ok(loaders(ctx).load_one(ProductById(self.hit.id)).await.map_err(shared)?.map(Product))
    }
}

/// A page of found products.
#[derive(SimpleObject)]
pub(super) struct ProductSearch {
    /// All products that were found.
    pub(super) total: i32,
    /// True if there is a next page.
    pub(super) has_next_page: bool,
    /// The words that were looked for, if typing errors were corrected.
    pub(super) corrected_text: Option<String>,
    /// The products, in order.
    pub(super) hits: Vec<FoundProduct>,
    /// Counts of products for each value of each field.
    pub(super) facets: SearchFacets,
}

/// A product that may be meant.
#[derive(SimpleObject)]
#[graphql(complex)]
pub(super) struct SuggestedProduct {
    /// Its name in the default language.
    pub(super) name: String,
    /// The name in addresses.
    pub(super) slug: Option<String>,
    #[graphql(skip)]
    pub(super) id: kernel::ProductId,
}

#[ComplexObject]
impl SuggestedProduct {
    /// The product.
    async fn product(&self, ctx: &Context<'_>) -> Result<Option<Product>> {
        Ok(loaders(ctx).load_one(ProductById(self.id)).await.map_err(shared)?.map(Product))
    }
}

/// Names that may be meant by what was typed.
#[derive(SimpleObject)]
pub(super) struct ProductSuggestions {
    /// Products, those that are called so first, then those that sell most.
    pub(super) products: Vec<SuggestedProduct>,
    /// Brands, those with most products first.
    pub(super) brands: Vec<FacetCount>,
    /// Categories, those with most products first.
    pub(super) categories: Vec<FacetCount>,
}

pub(super) fn group_count(of: &search::CountedGroup) -> FacetCount {
    FacetCount { value: of.id.to_string(), label: of.name.clone(), count: int(of.count) }
}
