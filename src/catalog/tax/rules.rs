//! Tax on sales: which rate holds, and how much tax a price contains or what is added to one without tax. It is rounded
//! to the nearest minor unit, halves up, for each line; that of units which come back is the difference between the tax
//! of all that has come back and of what had before, so that parts add up to the whole.
use super::model::{LineTax, TaxClass, TaxRate, TaxRates};
use crate::{
    catalog::price_lists::{Period, PriceContext},
    kernel::{Code, Error, Region, Result},
};
use chrono::{DateTime, Utc};

/// Millionths of one.
const ONE: i128 = 1_000_000;

impl LineTax {
    /// The tax within a price, in minor units.
    pub fn within(&self, gross_minor: i64) -> i64 {
        let rate = i128::from(self.rate_ppm);
        let doubled = 2 * i128::from(gross_minor) * rate;
        let whole = ONE + rate;
        i64::try_from((doubled + whole).div_euclid(2 * whole)).unwrap_or(i64::MAX)
    }

    /// The tax that is added to a price without tax, in minor units. The sum of both contains exactly this tax.
    pub fn on_top_of(&self, net_minor: i64) -> i64 {
        let doubled = 2 * i128::from(net_minor) * i128::from(self.rate_ppm);
        i64::try_from((doubled + ONE).div_euclid(2 * ONE)).unwrap_or(i64::MAX)
    }
}

impl TaxRate {
    /// The time in which it holds.
    pub fn period(&self) -> Period {
        Period { starts_at: self.starts_at, ends_at: self.ends_at }
    }

    fn holds(&self, to: &PriceContext, class: TaxClass) -> bool {
        let is_there = to.country.as_ref().is_some_and(|country| *country.as_str() == *self.country);
        let is_of_region = self.region.is_none() || to.region.as_ref().map(Region::as_str) == self.region.as_deref();
        let is_in_time = self.starts_at <= to.at && self.ends_at.is_none_or(|end| to.at < end);
        is_there && is_of_region && is_in_time && self.tax_class == class
    }
}

impl TaxRates {
    /// The tax of goods of a class; the rate of a region comes before that of its country. None if no rate is known.
    pub fn tax(&self, to: &PriceContext, class: TaxClass) -> Option<LineTax> {
        let holding = self.rates.iter().filter(|rate| rate.holds(to, class));
        let rate = holding.max_by_key(|rate| rate.region.is_some())?;
        Some(LineTax {
            country: rate.country.clone(),
            region: rate.region.clone(),
            tax_class: class,
            name: rate.name.clone(),
            rate_ppm: rate.rate_ppm,
        })
    }

    /// True if a rate begins or ends between two moments, whichever is the earlier.
    pub fn turn(&self, one: DateTime<Utc>, other: DateTime<Utc>) -> bool {
        let (after, until) = (one.min(other), one.max(other));
        let mut moments = self.rates.iter().flat_map(|rate| [Some(rate.starts_at), rate.ends_at]).flatten();
        moments.any(|moment| after < moment && moment <= until)
    }

    /// True if some rate holds at a moment: from then on goods are taxed.
    pub fn are_in_force(&self, at: DateTime<Utc>) -> bool {
        self.rates.iter().any(|rate| rate.starts_at <= at && rate.ends_at.is_none_or(|end| at < end))
    }

    /// The same, refused if no rate is known though some are in force: nobody is charged a price whose tax is
    /// forgotten.
    pub fn require_tax(&self, to: &PriceContext, class: TaxClass) -> Result<Option<LineTax>> {
        match self.tax(to, class) {
            None if self.are_in_force(to.at) => Err(Error::refused(
                Code::NoTaxRate,
                match &to.country {
                    Some(country) => format!("there is no rate of tax for {class} goods in {country}"),
                    None => "the country of the sale is not known: name its location or an address".into(),
                },
            )),
            tax => Ok(tax),
        }
    }
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
