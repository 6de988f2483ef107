//! The search of products.
mod answers;
use answers::{FoundProduct, ProductSearch, ProductSuggestions, SuggestedProduct, group_count, int};

use crate::{
    graphql::{
        connection,
        context::places,
        errors::coded,
        ids,
        scalars::Long,
        types::{Category, Channel, ShadeFamily},
    },
    inventory::ChannelOffer,
    kernel::{self, Actor, Code, Currency, Cursor, Error, GroupId, LocationId, Text, actor::Permission},
    platform::config::Config,
    search::{self, PriceRange, Search, SearchRequest, http as place},
};
use async_graphql::{Context, Enum, ID, InputObject, Object, Result};
use serde::de::{DeserializeOwned, IntoDeserializer, value::StringDeserializer};

/// The order of found products.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "search::SearchSort", name = "SearchSort")]
enum Order {
    Relevance,
    Popularity,
    PriceAscending,
    PriceDescending,
    Newest,
    Availability,
}

/// The values of an attribute that are asked for.
#[derive(Debug, Clone, InputObject)]
struct AttributeFilter {
    /// The code of the attribute.
    code: String,
    /// One of these values; `true` and `false` are those of a boolean.
    values: Vec<String>,
}

/// Filters of found products. Several values of one field widen it, several fields narrow it.
#[derive(Debug, Clone, Default, InputObject)]
struct SearchFilter {
    /// Only of these kinds of product.
    #[graphql(default)]
    categories: Vec<Category>,
    /// Only of these brands, by the ids that REST uses.
    #[graphql(default)]
    brand_ids: Vec<String>,
    /// Only of these categories and those below them, by the ids that REST uses.
    #[graphql(default)]
    category_ids: Vec<String>,
    /// Only in these collections, by the ids that REST uses.
    #[graphql(default)]
    collection_ids: Vec<String>,
    /// Only with a variant in one of these families of shades.
    #[graphql(default)]
    shade_families: Vec<ShadeFamily>,
    /// Only with a variant of one of these sizes.
    #[graphql(default)]
    sizes: Vec<String>,
    /// Only with one of the values of each attribute.
    #[graphql(default)]
    attributes: Vec<AttributeFilter>,
    /// Only with a price of so many minor units or more.
    price_min_minor: Option<Long>,
    /// Only with a price of so many minor units or less.
    price_max_minor: Option<Long>,
    /// Only products of which the location has some.
    #[graphql(default)]
    available: bool,
}

impl AttributeFilter {
    fn pairs(self) -> Result<Vec<(String, String)>> {
        if self.values.is_empty() {
            let said = format!("name the values that are asked of {}", self.code);
            return Err(coded(Error::refused(Code::GraphqlInvalid, said)));
        }
        Ok(self.values.into_iter().map(|value| (self.code.clone(), value)).collect())
    }
}

impl SearchFilter {
    fn read(self) -> Result<search::SearchFilter> {
        let groups = |ids: Vec<String>| ids.iter().map(|id| super::group_id(id)).collect::<Result<Vec<GroupId>>>();
        let price = match (self.price_min_minor, self.price_max_minor) {
            (None, None) => None,
            (least, most) => {
                let (min_minor, max_minor) = (least.map_or(0, |least| least.0), most.map_or(i64::MAX, |most| most.0));
                Some(PriceRange { min_minor, max_minor })
            }
        };
        Ok(search::SearchFilter {
            categories: self.categories.into_iter().map(Into::into).collect(),
            brands: groups(self.brand_ids)?,
            groups: groups(self.category_ids)?,
            collections: groups(self.collection_ids)?,
            shade_families: self.shade_families.into_iter().map(Into::into).collect(),
            sizes: self.sizes,
            attributes: self.attributes.into_iter().map(AttributeFilter::pairs).collect::<Result<Vec<_>>>()?.concat(),
            price,
            is_available: self.available,
        })
    }
}

/// The words, filters and order of a search.
#[derive(Debug, Clone, Default, InputObject)]
struct SearchInput {
    /// Words, each as it begins; or a SKU or GTIN. Everything, if absent.
    text: Option<String>,
    /// The BCP 47 tag of the language of the words; the default one, if absent.
    language: Option<String>,
    /// Only products that fit all of these.
    filter: Option<SearchFilter>,
    /// The channel whose prices and stock are meant; the web, if absent.
    channel: Option<Channel>,
    /// The currency of prices, as ISO 4217 writes it; needed to filter or sort by them.
    currency: Option<String>,
    /// The location whose stock is told, filtered and sorted by, by its global id.
    location_id: Option<ID>,
    /// The order; by relevance with words, by popularity without.
    order_by: Option<Order>,
}

/// The search of products.
#[derive(Default)]
pub struct SearchQuery;

/// The search of products.
#[Object]
impl SearchQuery {
    /// Products by words, with typing errors corrected, filtered, counted and sorted; only what is sold is found.
    #[graphql(complexity = "connection::cost(first, child_complexity)")]
    async fn search_products(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The words, filters and order.")] search: Option<SearchInput>,
        #[graphql(desc = "Products in a page, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Where to go on: the cursor of the last product of the page before.")] after: Option<String>,
    ) -> Result<ProductSearch> {
        places(ctx, Permission::CatalogRead)?;
        let (mut asked, currency) = request_of(search.unwrap_or_default())?;
        if let Some(location) = asked.location {
            let actor = ctx.data_unchecked::<Actor>();
            actor.require_at(Permission::InventoryRead, location, "location").map_err(coded)?;
        }
        let list = format!("search {asked:?}");
        let page = connection::request(first, after.as_deref(), &list)?;
        asked.limit = usize::try_from(page.limit).unwrap_or(0);
        asked.after = page.after.map(place::key_at);
        let to = ChannelOffer::to(ctx.data_unchecked::<Config>(), asked.channel.or(Some(kernel::Channel::Web)));
        let found = ctx.data_unchecked::<Search>().find(asked, to).await.map_err(coded)?;
        let hit = |found: search::SearchHit| {
            let hit = found.hit;
            Ok(FoundProduct {
                cursor: Cursor::write(&list, &place::place_of(&hit)).map_err(coded)?,
                price: hit
                    .price_minor
                    .zip(currency)
                    .map(|(minor, currency)| kernel::Money { amount_minor: minor, currency }.into()),
                quantity_available: hit.units,
                hit,
            })
        };
        Ok(ProductSearch {
            total: int(found.total),
            has_next_page: found.hits.has_more,
            corrected_text: found.corrected,
            hits: found.hits.rows.into_iter().map(hit).collect::<Result<_>>()?,
            facets: found.facets.into(),
        })
    }

    /// Products, brands and categories with words that begin as what was typed.
    #[graphql(complexity = "connection::cost(first, child_complexity)")]
    async fn suggest_products(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The text that was typed so far.")] text: String,
        #[graphql(desc = "Suggestions of each kind, 1 to 20; 8 if absent.")] first: Option<i32>,
        #[graphql(desc = "The channel whose products are meant; the web, if absent.")] channel: Option<Channel>,
    ) -> Result<ProductSuggestions> {
        places(ctx, Permission::CatalogRead)?;
        let wrong = |why: String| coded(Error::refused(Code::GraphqlInvalid, why));
        let text: Text<200> = as_rest_reads(text).map_err(wrong)?;
        let most = usize::try_from(first.unwrap_or(8)).ok().filter(|most| (1..=20).contains(most));
        let most = most.ok_or_else(|| wrong("first must be between 1 and 20".into()))?;
        let channel = channel.map_or(kernel::Channel::Web, Into::into);
        let found = ctx.data_unchecked::<Search>().suggestions(&text, most, channel).await.map_err(coded)?;
        let product = |of: &search::SuggestedProduct| SuggestedProduct {
            name: of.name.clone(),
            slug: of.slug.clone(),
            id: of.id,
        };
        Ok(ProductSuggestions {
            products: found.products.iter().map(product).collect(),
            brands: found.brands.iter().map(group_count).collect(),
            categories: found.categories.iter().map(group_count).collect(),
        })
    }
}

fn request_of(input: SearchInput) -> Result<(SearchRequest, Option<Currency>)> {
    let wrong = |why: String| coded(Error::refused(Code::GraphqlInvalid, why));
    let text: Option<Text<200>> = input.text.map(as_rest_reads).transpose().map_err(wrong)?;
    let currency: Option<Currency> = input.currency.map(as_rest_reads).transpose().map_err(wrong)?;
    let language = input.language.map(|tag| tag.parse().map_err(wrong)).transpose()?;
    let location = input.location_id.map(|id| ids::expect("Location", &id)).transpose()?.map(LocationId);
    let request = SearchRequest {
        text: text.map(String::from),
        language,
        filter: input.filter.unwrap_or_default().read()?,
        channel: input.channel.map(Into::into),
        currency,
        location,
        sort: input.order_by.map(Into::into),
        limit: 0,
        after: None,
    };
    Ok((request, currency))
}

/// A value as REST reads it, with the same refusals.
fn as_rest_reads<T: DeserializeOwned>(text: String) -> std::result::Result<T, String> {
    let reader: StringDeserializer<serde::de::value::Error> = text.into_deserializer();
    T::deserialize(reader).map_err(|error| error.to_string())
}
