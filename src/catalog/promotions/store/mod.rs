//! Promotions in PostgreSQL.
pub mod coupons;
pub mod redemptions;

use super::model::{Benefit, NewPromotion, Promotion, Promotions, PromotionsNow, RememberedPromotion, Target, Usage};
use crate::{
    catalog::{groups, price_lists::AppliesTo, schema::promotions as p},
    kernel::{Code, Currency, Error, GroupId, PageRequest, PrincipalId, PromotionId, Result},
    platform::db::{Json, Read, Write, remembered as changes, violated},
};
use chrono::{DateTime, Duration, Utc};
use diesel::{prelude::*, sql_query, sql_types::BigInt};
use std::{cmp::Reverse, collections::HashMap, sync::Arc};

/// The time for which ended promotions are remembered: sales of tills that are told later had them.
const TOLD_LATER: Duration = Duration::days(7);

/// A row as it stands in the table.
#[derive(Queryable)]
struct PromotionRow {
    id: PromotionId,
    code: String,
    name: String,
    currency: String,
    applies_to: Json<AppliesTo>,
    target: Json<Target>,
    benefit: Json<Benefit>,
    min_spend_minor: Option<i64>,
    needs_coupon: bool,
    is_exclusive: bool,
    priority: i32,
    starts_at: DateTime<Utc>,
    ends_at: Option<DateTime<Utc>>,
    max_uses: Option<i64>,
    max_uses_per_customer: Option<i32>,
    budget_minor: Option<i64>,
    used_count: i64,
    spent_minor: i64,
    version: i64,
    created_by: PrincipalId,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// A row to be added.
#[derive(Insertable)]
#[diesel(table_name = p)]
struct NewRow<'a> {
    id: PromotionId,
    code: &'a str,
    name: &'a str,
    currency: &'a str,
    applies_to: Json<AppliesTo>,
    target: Json<Target>,
    benefit: Json<Benefit>,
    min_spend_minor: Option<i64>,
    needs_coupon: bool,
    is_exclusive: bool,
    priority: i32,
    starts_at: DateTime<Utc>,
    ends_at: Option<DateTime<Utc>>,
    max_uses: Option<i64>,
    max_uses_per_customer: Option<i32>,
    budget_minor: Option<i64>,
    created_by: PrincipalId,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl PromotionRow {
    /// The uses so far.
    fn usage(&self) -> Usage {
        Usage::of(self.used_count, self.spent_minor, self.max_uses, self.budget_minor)
    }
}

impl TryFrom<PromotionRow> for Promotion {
    type Error = Error;
    fn try_from(row: PromotionRow) -> Result<Self> {
        Ok(Self {
            id: row.id,
            code: row.code,
            name: row.name.into(),
            currency: row.currency.parse().map_err(|e: String| anyhow::anyhow!(e))?,
            applies_to: row.applies_to.0,
            target: row.target.0,
            benefit: row.benefit.0,
            min_spend_minor: row.min_spend_minor,
            needs_coupon: row.needs_coupon,
            is_exclusive: row.is_exclusive,
            priority: row.priority,
            starts_at: row.starts_at,
            ends_at: row.ends_at,
            max_uses: row.max_uses,
            max_uses_per_customer: row.max_uses_per_customer,
            budget_minor: row.budget_minor,
            version: row.version,
            created_by: row.created_by,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

/// Adds a promotion; its code is unique.
pub fn insert(tx: &mut Write, new: NewPromotion, by: PrincipalId) -> Result<Promotion> {
    let now = tx.now();
    let code = new.code.as_str().to_owned();
    let row = NewRow {
        id: PromotionId::new(),
        code: &code,
        name: &new.name,
        currency: new.currency.code(),
        applies_to: Json(new.applies_to),
        target: Json(new.target),
        benefit: Json(new.benefit),
        min_spend_minor: new.min_spend_minor,
        needs_coupon: new.needs_coupon,
        is_exclusive: new.is_exclusive,
        priority: new.priority,
        starts_at: new.starts_at.unwrap_or(now),
        ends_at: new.ends_at,
        max_uses: new.max_uses,
        max_uses_per_customer: new.max_uses_per_customer,
        budget_minor: new.budget_minor,
        created_by: by,
        created_at: now,
        updated_at: now,
    };
    let id = row.id;
    let done = diesel::insert_into(p::table).values(row).execute(tx.conn());
    done.map_err(|error| match violated(&error).is_some_and(|it| it.0 == "promotions_code_key") {
        true => Error::at(Code::PromotionCodeTaken, "/code", format!("a promotion has the code {code}")),
        false => error.into(),
    })?;
    Ok(by_id(tx.conn(), id)?.0)
}

/// A promotion with its uses, locked until the transaction ends.
pub fn lock(tx: &mut Write, id: PromotionId) -> Result<(Promotion, Usage)> {
    let row: Option<PromotionRow> = p::table.find(id).for_no_key_update().first(tx.conn()).optional()?;
    let row = row.ok_or_else(|| Error::not_found("promotion"))?;
    let usage = row.usage();
    Ok((row.try_into()?, usage))
}

/// Writes a changed promotion over the one that was locked.
pub fn save(tx: &mut Write, promotion: &Promotion) -> Result<()> {
    let changed = (
        p::name.eq(&*promotion.name),
        p::ends_at.eq(promotion.ends_at),
        p::max_uses.eq(promotion.max_uses),
        p::budget_minor.eq(promotion.budget_minor),
        p::version.eq(promotion.version),
        p::updated_at.eq(promotion.updated_at),
    );
    diesel::update(p::table.find(promotion.id)).set(changed).execute(tx.conn())?;
    Ok(())
}

/// A promotion that stays until the transaction ends; others may use and change it meanwhile.
pub fn keep(tx: &mut Write, id: PromotionId) -> Result<Promotion> {
    let row: Option<PromotionRow> = p::table.find(id).for_key_share().first(tx.conn()).optional()?;
    row.ok_or_else(|| Error::not_found("promotion"))?.try_into()
}

/// Takes a promotion away that no order has used, with its coupons.
pub fn delete(tx: &mut Write, id: PromotionId) -> Result<()> {
    coupons::delete_of(tx, id)?;
    let done = diesel::delete(p::table.find(id)).execute(tx.conn());
    done.map_err(|error| match violated(&error).is_some() {
        true => Error::refused(Code::Conflict, "coupons of the promotion were made just now; try again"),
        false => error.into(),
    })?;
    Ok(())
}

/// A promotion with its uses.
pub fn by_id(conn: &mut PgConnection, id: PromotionId) -> Result<(Promotion, Usage)> {
    let row: Option<PromotionRow> = p::table.find(id).first(conn).optional()?;
    let row = row.ok_or_else(|| Error::not_found("promotion"))?;
    let usage = row.usage();
    Ok((row.try_into()?, usage))
}

/// Which promotions.
#[derive(Debug, Clone, Copy, Default)]
pub struct PromotionFilter {
    /// Those that go on, or those that do not.
    pub is_active: Option<bool>,
    pub currency: Option<Currency>,
    pub needs_coupon: Option<bool>,
}

/// The promotion with a code, if there is one.
pub fn by_code(conn: &mut PgConnection, code: &str) -> Result<Option<Promotion>> {
    let row: Option<PromotionRow> = p::table.filter(p::code.eq(code)).first(conn).optional()?;
    row.map(Promotion::try_from).transpose()
}

/// A promotion's place in the list of all: by code.
pub type PromotionKey = (String, PromotionId);

/// A page of the promotions that fit a filter at a moment, by code.
pub fn page(
    conn: &mut PgConnection,
    filter: PromotionFilter,
    now: DateTime<Utc>,
    page: &PageRequest<PromotionKey>,
) -> Result<Vec<Promotion>> {
    let mut query = p::table.order(p::code).limit(page.limit + 1).into_boxed();
    let has_begun = p::starts_at.le(now);
    let has_ended = p::ends_at.is_not_null().and(p::ends_at.assume_not_null().le(now));
    match filter.is_active {
        Some(true) => query = query.filter(has_begun).filter(diesel::dsl::not(has_ended)),
        Some(false) => query = query.filter(diesel::dsl::not(has_begun).or(has_ended)),
        None => {}
    }
    if let Some(currency) = filter.currency {
        query = query.filter(p::currency.eq(currency.code()));
    }
    if let Some(needs_coupon) = filter.needs_coupon {
        query = query.filter(p::needs_coupon.eq(needs_coupon));
    }
    if let Some((code, _)) = &page.after {
        query = query.filter(p::code.gt(code));
    }
    query.load::<PromotionRow>(conn)?.into_iter().map(Promotion::try_from).collect()
}

#[derive(QueryableByName)]
struct Versions {
    #[diesel(sql_type = BigInt)]
    versions: i64,
}

fn versions_of_groups(conn: &mut PgConnection) -> QueryResult<i64> {
    let query = sql_query("select coalesce(sum(version), 0)::bigint as versions from catalog_groups");
    Ok(query.get_result::<Versions>(conn)?.versions)
}

/// The second columns by the first.
fn grouped<T>(rows: Vec<(GroupId, T)>) -> HashMap<GroupId, Vec<T>> {
    let mut groups = HashMap::<GroupId, Vec<T>>::new();
    for (group, of_it) in rows {
        groups.entry(group).or_default().push(of_it);
    }
    groups
}

/// The promotions that have not ended or only lately, in the order in which they apply.
pub fn remembered(db: &mut Read, now: DateTime<Utc>) -> Result<Promotions> {
    let changes = changes::changes(db)?;
    let conn = db.conn();
    let is_alive = p::ends_at.is_null().or(p::ends_at.gt(now - TOLD_LATER));
    let rows: Vec<PromotionRow> = p::table.filter(is_alive).order(p::code).load(conn)?;
    let groups = versions_of_groups(conn)?;
    let all: Vec<_> = rows.into_iter().map(Promotion::try_from).collect::<Result<_>>()?;
    let named = |of: fn(&Target) -> &Vec<GroupId>| -> Vec<GroupId> {
        all.iter().flat_map(|promotion| of(&promotion.target)).copied().collect()
    };
    let below = grouped(groups::store::all_below(conn, &named(|target| &target.category_ids))?);
    let products = grouped(groups::store::products_of(conn, &named(|target| &target.collection_ids))?);
    let remembered = |promotion: Promotion| {
        let target = &promotion.target;
        RememberedPromotion {
            categories: target.category_ids.iter().filter_map(|id| below.get(id)).flatten().copied().collect(),
            collected: target.collection_ids.iter().filter_map(|id| products.get(id)).flatten().copied().collect(),
            skus: target.skus.iter().map(|sku| sku.key().clone()).collect(),
            excluded_skus: target.excluded_skus.iter().map(|sku| sku.key().clone()).collect(),
            promotion: Arc::new(promotion),
        }
    };
    let mut list: Vec<_> = all.iter().cloned().map(remembered).collect();
    list.sort_by_key(|of| Reverse(of.promotion.priority));
    Ok(Promotions { list, changes, groups })
}

/// The versions of promotions that have not ended, and of the groups.
pub fn promotions_now(conn: &mut PgConnection, now: DateTime<Utc>) -> Result<PromotionsNow> {
    let is_alive = p::ends_at.is_null().or(p::ends_at.gt(now));
    let rows: Vec<(PromotionId, i64, String)> =
        p::table.filter(is_alive).select((p::id, p::version, p::currency)).load(conn)?;
    let mut versions = HashMap::<Currency, HashMap<PromotionId, i64>>::new();
    for (id, version, currency) in rows {
        let currency = currency.parse().map_err(|e: String| anyhow::anyhow!(e))?;
        versions.entry(currency).or_default().insert(id, version);
    }
    Ok(PromotionsNow { versions, groups: versions_of_groups(conn)?, at: now })
}
