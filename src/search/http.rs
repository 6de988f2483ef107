//! REST for the search of products.
mod suggestions;

use super::{
    bands::PriceRange,
    engine::{Facets, Hit, HitKey, SearchFilter, SearchSort},
    finding::{SearchHit, SearchRequest, SearchResult},
    service::Search,
};
use crate::{
    catalog::{Category, Language, attributes::ShadeFamily, nearest, search::VariantFacts},
    inventory::ChannelOffer,
    kernel::{
        Actor, Channel, Currency, Cursor, GroupId, LocationId, Money, ProductId, Result, Text, VariantId,
        actor::Permission,
    },
    platform::{
        config::Config,
        http::{Commas, Gate, PageInfo, Params, page_of},
    },
};
use actix_web::{HttpResponse, get, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

/// A hit's place in cursors: the bits of its numbers, which JSON tells without a loss.
type HitPlace = (u64, u64, ProductId);

/// The place of a hit, for a cursor.
pub fn place_of(hit: &Hit) -> HitPlace {
    (hit.key.0.to_bits(), hit.key.1.to_bits(), hit.key.2)
}

/// The key of a hit by its place.
pub fn key_at(place: HitPlace) -> HitKey {
    (f64::from_bits(place.0), f64::from_bits(place.1), place.2)
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct SearchQuery {
    /// Words of names, brands, shades, categories, descriptions or ingredients, each as it begins; or a SKU or GTIN.
    #[param(inline)]
    q: Option<Text<200>>,
    /// The language of the words and of the texts in the answer; the default one, if absent.
    #[param(inline)]
    language: Option<Language>,
    /// Only of these kinds of product, with commas between them.
    #[param(value_type = Option<String>, example = "cosmetics,skincare")]
    category: Option<Commas<Category>>,
    /// Only of these brands, with commas between them.
    #[param(value_type = Option<String>)]
    brand_id: Option<Commas<GroupId>>,
    /// Only of these categories and those below them, with commas between them.
    #[param(value_type = Option<String>)]
    category_id: Option<Commas<GroupId>>,
    /// Only in these collections, with commas between them.
    #[param(value_type = Option<String>)]
    collection_id: Option<Commas<GroupId>>,
    /// Only in these families of shades, with commas between them.
    #[param(value_type = Option<String>, example = "red,pink")]
    shade_family: Option<Commas<ShadeFamily>>,
    /// Only of these sizes, with commas between them; a comma in a size has a backslash before it, as in `1\\,7 oz`.
    #[param(value_type = Option<String>, example = "50 ml")]
    size: Option<Commas<String>>,
    /// Only with one of these values of each attribute that is named: its code, a colon and a value, with commas
    /// between them; `true` and `false` are the values of a boolean. A comma or backslash in a value has a
    /// backslash before it. Only choices and booleans are filtered by.
    #[param(value_type = Option<String>, example = "finish:matte,finish:satin,vegan:true")]
    attribute: Option<Commas<WantedAttribute>>,
    /// The channel whose prices and stock are meant, and in which what is found is published; `web` if absent.
    #[param(inline)]
    channel: Option<Channel>,
    /// The currency of prices; needed to filter or sort by them.
    #[param(inline)]
    currency: Option<Currency>,
    /// Only with a price of so many minor units or more.
    #[param(minimum = 0)]
    price_min_minor: Option<i64>,
    /// Only with a price of so many minor units or less.
    #[param(minimum = 0)]
    price_max_minor: Option<i64>,
    /// The location whose stock is told, filtered and sorted by.
    location_id: Option<LocationId>,
    /// Only products of which the location has some.
    available: Option<bool>,
    /// The order; by relevance with words, by popularity without.
    #[param(inline)]
    sort: Option<SearchSort>,
    /// Products in a page.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before; the first page, if absent.
    cursor: Option<String>,
}

/// An attribute by its code, with a value that is asked for.
struct WantedAttribute(String, String);

impl<'de> Deserialize<'de> for WantedAttribute {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let parts = text.split_once(':').map(|(code, value)| (code.trim(), value.trim()));
        match parts.filter(|(code, value)| !code.is_empty() && !value.is_empty()) {
            Some((code, value)) => Ok(Self(code.to_owned(), value.to_owned())),
            None => Err(serde::de::Error::custom(
                "an attribute is asked for by its code, a colon and a value, such as vegan:true",
            )),
        }
    }
}

/// A variant of a found product that is sold.
#[derive(Debug, Serialize, ToSchema)]
struct FoundVariant {
    /// Identifies the variant.
    id: VariantId,
    /// The SKU of the variant.
    sku: String,
    /// The shade or color.
    shade: Option<String>,
    /// The family of colors of the shade.
    shade_family: Option<ShadeFamily>,
    /// The color of the shade on a screen, such as `#B3122D`.
    swatch: Option<String>,
    /// As printed on the pack, such as `50 ml`.
    size: Option<String>,
    /// Its price in the channel, without tax if a net price list holds for everyone there; null without a currency, or
    /// without a price in it.
    price: Option<Money>,
    /// Units of it that the location may promise; null without a location.
    quantity_available: Option<i32>,
}

/// A found product.
#[derive(Debug, Serialize, ToSchema)]
struct FoundProduct {
    /// Identifies the product.
    id: ProductId,
    /// Its name, in the nearest language that there is.
    name: String,
    /// The name in addresses.
    slug: Option<String>,
    /// The kind of product.
    category: Category,
    /// The brand that makes it.
    brand: Option<String>,
    /// Identifies its brand.
    brand_id: Option<GroupId>,
    /// The address of its first picture.
    image: Option<String>,
    /// The lowest price of its variants that were found; null without a currency.
    price: Option<Money>,
    /// Units of its variants that were found, at the location; null without one.
    quantity_available: Option<i32>,
    /// Its variants that are sold, found or not.
    variants: Vec<FoundVariant>,
}

impl FoundProduct {
    fn of(found: SearchHit, language: Option<&Language>, currency: Option<Currency>) -> Self {
        let SearchHit { hit, facts, variants } = found;
        let money =
            |minor: Option<i64>| minor.zip(currency).map(|(amount_minor, currency)| Money { amount_minor, currency });
        let told = language.and_then(|tag| nearest(tag.as_str(), &facts.names, |(language, _)| language));
        let variant = |(one, (price, units)): (&VariantFacts, (Option<i64>, Option<i32>))| FoundVariant {
            id: one.id,
            sku: one.sku.clone(),
            shade: one.shade.clone(),
            shade_family: one.shade_family,
            swatch: one.swatch.clone(),
            size: one.size.clone(),
            price: money(price),
            quantity_available: units,
        };
        Self {
            id: facts.id,
            name: told.map_or(&facts.name, |(_, name)| name).clone(),
            slug: facts.slug.clone(),
            category: facts.category,
            brand: facts.brand.as_ref().map(|brand| brand.name.clone()),
            brand_id: facts.brand.as_ref().map(|brand| brand.id),
            image: facts.image.clone(),
            price: money(hit.price_minor),
            quantity_available: hit.units,
            variants: facts.variants.iter().zip(variants).map(variant).collect(),
        }
    }
}

/// A page of found products.
#[derive(Serialize, ToSchema)]
struct SearchPage {
    /// The products, in order.
    data: Vec<FoundProduct>,
    /// The place of the page in all that was found.
    page: PageInfo,
    /// All products that were found.
    total: usize,
    /// The words that were looked for, if typing errors were corrected.
    corrected_query: Option<String>,
    /// Counts of products for each value of each field.
    facets: Facets,
}

fn or_empty<T>(list: Option<Commas<T>>) -> Vec<T> {
    list.map(|list| list.0).unwrap_or_default()
}

/// Search products
///
/// By words, with typing errors corrected, by SKU or by GTIN; only what is sold is found. The counts of a field are
/// those of the list with only that value asked of the field. Sales of the last 90 days make popularity. A change of
/// the catalog is found within seconds.
#[utoipa::path(
    tag = "catalog", operation_id = "searchProducts", params(SearchQuery),
    responses((status = 200, body = SearchPage, description = "A page of found products")),
    extensions(("x-permission" = json!("catalog:read"))),
)]
#[get("/v1/search/products", wrap = "Gate")]
async fn products(
    actor: Actor,
    config: web::Data<Config>,
    search: web::Data<Search>,
    query: Params<SearchQuery>,
) -> Result<HttpResponse> {
    let query = query.0;
    if let Some(location) = query.location_id {
        actor.require_at(Permission::InventoryRead, location, "location")?;
    }
    let (language, currency) = (query.language.clone(), query.currency);
    let (limit, cursor) = (query.limit, query.cursor.clone());
    let mut asked = request_of(query);
    let name = format!("search {asked:?}");
    let wanted = page_of::<HitPlace>(limit, cursor.as_deref(), &name)?;
    asked.limit = usize::try_from(wanted.limit).unwrap_or(0);
    asked.after = wanted.after.map(key_at);
    let to = ChannelOffer::to(&config, asked.channel.or(Some(Channel::Web)));
    let SearchResult { hits, total, facets, corrected } = search.find(asked, to).await?;
    let last = hits.rows.last().filter(|_| hits.has_more);
    let next_cursor = last.map(|found| Cursor::write(&name, &place_of(&found.hit))).transpose()?;
    let page = PageInfo { next_cursor, has_more: hits.has_more };
    let found = |found: SearchHit| FoundProduct::of(found, language.as_ref(), currency);
    Ok(HttpResponse::Ok().json(SearchPage {
        data: hits.rows.into_iter().map(found).collect(),
        page,
        total,
        corrected_query: corrected,
        facets,
    }))
}

fn request_of(query: SearchQuery) -> SearchRequest {
    let price = match (query.price_min_minor, query.price_max_minor) {
        (None, None) => None,
        (least, most) => Some(PriceRange { min_minor: least.unwrap_or(0), max_minor: most.unwrap_or(i64::MAX) }),
    };
    SearchRequest {
        text: query.q.map(String::from),
        language: query.language,
        filter: SearchFilter {
            categories: or_empty(query.category),
            brands: or_empty(query.brand_id),
            groups: or_empty(query.category_id),
            collections: or_empty(query.collection_id),
            shade_families: or_empty(query.shade_family),
            sizes: or_empty(query.size),
            attributes: or_empty(query.attribute)
                .into_iter()
                .map(|WantedAttribute(code, value)| (code, value))
                .collect(),
            price,
            is_available: query.available.unwrap_or(false),
        },
        channel: query.channel,
        currency: query.currency,
        location: query.location_id,
        sort: query.sort,
        limit: 0,
        after: None,
    }
}

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.service(products).service(suggestions::suggestions);
}
