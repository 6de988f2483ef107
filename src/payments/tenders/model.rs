//! Tenders as they are told and kept.
use super::cash::TenderSums;
use crate::kernel::{Code, Error, Money, Result};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

crate::text_enum! {
    /// The means by which money is handed over at a till.
    TenderKind {
        /// Coins and notes.
        Cash = "cash",
        /// A card at a terminal that Coffret does not know.
        Card = "card",
        /// Something else, such as a voucher of a mall.
        Other = "other",
    }
}

/// Cash is rounded by so many minor units at most, or by the least coin if that is more.
const MOST_ROUNDING: i64 = 100;

/// A tip is so many minor units at most.
const MOST_TIP: i64 = 1_000_000_000;

/// A tender as the till tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TenderTold {
    /// The means by which the money was handed over.
    pub kind: TenderKind,
    /// The coins and notes that were handed over, in minor units; of cash alone. Exactly what was due, if absent.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub tendered_minor: Option<i64>,
    /// The tip that was given beside it, in minor units; it is no part of the order's total.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub tip_minor: i64,
    /// The amount that the till has added so that it can be paid in coins, or taken off if negative, in minor units; of
    /// cash alone. If absent, it is that of the coins of the country, unless something was handed over that is not in
    /// such coins. At most 100 minor units, or the least coin if that is more.
    #[serde(default)]
    #[schema(minimum = -1_000, maximum = 1_000)]
    pub rounding_minor: Option<i64>,
}

/// A tender as it is kept, in minor units of the payment's currency. Of cash, `tendered_minor` is the payment's amount
/// with `rounding_minor`, `tip_minor` and `change_minor` added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Tender {
    /// The means by which the money was handed over.
    pub kind: TenderKind,
    /// The coins and notes that were handed over; null of other means.
    pub tendered_minor: Option<i64>,
    /// The amount added to the payment, or taken off if negative, so that it can be paid in coins of the country.
    pub rounding_minor: i64,
    /// The tip.
    pub tip_minor: i64,
    /// The amount that was given back in coins and notes.
    pub change_minor: i64,
}

impl TenderTold {
    /// The tender for an amount that is paid, with the least coin of the country in minor units; refused if too little
    /// was handed over.
    pub fn settled(self, amount: Money, step: i64, pointer: &str) -> Result<Tender> {
        let Self { kind, tendered_minor, tip_minor, rounding_minor } = self;
        let refuse =
            |field: &str, said: String| Err(Error::at(Code::InvalidTender, &format!("{pointer}/{field}"), said));
        if !(0..=MOST_TIP).contains(&tip_minor) {
            return refuse("tip_minor", format!("a tip is 0 to {MOST_TIP} minor units"));
        }
        if kind != TenderKind::Cash {
            return match (tendered_minor, rounding_minor) {
                (Some(_), _) => refuse("tendered_minor", format!("{kind} gives no change: only cash is tendered")),
                (_, Some(_)) => {
                    refuse("rounding_minor", format!("{kind} pays to the minor unit: only cash is rounded"))
                }
                (None, None) => Ok(Tender { kind, tendered_minor, rounding_minor: 0, tip_minor, change_minor: 0 }),
            };
        }
        let most = step.max(MOST_ROUNDING);
        if rounding_minor.is_some_and(|minor| minor.abs() > most || amount.amount_minor + minor < 0) {
            return refuse("rounding_minor", format!("cash is rounded by {most} minor units at most"));
        }
        let is_exact = tendered_minor.is_some_and(|tendered| tendered % step.max(1) != 0);
        let sums = match rounding_minor {
            Some(minor) => TenderSums { due_minor: amount.amount_minor + minor, rounding_minor: minor },
            None => TenderSums::of(amount.amount_minor, if is_exact { 1 } else { step }),
        };
        let due = sums.due_minor.saturating_add(tip_minor);
        let tendered = tendered_minor.unwrap_or(due);
        if Money::new(tendered, amount.currency).is_err() {
            return refuse("tendered_minor", "what is handed over is 0 to 2^53 - 1 minor units".into());
        }
        if tendered < due {
            let said = format!("{tendered} minor units were handed over, and {due} are due in cash with the tip");
            return refuse("tendered_minor", said);
        }
        Ok(Tender {
            kind,
            tendered_minor: Some(tendered),
            rounding_minor: sums.rounding_minor,
            tip_minor,
            change_minor: tendered - due,
        })
    }
}
