//! Promotions: what is taken off prices, and where.
mod benefits;
use benefits::PromotionBenefit;

use super::Channel;
use crate::{
    catalog,
    graphql::{
        context::loaders,
        errors::shared,
        loaders::{GroupById, LocationById},
        scalars::{Long, Money},
        types::{groups::CatalogGroup, inventory::Location},
    },
    kernel::{self, Country, Currency, GroupId, Sku},
};
use async_graphql::{Context, Object, Result};
use chrono::{DateTime, Utc};

/// A promotion.
pub struct Promotion(pub catalog::Promotion);

/// A promotion.
#[Object]
impl Promotion {
    /// The id that REST uses.
    async fn promotion_id(&self) -> String {
        self.0.id.to_string()
    }
    /// The short name that systems use, unique.
    async fn code(&self) -> &str {
        &self.0.code
    }
    /// The name on receipts.
    async fn name(&self) -> &str {
        &self.0.name
    }
    /// The currency of its amounts (ISO 4217); it applies to sales in this currency.
    async fn currency(&self) -> String {
        self.0.currency.to_string()
    }
    /// The circumstances in which it applies.
    async fn applies_to(&self) -> PromotionCircumstances {
        PromotionCircumstances(self.0.applies_to.clone())
    }
    /// The goods that it is about.
    async fn target(&self) -> PromotionTarget {
        PromotionTarget(self.0.target.clone())
    }
    /// The benefit.
    async fn benefit(&self) -> PromotionBenefit {
        PromotionBenefit::of(&self.0.benefit, self.0.currency)
    }
    /// The price that these goods must reach, after the promotions before it.
    async fn min_spend(&self) -> Option<Money> {
        self.0.min_spend_minor.map(|minor| money(minor, self.0.currency))
    }
    /// True if a coupon must be shown for it.
    async fn needs_coupon(&self) -> bool {
        self.0.needs_coupon
    }
    /// True if no other promotion applies beside it.
    async fn is_exclusive(&self) -> bool {
        self.0.is_exclusive
    }
    /// The promotion with the highest priority applies first, and the others to what it leaves of the price.
    async fn priority(&self) -> i32 {
        self.0.priority
    }
    /// The moment from which it applies.
    async fn starts_at(&self) -> DateTime<Utc> {
        self.0.starts_at
    }
    /// The moment from which it applies no more.
    async fn ends_at(&self) -> Option<DateTime<Utc>> {
        self.0.ends_at
    }
    /// Orders that may use it; any number, if null.
    async fn max_uses(&self) -> Option<Long> {
        self.0.max_uses.map(Long)
    }
    /// Orders of one customer that may use it; any number, if null.
    async fn max_uses_per_customer(&self) -> Option<i32> {
        self.0.max_uses_per_customer
    }
    /// The most that it takes off all orders together; any amount, if null.
    async fn budget(&self) -> Option<Money> {
        self.0.budget_minor.map(|minor| money(minor, self.0.currency))
    }
    /// For `If-Match`.
    async fn version(&self) -> Long {
        Long(self.0.version)
    }
}

fn money(amount_minor: i64, currency: Currency) -> Money {
    kernel::Money { amount_minor, currency }.into()
}

/// The circumstances in which a promotion applies; an empty list means any.
pub struct PromotionCircumstances(catalog::AppliesTo);

/// The circumstances in which a promotion applies; an empty list means any.
#[Object]
impl PromotionCircumstances {
    /// Sales in one of these channels.
    async fn channels(&self) -> Vec<Channel> {
        self.0.channels.iter().copied().map(Into::into).collect()
    }
    /// The ids, as REST uses them, of locations at whose tills it applies, and for orders that are fetched there.
    async fn location_ids(&self) -> Vec<String> {
        self.0.location_ids.iter().map(ToString::to_string).collect()
    }
    /// Those of these locations that one may see.
    #[graphql(complexity = "20 * child_complexity")]
    async fn locations(&self, ctx: &Context<'_>) -> Result<Vec<Location>> {
        let ids = &self.0.location_ids;
        let mut known = loaders(ctx).load_many(ids.iter().copied().map(LocationById)).await.map_err(shared)?;
        Ok(ids.iter().filter_map(|id| known.remove(&LocationById(*id))).map(Location).collect())
    }
    /// Goods that go to one of these countries (ISO 3166-1 alpha-2), or change hands there.
    async fn countries(&self) -> Vec<&str> {
        self.0.countries.iter().map(Country::as_str).collect()
    }
    /// Customers of one of these groups.
    async fn customer_groups(&self) -> Vec<&str> {
        self.0.customer_groups.iter().map(catalog::Slug::as_str).collect()
    }
}

/// The goods that a promotion is about. Each list that is not empty narrows them; empty lists mean any.
pub struct PromotionTarget(catalog::Target);

async fn groups(ctx: &Context<'_>, ids: &[GroupId]) -> Result<Vec<CatalogGroup>> {
    let mut known = loaders(ctx).load_many(ids.iter().copied().map(GroupById)).await.map_err(shared)?;
    Ok(ids.iter().filter_map(|id| known.remove(&GroupById(*id))).map(CatalogGroup).collect())
}

/// The goods that a promotion is about. Each list that is not empty narrows them; empty lists mean any.
#[Object]
impl PromotionTarget {
    /// These SKUs.
    async fn skus(&self) -> Vec<&str> {
        self.0.skus.iter().map(Sku::as_str).collect()
    }
    /// Products of one of these brands.
    #[graphql(complexity = "20 * child_complexity")]
    async fn brands(&self, ctx: &Context<'_>) -> Result<Vec<CatalogGroup>> {
        groups(ctx, &self.0.brand_ids).await
    }
    /// Products of one of these categories or of one below it.
    #[graphql(complexity = "20 * child_complexity")]
    async fn categories(&self, ctx: &Context<'_>) -> Result<Vec<CatalogGroup>> {
        groups(ctx, &self.0.category_ids).await
    }
    /// Products of one of these collections.
    #[graphql(complexity = "20 * child_complexity")]
    async fn collections(&self, ctx: &Context<'_>) -> Result<Vec<CatalogGroup>> {
        groups(ctx, &self.0.collection_ids).await
    }
    /// Never these SKUs.
    async fn excluded_skus(&self) -> Vec<&str> {
        self.0.excluded_skus.iter().map(Sku::as_str).collect()
    }
}
