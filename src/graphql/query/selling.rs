//! Reads of what is taken off prices, and of what sending goods costs.
use crate::{
    catalog,
    graphql::{
        connection,
        connection::{Connected, connection, request},
        context::{places, read},
        errors::coded,
        types::{Promotion, ShippingMethod},
    },
    kernel::{Code, Currency, Error, actor::Permission},
    platform::db::Db,
};
use async_graphql::{Context, InputObject, Object, Result};

/// Which promotions.
#[derive(Debug, Clone, Default, InputObject)]
struct PromotionFilter {
    /// Only those that go on now, or that do not.
    is_active: Option<bool>,
    /// Only in this currency (ISO 4217).
    currency: Option<String>,
    /// Only those for which a coupon must be shown, or that need none.
    needs_coupon: Option<bool>,
}

/// Reads of what is taken off prices, and of what sending goods costs.
#[derive(Default)]
pub struct SellingQuery;

/// Reads of what is taken off prices, and of what sending goods costs.
#[Object]
impl SellingQuery {
    /// Promotions, in order of their codes.
    #[graphql(complexity = "connection::cost(first, child_complexity)")]
    async fn promotions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows in a page, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Where to go on: the end cursor of the page before.")] after: Option<String>,
        #[graphql(desc = "Only those that fit all of these.")] filter: Option<PromotionFilter>,
    ) -> Result<Connected<Promotion>> {
        places(ctx, Permission::CatalogRead)?;
        let PromotionFilter { is_active, currency, needs_coupon } = filter.unwrap_or_default();
        let currency = currency.as_deref().map(currency_of).transpose()?;
        let filter = catalog::PromotionFilter { is_active, currency, needs_coupon };
        let list = format!("promotions {filter:?}");
        let page = request::<catalog::PromotionKey>(first, after.as_deref(), &list)?;
        let now = ctx.data_unchecked::<Db>().clock().now();
        let found = read(ctx, move |db| catalog::promotions(db, filter, now, &page)).await?;
        connection(found, &list, after.is_some(), |of| (of.code.clone(), of.id), Promotion)
    }

    /// A promotion by its code.
    async fn promotion(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The short name that systems use.")] code: String,
    ) -> Result<Option<Promotion>> {
        places(ctx, Permission::CatalogRead)?;
        Ok(read(ctx, move |db| catalog::promotion_by_code(db, &code)).await?.map(Promotion))
    }

    /// Shipping methods, in order of their codes, with those that are out of use.
    #[graphql(complexity = "connection::cost(first, child_complexity)")]
    async fn shipping_methods(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows in a page, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Where to go on: the end cursor of the page before.")] after: Option<String>,
    ) -> Result<Connected<ShippingMethod>> {
        places(ctx, Permission::CatalogRead)?;
        let list = "shipping methods".to_owned();
        let page = request::<catalog::ShippingMethodKey>(first, after.as_deref(), &list)?;
        let found = read(ctx, move |db| catalog::shipping_methods(db, &page)).await?;
        connection(found, &list, after.is_some(), |of| (of.code.clone(), of.id), ShippingMethod)
    }
}

fn currency_of(code: &str) -> Result<Currency> {
    code.parse().map_err(|why| coded(Error::refused(Code::GraphqlInvalid, format!("currency: {why}"))))
}
