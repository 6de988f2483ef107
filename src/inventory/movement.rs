//! Goods that move: where from, where to, how many, of which lot; and, purely, what that makes of a level.
use super::{costs::UnitCost, model::State};
use crate::{
    inventory::{
        levels::store::Level,
        model::{Delta, LevelKey, Node},
    },
    kernel::{Code, Error, LocationId, LotId, PrincipalId, Result, VariantId},
};
use chrono::{DateTime, Utc};
use std::{borrow::Cow, collections::BTreeMap};
use uuid::Uuid;

/// One end of a move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Endpoint {
    /// At a location, in a state; `OnHand` is what may be sold.
    At(LocationId, State),
    /// Outside.
    Away(Node),
}

/// Units of one variant, and of one lot or of none, that move together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Movement {
    pub variant: VariantId,
    /// None for units that came without a lot.
    pub lot: Option<LotId>,
    /// Positive.
    pub units: i32,
    pub from: Endpoint,
    pub to: Endpoint,
    /// The ledger's word for why.
    pub reason: Cow<'static, str>,
    /// At which cost a unit comes in from outside, if that is known.
    pub cost: Option<UnitCost>,
}

/// The bounds that a plan keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Guard {
    /// Promised units stay: a change that would leave less is refused.
    #[default]
    Keep,
    /// The goods cannot be sold any more whatever was promised: what is missing then is counted as uncovered.
    Withdraw,
}

/// Moves that are made together or not at all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    pub movements: Vec<Movement>,
    /// Changes of what is on its way to a location.
    pub transit: Vec<(LevelKey, i32)>,
    /// Promises that are kept by these moves.
    pub kept: Vec<(LevelKey, i32)>,
    pub guard: Guard,
    /// Goods that come in leave again within the same request, such as what a carrier has lost: the location may be
    /// closed.
    pub passes_through: bool,
}

impl Plan {
    /// The changes of each level by the plan, in order of level.
    pub fn deltas(&self) -> Result<BTreeMap<LevelKey, Delta>> {
        let mut deltas = BTreeMap::new();
        for movement in &self.movements {
            for (end, units) in [(movement.from, -movement.units), (movement.to, movement.units)] {
                if let Endpoint::At(location, state) = end {
                    let delta = of(&mut deltas, (location, movement.variant));
                    add(&mut delta.on_hand, units)?;
                    if let Some(counter) = delta.counter(state) {
                        add(counter, units)?;
                    }
                }
            }
        }
        for (level_key, units) in &self.transit {
            add(&mut of(&mut deltas, *level_key).in_transit, *units)?;
        }
        for (level_key, units) in &self.kept {
            add(&mut of(&mut deltas, *level_key).allocated, -units)?;
        }
        Ok(deltas)
    }
}

fn of(deltas: &mut BTreeMap<LevelKey, Delta>, level_key: LevelKey) -> &mut Delta {
    deltas.entry(level_key).or_insert_with(|| Delta::none(level_key))
}

fn add(counter: &mut i32, units: i32) -> Result<()> {
    *counter = counter.checked_add(units).ok_or_else(|| overflow(units))?;
    Ok(())
}

fn overflow(units: i32) -> Error {
    Error::refused(Code::QuantityOverflow, format!("stock cannot change by {units}"))
}

/// The level after a change, one version on; refused below zero, and, unless goods are withdrawn, below what is
/// promised.
pub fn carried(level: &Level, delta: &Delta, guard: Guard) -> Result<Level> {
    let grown = |now: i32, units: i32, what: &str| match now.checked_add(units) {
        Some(after) if after >= 0 => Ok(after),
        Some(_) => {
            let detail = format!("{what} is {now} and cannot fall by {}", -i64::from(units));
            Err(Error::refused(Code::NegativeStock, detail))
        }
        None => Err(overflow(units)),
    };
    let counters = level.counters.changed(delta, grown)?;
    let mut after = Level { counters, version: level.version + 1, ..*level };
    let taken = i64::from(level.sellable()) - i64::from(after.sellable());
    if after.sellable() < 0 {
        let detail = format!("{taken} cannot be taken from what is sellable: only {} are here", level.sellable());
        return Err(Error::refused(Code::NegativeStock, detail));
    }
    let short = after.short();
    after.uncovered = match guard {
        Guard::Withdraw => short,
        Guard::Keep if short > 0 && after.available() < level.available() => return Err(below_promised(level, taken)),
        Guard::Keep => level.uncovered.min(short),
    };
    Ok(after)
}

fn below_promised(level: &Level, taken: i64) -> Error {
    let detail = format!(
        "{taken} cannot be taken from what is sellable: of {} on hand {} are reserved, {} allocated and {} kept as \
         safety stock; {} are available",
        level.on_hand,
        level.reserved,
        level.allocated,
        level.safety_stock,
        level.available()
    );
    Error::refused(Code::BelowPromised, detail)
}

/// For what goods are moved, and by whom.
#[derive(Debug, Clone, Copy)]
pub struct Cause<'a> {
    /// The kind of record, such as `transfer`, and its id.
    pub of: (&'static str, Uuid),
    pub actor: PrincipalId,
    pub now: DateTime<Utc>,
    /// In someone's own words.
    pub note: Option<&'a str>,
}
