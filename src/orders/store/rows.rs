//! Rows as they stand in the tables.
use crate::{
    inventory::Reservation,
    kernel::{Currency, LocationId, Money, OrderId, PrincipalId, ReservationId, ShipmentId, VariantId, words::Channel},
    orders::model::{Customer, NewOrder, OrderStatus},
};
use chrono::{DateTime, Utc};
use diesel::{
    deserialize::{self, FromSql},
    pg::{Pg, PgValue},
    prelude::*,
    sql_types::Text,
};
use serde::Serialize;
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
    pub(super) customer: serde_json::Value,
    pub placed_by: PrincipalId,
    pub hold_expires_at: DateTime<Utc>,
    pub cancel_reason: Option<String>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// What a new order is made of.
pub struct Opening<'a> {
    pub id: OrderId,
    pub number: i64,
    pub new: &'a NewOrder,
    pub held: &'a Reservation,
    pub total: Money,
    pub by: PrincipalId,
}

impl Order {
    /// A new order: pending, nothing paid.
    pub fn open(opening: Opening<'_>) -> crate::kernel::Result<Self> {
        let Opening { id, number, new, held, total, by } = opening;
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
            customer: serde_json::to_value(&new.customer).map_err(anyhow::Error::from)?,
            placed_by: by,
            hold_expires_at: held.expires_at,
            cancel_reason: None,
            version: 1,
            created_at: held.created_at,
            updated_at: held.created_at,
        })
    }

    /// The currency of all its amounts.
    pub fn currency(&self) -> Currency {
        self.currency.0
    }

    /// Who it is for.
    pub fn customer(&self) -> Customer {
        serde_json::from_value(self.customer.clone()).unwrap_or_default()
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

/// A line of an order.
#[derive(Debug, Clone, Queryable)]
pub struct OrderLine {
    pub order_id: OrderId,
    pub line_no: i32,
    pub variant_id: VariantId,
    pub sku: String,
    pub name: String,
    pub quantity: i32,
    pub unit_minor: i64,
    pub total_minor: i64,
}

/// An order as a lane holds it: whole.
#[derive(Debug, Clone)]
pub struct OrderRow {
    pub order: Order,
    pub lines: Vec<OrderLine>,
    pub shipments: Vec<Shipment>,
}

/// Goods that left for the customer.
#[derive(Debug, Clone, Serialize, Queryable, ToSchema)]
pub struct Shipment {
    pub id: ShipmentId,
    #[serde(skip)]
    pub order_id: OrderId,
    pub location_id: LocationId,
    pub carrier: Option<String>,
    pub tracking_number: Option<String>,
    pub shipped_at: DateTime<Utc>,
    pub delivered_at: Option<DateTime<Utc>>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
}

/// A shipment to be written.
#[derive(Debug, Clone)]
pub struct NewShipment(pub Shipment);

impl NewShipment {
    /// Of a whole order, now.
    pub fn of(order: &Order, carrier: Option<String>, tracking_number: Option<String>, now: DateTime<Utc>) -> Self {
        Self(Shipment {
            id: ShipmentId::new(),
            order_id: order.id,
            location_id: order.location_id,
            carrier,
            tracking_number,
            shipped_at: now,
            delivered_at: None,
            version: 1,
            created_at: now,
        })
    }
}
