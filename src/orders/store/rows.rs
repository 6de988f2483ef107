//! Rows as they stand in the tables.
mod line;
mod shipments;
pub use line::OrderLine;
pub use shipments::{NewShipment, Shipment};

use crate::{
    inventory::Reservation,
    kernel::{
        Actor, Channel, Currency, Error, LocationId, Locations, Money, OrderId, PrincipalId, ReservationId, Result,
        ReturnId, actor::Permission,
    },
    orders::model::{Customer, Mark, NewOrder, OrderEventKind, OrderStatus, ShippingCharge},
    payments::Sums,
    platform::db::Json,
};
use anyhow::Context;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::{
    deserialize::{self, FromSql},
    pg::{Pg, PgValue},
    prelude::*,
    sql_types::Text,
};
use serde::Serialize;
use std::iter;
use utoipa::ToSchema;

/// An order without its lines.
#[derive(Debug, Clone, Queryable)]
pub struct Order {
    pub id: OrderId,
    pub number: i64,
    pub channel: Channel,
    pub(super) currency: CurrencyColumn,
    pub location_id: LocationId,
    pub reservation_id: ReservationId,
    pub status: OrderStatus,
    pub total_minor: i64,
    pub paid_minor: i64,
    pub refunded_minor: i64,
    pub(in crate::orders) customer: Json<Box<Customer>>,
    pub placed_by: PrincipalId,
    pub hold_expires_at: DateTime<Utc>,
    pub cancel_reason: Option<String>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// Locations that fill a part of it beside its own.
    pub also_from: Vec<LocationId>,
    /// The amount that payers have authorized and that is not captured yet.
    pub authorized_minor: i64,
    /// The amount owed to the payer for what came back.
    pub credited_minor: i64,
    /// The return in whose place it was made.
    pub exchange_for: Option<ReturnId>,
    /// The name by which its channel knows it.
    pub external_ref: Option<String>,
    /// True if the customer fetches it.
    pub is_pickup: bool,
    /// When it happened: when it was placed, or, of a sale that was told later, when it was made.
    pub occurred_at: DateTime<Utc>,
    /// The business day of its location on which it happened.
    pub business_date: NaiveDate,
    /// Why someone must look at it.
    pub marks: Vec<Mark>,
    /// A digest of the sale as its till told it.
    pub sale_fingerprint: Option<Vec<u8>>,
    /// The sale under whose client id it was told.
    pub conflict_with: Option<OrderId>,
    /// When someone has looked at it.
    pub reviewed_at: Option<DateTime<Utc>>,
    /// The charge for shipping it, less what was taken off.
    pub shipping_minor: i64,
    pub(in crate::orders) shipping: Option<Json<Box<ShippingCharge>>>,
}

/// The parts of a new order.
pub struct Opening<'a> {
    pub id: OrderId,
    pub number: i64,
    pub new: &'a NewOrder,
    /// The reservations for it, at each of its locations.
    pub held: &'a [Reservation],
    pub total: Money,
    /// The charge for shipping, which is within the total.
    pub shipping: Option<ShippingCharge>,
    pub by: PrincipalId,
    pub told: Occurrence,
}

/// When a new order happened, and how it was told.
#[derive(Debug, Clone)]
pub struct Occurrence {
    pub occurred_at: DateTime<Utc>,
    pub business_date: NaiveDate,
    pub marks: Vec<Mark>,
    pub fingerprint: Option<Vec<u8>>,
    pub conflict_with: Option<OrderId>,
}

impl Occurrence {
    /// As it happens, on a business day.
    pub fn now(now: DateTime<Utc>, business_date: NaiveDate) -> Self {
        Self { occurred_at: now, business_date, marks: vec![], fingerprint: None, conflict_with: None }
    }
}

impl Order {
    /// A new order: pending, nothing paid.
    pub fn open(opening: Opening<'_>) -> Result<Self> {
        let Opening { id, number, new, held, total, shipping, by, told } = opening;
        let (held, others) = held.split_first().context("an order without a hold")?;
        Ok(Self {
            id,
            number,
            channel: new.channel,
            currency: CurrencyColumn(new.currency),
            location_id: held.location_id,
            reservation_id: held.id,
            status: OrderStatus::Pending,
            total_minor: total.amount_minor,
            paid_minor: 0,
            refunded_minor: 0,
            customer: Json(Box::new(new.customer.clone())),
            placed_by: by,
            hold_expires_at: held.expires_at,
            cancel_reason: None,
            version: 1,
            created_at: held.created_at,
            updated_at: held.created_at,
            also_from: others.iter().map(|other| other.location_id).collect(),
            authorized_minor: 0,
            credited_minor: 0,
            exchange_for: new.exchange_for,
            external_ref: new.external_ref.clone(),
            is_pickup: new.is_pickup,
            occurred_at: told.occurred_at,
            business_date: told.business_date,
            marks: told.marks,
            sale_fingerprint: told.fingerprint,
            conflict_with: told.conflict_with,
            reviewed_at: None,
            shipping_minor: shipping.as_ref().map_or(0, ShippingCharge::total_minor),
            shipping: shipping.map(|charge| Json(Box::new(charge))),
        })
    }

    /// Every location that fills a part of it.
    pub fn locations(&self) -> impl Iterator<Item = LocationId> + '_ {
        iter::once(self.location_id).chain(self.also_from.iter().copied())
    }

    /// True if one of its locations is among these.
    pub fn is_at(&self, places: &Locations) -> bool {
        self.locations().any(|location| places.include(location))
    }

    /// The location at which the actor may do this to it; without one the order does not exist.
    pub fn require_place(&self, permission: Permission, actor: &Actor) -> Result<LocationId> {
        actor.require_anywhere(permission)?;
        let places = actor.places(permission);
        self.locations().find(|location| places.include(*location)).ok_or_else(|| Error::not_found("order"))
    }

    /// Its locations: those that have sent a part of it, and those that are to.
    pub fn put_at(&mut self, locations: &[LocationId]) {
        if let Some((first, others)) = locations.split_first() {
            (self.location_id, self.also_from) = (*first, others.to_vec());
        }
    }

    /// Its money as its payments stand.
    pub fn take(&mut self, sums: Sums) {
        (self.paid_minor, self.refunded_minor, self.authorized_minor) = (sums.captured, sums.refunded, sums.authorized);
    }

    /// The part of its price that is kept when everything that came back is paid back.
    pub fn kept_minor(&self) -> i64 {
        self.total_minor - self.credited_minor
    }

    /// The amount that the payer still owes for what is kept: neither taken nor promised.
    pub fn owed_minor(&self) -> i64 {
        self.kept_minor() - (self.paid_minor - self.refunded_minor) - self.authorized_minor
    }

    /// The amount that is neither captured nor authorized yet.
    pub fn due_minor(&self) -> i64 {
        self.total_minor - (self.paid_minor - self.refunded_minor) - self.authorized_minor
    }

    /// The currency of all its amounts.
    pub fn currency(&self) -> Currency {
        self.currency.0
    }

    /// The charge for shipping it; none of what is not sent, or for nothing.
    pub fn shipping(&self) -> Option<&ShippingCharge> {
        self.shipping.as_ref().map(|Json(charge)| &**charge)
    }

    /// The customer.
    pub fn customer(&self) -> &Customer {
        &self.customer.0
    }
}

/// An ISO 4217 code in a text column.
#[derive(Debug, Clone, Copy, diesel::deserialize::FromSqlRow)]
pub struct CurrencyColumn(pub Currency);

impl FromSql<Text, Pg> for CurrencyColumn {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        let code = <String as FromSql<Text, Pg>>::from_sql(value)?;
        Ok(Self(code.parse()?))
    }
}

/// An order as a lane holds it: whole.
#[derive(Debug, Clone)]
pub struct OrderRow {
    pub order: Order,
    pub lines: Vec<OrderLine>,
    pub shipments: Vec<Shipment>,
}

impl OrderRow {
    /// The part of what was credited that is for goods, in minor units: not more than the goods that came back cost.
    pub fn credited_goods_minor(&self) -> i64 {
        let back: i64 = self.lines.iter().map(|line| line.worth_of(&line.units_back())).sum();
        back.min(self.order.credited_minor)
    }

    /// True if all of it has come back.
    pub fn is_back(&self) -> bool {
        self.lines.iter().all(|line| line.returned == line.quantity)
    }
}

/// An entry in the timeline of an order.
#[derive(Debug, Clone, Serialize, Queryable, ToSchema)]
pub struct OrderEvent {
    #[serde(skip)]
    pub order_id: OrderId,
    /// The order's version with which it happened.
    pub version: i64,
    /// The event in the life of the order.
    pub event: OrderEventKind,
    /// The user who did it; null if it happened by itself, such as the end of a reservation.
    pub actor_id: Option<PrincipalId>,
    /// Why, in someone's words.
    pub reason: Option<String>,
    /// When it happened.
    pub at: DateTime<Utc>,
}
