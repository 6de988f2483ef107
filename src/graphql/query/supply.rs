//! Lists of goods that move.
use crate::graphql::connection;
use crate::{
    catalog,
    graphql::{
        connection::{Connected, connection, request},
        context::{places, read},
        ids,
        scalars::Long,
        types::{Lot, PurchaseOrder, StockCount, Transfer},
    },
    inventory,
    kernel::{CountId, LocationId, Locations, LotId, Page, PurchaseOrderId, TransferId, actor::Permission},
};
use async_graphql::{Context, ID, Object, Result};

/// Reads of goods that move.
#[derive(Default)]
pub struct SupplyQuery;

/// Reads of goods that move.
#[Object]
impl SupplyQuery {
    /// Transfers of which one may see an end, newest first.
    #[graphql(complexity = "connection::cost(first, child_complexity)")]
    async fn transfers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows in a page, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Where to go on: the end cursor of the page before.")] after: Option<String>,
        #[graphql(desc = "Only at this location, by its global id.")] location_id: Option<ID>,
        #[graphql(desc = "With this number.")] number: Option<Long>,
    ) -> Result<Connected<Transfer>> {
        let seen = places(ctx, Permission::InventoryRead)?;
        let location = location_id.map(|id| ids::expect("Location", &id)).transpose()?.map(LocationId);
        let number = number.map(|number| number.0);
        let filter = inventory::TransferFilter { location, status: None, number };
        let list = format!("transfers {location:?} {number:?}");
        let page = request::<TransferId>(first, after.as_deref(), &list)?;
        let found = read(ctx, move |db| inventory::transfers(db, &seen, &filter, &page)).await?;
        connection(found, &list, after.is_some(), |view| view.head.id, Transfer)
    }

    /// Purchase orders for locations that one may see, newest first.
    #[graphql(complexity = "connection::cost(first, child_complexity)")]
    async fn purchase_orders(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows in a page, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Where to go on: the end cursor of the page before.")] after: Option<String>,
        #[graphql(desc = "Only at this location, by its global id.")] location_id: Option<ID>,
        #[graphql(desc = "With this number.")] number: Option<Long>,
    ) -> Result<Connected<PurchaseOrder>> {
        let seen = places(ctx, Permission::InventoryRead)?;
        let location = location_id.map(|id| ids::expect("Location", &id)).transpose()?.map(LocationId);
        let number = number.map(|number| number.0);
        let filter = inventory::PurchaseFilter { location, supplier: None, status: None, number };
        let list = format!("purchase orders {location:?} {number:?}");
        let page = request::<PurchaseOrderId>(first, after.as_deref(), &list)?;
        let found = read(ctx, move |db| inventory::purchases(db, &seen, &Locations::none(), &filter, &page)).await?;
        connection(found, &list, after.is_some(), |view| view.head.id, PurchaseOrder)
    }

    /// Lots, newest first.
    #[graphql(complexity = "connection::cost(first, child_complexity)")]
    async fn lots(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows in a page, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Where to go on: the end cursor of the page before.")] after: Option<String>,
        #[graphql(desc = "A stock keeping unit, in any case.")] sku: Option<String>,
    ) -> Result<Connected<Lot>> {
        let seen = places(ctx, Permission::InventoryRead)?;
        let list = format!("lots {sku:?}");
        let page = request::<LotId>(first, after.as_deref(), &list)?;
        let found = read(ctx, move |db| {
            let mut filter = inventory::LotFilter::default();
            if let Some(sku) = sku {
                let Some(found) = catalog::variant_by_sku(db, &sku)? else { return Ok(nothing()) };
                filter.variant = Some(found.id);
            }
            inventory::lots(db, &seen, &filter, &page)
        });
        connection(found.await?, &list, after.is_some(), |view| view.lot.id, Lot)
    }

    /// Counts of a location, or of all where you may see stock, newest first.
    #[graphql(complexity = "connection::cost(first, child_complexity)")]
    async fn counts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows in a page, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Where to go on: the end cursor of the page before.")] after: Option<String>,
        #[graphql(desc = "Only at this location, by its global id.")] location_id: Option<ID>,
        #[graphql(desc = "With this number.")] number: Option<Long>,
    ) -> Result<Connected<StockCount>> {
        let seen = places(ctx, Permission::InventoryRead)?;
        let location = location_id.map(|id| ids::expect("Location", &id)).transpose()?.map(LocationId);
        let filter = inventory::CountFilter { number: number.map(|number| number.0), status: None };
        let list = format!("counts {location:?} {filter:?}");
        let page = request::<CountId>(first, after.as_deref(), &list)?;
        let found = read(ctx, move |db| match location {
            None => inventory::counts(db, &seen, filter, &page),
            Some(one) if seen.include(one) => inventory::counts(db, &Locations::Only([one].into()), filter, &page),
            Some(_) => Ok(nothing()),
        });
        connection(found.await?, &list, after.is_some(), |head| head.id, StockCount)
    }
}

fn nothing<T>() -> Page<T> {
    Page { rows: vec![], has_more: false }
}
