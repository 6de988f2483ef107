//! Promotions as clients read them.
use super::{
    model::{Coupon, Promotion, Redemption, Usage},
    store::{
        self, PromotionFilter, PromotionKey,
        coupons::{self, CouponFilter, CouponKey},
        redemptions,
    },
};
use crate::{
    kernel::{OrderId, Page, PageRequest, PromotionId, Result},
    platform::db::Read,
};
use chrono::{DateTime, Utc};

/// A promotion.
pub fn promotion(db: &mut Read, id: PromotionId) -> Result<Promotion> {
    Ok(store::by_id(db.conn(), id)?.0)
}

/// The uses of a promotion so far.
pub fn usage(db: &mut Read, id: PromotionId) -> Result<Usage> {
    Ok(store::by_id(db.conn(), id)?.1)
}

/// The promotion with a code, if there is one.
pub fn promotion_by_code(db: &mut Read, code: &str) -> Result<Option<Promotion>> {
    store::by_code(db.conn(), code)
}

/// A page of the promotions that fit a filter at a moment, by code.
pub fn promotions(
    db: &mut Read,
    filter: PromotionFilter,
    now: DateTime<Utc>,
    page: &PageRequest<PromotionKey>,
) -> Result<Page<Promotion>> {
    Ok(Page::of(store::page(db.conn(), filter, now, page)?, page.limit))
}

/// A page of coupons, by code.
pub fn coupons(db: &mut Read, filter: &CouponFilter, page: &PageRequest<CouponKey>) -> Result<Page<Coupon>> {
    Ok(Page::of(coupons::page(db.conn(), filter, page)?, page.limit))
}

/// A page of the uses of a promotion that exists, the newest first.
pub fn redemptions(db: &mut Read, of: PromotionId, page: &PageRequest<OrderId>) -> Result<Page<Redemption>> {
    promotion(db, of)?;
    Ok(Page::of(redemptions::page(db.conn(), of, page)?, page.limit))
}
