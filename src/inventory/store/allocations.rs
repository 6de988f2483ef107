//! Promises to orders, and all to whom a level is promised.
use crate::{
    inventory::{model::AllocationStatus, schema::allocations as a},
    kernel::{LocationId, OrderId, ReservationId, VariantId},
};
use diesel::{
    prelude::*,
    sql_query,
    sql_types::{BigInt, Text, Uuid as SqlUuid},
};
use uuid::Uuid;

/// Units promised to an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable)]
pub struct Allocation {
    /// The reservation that it was.
    pub reservation_id: ReservationId,
    pub location_id: LocationId,
    pub variant_id: VariantId,
    pub quantity: i32,
}

/// Someone to whom units are promised.
#[derive(Debug, QueryableByName)]
pub struct Commitment {
    /// `allocated` or `reserved`.
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// `order` or `reservation`.
    #[diesel(sql_type = Text)]
    pub holder: String,
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = BigInt)]
    pub units: i64,
}

/// The units that are allocated to an order and still here.
pub fn open_allocations(conn: &mut PgConnection, order: OrderId) -> QueryResult<Vec<Allocation>> {
    let open = a::table.filter(a::order_id.eq(order)).filter(a::status.eq(AllocationStatus::Open));
    open.select((a::reservation_id, a::location_id, a::variant_id, a::quantity))
        .order((a::location_id, a::variant_id, a::reservation_id))
        .load(conn)
}

/// To whom units of a level are promised, the most first, so many at most.
pub fn commitments_on(
    conn: &mut PgConnection,
    location: LocationId,
    variant: VariantId,
    most: i64,
) -> QueryResult<Vec<Commitment>> {
    sql_query(include_str!("../sql/commitments_on.sql"))
        .bind::<SqlUuid, _>(location)
        .bind::<SqlUuid, _>(variant)
        .bind::<BigInt, _>(most)
        .load(conn)
}
