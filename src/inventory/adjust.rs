//! Adjusting what is there, and the thresholds by which it is kept.
use super::{
    Inventory, events,
    model::{Reason, State},
    read::LevelView,
    rules::{self, Node},
    stock::Stock,
    store::{self, Level, Move, Thresholds},
};
use crate::{
    catalog::{Catalog, Category},
    kernel::{Actor, Code, Error, Fault, LocationId, Note, Refusal, Result, Sku, VariantId, actor::Permission},
    platform::{
        db::Read,
        http::IfMatch,
        idempotency::{Answer, Once},
        intake::{Books, Job},
    },
};
use uuid::Uuid;

/// What is to be adjusted, named by variant id or SKU.
#[derive(Debug, Clone)]
pub enum Named {
    Id(VariantId),
    Sku(Sku),
}

impl Named {
    /// From a part of a path.
    pub(super) fn read(name: &str) -> Result<Self> {
        match (name.parse(), name.parse::<Sku>()) {
            (Ok(id), _) => Ok(Self::Id(id)),
            (_, Ok(sku)) => Ok(Self::Sku(sku)),
            (_, Err(why)) => Err(Error::refused(Code::InvalidPath, why)),
        }
    }
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

struct Adjust {
    location: LocationId,
    variant: VariantId,
    sku: String,
    change: Change,
    if_match: IfMatch,
}

/// Changes one level and answers with it.
pub(super) async fn adjust(
    inventory: &Inventory,
    catalog: &Catalog,
    actor: Actor,
    (location, named): (LocationId, Named),
    (change, if_match): (Change, IfMatch),
    key: Option<Once>,
) -> Result<Answer> {
    actor.demand_at(Permission::InventoryAdjust, location, "location")?;
    let if_match = match change {
        Change::By { .. } => if_match,
        Change::To { .. } | Change::Thresholds(_) => if_match.required()?,
    };
    inventory.demand_location(location).await?;
    let catalog = catalog.clone();
    let (variant, sku) = inventory.db.read(move |db| variant_of(db, &catalog, &named)).await?;
    let job = Adjust { location, variant, sku, change, if_match };
    match inventory.intake.submit(actor, Permission::InventoryAdjust, key, job).await {
        Err(Error::Refused(refusal)) if refusal.code == Code::BelowPromised => {
            Err(with_holders(inventory, (location, variant), *refusal).await?)
        }
        done => done,
    }
}

/// Holders named in a refusal at most.
const NAMED: i64 = 20;

/// The refusal with those to whom the units are promised, the most first.
async fn with_holders(inventory: &Inventory, spot: (LocationId, VariantId), refusal: Refusal) -> Result<Error> {
    let holders = inventory.db.read(move |db| Ok(store::promised_to(db.conn(), spot, NAMED)?)).await?;
    let fault = |held: store::Promised| {
        Fault::at("", "promised", format!("{} {} for {} {}", held.units, held.kind, held.holder, held.id))
    };
    Ok(refusal.with_faults(holders.into_iter().map(fault).collect()).into())
}

impl Job for Adjust {
    fn ask(&self, books: &mut Books) -> Result<()> {
        books.of::<Stock>()?.want_spot((self.location, self.variant));
        Ok(())
    }

    fn decide(&self, books: &mut Books, who: &Actor) -> Result<Answer> {
        who.demand_at(Permission::InventoryAdjust, self.location, "location")?;
        let spot = (self.location, self.variant);
        let level = books.of::<Stock>()?.level(spot)?.copied();
        let level = level.unwrap_or_else(|| Level::empty(self.location, self.variant));
        self.if_match.check(&format!("the stock of {}", self.sku), level.version)?;
        let after = match &self.change {
            Change::By { units, state, reason, note } => {
                shift(books, who, &level, Shift { units: *units, state: *state, reason: *reason, note: note.as_ref() })?
            }
            Change::To { units, state, .. } if *units == state_of(&level, *state) => level,
            Change::To { units, state, reason, note } => {
                let units = units - state_of(&level, *state);
                shift(books, who, &level, Shift { units, state: *state, reason: *reason, note: note.as_ref() })?
            }
            Change::Thresholds(thresholds) => {
                let after = books.of::<Stock>()?.set_thresholds(spot, thresholds)?;
                let now = books.now;
                events::thresholds_set(&mut books.outbox, &after, now)?;
                after
            }
        };
        let view = LevelView::of(after, self.sku.clone());
        Answer::ok(&view, view.version, Some(self.location))
    }
}

struct Shift<'a> {
    units: i32,
    state: State,
    reason: Reason,
    note: Option<&'a Note>,
}

fn shift(books: &mut Books, actor: &Actor, level: &Level, shift: Shift<'_>) -> Result<Level> {
    let Shift { units, state, reason, note } = shift;
    let done = rules::adjust(level, state, units, reason)?;
    let (cause, now) = (Uuid::now_v7(), books.now);
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
    let after = books.of::<Stock>()?.shift(&done, moved)?;
    let told = events::Adjustment { id: cause, state, units, reason, note: note.map(|n| &**n) };
    events::stock_adjusted(&mut books.outbox, &after, told, now)?;
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

pub(super) fn variant_of(db: &mut Read, catalog: &Catalog, named: &Named) -> Result<(VariantId, String)> {
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
