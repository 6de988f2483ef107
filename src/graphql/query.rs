//! The query root.
mod search;
mod selling;
mod supply;
use super::{
    connection,
    connection::{Connected, connection, request},
    context::{loaders, places, read},
    enums::{OrderStatus, Sort},
    errors::{coded, shared},
    ids,
    loaders::{LocationById, OrderById, PaymentById, ProductById, ReservationById, ShipmentById, VariantById},
    scalars::Long,
    types::{
        Category, Channel, Location, LocationKind, Order, Payment, Product, Reservation, Shipment, Sorting, Status,
        Variant,
    },
};
use crate::{
    catalog, inventory,
    kernel::{
        Code, Error, GroupId, LocationId, OrderId, PaymentId, ProductId, ReservationId, ShipmentId, VariantId,
        actor::Permission,
    },
    orders,
    platform::db::Db,
};
use async_graphql::{Context, ID, InputObject, Interface, Object, Result};
use chrono::{DateTime, NaiveDate, Utc};
pub use search::SearchQuery;
pub use selling::SellingQuery;
pub use supply::SupplyQuery;

/// Anything with a global id.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "Its global id."))]
pub enum Node {
    Product(Product),
    Variant(Variant),
    Location(Location),
    Order(Order),
    Reservation(Reservation),
    Payment(Payment),
    Shipment(Shipment),
}

/// Which products.
#[derive(Debug, Clone, Default, InputObject)]
struct ProductFilter {
    /// Only of this category.
    category: Option<Category>,
    /// Only with this status.
    status: Option<Status>,
    /// Only with these characters in their name, in any case.
    name: Option<String>,
    /// Only with this slug.
    slug: Option<String>,
    /// Only of this brand, by the id that REST uses.
    brand_id: Option<String>,
    /// Only of this category and those below it, by the id that REST uses.
    category_id: Option<String>,
    /// Only in this collection, by the id that REST uses.
    collection_id: Option<String>,
    /// Only what is published in this channel now.
    published_in: Option<Channel>,
}

fn group_id(text: &str) -> Result<GroupId> {
    text.parse().map_err(|_| coded(Error::refused(Code::GraphqlInvalid, format!("{text:?} is no id of a group"))))
}

/// Which locations.
#[derive(Debug, Clone, Default, InputObject)]
struct LocationFilter {
    /// Only of this kind.
    kind: Option<LocationKind>,
}

/// Which orders.
#[derive(Debug, Clone, Default, InputObject)]
struct OrderFilter {
    /// Only those filled here.
    location_id: Option<ID>,
    /// Only with one of these.
    status: Option<Vec<OrderStatus>>,
    /// Only from this channel.
    channel: Option<Channel>,
    /// Placed at or after.
    from: Option<DateTime<Utc>>,
    /// Placed before.
    to: Option<DateTime<Utc>>,
    /// Of this business day of its location or a later one.
    from_date: Option<NaiveDate>,
    /// Of an earlier business day.
    to_date: Option<NaiveDate>,
    /// With this number.
    number: Option<Long>,
    /// Known to its channel by this name.
    external_ref: Option<String>,
    /// Of the customer whom the caller knows by this id.
    customer_id: Option<String>,
    /// Of the customer with this e-mail address, in whatever case.
    email: Option<String>,
    /// That someone must look at, or need not.
    needs_review: Option<bool>,
}

/// All reads.
#[derive(Default)]
pub struct Query;

/// All reads.
#[Object(name = "CoreQuery")]
impl Query {
    /// Anything by its global id, if the caller may see it.
    async fn node(&self, ctx: &Context<'_>, #[graphql(desc = "A global id.")] id: ID) -> Result<Option<Node>> {
        let Some((kind, id)) = ids::parse(&id) else { return Ok(None) };
        let loaders = loaders(ctx);
        Ok(match kind.as_str() {
            "Product" => loaders.load_one(ProductById(ProductId(id))).await.map_err(shared)?.map(|p| Product(p).into()),
            "Variant" => loaders.load_one(VariantById(VariantId(id))).await.map_err(shared)?.map(|v| Variant(v).into()),
            "Location" => {
                loaders.load_one(LocationById(LocationId(id))).await.map_err(shared)?.map(|l| Location(l).into())
            }
            "Order" => loaders.load_one(OrderById(OrderId(id))).await.map_err(shared)?.map(|o| Order(o).into()),
            "Reservation" => loaders
                .load_one(ReservationById(ReservationId(id)))
                .await
                .map_err(shared)?
                .map(|r| Reservation(r).into()),
            "Payment" => {
                loaders.load_one(PaymentById(PaymentId(id))).await.map_err(shared)?.map(|p| Payment::from(p).into())
            }
            "Shipment" => {
                loaders.load_one(ShipmentById(ShipmentId(id))).await.map_err(shared)?.map(|s| Shipment::from(s).into())
            }
            _ => None,
        })
    }

    /// A product by id.
    async fn product(&self, ctx: &Context<'_>, #[graphql(desc = "A global id.")] id: ID) -> Result<Option<Product>> {
        places(ctx, Permission::CatalogRead)?;
        let id = ProductId(ids::expect("Product", &id)?);
        Ok(loaders(ctx).load_one(ProductById(id)).await.map_err(shared)?.map(Product))
    }

    /// Products by name.
    #[graphql(complexity = "connection::cost(first, child_complexity)")]
    async fn products(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows in a page, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Where to go on: the end cursor of the page before.")] after: Option<String>,
        #[graphql(desc = "Only those that fit all of these.")] filter: Option<ProductFilter>,
        #[graphql(desc = "The order of the rows.")] order_by: Option<Sorting>,
    ) -> Result<Connected<Product>> {
        places(ctx, Permission::CatalogRead)?;
        let ProductFilter { category, status, name, slug, brand_id, category_id, collection_id, published_in } =
            filter.unwrap_or_default();
        let filter = catalog::ProductFilter {
            category: category.map(Into::into),
            status: status.map(Into::into),
            name,
            slug,
            brand: brand_id.as_deref().map(group_id).transpose()?,
            group: category_id.as_deref().map(group_id).transpose()?,
            collection: collection_id.as_deref().map(group_id).transpose()?,
            published_in: published_in.map(Into::into),
        };
        let sort = order_by.map_or(catalog::ProductSort::ByName, Into::into);
        let list = format!("products {filter:?} {sort}");
        let page = request::<catalog::ProductKey>(first, after.as_deref(), &list)?;
        let now = ctx.data_unchecked::<Db>().clock().now();
        let found = read(ctx, move |db| catalog::products(db, &filter, sort, &page, now)).await?;
        connection(found, &list, after.is_some(), |p| (p.name.clone(), p.id), Product)
    }

    /// A variant by SKU.
    async fn variant(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A stock keeping unit, in any case.")] sku: String,
    ) -> Result<Option<Variant>> {
        places(ctx, Permission::CatalogRead)?;
        Ok(read(ctx, move |db| catalog::variant_by_sku(db, &sku)).await?.map(Variant))
    }

    /// A location by id or code.
    async fn location(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A global id.")] id: Option<ID>,
        #[graphql(desc = "A code as people write it, in any case.")] code: Option<String>,
    ) -> Result<Option<Location>> {
        let seen = places(ctx, Permission::InventoryRead)?;
        match (id, code) {
            (Some(id), _) => {
                let id = LocationId(ids::expect("Location", &id)?);
                Ok(loaders(ctx).load_one(LocationById(id)).await.map_err(shared)?.map(Location))
            }
            (None, Some(code)) => {
                let found = read(ctx, move |db| inventory::location_by_code(db, &code)).await?;
                Ok(found.filter(|location| seen.include(location.id)).map(Location))
            }
            (None, None) => Ok(None),
        }
    }

    /// The locations that the caller may see, by priority.
    #[graphql(complexity = "connection::cost(first, child_complexity)")]
    async fn locations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows in a page, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Where to go on: the end cursor of the page before.")] after: Option<String>,
        #[graphql(desc = "Only those that fit all of these.")] filter: Option<LocationFilter>,
    ) -> Result<Connected<Location>> {
        let seen = places(ctx, Permission::InventoryRead)?;
        let filter = inventory::LocationFilter { kind: filter.and_then(|f| f.kind).map(Into::into) };
        let list = format!("locations {filter:?}");
        let page = request::<inventory::LocationKey>(first, after.as_deref(), &list)?;
        let found = read(ctx, move |db| inventory::locations(db, &seen, &filter, &page)).await?;
        connection(found, &list, after.is_some(), |l| (l.priority, l.id), Location)
    }

    /// An order by id.
    async fn order(&self, ctx: &Context<'_>, #[graphql(desc = "A global id.")] id: ID) -> Result<Option<Order>> {
        places(ctx, Permission::OrdersRead)?;
        let id = OrderId(ids::expect("Order", &id)?);
        Ok(loaders(ctx).load_one(OrderById(id)).await.map_err(shared)?.map(Order))
    }

    /// The orders that the caller may see.
    #[graphql(complexity = "connection::cost(first, child_complexity)")]
    async fn orders(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows in a page, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Where to go on: the end cursor of the page before.")] after: Option<String>,
        #[graphql(desc = "Only those that fit all of these.")] filter: Option<OrderFilter>,
        #[graphql(desc = "The order of the rows.")] order_by: Option<Sort>,
    ) -> Result<Connected<Order>> {
        let seen = places(ctx, Permission::OrdersRead)?;
        let filter = filter.unwrap_or_default();
        let OrderFilter { location_id, status, channel, from, to, from_date, to_date, .. } = filter;
        let location = location_id.map(|id| ids::expect("Location", &id)).transpose()?.map(LocationId);
        let statuses = status.unwrap_or_default().into_iter().map(Into::into).collect();
        let filter = orders::OrderFilter {
            location,
            statuses,
            channel: channel.map(Into::into),
            from,
            to,
            from_date,
            to_date,
            number: filter.number.map(|number| number.0),
            external_ref: filter.external_ref,
            customer_id: filter.customer_id,
            email: filter.email,
            needs_review: filter.needs_review,
        };
        let sort = order_by.map_or(orders::Sort::NewestFirst, Into::into);
        let list = format!("orders {filter:?} {sort}");
        let page = request::<orders::OrderKey>(first, after.as_deref(), &list)?;
        let found = read(ctx, move |db| orders::orders(db, &seen, &filter, sort, &page)).await?;
        connection(found, &list, after.is_some(), |o| (o.created_at, o.id), Order)
    }
}
