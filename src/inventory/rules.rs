//! Pure decisions about stock: levels and wishes in, changes or a refusal out.
use super::{
    model::{Demand, Direction, State},
    movement::{Endpoint, Movement},
};
use crate::{
    inventory::{
        levels::store::{DatedLevel, Level, Thresholds},
        model::{Delta, LevelKey},
        reasons::model::Reason,
        store::counters::Counters,
    },
    kernel::{Code, Error, LocationId, LotId, Result, VariantId},
    platform::group_commit::Mutant,
};
use std::convert::Infallible;

/// A level as it is offered to someone: without the units that they may not be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offered {
    pub level: Level,
    /// Sellable units that expire too soon for them.
    pub withheld: i32,
}

impl Offered {
    /// The units that they may still be promised; negative within the backorder limit.
    pub fn available(&self) -> i32 {
        self.level.available().saturating_sub(self.withheld)
    }

    /// True if they may be promised so many more.
    fn can_promise(&self, units: i32) -> bool {
        self.level.reserved.checked_add(units).is_some()
            && i64::from(self.available()) - i64::from(units) >= -i64::from(self.level.backorder_limit)
    }
}

impl DatedLevel {
    /// The level as it is offered to someone whose goods must be good for so many days.
    pub fn offered(&self, good_for_days: i64) -> Result<Offered> {
        let withheld = self.dated()?.map_or(0, |dated| dated.shorter_than(good_for_days));
        Ok(Offered { level: self.level, withheld })
    }
}

/// A variant of which there is not enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Short {
    pub variant: VariantId,
    pub wanted: i32,
    pub available: i32,
}

impl Level {
    /// Nothing of a variant at a location.
    pub fn empty(location_id: LocationId, variant_id: VariantId) -> Self {
        Self {
            location_id,
            variant_id,
            counters: Counters::default(),
            safety_stock: 0,
            reorder_threshold: 0,
            reorder_quantity: 0,
            backorder_limit: 0,
            version: 0,
            uncovered: 0,
            has_lots: false,
            counted_at: None,
            costed: 0,
            average_cost: None,
        }
    }

    /// The units that may still be promised; negative within the backorder limit.
    pub fn available(&self) -> i32 {
        let kept = [
            self.damaged,
            self.quality_hold,
            self.returned,
            self.expired,
            self.allocated,
            self.reserved,
            self.safety_stock,
        ];
        let available = kept.iter().fold(i64::from(self.on_hand), |left, part| left - i64::from(*part));
        i32::try_from(available).unwrap_or(if available < 0 { i32::MIN } else { i32::MAX })
    }

    /// The units by which less is here than may be promised.
    pub fn short(&self) -> i32 {
        let short = -(i64::from(self.available()) + i64::from(self.backorder_limit));
        i32::try_from(short.max(0)).unwrap_or(i32::MAX)
    }

    /// So many units in a state; `OnHand` stands for what may be sold.
    pub fn units(&self, state: State) -> i32 {
        match state {
            State::OnHand => self.sellable(),
            State::Damaged => self.damaged,
            State::QualityHold => self.quality_hold,
            State::Returned => self.returned,
            State::Expired => self.expired,
        }
    }

    /// True if it is time to order more.
    pub fn is_low(&self) -> bool {
        self.reorder_threshold > 0 && self.available() <= self.reorder_threshold
    }

    /// The units that are here and may be sold, promised or not.
    pub fn sellable(&self) -> i32 {
        let apart = [self.damaged, self.quality_hold, self.returned, self.expired];
        apart.iter().fold(self.on_hand, |left, part| left.saturating_sub(*part))
    }

    /// The level after a change, one version on. The rules have checked that each counter stays in its range.
    pub fn add(&mut self, delta: &Delta) {
        let Ok::<_, Infallible>(after) = self.counters.changed(delta, |now, units, _| Ok(now + units));
        self.counters = after;
        self.uncovered = self.uncovered.min(self.short());
        self.version += 1;
    }
}

/// Holds the whole demand at a location, or says of what there is too little. `levels` are the locked rows.
pub fn hold(
    location: LocationId,
    levels: &[Offered],
    demand: &Demand,
    mutant: Mutant,
) -> Result<Vec<Delta>, Vec<Short>> {
    let level_of = |variant| levels.iter().find(|offered| offered.level.variant_id == variant);
    let checked = |(variant, units)| match mutant.PerLineCheck() {
        true => demand.largest_line(variant),
        false if mutant.NoGuard() => 0,
        false => units,
    };
    let shorts: Vec<_> = demand
        .iter()
        .filter(|line| !level_of(line.0).is_some_and(|level| level.can_promise(checked(*line))))
        .map(|(variant, wanted)| Short { variant, wanted, available: level_of(variant).map_or(0, Offered::available) })
        .collect();
    if !shorts.is_empty() {
        return Err(shorts);
    }
    Ok(reserved(location, demand))
}

/// The change of a level when a demand is reserved.
pub fn reserved(location: LocationId, demand: &Demand) -> Vec<Delta> {
    demand
        .iter()
        .map(|(variant, units)| Delta::of((location, variant), Counters { reserved: units, ..Counters::default() }))
        .collect()
}

/// Refuses to ship more than is here: a promise beyond it (a backorder) waits until more has come.
pub fn require_here(level: &Level, units: i32) -> Result<()> {
    if units > level.sellable() {
        let detail = format!("{units} are to be shipped, but only {} are here", level.sellable());
        return Err(Error::refused(Code::NotOnHand, detail));
    }
    Ok(())
}

/// Tells if a level has these thresholds already.
pub fn has_thresholds(level: &Level, set: &Thresholds) -> bool {
    set.safety_stock.is_none_or(|units| units == level.safety_stock)
        && set.reorder_threshold.is_none_or(|units| units == level.reorder_threshold)
        && set.reorder_quantity.is_none_or(|units| units == level.reorder_quantity)
        && set.backorder_limit.is_none_or(|units| units == level.backorder_limit)
}

/// The level with other thresholds, refused when they would leave less than what is promised.
pub fn with_thresholds(level: &Level, set: &Thresholds) -> Result<Level> {
    let mut after = Level {
        safety_stock: set.safety_stock.unwrap_or(level.safety_stock),
        reorder_threshold: set.reorder_threshold.unwrap_or(level.reorder_threshold),
        reorder_quantity: set.reorder_quantity.unwrap_or(level.reorder_quantity),
        backorder_limit: set.backorder_limit.unwrap_or(level.backorder_limit),
        ..*level
    };
    // What is uncovered already may stay so, and settings that do not touch it can be set meanwhile.
    if after.short() > level.short() {
        let available = level.available();
        let detail = format!("the thresholds would leave less than what is promised: {available} are available now");
        return Err(Error::refused(Code::BelowPromised, detail));
    }
    after.uncovered = level.uncovered.min(after.short());
    Ok(after)
}

/// Adjusts a state by so many units: on-hand grows or shrinks by units of the reason's node; other states take their
/// units from what is sellable here and give them back to it, or give them up for a reason that goes out. `goods` tells
/// what it makes of the level.
pub fn adjust(level_key: LevelKey, lot: Option<LotId>, state: State, units: i32, reason: &Reason) -> Result<Movement> {
    check_direction(state, units, reason)?;
    let (location, variant) = level_key;
    let (inside, outside) = match state {
        State::OnHand => (Endpoint::At(location, state), Endpoint::Away(reason.node)),
        // Written off where they are: such goods must not pass through what is sold.
        other if units < 0 && reason.direction == Direction::Out => {
            (Endpoint::At(location, other), Endpoint::Away(reason.node))
        }
        other => (Endpoint::At(location, other), Endpoint::At(location, State::OnHand)),
    };
    let (from, to) = if units > 0 { (outside, inside) } else { (inside, outside) };
    let units = units.checked_abs().unwrap_or(i32::MAX);
    Ok(Movement { variant, lot, units, from, to, reason: reason.code.clone().into(), cost: None })
}

/// Some reasons go one way only.
fn check_direction(state: State, units: i32, reason: &Reason) -> Result<()> {
    let refuse = |why: &str| {
        Err(Error::refused(Code::InvalidBody, format!("an adjustment of {units} for {} {why}", reason.code)))
    };
    match (state, reason.direction) {
        _ if units == 0 => refuse("changes nothing"),
        (State::OnHand, Direction::In) if units < 0 => refuse("must be positive"),
        (State::OnHand, Direction::Out) if units > 0 => refuse("must be negative"),
        _ => Ok(()),
    }
}

/// A hold of the demand over well-stocked levels, to be timed.
pub fn measured(variants: &[VariantId], demand: Demand) -> impl Fn() -> usize + use<> {
    let location = LocationId(uuid::Uuid::nil());
    let counters = Counters { on_hand: 1000, ..Counters::default() };
    let level = |variant: &VariantId| Level { counters, ..Level::empty(location, *variant) };
    let levels: Vec<_> = variants.iter().map(|variant| Offered { level: level(variant), withheld: 0 }).collect();
    move || hold(location, &levels, &demand, Mutant::None).map_or(0, |deltas| deltas.len())
}

#[cfg(test)]
mod tests;
