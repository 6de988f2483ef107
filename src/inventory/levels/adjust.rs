//! Adjusting what is there, and the thresholds by which it is kept.
use crate::{
    catalog::{Catalog, Category},
    inventory::{
        events,
        levels::store::{Level, Thresholds, look_at_levels},
        model::State,
        movement::{Cause, Endpoint, Guard},
        read::{self, LevelView},
        reasons::{self, model::Reason},
        rules,
        service::Inventory,
        skus::told,
        stock::{Stock, post_movements::single},
        store::{self},
    },
    kernel::{
        Actor, Code, Error, Expected, Fault, LocationId, LotId, Note, Refusal, Result, Sku, Typed, VariantId,
        actor::Permission,
    },
    platform::{
        db::Read,
        group_commit::{Command, UnitOfWork},
        idempotency::{Caller, Outcome, Recorded},
    },
};
use uuid::Uuid;

/// The level that is to be adjusted, named by variant id or SKU.
#[derive(Debug, Clone)]
pub enum VariantName {
    Id(VariantId),
    Sku(Sku),
}

impl VariantName {
    /// From a part of a path.
    pub fn read(name: &str) -> Result<Self> {
        match (name.parse(), name.parse::<Sku>()) {
            (Ok(id), _) => Ok(Self::Id(id)),
            (_, Ok(sku)) => Ok(Self::Sku(sku)),
            (_, Err(why)) => Err(Error::refused(Code::InvalidPath, why)),
        }
    }
}

/// Units to be booked, and why.
#[derive(Debug, Clone)]
pub struct Booking {
    /// More (positive) or fewer, or exactly so many.
    pub units: i32,
    pub state: State,
    /// A code of the list of reasons.
    pub reason: String,
    pub note: Option<Note>,
    /// The lot of the units; needed where all there is belongs to lots.
    pub lot: Option<String>,
}

/// The change of a level.
#[derive(Debug, Clone)]
pub enum LevelChange {
    /// So many more or fewer; needs no version, since two deltas add up.
    By(Booking),
    /// Exactly so many; needs the version that was read.
    To(Booking),
    /// Other thresholds; needs the version that was read.
    Thresholds(Thresholds),
}

impl LevelChange {
    /// True if it can be made without having read the level.
    pub fn is_relative(&self) -> bool {
        matches!(self, Self::By(_))
    }

    fn booking(&self) -> Option<&Booking> {
        match self {
            Self::By(booking) | Self::To(booking) => Some(booking),
            Self::Thresholds(_) => None,
        }
    }
}

struct Adjust {
    location: LocationId,
    variant: VariantId,
    sku: String,
    change: LevelChange,
    reason: Option<Reason>,
    expected: Expected,
}

/// Changes one level and answers with it.
pub async fn adjust(
    inventory: &Inventory,
    caller: Caller,
    location: LocationId,
    named: VariantName,
    change: LevelChange,
) -> Result<Recorded<LevelView>> {
    let Caller { actor, key, expected } = caller;
    let catalog = &inventory.catalog;
    actor.require_at(Permission::InventoryAdjust, location, "location")?;
    inventory.require_location(location).await?;
    let prepare = async || {
        let (catalog, named) = (catalog.clone(), named.clone());
        let code = change.booking().map(|booking| booking.reason.clone());
        let read = inventory.db.read(move |db| {
            read::require_open_location(db, location)?;
            Ok((variant_of(db, &catalog, &named)?, code.map(|code| reasons::demand(db, &code)).transpose()?))
        });
        let ((variant, sku), reason) = read.await?;
        Ok(Adjust { location, variant, sku, change: change.clone(), reason, expected: expected.clone() })
    };
    match inventory.execute(actor, Permission::InventoryAdjust, key, prepare).await {
        Err(Error::Refused(refusal)) if refusal.code == Code::BelowPromised => {
            Err(with_holders(inventory, location, named, *refusal).await?)
        }
        done => done,
    }
}

/// Tells if a level has these thresholds already.
pub async fn has_thresholds(
    inventory: &Inventory,
    location: LocationId,
    named: VariantName,
    thresholds: Thresholds,
) -> Result<bool> {
    let catalog = &inventory.catalog;
    let catalog = catalog.clone();
    let read = inventory.db.read(move |db| {
        let (variant, _) = variant_of(db, &catalog, &named)?;
        let level = look_at_levels(db.conn(), &[(location, variant)], None)?.pop();
        Ok(level.is_some_and(|row| rules::has_thresholds(&row.level, &thresholds)))
    });
    read.await
}

/// Holders named in a refusal at most.
const NAMED: i64 = 20;

/// The refusal with those to whom the units are promised, the most first.
async fn with_holders(
    inventory: &Inventory,
    location: LocationId,
    named: VariantName,
    refusal: Refusal,
) -> Result<Error> {
    let catalog = &inventory.catalog;
    let catalog = catalog.clone();
    let holders = inventory.db.read(move |db| {
        let variant = variant_of(db, &catalog, &named)?.0;
        Ok(store::commitments_on(db.conn(), location, variant, NAMED)?)
    });
    let holders = holders.await?;
    let fault = |held: store::Commitment| {
        Fault::at("", "promised", format!("{} {} for {} {}", held.units, held.kind, held.holder, held.id))
    };
    Ok(refusal.with_faults(holders.into_iter().map(fault).collect()).into())
}

impl Command for Adjust {
    type Output = LevelView;

    fn lock(&self, uow: &mut UnitOfWork) -> Result<()> {
        let stock = uow.of::<Stock>()?;
        match self.change.booking() {
            Some(booking) => {
                stock.want_goods((self.location, self.variant));
                booking.lot.iter().for_each(|code| stock.want_print(self.variant, code));
            }
            None => stock.want_level((self.location, self.variant)),
        }
        Ok(())
    }

    fn decide(&self, uow: &mut UnitOfWork, who: &Actor) -> Result<Outcome<LevelView>> {
        who.require_at(Permission::InventoryAdjust, self.location, "location")?;
        let level_key = (self.location, self.variant);
        let level = uow.of::<Stock>()?.level(level_key)?.copied();
        let level = level.unwrap_or_else(|| Level::empty(self.location, self.variant));
        self.expected.check(&format!("the stock of {}", self.sku), level.version)?;
        let after = match &self.change {
            LevelChange::By(booking) => self.book(uow, who, booking, booking.units)?,
            LevelChange::To(booking) => match booking.units - self.now(uow, &level, booking)? {
                0 => level,
                units => self.book(uow, who, booking, units)?,
            },
            LevelChange::Thresholds(same) if level.version > 0 && rules::has_thresholds(&level, same) => level,
            LevelChange::Thresholds(thresholds) => {
                let after = uow.of::<Stock>()?.set_thresholds(level_key, thresholds)?;
                let now = uow.now;
                events::thresholds_set(&mut uow.outbox, &after, now)?;
                after
            }
        };
        let withheld = uow.of::<Stock>()?.short_dated((self.location, self.variant), 0);
        let view = LevelView::of(rules::Offered { level: after, withheld }, 0, self.sku.clone());
        Ok(Outcome::changed(view.version, Some(self.location), view))
    }
}

impl Adjust {
    fn lot(&self, uow: &mut UnitOfWork, booking: &Booking) -> Result<Option<LotId>> {
        let Some(code) = &booking.lot else { return Ok(None) };
        let lot = uow.of::<Stock>()?.printed(&(self.variant, Typed::of(code)))?.map(|lot| lot.id);
        let unknown = || Error::refused(Code::UnknownLot, format!("there is no lot {code} of {}", self.sku));
        lot.ok_or_else(unknown).map(Some)
    }

    /// The units that there are now of what is booked.
    fn now(&self, uow: &mut UnitOfWork, level: &Level, booking: &Booking) -> Result<i32> {
        let level_key = (self.location, self.variant);
        match (self.lot(uow, booking)?, booking.state) {
            (Some(lot), State::OnHand) => Ok(uow.of::<Stock>()?.of_lot(level_key, lot).map(|(_, units)| units).sum()),
            (Some(lot), state) => {
                let of_lot = uow.of::<Stock>()?.of_lot(level_key, lot);
                Ok(of_lot.filter(|(piece, _)| piece.state == state).map(|(_, units)| units).sum())
            }
            (None, State::OnHand) => Ok(level.on_hand),
            (None, state) => Ok(level.units(state)),
        }
    }

    fn book(&self, uow: &mut UnitOfWork, actor: &Actor, booking: &Booking, units: i32) -> Result<Level> {
        let reason = self.reason.as_ref().ok_or_else(|| anyhow::anyhow!("a booking without a reason"))?;
        let (lot, id, now) = (self.lot(uow, booking)?, Uuid::now_v7(), uow.now);
        let movement = rules::adjust((self.location, self.variant), lot, booking.state, units, reason)?;
        if let (Some(lot), Endpoint::At(_, State::OnHand)) = (lot, movement.to) {
            let stock = uow.of::<Stock>()?;
            let lot = stock.lot(lot)?.ok_or_else(|| anyhow::anyhow!("the lot has vanished"))?;
            lot.require_sellable(stock.day_at(self.location))?;
        }
        let cause = Cause { of: ("adjustment", id), actor: actor.id, now, note: booking.note.as_deref() };
        let after = uow.of::<Stock>()?.carry(&single(movement, Guard::Keep), cause);
        let after = after.map_err(|error| told(error, |_| Some(self.sku.clone())))?.pop();
        let after = after.ok_or_else(|| anyhow::anyhow!("an adjustment has touched no level"))?;
        let note = booking.note.as_deref();
        let told = events::Adjustment { id, state: booking.state, units, reason: &reason.code, note };
        events::stock_adjusted(&mut uow.outbox, &after, told, now)?;
        Ok(after)
    }
}

pub fn variant_of(db: &mut Read, catalog: &Catalog, named: &VariantName) -> Result<(VariantId, String)> {
    let found = match named {
        VariantName::Id(id) => catalog.offers(db, &[*id])?.into_values().next(),
        VariantName::Sku(sku) => catalog.offers_by_sku(db, std::slice::from_ref(sku))?.into_values().next(),
    };
    let offer = found.ok_or_else(|| Error::not_found("variant"))?;
    let sku = offer.variant.sku.clone();
    if offer.product.category == Category::Bundle {
        return Err(Error::refused(Code::InvalidBundle, format!("{sku} is a bundle: adjust the stock of its parts")));
    }
    Ok((offer.variant.id, sku))
}
