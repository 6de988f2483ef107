//! Parcels as rows.
use super::Order;
use crate::orders::store::choices::{ParcelLine, SourcedUnits};
use crate::{
    inventory::Demand,
    kernel::{LocationId, OrderId, ReturnId, ShipmentId},
    orders::model::{ParcelProblem, ParcelStatus},
    platform::db::Json,
};
use chrono::{DateTime, Utc};
use diesel::prelude::*;

/// Goods that left for the customer.
#[derive(Debug, Clone, Queryable)]
pub struct Shipment {
    pub id: ShipmentId,
    pub order_id: OrderId,
    pub location_id: LocationId,
    pub carrier: Option<String>,
    pub tracking_number: Option<String>,
    pub shipped_at: DateTime<Utc>,
    pub delivered_at: Option<DateTime<Utc>>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    /// The contents.
    pub units: Json<Vec<SourcedUnits>>,
    /// Why it has not arrived and will not.
    pub problem: Option<ParcelProblem>,
    pub problem_at: Option<DateTime<Utc>>,
    /// The return by which its goods and its money are dealt with.
    pub return_id: Option<ReturnId>,
    /// The lines whose units are in it.
    pub lines: Json<Vec<ParcelLine>>,
}

impl Shipment {
    /// The status.
    pub fn status(&self) -> ParcelStatus {
        match (self.problem, self.delivered_at) {
            (Some(ParcelProblem::Lost), _) => ParcelStatus::Lost,
            (Some(ParcelProblem::ReturnedToSender), _) => ParcelStatus::ReturnedToSender,
            (None, Some(_)) => ParcelStatus::Delivered,
            (None, None) => ParcelStatus::InTransit,
        }
    }

    /// Units of each variant that are in it; none are known of parcels of the first days.
    pub fn goods(&self) -> &[SourcedUnits] {
        &self.units.0
    }

    /// The lines whose units are in it; none are known of parcels that left before lines were kept.
    pub fn lines(&self) -> &[ParcelLine] {
        &self.lines.0
    }
}

/// A shipment to be written.
#[derive(Debug, Clone)]
pub struct NewShipment(pub Shipment);

impl NewShipment {
    /// Of what an order has at a location, now.
    pub fn of(order: &Order, location: LocationId, goods: &Demand, now: DateTime<Utc>) -> Self {
        Self(Shipment {
            id: ShipmentId::new(),
            order_id: order.id,
            location_id: location,
            carrier: None,
            tracking_number: None,
            shipped_at: now,
            delivered_at: None,
            version: 1,
            created_at: now,
            units: Json(SourcedUnits::of(goods)),
            problem: None,
            problem_at: None,
            return_id: None,
            lines: Json(vec![]),
        })
    }

    /// Notes the lines whose units are in it.
    pub fn hold(&mut self, lines: Vec<ParcelLine>) {
        self.0.lines = Json(lines);
    }
}
