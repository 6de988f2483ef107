//! Receiving: goods come in from the way, in good order, damaged, or not at all.
use super::{
    Transfer, events,
    read::{TransferNames, TransferView, found},
    rules::Arrival,
    ship::require_end,
};
use crate::{
    inventory::{
        costs::{Layer, UnitCost, moves_in_transit},
        documents::Documents,
        model::{Node, State},
        movement::{Cause, Endpoint, Movement, Plan},
        service::Inventory,
        skus::{Good, goods_of},
        stock::Stock,
    },
    kernel::{Actor, Code, Error, Expected, Result, Sku, TransferId, VariantId, actor::Permission},
    platform::{
        db::Read,
        group_commit::{Command, UnitOfWork},
        idempotency::{Caller, Outcome, Recorded},
    },
};
use std::collections::HashMap;

/// The units that have come of a SKU, of a lot if one is named.
#[derive(Debug, Clone)]
pub struct ReceivedLine {
    pub sku: Sku,
    pub lot: Option<String>,
    pub received: i32,
    pub damaged: i32,
    pub lost: i32,
}

struct Receive {
    before: Transfer,
    names: TransferNames,
    arrivals: Vec<Arrival>,
    /// The units on their way of each variant, with their cost.
    on_its_way: HashMap<VariantId, Layer>,
    expected: Expected,
}

/// Receives what is named of a transfer, or all that is on its way.
pub(super) async fn receive(
    inventory: &Inventory,
    caller: Caller,
    id: TransferId,
    lines: Vec<ReceivedLine>,
) -> Result<Recorded<TransferView>> {
    let Caller { actor, key, expected } = caller;
    let catalog = &inventory.catalog;
    actor.require_anywhere(Permission::InventoryTransfer)?;
    let prepare = async || {
        let (catalog, lines, who) = (catalog.clone(), lines.clone(), actor.clone());
        let read = inventory.db.read(move |db| {
            let (before, names) = found(db, id)?;
            require_end(&who, before.head.to_location_id, before.head.from_location_id, "receiving")?;
            let skus: Vec<_> = lines.iter().map(|line| line.sku.clone()).collect();
            let goods = goods_of(db, &catalog, &skus)?;
            let arrival = |(good, came): (Good, ReceivedLine)| arrival_of(&names, good.variant, &came);
            let arrivals = goods.into_iter().zip(lines).map(arrival).collect::<Result<_>>()?;
            let on_its_way = on_its_way(db, id)?;
            Ok((before, names, arrivals, on_its_way))
        });
        let (before, names, arrivals, on_its_way) = read.await?;
        Ok(Receive { before, names, arrivals, on_its_way, expected: expected.clone() })
    };
    inventory.execute(actor.clone(), Permission::InventoryTransfer, key, prepare).await
}

fn arrival_of(names: &TransferNames, variant: VariantId, came: &ReceivedLine) -> Result<Arrival> {
    let lot = came.lot.as_ref().map(|code| {
        let found = names.lots.values().find(|lot| lot.variant_id == variant && lot.code == *code);
        found.map(|lot| lot.id).ok_or_else(|| {
            Error::refused(Code::UnknownLot, format!("lot {code} of {} is not part of the transfer", came.sku))
        })
    });
    let ReceivedLine { received, damaged, lost, .. } = *came;
    Ok(Arrival { variant, lot: lot.transpose()?, received, damaged, lost })
}

/// The units on their way of a transfer with their cost, reckoned move by move from those that left and came.
fn on_its_way(db: &mut Read, id: TransferId) -> Result<HashMap<VariantId, Layer>> {
    let mut layers: HashMap<VariantId, Layer> = HashMap::new();
    for row in moves_in_transit(db.conn(), id)? {
        let layer = layers.entry(row.variant_id).or_default();
        match row.is_leaving {
            // What left without a cost stays without one.
            true if row.unit_cost.is_none() => layer.arrive_plain(row.quantity)?,
            true => layer.arrive(row.quantity, row.unit_cost.map(UnitCost::of_parts)).map(|_| ())?,
            false => layer.leave(row.quantity).clear(),
        }
    }
    Ok(layers)
}

impl Receive {
    fn plan(&self, stock: &Stock, landed: &[Arrival]) -> Result<Plan> {
        let (to, today) = (self.before.head.to_location_id, stock.day_at(self.before.head.to_location_id));
        let (mut plan, mut layers) = (Plan::default(), self.on_its_way.clone());
        for arrival in landed {
            let Arrival { variant, lot, received, damaged, lost } = *arrival;
            // What was recalled or has expired on its way does not go on sale.
            let good = match lot {
                None => State::OnHand,
                Some(id) => stock.lot(id)?.map_or(State::QualityHold, |lot| lot.state_of_arrivals(today)),
            };
            let ends = [
                (received, Endpoint::At(to, good), "transfer"),
                (damaged, Endpoint::At(to, State::Damaged), "transfer_damage"),
                (lost, Endpoint::Away(Node::Scrap), "transfer_loss"),
            ];
            for (units, end, reason) in ends.into_iter().filter(|(units, ..)| *units > 0) {
                let from = Endpoint::Away(Node::Transit);
                for (units, cost) in layers.entry(variant).or_default().leave(units) {
                    plan.movements.push(Movement { variant, lot, units, from, to: end, reason: reason.into(), cost });
                }
                plan.transit.push(((to, variant), -units));
            }
        }
        Ok(plan)
    }
}

impl Command for Receive {
    type Output = TransferView;

    fn lock(&self, uow: &mut UnitOfWork) -> Result<()> {
        let head = &self.before.head;
        uow.of::<Documents>()?.want().transfer(head.id);
        let stock = uow.of::<Stock>()?;
        self.before.lines.iter().for_each(|line| stock.want_goods((head.to_location_id, line.variant_id)));
        // Locked, so that a recall comes before or after it and never in between.
        self.before.lots.iter().for_each(|line| stock.want_lot(line.lot_id));
        Ok(())
    }

    fn decide(&self, uow: &mut UnitOfWork, who: &Actor) -> Result<Outcome<TransferView>> {
        let head = &self.before.head;
        require_end(who, head.to_location_id, head.from_location_id, "receiving")?;
        uow.of::<Documents>()?.require_fresh(head.id.0, head.version)?;
        self.expected.check("the transfer", head.version)?;
        let cause = Cause { of: ("transfer", head.id.0), actor: who.id, now: uow.now, note: None };
        let (after, landed) = self.before.received(&self.arrivals, cause.now)?;
        let stock = uow.of::<Stock>()?;
        let plan = self.plan(stock, &landed)?;
        stock.carry(&plan, cause).map_err(|error| self.names.told(error))?;
        uow.of::<Documents>()?.save_transfer(after.clone());
        events::changed(&mut uow.outbox, &after, cause.now)?;
        Ok(Outcome::changed(after.head.version, Some(head.to_location_id), TransferView::of(&after, &self.names)))
    }
}
