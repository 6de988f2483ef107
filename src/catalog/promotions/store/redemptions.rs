//! Uses of promotions in PostgreSQL: counted under the locks of their rows, written with their orders.
use crate::{
    catalog::{
        promotions::model::{Redemption, Usage},
        schema::{coupons as c, promotion_redemptions as r, promotions as p},
    },
    kernel::{CouponId, OrderId, PageRequest, PromotionId},
    platform::{
        db::{Bulk, Statement},
        group_commit::Patience,
    },
};
use chrono::{DateTime, Utc};
use diesel::{
    dsl::count_star,
    prelude::*,
    sql_types::{Array, BigInt, Bytea, Nullable, Timestamptz, Uuid as SqlUuid},
};
use std::collections::HashMap;

/// The digest by which a customer is known.
pub type CustomerDigest = Vec<u8>;

type UsageRow = (PromotionId, i64, i64, Option<i64>, Option<i64>);

fn usages_of(rows: Vec<UsageRow>) -> HashMap<PromotionId, Usage> {
    let usage = |(id, used, spent, most, budget): UsageRow| (id, Usage::of(used, spent, most, budget));
    rows.into_iter().map(usage).collect()
}

/// The uses of promotions so far.
pub fn usages(conn: &mut PgConnection, ids: &[PromotionId]) -> QueryResult<HashMap<PromotionId, Usage>> {
    let columns = (p::id, p::used_count, p::spent_minor, p::max_uses, p::budget_minor);
    Ok(usages_of(p::table.filter(p::id.eq_any(ids)).select(columns).load(conn)?))
}

/// The same, locked until the transaction ends, in order of their ids; those that someone else holds are left out
/// where that is asked.
pub fn lock_usages(
    conn: &mut PgConnection,
    ids: &[PromotionId],
    patience: Patience,
) -> QueryResult<HashMap<PromotionId, Usage>> {
    let columns = (p::id, p::used_count, p::spent_minor, p::max_uses, p::budget_minor);
    let wanted = p::table.filter(p::id.eq_any(ids)).order(p::id).select(columns).for_no_key_update();
    Ok(usages_of(match patience {
        Patience::Wait => wanted.load(conn)?,
        Patience::SkipLocked => wanted.skip_locked().load(conn)?,
    }))
}

type CouponRow = (CouponId, Option<i64>, i64, Option<DateTime<Utc>>);

/// The uses of coupons that are left, locked in the same way; none of any number, and 0 of disabled ones.
pub fn lock_coupons(
    conn: &mut PgConnection,
    ids: &[CouponId],
    patience: Patience,
) -> QueryResult<HashMap<CouponId, Option<i64>>> {
    let columns = (c::id, c::max_uses, c::used_count, c::disabled_at);
    let wanted = c::table.filter(c::id.eq_any(ids)).order(c::id).select(columns).for_no_key_update();
    let rows: Vec<CouponRow> = match patience {
        Patience::Wait => wanted.load(conn)?,
        Patience::SkipLocked => wanted.skip_locked().load(conn)?,
    };
    let left = |(id, most, used, disabled): CouponRow| match disabled {
        Some(_) => (id, Some(0)),
        None => (id, most.map(|most| most - used)),
    };
    Ok(rows.into_iter().map(left).collect())
}

/// Orders of customers that have used promotions and are not canceled.
pub fn uses_of_customers(
    conn: &mut PgConnection,
    promotions: &[PromotionId],
    customers: &[CustomerDigest],
) -> QueryResult<HashMap<(PromotionId, CustomerDigest), i64>> {
    let rows: Vec<(PromotionId, Option<CustomerDigest>, i64)> = r::table
        .filter(r::promotion_id.eq_any(promotions))
        .filter(r::customer.eq_any(customers).assume_not_null())
        .filter(r::released_at.is_null())
        .group_by((r::promotion_id, r::customer))
        .select((r::promotion_id, r::customer, count_star()))
        .load(conn)?;
    Ok(rows.into_iter().filter_map(|(id, customer, uses)| Some(((id, customer?), uses))).collect())
}

/// A use to be written.
#[derive(Debug, Clone)]
pub struct NewRedemption {
    pub order: OrderId,
    pub promotion: PromotionId,
    pub coupon: Option<CouponId>,
    /// The customer, where the promotion has a limit for each.
    pub customer: Option<CustomerDigest>,
    pub amount_minor: i64,
}

/// Writes uses.
pub fn insert(bulk: &mut Bulk, rows: &[NewRedemption], now: DateTime<Utc>) {
    bulk.add("new_redemptions", rows.len(), || {
        Statement::new(include_str!("../sql/insert_redemptions.sql"))
            .bind::<Timestamptz, _>(now)
            .bind::<Array<SqlUuid>, _>(rows.iter().map(|row| row.order).collect::<Vec<_>>())
            .bind::<Array<SqlUuid>, _>(rows.iter().map(|row| row.promotion).collect::<Vec<_>>())
            .bind::<Array<Nullable<SqlUuid>>, _>(rows.iter().map(|row| row.coupon).collect::<Vec<_>>())
            .bind::<Array<Nullable<Bytea>>, _>(rows.iter().map(|row| row.customer.clone()).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(rows.iter().map(|row| row.amount_minor).collect::<Vec<_>>())
    });
}

/// Gives uses back.
pub fn release(bulk: &mut Bulk, rows: &[(OrderId, PromotionId)], now: DateTime<Utc>) {
    bulk.add("released_redemptions", rows.len(), || {
        Statement::new(include_str!("../sql/release_redemptions.sql"))
            .bind::<Timestamptz, _>(now)
            .bind::<Array<SqlUuid>, _>(rows.iter().map(|row| row.0).collect::<Vec<_>>())
            .bind::<Array<SqlUuid>, _>(rows.iter().map(|row| row.1).collect::<Vec<_>>())
    });
}

/// Adds to what has been used of promotions: orders and amounts, negative for what is given back.
pub fn count(bulk: &mut Bulk, rows: &[(PromotionId, i64, i64)]) {
    bulk.add("counted_promotions", rows.len(), || {
        Statement::new(include_str!("../sql/count_promotions.sql"))
            .bind::<Array<SqlUuid>, _>(rows.iter().map(|row| row.0).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(rows.iter().map(|row| row.1).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(rows.iter().map(|row| row.2).collect::<Vec<_>>())
    });
}

/// Adds to how often coupons have been used.
pub fn count_coupons(bulk: &mut Bulk, rows: &[(CouponId, i64)]) {
    bulk.add("counted_coupons", rows.len(), || {
        Statement::new(include_str!("../sql/count_coupons.sql"))
            .bind::<Array<SqlUuid>, _>(rows.iter().map(|row| row.0).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(rows.iter().map(|row| row.1).collect::<Vec<_>>())
    });
}

type RedemptionRow = (OrderId, Option<CouponId>, i64, DateTime<Utc>, Option<DateTime<Utc>>);

/// A page of the uses of a promotion, the newest first: identifiers of orders begin with the time.
pub fn page(
    conn: &mut PgConnection,
    promotion: PromotionId,
    page: &PageRequest<OrderId>,
) -> QueryResult<Vec<Redemption>> {
    let mut query =
        r::table.filter(r::promotion_id.eq(promotion)).order(r::order_id.desc()).limit(page.limit + 1).into_boxed();
    if let Some(order) = page.after {
        query = query.filter(r::order_id.lt(order));
    }
    let columns = (r::order_id, r::coupon_id, r::amount_minor, r::redeemed_at, r::released_at);
    let rows: Vec<RedemptionRow> = query.select(columns).load(conn)?;
    let redemption = |(order_id, coupon_id, amount_minor, redeemed_at, released_at): RedemptionRow| Redemption {
        order_id,
        coupon_id,
        amount_minor,
        redeemed_at,
        released_at,
    };
    Ok(rows.into_iter().map(redemption).collect())
}
