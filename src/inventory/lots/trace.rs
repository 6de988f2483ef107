//! The trace of a lot: the orders and transfers that it reached.
use super::store::{Carried, Reached};
use crate::{
    kernel::{Locations, LotId, Result},
    platform::db::Read,
};

/// Orders that goods of a lot went to, from the locations one may see.
pub fn reached_orders(db: &mut Read, locations: &Locations, lot: LotId) -> Result<Vec<Reached>> {
    Ok(super::store::reached_orders(db.conn(), lot, locations.ids())?)
}

/// Transfers that carried goods of a lot, of which one may see an end.
pub fn carried_by(db: &mut Read, locations: &Locations, lot: LotId) -> Result<Vec<Carried>> {
    Ok(super::store::carried_by(db.conn(), lot, locations.ids())?)
}
