//! Reservations: setting stock aside for a while, and giving it back.
pub mod end;

use crate::{
    catalog::OfferLines,
    inventory::{
        actions::StockActions,
        index::{
            Claim,
            fewest_locations::Sources,
            store::{self, CANDIDATES, Reach},
        },
        levels::out_of_stock,
        model::Demand,
        read::ReservationView,
        service::Inventory,
        stock::{HeldReservation, NewReservation, SkuNames, Stock},
    },
    kernel::{Actor, Channel, Code, Error, LocationId, Quantity, Result, Sku, VariantId, actor::Permission},
    platform::{
        group_commit::{Command, Refused, UnitOfWork},
        idempotency::{Caller, Outcome, Recorded},
    },
};
use chrono::Duration;
use std::hash::{DefaultHasher, Hash, Hasher};

/// A reservation asked for by SKU.
#[derive(Debug, Clone)]
pub struct ReservationWish {
    pub location: LocationId,
    pub lines: Vec<(Sku, Quantity)>,
    pub reference: Option<String>,
    pub seconds: i64,
    /// The channel for which it is reserved: goods that expire too soon for it are left alone.
    pub channel: Option<Channel>,
}

impl Inventory {
    /// Locations that seem able to fill the demand, by priority. Only a lock tells for sure.
    pub async fn candidates(&self, demand: &Demand, reach: Reach) -> Result<Vec<LocationId>> {
        self.index.know_places(&self.db).await?;
        match self.index.look(demand, &reach) {
            Some(found) if !found.whole.is_empty() || found.is_enough_together => Ok(found.whole),
            _ => {
                let demand = demand.clone();
                let _turn = self.looks.acquire().await;
                self.db.read(move |db| Ok(store::candidates(db.conn(), &demand, reach)?)).await
            }
        }
    }

    /// Locations that together seem able to fill a demand which none can fill alone; as much of it as there is, if that
    /// is less.
    pub async fn sources(&self, demand: &Demand, reach: Reach) -> Result<Sources> {
        match self.index.look_together(demand, &reach) {
            Some(found) if found.is_enough => Ok(found),
            _ => {
                let demand = demand.clone();
                let _turn = self.looks.acquire().await;
                self.db.read(move |db| Ok(store::sources(db.conn(), &demand, reach)?)).await
            }
        }
    }

    /// Counts a demand as taken at a location until the claim is dropped.
    pub fn claim(&self, location: LocationId, demand: &Demand) -> Claim {
        self.index.claim(location, demand)
    }
}

impl Inventory {
    /// The locations that may be looked at for a channel: those where the actor may do this, or all of them for what
    /// the service decides itself.
    pub fn reach(&self, actor: Option<(&Actor, Permission)>, channel: Channel, country: Option<String>) -> Reach {
        let at = actor.and_then(|(actor, permission)| actor.places(permission).ids());
        let now = self.db.clock().now();
        let good_for_days = self.shelf_life.days(channel);
        Reach { at, except: vec![], buffer: 0, country, most: CANDIDATES, good_for_days, now, by_tables: false }
    }
}

/// A number for each row of a demand, by which the queue keeps its shares.
pub fn rows_of(location: LocationId, demand: &Demand) -> Vec<u64> {
    let number = |variant: VariantId| {
        let mut hasher = DefaultHasher::new();
        (location, variant).hash(&mut hasher);
        hasher.finish()
    };
    demand.variants().into_iter().map(number).collect()
}

struct Reserve {
    location: LocationId,
    demand: Demand,
    offers: OfferLines,
    quantities: Vec<i32>,
    reference: Option<String>,
    seconds: i64,
    good_for_days: i64,
}

impl Reserve {
    /// The refusal of what is not there, line by line.
    fn refusal(&self, uow: &mut UnitOfWork) -> Result<Option<Error>> {
        let (stock, names) = (uow.of::<Stock>()?, &self.offers.names);
        if stock.shortage(self.location, &self.demand, names, self.good_for_days)?.is_none() {
            return Ok(None);
        }
        let lines: Vec<_> = self.offers.lines.iter().zip(self.quantities.iter().copied()).collect();
        let here = |variant| stock.available_to_promise(self.location, variant, self.good_for_days).unwrap_or(0);
        out_of_stock(&lines, here).map(Some)
    }
}

impl Command for Reserve {
    type Output = ReservationView;

    fn lock(&self, uow: &mut UnitOfWork) -> Result<()> {
        uow.of::<Stock>()?.want(self.location, &self.demand);
        Ok(())
    }

    fn early_refusal(&self, uow: &mut UnitOfWork) -> Result<Option<Error>> {
        self.refusal(uow)
    }

    fn decide(&self, uow: &mut UnitOfWork, who: &Actor) -> Result<Outcome<ReservationView>> {
        who.require_at(Permission::InventoryReserve, self.location, "location")?;
        let new = NewReservation {
            location: self.location,
            demand: self.demand.clone(),
            names: self.offers.names.clone(),
            good_for_days: self.good_for_days,
            reference: self.reference.clone(),
            order: None,
            principal: who.id,
            expires_at: uow.now + Duration::seconds(self.seconds),
        };
        let held = match uow.reserve(&new) {
            Err(error) if error.code() == Code::OutOfStock => return Err(self.refusal(uow)?.unwrap_or(error)),
            held => held?,
        };
        let view = view_of(&held, &self.offers.names);
        Ok(Outcome::created(view.id, view.version, Some(self.location), view))
    }

    fn contended_rows(&self) -> Vec<u64> {
        rows_of(self.location, &self.demand)
    }
}

/// A reservation as the interface shows it.
fn view_of(held: &HeldReservation, names: &SkuNames) -> ReservationView {
    let sku_of = |id| names.iter().find(|(known, _)| *known == id).map(|(_, sku)| sku.clone()).unwrap_or_default();
    ReservationView::of(&held.reservation, &held.lines, sku_of)
}

/// Reserves by SKU, for as long as asked.
pub(super) async fn reserve(
    inventory: &Inventory,
    caller: Caller,
    wish: ReservationWish,
) -> Result<Recorded<ReservationView>> {
    let Caller { actor, key, .. } = caller;
    actor.require_at(Permission::InventoryReserve, wish.location, "location")?;
    let (location, channel) = (Some(wish.location), wish.channel);
    let command = match prepared(inventory, wish).await {
        Ok(command) => command,
        Err(why) => {
            return inventory.group_commit.submit(actor, Permission::InventoryReserve, key, Refused::new(why)).await;
        }
    };
    let variants = command.offers.lines.iter().map(|offer| offer.variant.id);
    let lines: Vec<_> = variants.zip(command.quantities.iter().copied()).collect();
    let answer = inventory.group_commit.submit(actor, Permission::InventoryReserve, key, command).await;
    if let Err(refusal) = &answer {
        inventory.note_unmet(refusal, location, channel, &lines);
    }
    answer
}

async fn prepared(inventory: &Inventory, wish: ReservationWish) -> Result<Reserve> {
    let catalog = &inventory.catalog;
    inventory.require_open_location(wish.location).await?;
    let skus: Vec<_> = wish.lines.iter().map(|(sku, _)| sku.clone()).collect();
    let offers = catalog.lines(&inventory.db, skus, None).await?;
    let quantities: Vec<_> = wish.lines.iter().map(|(_, quantity)| quantity.get()).collect();
    let demand = Demand::of(offers.lines.iter().map(AsRef::as_ref).zip(quantities.iter().copied()))?;
    let ReservationWish { location, reference, seconds, channel, .. } = wish;
    let good_for_days = inventory.shelf_life.days_of(channel);
    Ok(Reserve { location, demand, offers, quantities, reference, seconds, good_for_days })
}
