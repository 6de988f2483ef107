//! One loader per edge, made for each request with its actor. Keys that come together are read together.
mod scheduler;
use crate::{
    catalog::{self, Catalog, Offer},
    inventory,
    kernel::{
        Actor, Error, GroupId, LocationId, OrderId, PageRequest, PaymentId, ProductId, ReservationId, Result,
        ShipmentId, VariantId, actor::Permission,
    },
    orders, payments,
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
    GroupById(GroupId);
    MediaOf(ProductId);
    TranslationsOf(ProductId);
    VariantById(VariantId);
    VariantsOf(ProductId);
    OfferOf(VariantId);
    PricesOf(VariantId);
    PriorPricesOf(VariantId);
    ComponentsOf(VariantId);
    LocationById(LocationId);
    OrderById(OrderId);
    LinesOf(OrderId);
    ShipmentsOf(OrderId);
    PaymentsOf(OrderId);
    ReservationById(ReservationId);
    ReservationsOf(OrderId);
    EventsOf(OrderId);
    HeldBy(ReservationId);
    PaymentById(PaymentId);
    ShipmentById(ShipmentId);
}

/// An attribute by its code.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AttributeNamed(pub String);

/// The stock of a variant, at one location or at the first so many.
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

/// Reads the records with some ids, or those that belong to some records: by the field that holds the key. With a
/// permission, only those at locations where the caller has it.
macro_rules! load {
    ($key:ident => $module:ident::$record:ident by $field:ident, $read:ident $(, $permission:ident)?) => {
        impl Loader<$key> for Batch {
            type Value = $module::$record;
            type Error = Arc<Error>;
            async fn load(&self, keys: &[$key]) -> Result<HashMap<$key, Self::Value>, Arc<Error>> {
                let rows = load!(self, keys, $module, $read $(, $permission)?);
                Ok(rows.into_iter().map(|row| ($key(row.$field), row)).collect())
            }
        }
    };
    ($key:ident => [$module:ident::$record:ident] by $field:ident, $read:ident $(, $permission:ident)?) => {
        impl Loader<$key> for Batch {
            type Value = Vec<$module::$record>;
            type Error = Arc<Error>;
            async fn load(&self, keys: &[$key]) -> Result<HashMap<$key, Self::Value>, Arc<Error>> {
                let rows = load!(self, keys, $module, $read $(, $permission)?);
                Ok(grouped(rows, |row| $key(row.$field)))
            }
        }
    };
    ($batch:ident, $keys:ident, $module:ident, $read:ident) => {{
        let ids: Vec<_> = $keys.iter().map(|key| key.0).collect();
        $batch.read(move |db, _| $module::$read(db, &ids)).await?
    }};
    ($batch:ident, $keys:ident, $module:ident, $read:ident, $permission:ident) => {{
        let ids: Vec<_> = $keys.iter().map(|key| key.0).collect();
        $batch.read(move |db, actor| $module::$read(db, &actor.places(Permission::$permission), &ids)).await?
    }};
}

load!(ProductById => catalog::Product by id, products_by_id);
impl Loader<AttributeNamed> for Batch {
    type Value = catalog::AttributeDefinition;
    type Error = Arc<Error>;
    async fn load(&self, keys: &[AttributeNamed]) -> Result<HashMap<AttributeNamed, Self::Value>, Arc<Error>> {
        let all = self.read(|db, _| catalog::attribute_definitions(db)).await?;
        let keyed = all.into_iter().map(|one| (AttributeNamed(one.code.clone()), one));
        Ok(keyed.filter(|(key, _)| keys.contains(key)).collect())
    }
}

load!(MediaOf => [catalog::Media] by product_id, media_of);
load!(TranslationsOf => [catalog::Translation] by product_id, translations_of);
load!(GroupById => catalog::Group by id, groups_by_id);
load!(PriorPricesOf => [catalog::PriorPrice] by variant_id, prior_prices);
load!(VariantsOf => [catalog::Variant] by product_id, variants_of);
load!(LocationById => inventory::Location by id, locations_by_id, InventoryRead);
load!(OrderById => orders::Order by id, orders_by_id, OrdersRead);
load!(LinesOf => [orders::OrderLine] by order_id, lines_of);
load!(ShipmentsOf => [orders::Shipment] by order_id, shipments_of);
load!(PaymentsOf => [payments::Payment] by order_id, payments_of);
load!(ReservationById => inventory::Reservation by id, reservations_by_id, InventoryRead);
load!(PaymentById => payments::Payment by id, payments_by_id, OrdersRead);
load!(ShipmentById => orders::Shipment by id, shipments_by_id, OrdersRead);
load!(EventsOf => [orders::OrderEvent] by order_id, events_of);
load!(HeldBy => [inventory::ReservationLine] by reservation_id, reservation_lines_of);

impl Loader<ReservationsOf> for Batch {
    type Value = Vec<inventory::Reservation>;
    type Error = Arc<Error>;
    async fn load(&self, keys: &[ReservationsOf]) -> Result<HashMap<ReservationsOf, Self::Value>, Arc<Error>> {
        let mut held = HashMap::<_, Vec<_>>::new();
        for row in load!(self, keys, inventory, reservations_of, InventoryRead) {
            if let Some(order) = row.order_id {
                held.entry(ReservationsOf(order)).or_default().push(row);
            }
        }
        Ok(held)
    }
}

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
                let part: fn(&Arc<Offer>) -> $value = $part;
                Ok(offers.into_iter().map(|(id, offer)| ($key(id), part(&offer))).collect())
            }
        }
    };
}

from_offers!(VariantById => catalog::Variant, |offer| offer.variant.clone());
from_offers!(OfferOf => Arc<Offer>, |offer| offer.clone());
from_offers!(PricesOf => Vec<catalog::Price>, |offer| offer.prices.clone());
from_offers!(ComponentsOf => Vec<catalog::Component>, |offer| offer.components.clone());

impl Loader<StockOf> for Batch {
    type Value = Vec<inventory::DatedLevel>;
    type Error = Arc<Error>;
    async fn load(&self, keys: &[StockOf]) -> Result<HashMap<StockOf, Self::Value>, Arc<Error>> {
        let mut found = HashMap::new();
        for ((at, first), keys) in grouped(keys.to_vec(), |key| (key.at, key.first)) {
            let variants: Vec<_> = keys.iter().map(|key| key.variant).collect();
            let now = self.db.clock().now();
            let rows = self
                .read(move |db, actor| {
                    let locations = actor.places(Permission::InventoryRead).narrowed(at);
                    inventory::levels_of(db, &locations, &variants, first, now)
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
    pub to: inventory::ChannelOffer,
}

impl Loader<AvailabilityOf> for Batch {
    type Value = Vec<inventory::Availability>;
    type Error = Arc<Error>;
    async fn load(&self, keys: &[AvailabilityOf]) -> Result<HashMap<AvailabilityOf, Self::Value>, Arc<Error>> {
        let mut found = HashMap::new();
        for ((at, to), keys) in grouped(keys.to_vec(), |key| (key.at, key.to)) {
            let variants: Vec<_> = keys.iter().map(|key| key.variant).collect();
            let (now, catalog) = (self.db.clock().now(), self.catalog.clone());
            let rows = self
                .read(move |db, actor| {
                    let offers: Vec<_> = catalog.offers(db, &variants)?.into_values().collect();
                    let locations = actor.places(Permission::InventoryRead).narrowed(at);
                    inventory::availability(db, &locations, &offers, to, now)
                })
                .await?;
            found.extend(rows.into_iter().map(|(variant, rows)| (AvailabilityOf { variant, at, to }, rows)));
        }
        Ok(found)
    }
}

impl Loader<StockAt> for Batch {
    type Value = Vec<inventory::DatedLevel>;
    type Error = Arc<Error>;
    async fn load(&self, keys: &[StockAt]) -> Result<HashMap<StockAt, Self::Value>, Arc<Error>> {
        let mut found = HashMap::new();
        for ((first, after), keys) in grouped(keys.to_vec(), |key| (key.first, key.after)) {
            let locations: Vec<_> = keys.iter().map(|key| key.location).collect();
            let now = self.db.clock().now();
            let page = PageRequest { limit: first, after };
            let rows = self
                .read(move |db, actor| {
                    let places = actor.places(Permission::InventoryRead);
                    let of = inventory::LevelsAt { locations: &locations, only: None, now };
                    inventory::levels_at(db, &places, of, &page)
                })
                .await?;
            found.extend(grouped(rows, |level| StockAt { location: level.location_id, first, after }));
        }
        Ok(found)
    }
}
