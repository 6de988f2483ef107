//! Coupons in PostgreSQL.
use crate::{
    catalog::{
        promotions::model::{Coupon, CouponCode},
        schema::coupons as c,
    },
    kernel::{Code, CouponId, Error, Faults, PageRequest, PrincipalId, PromotionId, Result},
    platform::db::Write,
};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use std::collections::HashSet;

/// The coupons of a promotion to be made.
#[derive(Debug, Clone)]
pub struct NewCoupons {
    pub promotion: PromotionId,
    pub codes: Vec<CouponCode>,
    /// Orders that may use each; any number, if none.
    pub max_uses: Option<i64>,
    pub by: PrincipalId,
}

/// A row as it stands in the table.
#[derive(Queryable, Insertable)]
#[diesel(table_name = c)]
struct Row {
    id: CouponId,
    promotion_id: PromotionId,
    code: String,
    max_uses: Option<i64>,
    used_count: i64,
    disabled_at: Option<DateTime<Utc>>,
    version: i64,
    created_by: PrincipalId,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl From<Row> for Coupon {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            promotion_id: row.promotion_id,
            code: row.code,
            max_uses: row.max_uses,
            used_count: row.used_count,
            disabled_at: row.disabled_at,
            version: row.version,
            created_by: row.created_by,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// Adds coupons and returns their codes in order; all codes that are in use are refused at once, each at its place.
pub fn insert(tx: &mut Write, new: &NewCoupons) -> Result<Vec<String>> {
    let now = tx.now();
    let row = |code: &CouponCode| Row {
        id: CouponId::new(),
        promotion_id: new.promotion,
        code: code.as_str().to_owned(),
        max_uses: new.max_uses,
        used_count: 0,
        disabled_at: None,
        version: 1,
        created_by: new.by,
        created_at: now,
        updated_at: now,
    };
    let mut made = HashSet::new();
    // In one order, so that two who make the same codes do not wait for each other in a circle.
    let mut ordered = new.codes.clone();
    ordered.sort();
    for some in ordered.chunks(1_000) {
        let rows: Vec<_> = some.iter().map(row).collect();
        let insert = diesel::insert_into(c::table).values(rows).on_conflict(c::code).do_nothing();
        made.extend(insert.returning(c::code).load::<String>(tx.conn())?);
    }
    let mut faults = Faults::default();
    for (at, code) in new.codes.iter().enumerate() {
        if !made.contains(code.as_str()) {
            faults.add(Code::CouponCodeTaken, &format!("/codes/{at}"), format!("the code {} is in use", code.as_str()));
        }
    }
    faults.require_none()?;
    let mut codes: Vec<_> = made.into_iter().collect();
    codes.sort_unstable();
    Ok(codes)
}

/// Coupons by their codes.
pub fn by_code(conn: &mut PgConnection, codes: &[CouponCode]) -> QueryResult<Vec<Coupon>> {
    let codes: Vec<_> = codes.iter().map(CouponCode::as_str).collect();
    Ok(c::table.filter(c::code.eq_any(codes)).order(c::code).load::<Row>(conn)?.into_iter().map(Coupon::from).collect())
}

/// A coupon of a promotion, locked until the transaction ends.
pub fn lock(tx: &mut Write, id: CouponId) -> Result<Coupon> {
    let row: Option<Row> = c::table.find(id).for_no_key_update().first(tx.conn()).optional()?;
    row.map(Coupon::from).ok_or_else(|| Error::not_found("coupon"))
}

/// Disables a coupon, or lets it be used again.
pub fn set_disabled(tx: &mut Write, id: CouponId, is_disabled: bool) -> Result<Coupon> {
    let now = tx.now();
    let set = (c::disabled_at.eq(is_disabled.then_some(now)), c::version.eq(c::version + 1), c::updated_at.eq(now));
    Ok(diesel::update(c::table.find(id)).set(set).get_result::<Row>(tx.conn())?.into())
}

/// Which coupons.
#[derive(Debug, Clone, Default)]
pub struct CouponFilter {
    pub promotion: Option<PromotionId>,
    pub code: Option<CouponCode>,
}

/// A coupon's place in the list: by code.
pub type CouponKey = (String, CouponId);

/// A page of coupons, by code.
pub fn page(conn: &mut PgConnection, filter: &CouponFilter, page: &PageRequest<CouponKey>) -> QueryResult<Vec<Coupon>> {
    let mut query = c::table.order(c::code).limit(page.limit + 1).into_boxed();
    if let Some(promotion) = filter.promotion {
        query = query.filter(c::promotion_id.eq(promotion));
    }
    if let Some(code) = &filter.code {
        query = query.filter(c::code.eq(code.as_str()));
    }
    if let Some((code, _)) = &page.after {
        query = query.filter(c::code.gt(code));
    }
    Ok(query.load::<Row>(conn)?.into_iter().map(Coupon::from).collect())
}

/// Takes all coupons of a promotion away.
pub fn delete_of(tx: &mut Write, promotion: PromotionId) -> QueryResult<usize> {
    diesel::delete(c::table.filter(c::promotion_id.eq(promotion))).execute(tx.conn())
}
