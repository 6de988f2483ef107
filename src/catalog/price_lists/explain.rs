//! The price of a line explained: every price that there is for it, and why each was chosen or passed over. The rule is
//! the one by which orders are priced.
use super::{
    model::ListPrice,
    rules::{EffectivePrice, PriceContext, PriceVerdict},
    store::{self, entries},
};
use crate::{
    catalog::{
        cache::Catalog,
        model::{Offer, Price},
        prices::{
            rules::{DatedPrice, lowest_prior},
            store::{self as changes, PriceOf},
        },
        tax::{self, LineTax},
    },
    kernel::{Channel, Code, Currency, Error, Money, PriceListId, Quantity, Result, Sku, VariantId},
    platform::db::Read,
};
use chrono::{DateTime, Days, Utc};
use serde::Serialize;
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// The time for which a price that has ended is still told of.
const LONG: Days = Days::new(2);

/// The price of a line with its reasons.
#[derive(Debug, Serialize, ToSchema)]
pub struct PriceExplanation {
    /// Identifies the variant.
    pub variant_id: VariantId,
    /// The SKU of the variant.
    #[schema(value_type = Sku)]
    pub sku: String,
    /// The units of the line.
    pub quantity: i32,
    /// The channel of sale.
    pub channel: Channel,
    /// The currency of all amounts (ISO 4217).
    pub currency: Currency,
    /// The moment for which it is explained.
    pub at: DateTime<Utc>,
    /// The price of one unit, in minor units; null if the variant has no price in these circumstances.
    pub unit_minor: Option<i64>,
    /// The price that is shown struck through beside it, in minor units; null for none.
    pub compare_at_minor: Option<i64>,
    /// False if these prices, and the lowest one before, are without tax, which is added when they are charged; null
    /// without a price.
    pub tax_included: Option<bool>,
    /// The lowest price of one unit in the 30 days before it took effect, in minor units, which is to be shown beside
    /// a reduction (directive 98/6/EC, Art. 6a), with or without tax as the price is; null if there was none, or one of
    /// the other kind and the tax between them is not known here.
    pub lowest_prior_minor: Option<i64>,
    /// The price list that it is from; null for the price of the channel.
    pub price_list_id: Option<PriceListId>,
    /// The prices that there are, in the order in which they are looked at; the price of the channel comes last.
    pub candidates: Vec<PriceCandidate>,
}

/// A price that was looked at.
#[derive(Debug, Serialize, ToSchema)]
pub struct PriceCandidate {
    /// The price list that it is from; null for the price of the channel.
    pub price_list_id: Option<PriceListId>,
    /// The code of the price list; null for the price of the channel.
    pub price_list_code: Option<String>,
    /// The priority of the price list; null for the price of the channel.
    pub priority: Option<i32>,
    /// The units of a line from which it holds.
    pub min_quantity: i32,
    /// The currency of the price (ISO 4217).
    pub currency: Currency,
    /// The price of one unit, in minor units.
    pub unit_minor: i64,
    /// False if it is without tax.
    pub tax_included: bool,
    /// The moment from which it holds; null for the price of the channel.
    pub starts_at: Option<DateTime<Utc>>,
    /// The moment from which it holds no more; null for none.
    pub ends_at: Option<DateTime<Utc>>,
    /// The reason for which it was chosen or passed over.
    pub verdict: PriceVerdict,
}

/// Explains the price of so many units of a SKU.
pub fn explain(
    db: &mut Read,
    catalog: &Catalog,
    sku: &Sku,
    units: Quantity,
    to: &PriceContext,
) -> Result<PriceExplanation> {
    let offer = catalog.offers_by_sku(db, std::slice::from_ref(sku))?.into_values().next();
    let offer = offer.ok_or_else(|| Error::at(Code::UnknownSku, "/sku", format!("there is no SKU {sku}")))?;
    let of_place = to.location.map(|place| store::country_of(db, place)).transpose()?;
    if let (Some(place), Some(None)) = (to.location, &of_place) {
        return Err(Error::at(Code::UnknownLocation, "/location_id", format!("there is no location {place}")));
    }
    let country = to.country.clone().or(of_place.flatten());
    let (units, to) = (units.get(), &PriceContext { country, ..to.clone() });
    let of = PriceOf { variant: offer.variant.id, channel: to.channel, currency: to.currency };
    let base = changes::dated(db.conn(), of)?;
    let ever = Offer { list_prices: entries::ever(db.conn(), of.variant)?, ..(*offer).clone() };
    let offer = as_of(&ever, &base, to);
    let price = offer.effective_price(to, units);
    let tax = tax::store::all(db)?.tax(to, offer.product.tax_class);
    Ok(PriceExplanation {
        variant_id: offer.variant.id,
        sku: offer.variant.sku.clone(),
        quantity: units,
        channel: to.channel,
        currency: to.currency,
        at: to.at,
        unit_minor: price.as_ref().map(|price| price.amount.amount_minor),
        compare_at_minor: price.as_ref().and_then(|price| price.compare_at).map(|money| money.amount_minor),
        tax_included: price.as_ref().map(|price| price.tax_included),
        lowest_prior_minor: lowest_comparable(&ever, &base, units, to, tax.as_ref()),
        price_list_id: price.as_ref().and_then(|price| price.list),
        candidates: candidates(&offer, units, to, price.as_ref()),
    })
}

fn candidates(offer: &Offer, units: i32, to: &PriceContext, price: Option<&EffectivePrice>) -> Vec<PriceCandidate> {
    let is_chosen = |list: Option<PriceListId>| price.is_some_and(|price| price.list == list);
    let mut found: Vec<_> = offer.list_prices.iter().collect();
    found.sort_by_key(|price| std::cmp::Reverse(price.rank()));
    let mut is_decided = false;
    let mut of_list = |listed: &ListPrice| {
        let obstacle = listed.obstacle(to, units);
        let verdict = obstacle.unwrap_or(if is_decided { PriceVerdict::Outranked } else { PriceVerdict::Chosen });
        is_decided |= obstacle.is_none();
        let (starts_at, ends_at) = listed.holds();
        PriceCandidate {
            price_list_id: Some(listed.list.id),
            price_list_code: Some(listed.list.code.clone()),
            priority: Some(listed.list.priority),
            min_quantity: listed.min_quantity,
            currency: listed.list.currency,
            unit_minor: listed.amount_minor,
            tax_included: listed.list.tax_included,
            starts_at: Some(starts_at),
            ends_at,
            verdict,
        }
    };
    let lists: Vec<_> = found.into_iter().map(&mut of_list).collect();
    let base = offer.base_price(to.channel, to.currency).map(|base| PriceCandidate {
        price_list_id: None,
        price_list_code: None,
        priority: None,
        min_quantity: 1,
        currency: to.currency,
        unit_minor: base.amount.amount_minor,
        tax_included: true,
        starts_at: None,
        ends_at: None,
        verdict: if is_chosen(None) { PriceVerdict::Chosen } else { PriceVerdict::Outranked },
    });
    lists.into_iter().chain(base).collect()
}

/// An offer as it was at a moment: with the price of the channel of then, and without what had ended long before.
fn as_of(ever: &Offer, base: &[DatedPrice], to: &PriceContext) -> Offer {
    let then = base.iter().find(|price| price.since <= to.at);
    let mut offer = ever.clone();
    offer.list_prices.retain(|price| price.holds().1.is_none_or(|end| end > to.at - LONG));
    let is_it = |price: &Price| price.channel == to.channel && price.amount.currency == to.currency;
    // A price that has not changed since keeps the one that it is compared with.
    if let Some(then) = then {
        offer.prices.retain(|price| !is_it(price) || Some(price.amount.amount_minor) == then.amount_minor);
        if let (Some(amount_minor), false) = (then.amount_minor, offer.prices.iter().any(is_it)) {
            let amount = Money { amount_minor, currency: to.currency };
            let (variant_id, channel) = (offer.variant.id, to.channel);
            offer.prices.push(Price { variant_id, channel, amount, compare_at_minor: None });
        }
    }
    offer
}

/// Stands for a price that cannot be compared with the newest one, because the tax between them is not known.
const UNKNOWN: i64 = i64::MIN;

/// The lowest price of the 30 days before the one that holds, with or without tax as that is; none if one among them
/// cannot be compared with it.
fn lowest_comparable(
    ever: &Offer,
    base: &[DatedPrice],
    units: i32,
    to: &PriceContext,
    tax: Option<&LineTax>,
) -> Option<i64> {
    let is_with_tax = |price: Option<&ListPrice>| price.is_none_or(|price| price.list.tax_included);
    let with_tax = is_with_tax(ever.list_price(to, units));
    let comparable = |minor: i64, has_tax: bool| match tax {
        _ if has_tax == with_tax => minor,
        None => UNKNOWN,
        Some(tax) if with_tax => minor.saturating_add(tax.on_top_of(minor)),
        Some(tax) => minor - tax.within(minor),
    };
    let turns = ever.list_prices.iter().map(ListPrice::holds);
    let turns = turns.flat_map(|(starts_at, ends_at)| [Some(starts_at), ends_at]).flatten();
    let moments: BTreeSet<_> = turns.chain(base.iter().map(|price| price.since)).filter(|at| *at <= to.at).collect();
    let mut prices = Vec::<DatedPrice>::new();
    for since in moments {
        let then = PriceContext { at: since, ..to.clone() };
        let listed = ever.list_price(&then, units);
        let base = || base.iter().find(|price| price.since <= since).and_then(|price| price.amount_minor);
        let amount_minor = listed.map(|price| price.amount_minor).or_else(base);
        let amount_minor = amount_minor.map(|minor| comparable(minor, is_with_tax(listed)));
        if prices.last().is_none_or(|last| last.amount_minor != amount_minor) {
            prices.push(DatedPrice { amount_minor, since });
        }
    }
    prices.reverse();
    lowest_prior(&prices).filter(|lowest| *lowest != UNKNOWN)
}
