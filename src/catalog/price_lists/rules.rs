//! The rule by which one price is chosen: of the prices that lists have for the circumstances of a sale, the one of the
//! list with the highest priority; then of the list for customer groups before one for locations, countries and
//! channels; then the one for the most units; then the list that was made last. Where no list has one, the price of the
//! channel holds.
use super::model::{AppliesTo, ListPrice, PriceList};
use crate::{
    catalog::{attributes::Slug, model::Offer},
    kernel::{Channel, Code, Country, Currency, Error, LocationId, Money, PriceListId, Region, Result},
};
use chrono::{DateTime, Utc};

/// The circumstances of a sale that its prices depend on.
#[derive(Debug, Clone)]
pub struct PriceContext {
    pub channel: Channel,
    pub currency: Currency,
    /// The location of the till, or where the order is fetched; none of what is sent.
    pub location: Option<LocationId>,
    /// The country where the goods go, or where they are fetched.
    pub country: Option<Country>,
    /// The part of the country, as far as it is known; taxes depend on it alone.
    pub region: Option<Region>,
    /// The groups of the customer.
    pub groups: Vec<Slug>,
    pub at: DateTime<Utc>,
}

crate::text_enum! {
    /// The reason for which a price was chosen or passed over.
    PriceVerdict {
        /// It is the price.
        Chosen = "chosen",
        /// Another one comes before it.
        Outranked = "outranked",
        /// The list is for other channels.
        OtherChannel = "other_channel",
        /// The list is for other locations.
        OtherLocation = "other_location",
        /// The list is for other countries.
        OtherCountry = "other_country",
        /// The list is for customers of other groups.
        OtherCustomerGroup = "other_customer_group",
        /// It is a price in another currency.
        OtherCurrency = "other_currency",
        /// It holds for more units.
        TooFewUnits = "too_few_units",
        /// It does not hold yet.
        NotYet = "not_yet",
        /// It holds no more.
        Ended = "ended",
    }
}

/// The price that holds for a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EffectivePrice {
    /// The price of one unit.
    pub amount: Money,
    /// The price that is shown struck through beside it.
    pub compare_at: Option<Money>,
    /// False if both are without tax.
    pub tax_included: bool,
    /// The list that it is from; none for the price of the channel.
    pub list: Option<PriceListId>,
}

/// The rank of a price among those that hold; the greatest is chosen.
pub type Rank = (i32, [bool; 4], i32, PriceListId);

impl AppliesTo {
    /// The reason for which it does not fit the circumstances of a sale; none if it does.
    pub fn obstacle(&self, to: &PriceContext) -> Option<PriceVerdict> {
        let others = |is_for_all: bool, fits: bool, verdict| (!is_for_all && !fits).then_some(verdict);
        let is_here = to.location.is_some_and(|at| self.location_ids.contains(&at));
        let goes_there = to.country.as_ref().is_some_and(|to| self.countries.contains(to));
        let is_of_one = to.groups.iter().any(|group| self.customer_groups.contains(group));
        others(self.channels.is_empty(), self.channels.contains(&to.channel), PriceVerdict::OtherChannel)
            .or_else(|| others(self.location_ids.is_empty(), is_here, PriceVerdict::OtherLocation))
            .or_else(|| others(self.countries.is_empty(), goes_there, PriceVerdict::OtherCountry))
            .or_else(|| others(self.customer_groups.is_empty(), is_of_one, PriceVerdict::OtherCustomerGroup))
    }

    /// For groups, locations, countries, channels: the more particular list is the greater.
    fn narrowness(&self) -> [bool; 4] {
        let Self { channels, location_ids, countries, customer_groups } = self;
        [customer_groups.is_empty(), location_ids.is_empty(), countries.is_empty(), channels.is_empty()]
            .map(|is_for_all| !is_for_all)
    }
}

impl PriceList {
    /// Refuses a list that is over: what it has charged stays as it was.
    pub fn require_open(&self, now: DateTime<Utc>) -> Result<()> {
        match self.ends_at.filter(|end| *end <= now) {
            None => Ok(()),
            Some(end) => {
                let said = format!("the price list {} has ended at {end}; make another one", self.code);
                Err(Error::refused(Code::PriceListEnded, said))
            }
        }
    }
}

impl ListPrice {
    /// The reason for which it does not hold for a line of so many units; none if it holds.
    pub fn obstacle(&self, to: &PriceContext, units: i32) -> Option<PriceVerdict> {
        let (starts_at, ends_at) = self.holds();
        let when = |wrong: bool, verdict| wrong.then_some(verdict);
        when(self.list.currency != to.currency, PriceVerdict::OtherCurrency)
            .or_else(|| self.list.applies_to.obstacle(to))
            .or_else(|| when(units < self.min_quantity, PriceVerdict::TooFewUnits))
            .or_else(|| when(to.at < starts_at, PriceVerdict::NotYet))
            .or_else(|| when(ends_at.is_some_and(|end| end <= to.at), PriceVerdict::Ended))
    }

    /// The moments between which it holds: its own, within those of its list.
    pub fn holds(&self) -> (DateTime<Utc>, Option<DateTime<Utc>>) {
        let ends = self.ends_at.into_iter().chain(self.list.ends_at).min();
        (self.starts_at.max(self.list.starts_at), ends)
    }

    /// Its rank among those that hold.
    pub fn rank(&self) -> Rank {
        (self.list.priority, self.list.applies_to.narrowness(), self.min_quantity, self.list.id)
    }

    fn effective(&self) -> EffectivePrice {
        let money = |amount_minor| Money { amount_minor, currency: self.list.currency };
        EffectivePrice {
            amount: money(self.amount_minor),
            compare_at: self.compare_at_minor.map(money),
            tax_included: self.list.tax_included,
            list: Some(self.list.id),
        }
    }
}

/// The price that holds for a line of so many units, if a list has one.
pub fn chosen<'a>(prices: &'a [ListPrice], to: &PriceContext, units: i32) -> Option<&'a ListPrice> {
    let holding = prices.iter().filter(|price| price.obstacle(to, units).is_none());
    holding.max_by_key(|price| price.rank())
}

impl Offer {
    /// The price that a list has for a line of so many units, if one has.
    pub fn list_price(&self, to: &PriceContext, units: i32) -> Option<&ListPrice> {
        chosen(&self.list_prices, to, units)
    }

    /// The price that holds for a line of so many units; none if it has no price there.
    pub fn effective_price(&self, to: &PriceContext, units: i32) -> Option<EffectivePrice> {
        self.list_price(to, units).map(ListPrice::effective).or_else(|| {
            let base = self.base_price(to.channel, to.currency)?;
            Some(EffectivePrice { amount: base.amount, compare_at: base.compare_at(), tax_included: true, list: None })
        })
    }

    /// The price of one unit in a line of so many, or a refusal.
    pub fn require_price(&self, to: &PriceContext, units: i32) -> Result<EffectivePrice> {
        self.effective_price(to, units).ok_or_else(|| {
            let said = format!("{} has no price for {} in {}", self.variant.sku, to.channel, to.currency);
            Error::refused(Code::NoPrice, said)
        })
    }

    /// True if a price or publication of it begins or ends between two moments, whichever is the earlier.
    pub fn price_turns(&self, one: DateTime<Utc>, other: DateTime<Utc>) -> bool {
        let (after, until) = (one.min(other), one.max(other));
        let moments = self.list_prices.iter().map(ListPrice::holds);
        let moments = moments.flat_map(|(starts_at, ends_at)| [Some(starts_at), ends_at]);
        let publications = self.product.publications().unwrap_or_default().iter();
        let publications = publications.flat_map(|publication| [publication.starts_at, publication.ends_at]);
        moments.chain(publications).flatten().any(|moment| after < moment && moment <= until)
    }
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
