//! Rows as they stand in the tables.
use crate::{
    kernel::{Currency, LocationId, OrderId, PrincipalId, ReservationId, ShipmentId, VariantId, words::Channel},
    orders::{
        model::{Customer, OrderStatus},
        schema::order_lines,
    },
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
    currency: CurrencyColumn,
    pub location_id: LocationId,
    pub reservation_id: ReservationId,
    pub status: OrderStatus,
    pub total_minor: i64,
    pub paid_minor: i64,
    pub refunded_minor: i64,
    customer: serde_json::Value,
    _placed_by: PrincipalId,
    _hold_expires_at: DateTime<Utc>,
    pub cancel_reason: Option<String>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl Order {
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
pub struct CurrencyColumn(Currency);

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

/// A line to be written.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = order_lines)]
pub struct NewLine {
    pub order_id: OrderId,
    pub line_no: i32,
    pub variant_id: VariantId,
    pub sku: String,
    pub name: String,
    pub quantity: i32,
    pub unit_minor: i64,
    pub total_minor: i64,
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
