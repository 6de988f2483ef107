//! The events of lots.
use crate::inventory::{
    lots::{LotStatus, store::Lot},
    movement::{Endpoint, Movement, Plan},
};
use crate::{
    inventory::{levels::store::Level, lots::model::Override, movement::Cause},
    kernel::{LocationId, LotId, OrderId, PrincipalId, Result, VariantId},
    platform::events::{Event, Outbox, Subject},
};
use chrono::{DateTime, Utc};
use serde::Serialize;

/// A lot was put into quarantine, released or recalled.
#[derive(Debug, Serialize)]
pub struct LotJudged<'a> {
    pub variant_id: VariantId,
    pub code: &'a str,
    /// `released`, `quarantined` or `recalled`.
    pub status: LotStatus,
    pub actor_id: PrincipalId,
    /// In someone's words.
    pub reason: Option<&'a str>,
}

impl Event for LotJudged<'_> {
    const TYPE: &'static str = "inventory.lot_judged.v1";
}

/// Goods of a lot changed whether they may be sold: recalled, put into quarantine or released, expired, too
/// short-dated.
#[derive(Debug, Serialize)]
pub struct GoodsWithdrawn<'a> {
    pub variant_id: VariantId,
    pub lot_id: LotId,
    pub lot: &'a str,
    /// Units that changed.
    pub units: i32,
    /// The ledger's word.
    pub reason: &'a str,
    /// Available afterwards.
    pub available: i32,
    /// Units that are promised although their goods are gone; someone must speak with those who wait for them.
    pub uncovered: i32,
}

impl Event for GoodsWithdrawn<'_> {
    const TYPE: &'static str = "inventory.goods_withdrawn.v1";
}

/// Goods were picked for an order though others expire first.
#[derive(Debug, Serialize)]
pub struct FefoOverridden<'a> {
    pub order_id: OrderId,
    pub variant_id: VariantId,
    /// Lots and units that were taken.
    pub taken: Vec<PickedTold<'a>>,
    /// Lots and units that expire first.
    pub proposed: Vec<PickedTold<'a>>,
    pub actor_id: PrincipalId,
    /// In someone's words.
    pub reason: Option<&'a str>,
}

/// Units of a lot; of none if it is null.
#[derive(Debug, Serialize)]
pub struct PickedTold<'a> {
    pub lot: Option<&'a str>,
    pub quantity: i32,
}

impl Event for FefoOverridden<'_> {
    const TYPE: &'static str = "inventory.fefo_overridden.v1";
}

pub(super) fn lot_judged(
    outbox: &mut Outbox,
    lot: &Lot,
    actor_id: PrincipalId,
    reason: Option<&str>,
    now: DateTime<Utc>,
) -> Result<()> {
    let subject = Subject { aggregate: "lot", id: lot.id.0, version: lot.version, location: None };
    let event = LotJudged { variant_id: lot.variant_id, code: &lot.code, status: lot.status, actor_id, reason };
    outbox.publish(subject, &event, now)
}

pub(super) fn goods_withdrawn(
    outbox: &mut Outbox,
    level: &Level,
    lot: &Lot,
    plan: &Plan,
    now: DateTime<Utc>,
) -> Result<()> {
    let is_here =
        |movement: &&Movement| matches!(movement.from, Endpoint::At(location, _) if location == level.location_id);
    let here: Vec<_> = plan.movements.iter().filter(is_here).collect();
    let event = GoodsWithdrawn {
        variant_id: level.variant_id,
        lot_id: lot.id,
        lot: &lot.code,
        units: here.iter().map(|movement| movement.units).sum(),
        reason: here.first().map_or("", |movement| &movement.reason),
        available: level.available(),
        uncovered: level.uncovered,
    };
    outbox.publish(of_level(level), &event, now)
}

pub fn fefo_overridden(
    outbox: &mut Outbox,
    order_id: OrderId,
    location: LocationId,
    other: &Override,
    cause: Cause,
) -> Result<()> {
    let subject = Subject { aggregate: "pick", id: order_id.0, version: 1, location: Some(location) };
    let (taken, proposed) = (picked(&other.taken), picked(&other.proposed));
    let (variant_id, actor_id, reason) = (other.variant, cause.actor, cause.note);
    outbox.publish(subject, &FefoOverridden { order_id, variant_id, taken, proposed, actor_id, reason }, cause.now)
}

fn picked(picks: &[(Option<String>, i32)]) -> Vec<PickedTold<'_>> {
    picks.iter().map(|(lot, quantity)| PickedTold { lot: lot.as_deref(), quantity: *quantity }).collect()
}

/// A level has no id of its own: its variant and the event's location name it together.
fn of_level(level: &Level) -> Subject {
    Subject {
        aggregate: "stock_level",
        id: level.variant_id.0,
        version: level.version,
        location: Some(level.location_id),
    }
}
