//! Money that a location has taken and given back on a day, by means and currency.
use crate::{
    kernel::{Code, Error, LocationId, Result},
    payments::store,
    platform::db::Read,
};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

/// Money of one means in one currency. Amounts are minor units of the currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Taking {
    /// `cash`, `card` or `other` of a till, otherwise the gateway that moved the money.
    pub means: String,
    /// The currency of the amounts (ISO 4217).
    pub currency: String,
    /// Payments that people took that day, and captures of gateways.
    pub payments: i64,
    /// The amount that was taken that day, towards orders.
    pub captured_minor: i64,
    /// The amount that rounding has added in cash, or taken off if negative.
    pub rounding_minor: i64,
    /// Tips that were given beside them.
    pub tips_minor: i64,
    /// The amount that was given back that day, of payments of any day.
    pub refunded_minor: i64,
    /// All of it: captured, rounding and tips, less refunds. A payment in cash that is given back whole gives back its
    /// rounding, too.
    pub net_minor: i64,
}

/// The takings of a location between two moments, by means, then currency.
pub fn takings(db: &mut Read, location: LocationId, between: (DateTime<Utc>, DateTime<Utc>)) -> Result<Vec<Taking>> {
    let (from, to) = between;
    let row = |row: store::TakingRow| {
        let came = row.captured.checked_add(row.rounding).and_then(|sum| sum.checked_add(row.tips));
        let net = came.and_then(|came| came.checked_sub(row.refunded));
        let too_much = || Error::refused(Code::AmountOverflow, format!("the takings in {} are too much", row.currency));
        Ok(Taking {
            net_minor: net.ok_or_else(too_much)?,
            means: row.means,
            currency: row.currency,
            payments: row.payments,
            captured_minor: row.captured,
            rounding_minor: row.rounding,
            tips_minor: row.tips,
            refunded_minor: row.refunded,
        })
    };
    store::takings(db.conn(), location, from, to)?.into_iter().map(row).collect()
}
