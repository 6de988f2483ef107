//! Adjusting what is there, and the thresholds by which it is kept.
use super::{
    events,
    hold::{apply, at},
    model::{Reason, State},
    read::{self, LevelView},
    rules::{self, Node},
    store::{self, Level, Move, Thresholds},
};
use crate::{
    catalog::{Catalog, Category},
    kernel::{Actor, Code, Error, LocationId, Note, Result, Sku, VariantId, actor::Permission},
    platform::{
        db::{Db, Read, Write},
        http::IfMatch,
        idempotency::{Answer, Once, write_once},
    },
};
use uuid::Uuid;

/// What is to be adjusted, named by variant id or SKU.
#[derive(Debug, Clone)]
pub enum Named {
    Id(VariantId),
    Sku(Sku),
}

/// What is to be done to a level.
#[derive(Debug, Clone)]
pub enum Change {
    /// So many more or fewer; needs no version, since two deltas add up.
    By { units: i32, state: State, reason: Reason, note: Option<Note> },
    /// Exactly so many; needs the version that was read.
    To { units: i32, state: State, reason: Reason, note: Option<Note> },
    /// Other thresholds; needs the version that was read.
    Thresholds(Thresholds),
}

/// Changes one level and answers with it.
pub(super) async fn adjust(
    db: &Db,
    catalog: &Catalog,
    actor: Actor,
    (location, named): (LocationId, Named),
    change: Change,
    if_match: IfMatch,
    key: Option<Once>,
) -> Result<Answer> {
    actor.demand_at(Permission::InventoryAdjust, location, "location")?;
    let if_match = match change {
        Change::By { .. } => if_match,
        Change::To { .. } | Change::Thresholds(_) => if_match.required()?,
    };
    let catalog = catalog.clone();
    write_once(db, actor, Permission::InventoryAdjust, key, move |tx, actor| {
        read::demand_location(tx, location)?;
        let (variant, sku) = variant_of(tx, &catalog, &named)?;
        let level = locked(tx, location, variant)?;
        if_match.check(&format!("the stock of {sku}"), level.version)?;
        let after = match &change {
            Change::By { units, state, reason, note } => {
                shift(tx, actor, &level, *state, *units, *reason, note.as_ref())?
            }
            Change::To { units, state, .. } if *units == state_of(&level, *state) => level,
            Change::To { units, state, reason, note } => {
                shift(tx, actor, &level, *state, units - state_of(&level, *state), *reason, note.as_ref())?
            }
            Change::Thresholds(thresholds) => {
                let after = store::set_thresholds(tx.conn(), &level, thresholds)?;
                events::thresholds_set(tx, &after)?;
                after
            }
        };
        let view = LevelView::of(after, sku);
        Answer::ok(&view, view.version, Some(location))
    })
    .await
}

fn shift(
    tx: &mut Write,
    actor: &Actor,
    level: &Level,
    state: State,
    units: i32,
    reason: Reason,
    note: Option<&Note>,
) -> Result<Level> {
    let done = rules::adjust(level, state, units, reason)?;
    let mut changed = apply(tx, &[done.delta])?;
    let after = changed.pop().ok_or_else(|| anyhow::anyhow!("the level has vanished"))?;
    let (cause, now) = (Uuid::now_v7(), tx.now());
    let moved = Move {
        variant: level.variant_id,
        quantity: done.units,
        from: end(level.location_id, done.from),
        to: end(level.location_id, done.to),
        reason: reason.as_str(),
        cause: ("adjustment", cause),
        actor: actor.id,
        occurred_at: now,
    };
    store::insert_moves(tx.conn(), &[moved], now)?;
    events::stock_adjusted(
        tx,
        &after,
        events::Adjustment { id: cause, state, units, reason, note: note.map(|n| &**n) },
    )?;
    Ok(after)
}

fn end(location: LocationId, (node, state): (Node, State)) -> (&'static str, Option<LocationId>, &'static str) {
    match node {
        Node::Here => ("location", Some(location), state.condition()),
        Node::Elsewhere(name) => (name, None, state.condition()),
    }
}

fn state_of(level: &Level, state: State) -> i32 {
    match state {
        State::OnHand => level.on_hand,
        State::Damaged => level.damaged,
        State::QualityHold => level.quality_hold,
        State::Returned => level.returned,
        State::Expired => level.expired,
    }
}

fn variant_of(db: &mut Read, catalog: &Catalog, named: &Named) -> Result<(VariantId, String)> {
    let found = match named {
        Named::Id(id) => catalog.offers(db, &[*id])?.into_values().next(),
        Named::Sku(sku) => catalog.offers_by_sku(db, std::slice::from_ref(sku))?.into_values().next(),
    };
    let offer = found.ok_or_else(|| Error::not_found("variant"))?;
    let sku = offer.variant.sku.clone();
    if offer.product.category == Category::Bundle {
        return Err(Error::refused(Code::InvalidBundle, format!("{sku} is a bundle: adjust the stock of its parts")));
    }
    Ok((offer.variant.id, sku))
}

/// The level, locked; an empty one is made where there has been none.
fn locked(tx: &mut Write, location: LocationId, variant: VariantId) -> Result<Level> {
    let rows = at(location, &[variant]);
    if let Some(level) = store::lock_levels(tx.conn(), &rows)?.pop() {
        return Ok(level);
    }
    store::insert_level(tx.conn(), location, variant)?;
    let made = store::lock_levels(tx.conn(), &rows)?.pop();
    made.ok_or_else(|| anyhow::anyhow!("the level has vanished").into())
}
