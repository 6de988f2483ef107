//! At which cost goods move: the moves of a plan, each at the cost at which its units came or left.
use crate::{
    inventory::{
        costs::{CostChange, Layer, UnitCost},
        levels::store::Level,
        model::{Delta, LevelKey, Node},
        movement::{Endpoint, Movement, Plan},
        stock::working_set::Stock,
    },
    kernel::{PrincipalId, Result},
};
use std::collections::BTreeMap;
use uuid::Uuid;

impl Level {
    /// The average cost of its goods, with their units.
    pub fn layer(&self) -> Layer {
        Layer { on_hand: self.on_hand, costed: self.costed, average: self.average_cost.map(UnitCost::of_parts) }
    }

    pub(super) fn set_layer(&mut self, layer: &Layer) {
        (self.costed, self.average_cost) = (layer.costed, layer.average.map(UnitCost::parts));
    }
}

impl Stock {
    /// The costs known of each level after a plan, and its moves, split where units of a known cost move with others.
    /// Units that come in are taken in first: a sale that finds goods has found them before they left.
    pub(super) fn valued(&self, plan: &Plan) -> Result<(BTreeMap<LevelKey, Layer>, Vec<Movement>)> {
        let (mut layers, mut moves) = (BTreeMap::new(), vec![]);
        let (coming, others): (Vec<_>, Vec<_>) = plan
            .movements
            .iter()
            .partition(|movement| matches!((movement.from, movement.to), (Endpoint::Away(_), Endpoint::At(..))));
        for movement in coming.into_iter().chain(others) {
            let (from, to) = (place(movement.from, movement), place(movement.to, movement));
            if from == to {
                moves.push(movement.clone());
                continue;
            }
            let parts = match from {
                None => vec![(movement.units, movement.cost)],
                Some(level_key) => self.layer(&mut layers, level_key)?.leave(movement.units),
            };
            for (units, cost) in parts {
                let cost = match to {
                    None => cost,
                    Some(level_key) if cost.is_none() && is_unknown(movement.from) => {
                        self.layer(&mut layers, level_key)?.arrive_plain(units)?;
                        None
                    }
                    Some(level_key) => self.layer(&mut layers, level_key)?.arrive(units, cost)?,
                };
                moves.push(Movement { units, cost, ..movement.clone() });
            }
        }
        Ok((layers, moves))
    }

    /// Sets what the goods of a level have cost, all that are on hand.
    pub(in crate::inventory) fn set_cost(
        &mut self,
        level_key: LevelKey,
        cost: UnitCost,
        actor: PrincipalId,
        note: Option<&str>,
    ) -> Result<Level> {
        let now = self.level(level_key)?.copied().unwrap_or_else(|| Level::empty(level_key.0, level_key.1));
        let layer = Layer { on_hand: now.on_hand, costed: now.on_hand, average: Some(cost) };
        layer.require_worth()?;
        self.apply(&[Delta::none(level_key)]);
        let kept = self.levels.get_mut(&level_key).ok_or_else(|| anyhow::anyhow!("the level has vanished"))?;
        kept.tracked.record.set_layer(&layer);
        self.cost_changes.push(CostChange {
            id: Uuid::now_v7(),
            level_key,
            units: now.on_hand,
            costed_before: now.costed,
            average_before: now.average_cost,
            average_after: cost.parts(),
            note: note.map(str::to_owned),
            actor,
        });
        Ok(*kept.level())
    }

    fn layer<'a>(&self, layers: &'a mut BTreeMap<LevelKey, Layer>, level_key: LevelKey) -> Result<&'a mut Layer> {
        let now = self.level(level_key)?.map(Level::layer).unwrap_or_default();
        Ok(layers.entry(level_key).or_insert(now))
    }
}

/// Tells if goods from there that have no cost keep none; what comes back or is found has that of what is there.
fn is_unknown(from: Endpoint) -> bool {
    matches!(from, Endpoint::At(..) | Endpoint::Away(Node::Supplier | Node::Transit))
}

fn place(end: Endpoint, movement: &Movement) -> Option<LevelKey> {
    match end {
        Endpoint::At(location, _) => Some((location, movement.variant)),
        Endpoint::Away(_) => None,
    }
}
