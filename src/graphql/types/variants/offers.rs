//! Prices, components and availability of variants.
use crate::graphql::types::{catalog::Channel, inventory::Location, variants::Variant};
use crate::{
    catalog,
    graphql::{
        context::loaders,
        errors::{coded, shared},
        ids,
        loaders::{LocationById, PriorPricesOf, VariantById},
        scalars::Money,
    },
    kernel::{Code, Error, LocationId, Quantity, VariantId},
};
use async_graphql::{ComplexObject, Context, ID, InputObject, Result, SimpleObject};
use chrono::{DateTime, Utc};

/// Units that may be sold at a location.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct Availability {
    /// Units that may be promised; of a bundle, whole sets. Never negative.
    pub(super) quantity_available: i32,
    #[graphql(skip)]
    pub(super) location: LocationId,
}

#[ComplexObject]
impl Availability {
    /// The location.
    async fn location(&self, ctx: &Context<'_>) -> Result<Option<Location>> {
        Ok(loaders(ctx).load_one(LocationById(self.location)).await.map_err(shared)?.map(Location))
    }
}

/// A price in one channel and currency.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct Price {
    /// The channel in which it holds.
    pub(super) channel: Channel,
    /// The amount.
    pub(super) amount: Money,
    /// The price that is shown struck through beside it; null for none.
    pub(super) compare_at: Option<Money>,
    #[graphql(skip)]
    pub(super) price: catalog::Price,
}

/// The price of one unit that holds in some circumstances.
#[derive(SimpleObject)]
pub struct EffectivePrice {
    /// The price of one unit.
    pub(super) amount: Money,
    /// The price that is shown struck through beside it; null for none.
    pub(super) compare_at: Option<Money>,
    /// False if both are without tax, which is added when they are charged.
    pub(super) tax_included: bool,
    /// The price list that it is from, by its id; null for the price of the channel.
    pub(super) price_list_id: Option<ID>,
}

/// The circumstances of a sale that its prices depend on.
#[derive(InputObject)]
pub struct PriceFor {
    /// The channel of sale.
    channel: Channel,
    /// The currency, as ISO 4217 writes it.
    currency: String,
    /// The units of the line; 1, if absent.
    quantity: Option<i32>,
    /// The location of the till, or where the order is fetched, by its global id.
    location_id: Option<ID>,
    /// The country where the goods go, or where they are fetched (ISO 3166-1 alpha-2).
    pub(super) country: Option<String>,
    /// The groups of the customer.
    customer_groups: Option<Vec<String>>,
}

impl PriceFor {
    /// The location that it names.
    pub(super) fn place(&self) -> Result<Option<LocationId>> {
        Ok(self.location_id.as_ref().map(|id| ids::expect("Location", id)).transpose()?.map(LocationId))
    }

    /// The same in a country, if it names none.
    pub(super) fn in_country(self, country: Option<String>) -> Self {
        Self { country: self.country.or(country), ..self }
    }

    /// The same as the catalog reads it, at a moment, with the units.
    pub(super) fn read(self, at: DateTime<Utc>) -> Result<(catalog::PriceContext, i32)> {
        let units = Quantity::new(self.quantity.unwrap_or(1).into()).map_err(invalid)?;
        let location = self.place()?;
        let groups = self.customer_groups.unwrap_or_default();
        let context = catalog::PriceContext {
            channel: self.channel.into(),
            currency: self.currency.parse().map_err(invalid)?,
            location,
            country: self.country.map(|country| country.parse().map_err(invalid)).transpose()?,
            region: None,
            groups: groups.iter().map(|group| group.parse().map_err(invalid)).collect::<Result<_>>()?,
            at,
        };
        Ok((context, units.get()))
    }
}

#[ComplexObject]
impl Price {
    /// The lowest price of the 30 days before this one took effect, which is to be shown beside a reduction (directive
    /// 98/6/EC, Art. 6a); null if there was none.
    async fn lowest_prior(&self, ctx: &Context<'_>) -> Result<Option<Money>> {
        let of = &self.price;
        let found = loaders(ctx).load_one(PriorPricesOf(of.variant_id)).await.map_err(shared)?.unwrap_or_default();
        let is_it =
            |prior: &&catalog::PriorPrice| prior.channel == of.channel && prior.amount.currency == of.amount.currency;
        Ok(found.iter().find(is_it).map(|prior| prior.amount.into()))
    }
}

fn invalid(why: String) -> async_graphql::Error {
    coded(Error::refused(Code::GraphqlInvalid, why))
}

/// A part of a bundle.
#[derive(SimpleObject)]
#[graphql(complex, name = "BundleComponent")]
pub struct Component {
    /// Units of the part in one bundle.
    pub(super) quantity: i32,
    #[graphql(skip)]
    pub(super) part: VariantId,
}

#[ComplexObject]
impl Component {
    /// The part.
    async fn variant(&self, ctx: &Context<'_>) -> Result<Option<Variant>> {
        Ok(loaders(ctx).load_one(VariantById(self.part)).await.map_err(shared)?.map(Variant))
    }
}
