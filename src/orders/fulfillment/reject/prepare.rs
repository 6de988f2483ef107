//! A rejection is prepared: what is rejected, and where else it may be shipped from.
use super::{MOST, Reject, RejectCommand};
use crate::orders::fulfillment::unsent::Unsent;
use crate::{
    inventory::{self, Demand, Inventory, Reach},
    kernel::{Error, LocationId, Locations, OrderId, Result},
    orders::{
        read::orders_by_id,
        store::{self, OrderLine, OrderRow},
    },
};

pub(super) async fn prepared(
    inventory: &Inventory,
    places: Locations,
    id: OrderId,
    reject: Reject,
) -> Result<RejectCommand> {
    let location = reject.location;
    let found = inventory.db.read(move |db| {
        let order = orders_by_id(db, &places, &[id])?.pop().ok_or_else(|| Error::not_found("order"))?;
        let mut goods = Demand::default();
        for allocated in inventory::allocated_to_order(db, order.id)? {
            if allocated.location_id == location {
                goods.add(allocated.variant_id, allocated.quantity)?;
            }
        }
        let country = order.customer().country();
        // What a customer fetches somewhere is fetched there or nowhere.
        let may_move = !order.is_pickup;
        let attempt = store::last_attempt(db.conn(), id)?;
        let code = inventory::locations_by_id(db, &Locations::Everywhere, &[location])?.pop().map(|place| place.code);
        Ok((goods, store::rejected_by(db.conn(), id)?, attempt, (country, order.channel), (may_move, code)))
    });
    let (goods, rejected, decisions, (country, channel), (may_move, code)) = found.await?;
    let code = code.unwrap_or_default();
    let except = rejected.iter().copied().chain([location]).collect();
    let reach = Reach { by_tables: true, except, ..inventory.reach(None, channel, country) };
    let good_for_days = reach.good_for_days;
    let mut others: Vec<LocationId> = vec![];
    if may_move && rejected.len() < MOST && !goods.is_empty() {
        others = inventory.candidates(&goods, reach.clone()).await?;
        if others.is_empty() {
            others = inventory.sources(&goods, reach).await?.locations;
        }
    }
    Ok(RejectCommand {
        id,
        reject,
        until: None,
        is_known: false,
        goods,
        places: others,
        good_for_days,
        decisions,
        code,
    })
}

/// The lines whose units need these goods and have not left: of a bundle, all that cannot be whole without them.
pub(super) fn lines_of(row: &OrderRow, goods: &Demand) -> Result<Vec<(i32, i32)>> {
    let (lines, unsent) = (&row.lines, Unsent::of(row)?);
    let mut missing: std::collections::HashMap<_, _> = goods.iter().collect();
    let mut given_up = vec![];
    let is_bundle = |line: &&OrderLine| line.parts.is_some();
    for line in lines.iter().filter(|line| !is_bundle(line)).chain(lines.iter().filter(is_bundle)) {
        let left = |variant| unsent.left_of(line.line_no, variant);
        let mut units = 0;
        for (variant, per) in line.goods(1)?.iter() {
            let lacking = missing.get(&variant).copied().unwrap_or(0).min(left(variant));
            units = units.max((lacking + per - 1) / per).min(line.quantity);
        }
        for (variant, freed) in line.goods(units)?.iter() {
            missing.entry(variant).and_modify(|lacking| *lacking = (*lacking - freed.min(left(variant))).max(0));
        }
        if units > 0 {
            given_up.push((line.line_no, units));
        }
    }
    Ok(given_up)
}
