//! One loader per edge, made for each request with its actor. Keys that come together are read together.
mod scheduler;
use crate::{
    catalog::{self as goods, Catalog, Offer},
    inventory as stock,
    kernel::{
        Actor, Error, LocationId, OrderId, PageRequest, PaymentId, ProductId, ReservationId, Result, ShipmentId,
        VariantId, actor::Permission,
    },
    orders as sales, payments as money,
    platform::db::{Db, Read},
};
use async_graphql::dataloader::{DataLoader, Loader};
pub use scheduler::Waiting;
use std::{collections::HashMap, hash::Hash, sync::Arc, time::Duration};

/// The services with which loaders read.
pub struct Batch {
    db: Db,
    actor: Actor,
    catalog: Catalog,
}

/// The loaders of one request.
pub type Loaders = DataLoader<Batch>;

/// Fresh loaders for a request. Their loads wait until the query has asked for all that it can.
pub fn per_request(db: &Db, actor: &Actor, catalog: &Catalog, waiting: &Waiting) -> Loaders {
    DataLoader::new(Batch { db: db.clone(), actor: actor.clone(), catalog: catalog.clone() }, waiting.taker())
        .delay(Duration::ZERO)
}

macro_rules! keys {
    ($($(#[$doc:meta])* $name:ident($inner:ty);)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub struct $name(pub $inner);
    )*};
}

keys! {
    ProductById(ProductId);
    VariantById(VariantId);
    VariantsOf(ProductId);
    PricesOf(VariantId);
    ComponentsOf(VariantId);
    LocationById(LocationId);
    OrderById(OrderId);
    LinesOf(OrderId);
    ShipmentsOf(OrderId);
    PaymentsOf(OrderId);
    ReservationById(ReservationId);
    HoldsOf(OrderId);
    EventsOf(OrderId);
    HeldBy(ReservationId);
    PaymentById(PaymentId);
    ShipmentById(ShipmentId);
}

/// The stock of a variant, at one place or at the first so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct StockOf {
    pub variant: VariantId,
    pub at: Option<LocationId>,
    pub first: i64,
}

/// A page of the stock of a location.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct StockAt {
    pub location: LocationId,
    pub first: i64,
    pub after: Option<VariantId>,
}

impl Batch {
    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Read, &Actor) -> Result<T> + Send + 'static,
    ) -> Result<T, Arc<Error>> {
        let actor = self.actor.clone();
        self.db.read(move |db| work(db, &actor)).await.map_err(Arc::new)
    }
}

fn grouped<K: Eq + Hash, V>(rows: Vec<V>, key: impl Fn(&V) -> K) -> HashMap<K, Vec<V>> {
    let mut groups: HashMap<K, Vec<V>> = HashMap::new();
    for row in rows {
        groups.entry(key(&row)).or_default().push(row);
    }
    groups
}

macro_rules! one_to_one {
    ($key:ident => $value:ty, $read:expr, $id:expr) => {
        impl Loader<$key> for Batch {
            type Value = $value;
            type Error = Arc<Error>;
            async fn load(&self, keys: &[$key]) -> Result<HashMap<$key, $value>, Arc<Error>> {
                let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
                let rows = self.read(move |db, actor| $read(db, actor, &ids)).await?;
                Ok(rows.into_iter().map(|row| ($key($id(&row)), row)).collect())
            }
        }
    };
}

macro_rules! one_to_many {
    ($key:ident => $value:ty, $read:expr, $id:expr) => {
        impl Loader<$key> for Batch {
            type Value = Vec<$value>;
            type Error = Arc<Error>;
            async fn load(&self, keys: &[$key]) -> Result<HashMap<$key, Vec<$value>>, Arc<Error>> {
                let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
                let rows = self.read(move |db, actor| $read(db, actor, &ids)).await?;
                Ok(grouped(rows, |row| $key($id(row))))
            }
        }
    };
}

one_to_one!(ProductById => goods::Product, |db: &mut Read, _: &Actor, ids: &[_]| goods::products_by_id(db, ids), |p: &goods::Product| p.id);
one_to_many!(VariantsOf => goods::Variant, |db: &mut Read, _: &Actor, ids: &[_]| goods::variants_of(db, ids), |v: &goods::Variant| v.product_id);
one_to_one!(LocationById => stock::Location, |db: &mut Read, actor: &Actor, ids: &[_]| stock::locations_by_id(db, &actor.places(Permission::InventoryRead), ids), |l: &stock::Location| l.id);
one_to_one!(OrderById => sales::Order, |db: &mut Read, actor: &Actor, ids: &[_]| sales::orders_by_id(db, &actor.places(Permission::OrdersRead), ids), |o: &sales::Order| o.id);
one_to_many!(LinesOf => sales::OrderLine, |db: &mut Read, _: &Actor, ids: &[_]| sales::lines_of(db, ids), |l: &sales::OrderLine| l.order_id);
one_to_many!(ShipmentsOf => sales::Shipment, |db: &mut Read, _: &Actor, ids: &[_]| sales::shipments_of(db, ids), |s: &sales::Shipment| s.order_id);
one_to_many!(PaymentsOf => money::Payment, |db: &mut Read, _: &Actor, ids: &[_]| money::payments_of(db, ids), |p: &money::Payment| p.order_id);
one_to_one!(ReservationById => stock::Reservation, |db: &mut Read, actor: &Actor, ids: &[_]| stock::reservations_by_id(db, &actor.places(Permission::InventoryRead), ids), |r: &stock::Reservation| r.id);
one_to_one!(PaymentById => money::Payment, |db: &mut Read, actor: &Actor, ids: &[_]| money::payments_by_id(db, &actor.places(Permission::OrdersRead), ids), |p: &money::Payment| p.id);
one_to_one!(ShipmentById => sales::Shipment, |db: &mut Read, actor: &Actor, ids: &[_]| sales::shipments_by_id(db, &actor.places(Permission::OrdersRead), ids), |s: &sales::Shipment| s.id);
one_to_many!(HoldsOf => stock::Reservation, |db: &mut Read, actor: &Actor, ids: &[_]| stock::reservations_of(db, &actor.places(Permission::InventoryRead), ids), |r: &stock::Reservation| r.order_id.unwrap_or(OrderId(uuid::Uuid::nil())));
one_to_many!(EventsOf => sales::OrderEvent, |db: &mut Read, _: &Actor, ids: &[_]| sales::events_of(db, ids), |e: &sales::OrderEvent| e.order_id);
one_to_many!(HeldBy => stock::ReservationLine, |db: &mut Read, _: &Actor, ids: &[_]| stock::reservation_lines_of(db, ids), |l: &stock::ReservationLine| l.reservation_id);

/// The records that are read from the catalog's memory, and from the database only where that has forgotten.
macro_rules! from_offers {
    ($key:ident => $value:ty, $part:expr) => {
        impl Loader<$key> for Batch {
            type Value = $value;
            type Error = Arc<Error>;
            async fn load(&self, keys: &[$key]) -> Result<HashMap<$key, $value>, Arc<Error>> {
                let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
                let catalog = self.catalog.clone();
                let offers = match catalog.remembered(&ids) {
                    Some(offers) => offers,
                    None => self.read(move |db, _| catalog.offers(db, &ids)).await?,
                };
                let part: fn(&Offer) -> $value = $part;
                Ok(offers.into_iter().map(|(id, offer)| ($key(id), part(&offer))).collect())
            }
        }
    };
}

from_offers!(VariantById => goods::Variant, |offer| offer.variant.clone());
from_offers!(PricesOf => Vec<goods::Price>, |offer| offer.prices.clone());
from_offers!(ComponentsOf => Vec<goods::Component>, |offer| offer.components.clone());

impl Loader<StockOf> for Batch {
    type Value = Vec<stock::DatedLevel>;
    type Error = Arc<Error>;
    async fn load(&self, keys: &[StockOf]) -> Result<HashMap<StockOf, Self::Value>, Arc<Error>> {
        let mut found = HashMap::new();
        for ((at, first), keys) in grouped(keys.to_vec(), |key| (key.at, key.first)) {
            let variants: Vec<_> = keys.iter().map(|key| key.variant).collect();
            let now = self.db.clock().now();
            let rows = self
                .read(move |db, actor| {
                    stock::levels_of(db, &actor.places(Permission::InventoryRead), &variants, at, (first, now))
                })
                .await?;
            found.extend(grouped(rows, |level| StockOf { variant: level.variant_id, at, first }));
        }
        Ok(found)
    }
}

/// The locations at which a variant or bundle may be sold to a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AvailabilityOf {
    pub variant: VariantId,
    pub at: Option<LocationId>,
    pub to: stock::Offer,
}

impl Loader<AvailabilityOf> for Batch {
    type Value = Vec<stock::Availability>;
    type Error = Arc<Error>;
    async fn load(&self, keys: &[AvailabilityOf]) -> Result<HashMap<AvailabilityOf, Self::Value>, Arc<Error>> {
        let mut found = HashMap::new();
        for ((at, to), keys) in grouped(keys.to_vec(), |key| (key.at, key.to)) {
            let variants: Vec<_> = keys.iter().map(|key| key.variant).collect();
            let (now, catalog) = (self.db.clock().now(), self.catalog.clone());
            let rows = self
                .read(move |db, actor| {
                    let offers: Vec<_> = catalog.offers(db, &variants)?.into_values().collect();
                    let places = actor.places(Permission::InventoryRead);
                    stock::availability(db, &places, (&offers, at), to, now)
                })
                .await?;
            found.extend(rows.into_iter().map(|(variant, rows)| (AvailabilityOf { variant, at, to }, rows)));
        }
        Ok(found)
    }
}

impl Loader<StockAt> for Batch {
    type Value = Vec<stock::DatedLevel>;
    type Error = Arc<Error>;
    async fn load(&self, keys: &[StockAt]) -> Result<HashMap<StockAt, Self::Value>, Arc<Error>> {
        let mut found = HashMap::new();
        for ((first, after), keys) in grouped(keys.to_vec(), |key| (key.first, key.after)) {
            let locations: Vec<_> = keys.iter().map(|key| key.location).collect();
            let now = self.db.clock().now();
            let page = PageRequest { limit: first, after };
            let rows = self
                .read(move |db, actor| {
                    stock::levels_at(db, &actor.places(Permission::InventoryRead), &locations, None, &page, now)
                })
                .await?;
            found.extend(grouped(rows, |level| StockAt { location: level.location_id, first, after }));
        }
        Ok(found)
    }
}
