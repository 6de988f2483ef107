//! The catalog of the brand: products, variants, prices and bundles. Promises: a SKU never changes its meaning, a
//! retired variant is never sold again, and reads from memory are dropped the moment this instance changes them.
mod attribute_definitions;
pub mod attributes;
mod bundles;
mod cache;
mod change;
pub mod classification;
pub mod content;
mod create;
mod current_offers;
pub mod events;
mod files;
pub mod groups;
pub mod http;
mod model;
mod price_lists;
pub mod prices;
pub mod promotions;
mod read;
mod retire;
mod schema;
pub mod search;
mod seed;
mod sell;
pub mod shipping;
mod store;
mod tax;

pub use attribute_definitions::{AttributeDefinition, AttributeValue, all as attribute_definitions};
pub use attributes::{Purpose, Slug};
pub use bundles::{BundleChoice, BundleNeeds, ChosenPart};
pub use cache::Catalog;
pub use classification::{Category, LotControl, Status};
pub use content::{Language, Media, MediaKind, Publication, Translation, rules::nearest};
pub use current_offers::CurrentOffers;
pub use files::{CatalogRows, Chunk as CatalogChunk, export as export_rows, work_through};
pub use groups::{Group, GroupKind, store::GroupKey};
pub use model::{Gtin, Offer, Price, ProductSort};
pub use price_lists::{AppliesTo, PriceContext};
pub use prices::{PriorPrice, prior_prices};
pub use promotions::{
    AppliedPromotion, Benefit, BundleItem, Buyer, Cart, CartLine, CartShipping, CouponCode, Discounts, ExpiryStep,
    Judged, Promotion, PromotionFilter, PromotionKey, PromotionVerdict, Promotions, Redemptions, Released, ShownCoupon,
    Target, Tier, promotion_by_code, promotions,
};
pub use read::{
    ProductFilter, ProductKey, groups_by_id, groups_by_name, media_of, products, products_by_id, retired_among,
    translations_of, variant_by_gtin, variant_by_sku, variants_by_id, variants_in, variants_of,
};
pub use seed::seed;
pub use sell::OfferLines;
pub use shipping::{
    ShippedGoods, ShippingMethod, ShippingMethodKey, ShippingMethodRate, ShippingMethods, ShippingVerdict,
    ShippingZone, shipping_methods,
};
pub use store::{Component, Product, Variant};
pub use tax::{LineTax, TaxClass, TaxRates};
