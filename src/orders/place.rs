//! Placing an order: price it, find a place that has everything, hold it there, write it down, all or nothing.
use super::{
    events,
    model::NewOrder,
    read::{self, OrderView},
    rules::{self, Priced},
    store,
};
use crate::{
    catalog::{Catalog, Offer},
    inventory::{self, Demand, NewHold},
    kernel::{Actor, Code, Error, LocationId, Money, OrderId, Result, actor::Permission},
    platform::{
        db::{Db, Write},
        idempotency::{Answer, Once, answered, write_once},
    },
};
use chrono::Duration;
use std::sync::Arc;

/// A priced order that looks for a place.
struct Basket {
    offers: Vec<Arc<Offer>>,
    priced: Vec<Priced>,
    total: Money,
    demand: Demand,
}

/// Places an order. Where no location is named, those that seem to have everything are tried by priority, each
/// in a transaction of its own, so that no two locations' rows are ever locked in a wrong order.
pub async fn place(
    db: &Db,
    catalog: &Catalog,
    actor: Actor,
    new: NewOrder,
    hold_seconds: i64,
    key: Once,
) -> Result<Answer> {
    let places = match new.location {
        Some(location) => {
            actor.demand_at(Permission::OrdersPlace, location, "location")?;
            vec![location]
        }
        None => match sources(db, catalog, &actor, &new, &key).await? {
            Source::Answered(answer) => return Ok(answer),
            Source::Places(places) => places,
        },
    };
    for location in places {
        let placed = attempt(db, catalog, &actor, &new, Some(location), hold_seconds, &key).await;
        let may_try_next = new.location.is_none();
        match placed {
            Err(error) if may_try_next && error.code() == Code::OutOfStock => {}
            outcome => return outcome,
        }
    }
    attempt(db, catalog, &actor, &new, None, hold_seconds, &key).await
}

/// Where an order without a location may be filled, unless an earlier call under its key has placed it.
enum Source {
    Answered(Answer),
    Places(Vec<LocationId>),
}

async fn sources(db: &Db, catalog: &Catalog, actor: &Actor, new: &NewOrder, key: &Once) -> Result<Source> {
    let (catalog, actor, new, key) = (catalog.clone(), actor.clone(), new.clone(), key.clone());
    db.read(move |db| {
        if let Some(answer) = answered(db, &actor, &key)? {
            return Ok(Source::Answered(answer));
        }
        let skus: Vec<_> = new.lines.iter().map(|(sku, _)| sku.clone()).collect();
        let offers = catalog.offers_of_lines(db, &skus)?;
        inventory::candidates(db, &demand_of(&offers, &new)?, &actor, Permission::OrdersPlace).map(Source::Places)
    })
    .await
}

/// One try at one location; with none, the try finds what an earlier call under the key has done, or refuses.
async fn attempt(
    db: &Db,
    catalog: &Catalog,
    actor: &Actor,
    new: &NewOrder,
    location: Option<LocationId>,
    hold_seconds: i64,
    key: &Once,
) -> Result<Answer> {
    let (catalog, actor, new, key) = (catalog.clone(), actor.clone(), new.clone(), key.clone());
    write_once(db, actor, Permission::OrdersPlace, key, move |tx, actor| {
        let basket = fill(tx, &catalog, &new)?;
        let location = location.ok_or_else(|| nowhere(&new))?;
        let view = record(tx, actor, &new, &basket, location, hold_seconds)?;
        Answer::created(&view, view.version, Some(location), format!("/v1/orders/{}", view.id))
    })
    .await
}

fn fill(tx: &mut Write, catalog: &Catalog, new: &NewOrder) -> Result<Basket> {
    let skus: Vec<_> = new.lines.iter().map(|(sku, _)| sku.clone()).collect();
    let offers = catalog.offers_of_lines(tx, &skus)?;
    let lines = offers.iter().map(Arc::as_ref).zip(new.lines.iter().map(|(_, quantity)| *quantity));
    let (priced, total) = rules::price(lines, new.channel, new.currency)?;
    let demand = demand_of(&offers, new)?;
    Ok(Basket { offers, priced, total, demand })
}

fn demand_of(offers: &[Arc<Offer>], new: &NewOrder) -> Result<Demand> {
    let mut demand = Demand::default();
    for (offer, (_, quantity)) in offers.iter().zip(&new.lines) {
        for (variant, units) in offer.exploded(quantity.get())? {
            demand.add(variant, units)?;
        }
    }
    Ok(demand)
}

fn record(
    tx: &mut Write,
    actor: &Actor,
    new: &NewOrder,
    basket: &Basket,
    location: LocationId,
    hold_seconds: i64,
) -> Result<OrderView> {
    inventory::demand_location(tx, location)?;
    let id = OrderId::new();
    let hold = NewHold {
        location,
        demand: basket.demand.clone(),
        reference: None,
        order: Some(id),
        principal: actor.id,
        expires_at: tx.now() + Duration::seconds(hold_seconds),
    };
    let reservation = inventory::hold(tx, &hold)?;
    let mut order = store::insert(tx, id, new, &reservation, basket.total, actor.id)?;
    let lines = new.lines.iter().zip(&basket.offers).zip(&basket.priced);
    let lines: Vec<_> = (1..)
        .zip(lines)
        .map(|(no, (((_, quantity), offer), priced))| store::new_line(id, no, offer, *quantity, priced))
        .collect();
    store::insert_lines(tx, &lines)?;
    events::placed(tx, &order, &lines)?;
    if basket.total.amount_minor == 0 {
        inventory::convert(tx, reservation.id, id)?;
        order = store::set_status(tx, id, rules::moved(order.number, order.status, rules::Move::Confirm)?)?;
        events::moved(tx, &order)?;
    }
    read::order_view(tx, order)
}

fn nowhere(new: &NewOrder) -> Error {
    let wanted: Vec<_> = new.lines.iter().map(|(sku, quantity)| format!("{quantity} of {sku}")).collect();
    let shown = wanted.get(..wanted.len().min(10)).unwrap_or_default().join(", ");
    Error::refused(Code::OutOfStock, format!("no single location that you may order from has {shown}"))
}
