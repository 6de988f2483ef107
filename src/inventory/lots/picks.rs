//! The proposal of lots to be taken, looked up without locks.
use super::rules::fefo;
use crate::{
    inventory::{
        levels::store::{days_at, look_at_levels},
        model::State,
        stock::good_until,
        store::{self, Allocation},
    },
    kernel::{OrderId, Result},
    platform::db::Read,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

/// Units of one lot to be taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Picked {
    /// The lot's code; null for units that came without a lot.
    pub lot: Option<String>,
    /// The last day on which it may be sold.
    pub expires_on: Option<NaiveDate>,
    /// Units to take from the lot.
    pub units: i32,
}

/// The units that are allocated to an order and not yet shipped.
pub fn allocated_to_order(db: &mut Read, order: OrderId) -> Result<Vec<Allocation>> {
    Ok(store::open_allocations(db.conn(), order)?)
}

/// The lots to take of a variant that was promised at a moment for goods that are good for so many days: first expired
/// first; less than is promised if there is not enough. `now` tells the location's day.
pub fn pick_list(
    db: &mut Read,
    allocated: &Allocation,
    allocated_at: DateTime<Utc>,
    days: i64,
    now: DateTime<Utc>,
) -> Result<Vec<Picked>> {
    let level_key = (allocated.location_id, allocated.variant_id);
    let here = look_at_levels(db.conn(), &[level_key], Some(now))?.pop().map_or(0, |row| row.level.sellable());
    let today = days_at(db.conn(), &[level_key.0], now)?.pop().map_or(now.date_naive(), |(_, today)| today);
    let good_until = good_until(today, allocated_at, days);
    let lying = super::store::lots_of_levels(db.conn(), &[level_key], &[])?;
    let lots: Vec<_> = lying.iter().filter(|row| row.0.state == State::OnHand).map(|row| (&row.2, row.1)).collect();
    let unlotted = here - lots.iter().map(|(_, units)| units).sum::<i32>();
    let taken = fefo(&lots, unlotted, allocated.quantity, good_until)
        .or_else(|can| fefo(&lots, unlotted, can, good_until))
        .unwrap_or_default();
    let picked = |(id, units): (Option<_>, i32)| {
        let lot = lots.iter().find(|(lot, _)| Some(lot.id) == id).map(|(lot, _)| *lot);
        Picked { lot: lot.map(|lot| lot.code.clone()), expires_on: lot.and_then(|lot| lot.expires_on), units }
    };
    Ok(taken.into_iter().map(picked).collect())
}
