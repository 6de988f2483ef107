//! Soft holds: reserving stock for a while, and giving it back.
use super::{
    Level, events,
    model::{Demand, ReservationStatus},
    read::{self, ReservationView},
    rules::{self, Delta, Short},
    store::{self, Reservation},
};
use crate::{
    catalog::{self, Catalog},
    kernel::{
        Actor, Code, Error, Fault, LocationId, OrderId, PrincipalId, Quantity, Refusal, ReservationId, Result, Sku,
        VariantId, actor::Permission,
    },
    platform::{
        db::{Db, Read, Write},
        idempotency::{Answer, Once, write_once},
    },
};
use chrono::{DateTime, Duration, Utc};

/// A hold to be made.
#[derive(Debug, Clone)]
pub struct NewHold {
    /// Where.
    pub location: LocationId,
    /// Of what.
    pub demand: Demand,
    /// The caller's own reference.
    pub reference: Option<String>,
    /// The order it is for.
    pub order: Option<OrderId>,
    /// Who holds.
    pub principal: PrincipalId,
    /// Until when, unless converted or released before.
    pub expires_at: DateTime<Utc>,
}

/// A reservation asked for by SKU.
#[derive(Debug, Clone)]
pub struct Wish {
    pub location: LocationId,
    pub lines: Vec<(Sku, Quantity)>,
    pub reference: Option<String>,
    pub seconds: i64,
}

/// Holds the whole demand, or refuses with `out_of_stock` and changes nothing.
pub fn hold(tx: &mut Write, new: &NewHold) -> Result<Reservation> {
    let variants = new.demand.variants();
    let levels = store::lock_levels(tx.conn(), &at(new.location, &variants))?;
    let deltas = match rules::hold(new.location, &levels, &new.demand) {
        Ok(deltas) => deltas,
        Err(shorts) => return Err(out_of_stock(tx, &shorts)?),
    };
    let versions = apply(tx, &deltas)?;
    let reservation = store::insert_reservation(tx, new)?;
    store::insert_reservation_lines(tx.conn(), reservation.id, &new.demand, &versions)?;
    events::reservation_made(tx, &reservation, &new.demand)?;
    Ok(reservation)
}

/// The stock rows of these variants at a location.
pub(super) fn at(location: LocationId, variants: &[VariantId]) -> Vec<(LocationId, VariantId)> {
    variants.iter().map(|variant| (location, *variant)).collect()
}

/// Applies changes of counters. The database's own checks are the last guard: a violated one is a refusal here,
/// and a row that is not there is our fault.
pub(super) fn apply(tx: &mut Write, deltas: &[Delta]) -> Result<Vec<Level>> {
    let changed = store::apply(tx.conn(), deltas)?;
    if changed.len() == deltas.len() {
        return Ok(changed);
    }
    Err(Error::Internal(anyhow::anyhow!(
        "{} of {} stock levels are missing",
        deltas.len() - changed.len(),
        deltas.len()
    )))
}

fn out_of_stock(db: &mut Read, shorts: &[Short]) -> Result<Error> {
    let ids: Vec<_> = shorts.iter().map(|s| s.variant).collect();
    let variants = catalog::variants_by_id(db, &ids)?;
    let sku_of =
        |short: &Short| variants.iter().find(|v| v.id == short.variant).map_or("a part", |v| v.sku.as_str()).to_owned();
    let said = |short: &Short| format!("{} of {}: {} available", short.wanted, sku_of(short), short.available.max(0));
    let faults = shorts.iter().map(|short| Fault::at("/lines", "out_of_stock", said(short))).collect();
    let detail = format!("reserve {}", shorts.iter().map(said).collect::<Vec<_>>().join("; "));
    Ok(Refusal::new(Code::OutOfStock, detail).with_faults(faults).into())
}

/// Locations that seem able to fill the demand, by priority. Only a lock tells for sure.
pub fn candidates(db: &mut Read, demand: &Demand, actor: &Actor, permission: Permission) -> Result<Vec<LocationId>> {
    Ok(store::candidates(db.conn(), demand, actor.places(permission).ids())?)
}

/// Reserves by SKU, for as long as asked.
pub(super) async fn reserve(db: &Db, catalog: &Catalog, actor: Actor, wish: Wish, key: Once) -> Result<Answer> {
    actor.demand_at(Permission::InventoryReserve, wish.location, "location")?;
    let catalog = catalog.clone();
    write_once(db, actor, Permission::InventoryReserve, key, move |tx, actor| {
        read::demand_location(tx, wish.location)?;
        let skus: Vec<_> = wish.lines.iter().map(|(sku, _)| sku.clone()).collect();
        let mut demand = Demand::default();
        for (offer, (_, quantity)) in catalog.offers_of_lines(tx, &skus)?.iter().zip(&wish.lines) {
            for (variant, units) in offer.exploded(quantity.get())? {
                demand.add(variant, units)?;
            }
        }
        let expires_at = tx.now() + Duration::seconds(wish.seconds);
        let new = NewHold {
            location: wish.location,
            demand,
            reference: wish.reference.clone(),
            order: None,
            principal: actor.id,
            expires_at,
        };
        let made = hold(tx, &new)?;
        let view = read::reservation_view(tx, made)?;
        let path = format!("/v1/reservations/{}", view.id);
        Answer::created(&view, view.version, Some(wish.location), path)
    })
    .await
}

/// Gives a hold back on request; one that belongs to an order ends with its order only.
pub(super) async fn give_back(
    db: &Db,
    actor: Actor,
    location: LocationId,
    id: ReservationId,
    key: Option<Once>,
) -> Result<Answer> {
    actor.demand_at(Permission::InventoryReserve, location, "location")?;
    write_once(db, actor, Permission::InventoryReserve, key, move |tx, _| {
        let found = store::lock_reservation(tx.conn(), id)?.filter(|r| r.location_id == location);
        let found = found.ok_or_else(|| Error::not_found("reservation"))?;
        if found.order_id.is_some() {
            let detail = format!("reservation {id} belongs to an order: cancel the order instead");
            return Err(Error::refused(Code::ReservationBelongsToOrder, detail));
        }
        let closed = close(tx, &found, ReservationStatus::Released)?;
        let view: ReservationView = read::reservation_view(tx, closed)?;
        Answer::ok(&view, view.version, Some(location))
    })
    .await
}

/// Gives a hold back, inside the caller's transaction.
pub fn release(tx: &mut Write, id: ReservationId) -> Result<()> {
    let found = store::lock_reservation(tx.conn(), id)?.ok_or_else(|| Error::not_found("reservation"))?;
    close(tx, &found, ReservationStatus::Released)?;
    Ok(())
}

/// Ends an active hold and frees its units. State decides, not the clock.
pub(super) fn close(tx: &mut Write, reservation: &Reservation, status: ReservationStatus) -> Result<Reservation> {
    demand_active(reservation)?;
    let lines = store::reservation_lines(tx.conn(), &[reservation.id])?;
    let variants: Vec<_> = lines.iter().map(|line| line.variant_id).collect();
    store::lock_levels(tx.conn(), &at(reservation.location_id, &variants))?;
    let freed = |line: &super::ReservationLine| Delta {
        reserved: -line.quantity,
        ..Delta::none(reservation.location_id, line.variant_id)
    };
    apply(tx, &lines.iter().map(freed).collect::<Vec<_>>())?;
    let closed = store::close_reservation(tx, reservation.id, status)?;
    events::reservation_closed(tx, &closed)?;
    Ok(closed)
}

/// Refuses unless the hold is active, and keeps it so until the transaction ends.
pub fn demand_active_hold(tx: &mut Write, id: ReservationId) -> Result<()> {
    let found = store::lock_reservation(tx.conn(), id)?.ok_or_else(|| Error::not_found("reservation"))?;
    demand_active(&found)
}

/// Refuses unless the hold is active.
pub(super) fn demand_active(reservation: &Reservation) -> Result<()> {
    match reservation.status {
        ReservationStatus::Active => Ok(()),
        ended => Err(Error::refused(Code::ReservationNotActive, format!("reservation {} is {ended}", reservation.id))),
    }
}
