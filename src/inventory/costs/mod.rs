//! Costs of goods: what a unit on hand has cost on average, by variant and location, in the book currency of the brand.
//! Promises: the units of known cost are among those on hand; goods that leave do not move the average.
pub mod http;
mod layer;
mod read;
mod set;
mod store;
mod unit;

pub use layer::Layer;
pub use unit::{ExchangeRate, MOST_MINOR, UnitCost, minor};

use crate::{
    kernel::{Code, Faults, Result, money::Currency},
    platform::db::Write,
};
use anyhow::anyhow;
pub use store::{CostChange, insert_cost_changes, moves_in_transit};

/// Refuses to keep costs in another currency than the one in which some are known already.
pub fn require_currency(tx: &mut Write, wanted: Currency) -> Result<()> {
    let kept = self::store::take_currency(tx.conn(), wanted.code())?;
    match kept == wanted.code() {
        true => Ok(()),
        false => Err(anyhow!(
            "inventory.cost_currency is {wanted}, but costs are known in {kept}: they cannot be kept in another \
             currency"
        )
        .into()),
    }
}

/// In which currency costs are told, and how they come into the books.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CostTerms {
    pub currency: Option<Currency>,
    /// Into the book currency; none where it is that one.
    pub rate: Option<ExchangeRate>,
}

impl CostTerms {
    /// Refuses costs without a currency, a foreign currency without a rate, and a rate where there is nothing to
    /// convert.
    pub fn require_whole(&self, has_costs: bool, book: Currency) -> Result<()> {
        let mut faults = Faults::default();
        match (self.currency, self.rate) {
            (None, rate) => {
                if has_costs {
                    let said = "say in which currency the costs are, such as \"EUR\"";
                    faults.add(Code::CostWithoutCurrency, "/currency", said);
                }
                if rate.is_some() {
                    faults.add(Code::CostWithoutCurrency, "/currency", "say which currency the rate is for");
                }
            }
            (Some(currency), None) if currency != book => {
                let said = format!("say how many {book} one {currency} is, such as \"0.9217\"");
                faults.add(Code::ExchangeRateRequired, "/exchange_rate", said);
            }
            (Some(currency), Some(rate)) if currency == book && rate != ExchangeRate::ONE => {
                let said = format!("{book} is the currency of the books: its rate is 1");
                faults.add(Code::InvalidBody, "/exchange_rate", said);
            }
            (Some(_), _) => {}
        }
        faults.require_none()
    }

    /// A cost as the books keep it; none where there is none, or no way to convert it.
    pub fn booked(&self, minor: Option<i64>, book: Currency) -> Result<Option<UnitCost>> {
        match (minor, self.currency) {
            (Some(minor), Some(currency)) if currency == book => Ok(Some(UnitCost::of_minor(minor))),
            (Some(minor), Some(currency)) => self.rate.map(|rate| rate.converted(minor, currency, book)).transpose(),
            _ => Ok(None),
        }
    }
}
