//! The history of a price as the interface shows it.
use super::{
    rules::{self, DatedPrice},
    store::{self, PriceOf},
};
use crate::{
    catalog::store::variants_by_id,
    kernel::{Channel, Currency, Error, Money, PrincipalId, Result, VariantId},
    platform::db::Read,
};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

/// Changes that are told at most; a price that changes daily is told for more than a year.
const MOST: i64 = 500;

/// The history of a price.
#[derive(Debug, Serialize, ToSchema)]
pub struct PriceHistory {
    /// Identifies the variant.
    pub variant_id: VariantId,
    /// The channel in which it holds.
    pub channel: Channel,
    /// The price that holds now; null if there is none.
    pub price: Option<Money>,
    /// When it took effect, or was withdrawn.
    pub since: Option<DateTime<Utc>>,
    /// The lowest price of the 30 days before that, which is to be shown beside a reduction (directive 98/6/EC, Art.
    /// 6a); null if there was none.
    pub lowest_prior: Option<Money>,
    /// Its changes, the newest first; the newest 500 at most.
    pub changes: Vec<PriceChangeView>,
}

/// A change of a price.
#[derive(Debug, Serialize, ToSchema)]
pub struct PriceChangeView {
    /// The price before; null if there was none.
    pub before: Option<Money>,
    /// The price that was set; null if it was withdrawn.
    pub after: Option<Money>,
    /// The user who set it; null for those that stood before changes were recorded.
    pub changed_by: Option<PrincipalId>,
    /// When it was set.
    pub changed_at: DateTime<Utc>,
}

/// The history of a price of a variant that exists.
pub fn history(db: &mut Read, of: PriceOf) -> Result<PriceHistory> {
    let PriceOf { variant, channel, currency } = of;
    if variants_by_id(db.conn(), &[variant])?.is_empty() {
        return Err(Error::not_found("variant"));
    }
    let changes = store::changes(db.conn(), of, MOST)?;
    let dated: Vec<_> =
        changes.iter().map(|one| DatedPrice { amount_minor: one.amount_after, since: one.changed_at }).collect();
    let money = |minor: Option<i64>| told(minor, currency);
    let view = |one: &store::PriceChange| PriceChangeView {
        before: money(one.amount_before),
        after: money(one.amount_after),
        changed_by: one.changed_by,
        changed_at: one.changed_at,
    };
    Ok(PriceHistory {
        variant_id: variant,
        channel,
        price: dated.first().and_then(|newest| money(newest.amount_minor)),
        since: dated.first().map(|newest| newest.since),
        lowest_prior: money(rules::lowest_prior(&dated)),
        changes: changes.iter().map(view).collect(),
    })
}

/// The lowest price of a variant in the 30 days before the present one took effect.
#[derive(Debug, Clone, Copy)]
pub struct PriorPrice {
    pub variant_id: VariantId,
    pub channel: Channel,
    pub amount: Money,
}

/// The prior prices of variants, by channel and currency; none where there was no price before.
pub fn prior_prices(db: &mut Read, ids: &[VariantId]) -> Result<Vec<PriorPrice>> {
    let changes = store::changes_of(db.conn(), ids)?;
    let prior = |of_one: &[(PriceOf, DatedPrice)]| {
        let (PriceOf { variant, channel, currency }, _) = of_one.first()?;
        let dated: Vec<_> = of_one.iter().map(|(_, dated)| *dated).collect();
        let amount = told(rules::lowest_prior(&dated), *currency)?;
        Some(PriorPrice { variant_id: *variant, channel: *channel, amount })
    };
    Ok(changes.chunk_by(|a, b| a.0 == b.0).filter_map(prior).collect())
}

fn told(minor: Option<i64>, currency: Currency) -> Option<Money> {
    minor.map(|amount_minor| Money { amount_minor, currency })
}
