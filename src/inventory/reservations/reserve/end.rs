//! Holds end early, or last longer.
use super::view_of;
use crate::{
    catalog::{self},
    inventory::{
        actions::StockActions,
        model::ReservationStatus,
        read::ReservationView,
        service::Inventory,
        stock::{SkuNames, Stock},
    },
    kernel::{Actor, Code, Error, LocationId, ReservationId, Result, actor::Permission},
    platform::{
        group_commit::{Command, UnitOfWork},
        idempotency::{Caller, Outcome, Recorded},
    },
};
use chrono::Duration;

pub(super) struct Release {
    location: LocationId,
    id: ReservationId,
    names: SkuNames,
}

impl Command for Release {
    type Output = ReservationView;

    fn lock(&self, uow: &mut UnitOfWork) -> Result<()> {
        uow.of::<Stock>()?.want_hold(self.id);
        Ok(())
    }

    fn decide(&self, uow: &mut UnitOfWork, who: &Actor) -> Result<Outcome<ReservationView>> {
        who.require_at(Permission::InventoryReserve, self.location, "location")?;
        let held = uow.of::<Stock>()?.held(self.id)?.filter(|held| held.reservation.location_id == self.location);
        let held = held.ok_or_else(|| Error::not_found("reservation"))?;
        if held.reservation.order_id.is_some() {
            let detail = format!("reservation {} belongs to an order: cancel the order instead", self.id);
            return Err(Error::refused(Code::ReservationBelongsToOrder, detail));
        }
        let held = uow.end_reservation(self.id, ReservationStatus::Released)?;
        let view = view_of(&held, &self.names);
        Ok(Outcome::changed(view.version, Some(self.location), view))
    }
}

/// Names of what a reservation holds.
pub async fn names_of(inventory: &Inventory, id: ReservationId) -> Result<SkuNames> {
    let names = inventory.db.read(move |db| {
        let lines = crate::inventory::reservations::store::reservation_lines(db.conn(), &[id])?;
        let variants: Vec<_> = lines.iter().map(|line| line.variant_id).collect();
        Ok(catalog::variants_by_id(db, &variants)?.into_iter().map(|v| (v.id, v.sku)).collect::<SkuNames>())
    });
    names.await
}

pub(super) struct Extend {
    id: ReservationId,
    seconds: i64,
    names: SkuNames,
}

impl Command for Extend {
    type Output = ReservationView;

    fn lock(&self, uow: &mut UnitOfWork) -> Result<()> {
        uow.of::<Stock>()?.want_hold(self.id);
        Ok(())
    }

    fn decide(&self, uow: &mut UnitOfWork, who: &Actor) -> Result<Outcome<ReservationView>> {
        let until = uow.now + Duration::seconds(self.seconds);
        let stock = uow.of::<Stock>()?;
        let held = stock.held(self.id)?.ok_or_else(|| Error::not_found("reservation"))?;
        let at = held.reservation.location_id;
        who.require_at(Permission::InventoryReserve, at, "reservation")?;
        if held.reservation.order_id.is_some() {
            let detail = format!("reservation {} belongs to an order, whose payment extends it", self.id);
            return Err(Error::refused(Code::ReservationBelongsToOrder, detail));
        }
        let view = view_of(stock.hold_until(self.id, until)?, &self.names);
        Ok(Outcome::changed(view.version, Some(at), view))
    }
}

/// Holds on for so many seconds from now.
pub async fn extend(
    inventory: &Inventory,
    caller: Caller,
    id: ReservationId,
    seconds: i64,
) -> Result<Recorded<ReservationView>> {
    let Caller { actor, key, .. } = caller;
    actor.require_anywhere(Permission::InventoryReserve)?;
    let command = Extend { id, seconds, names: names_of(inventory, id).await? };
    inventory.group_commit.submit(actor, Permission::InventoryReserve, key, command).await
}

/// Gives a hold back on request; one that belongs to an order ends with its order only.
pub async fn release(
    inventory: &Inventory,
    caller: Caller,
    location: LocationId,
    id: ReservationId,
) -> Result<Recorded<ReservationView>> {
    let Caller { actor, key, .. } = caller;
    actor.require_at(Permission::InventoryReserve, location, "location")?;
    let command = Release { location, id, names: names_of(inventory, id).await? };
    inventory.group_commit.submit(actor, Permission::InventoryReserve, key, command).await
}
