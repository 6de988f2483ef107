//! Coupons made and disabled.
use super::{
    model::{Coupon, CouponCode},
    store::{self, coupons::NewCoupons},
};
use crate::{
    kernel::{Code, CouponId, Error, PromotionId, Result, actor::Permission},
    platform::{
        db::Db,
        idempotency::{Caller, Outcome, Recorded, write_once},
    },
};
use rand::RngExt;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// The letters of codes that are made here: none that is taken for another one.
const LETTERS: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
/// Letters of a code that is made here: 32^12 codes cannot be guessed.
const LENGTH: usize = 12;

/// The coupons of a promotion to be made.
#[derive(Debug, Clone)]
pub struct CouponsAsked {
    pub promotion: PromotionId,
    /// These codes, or so many that are made here.
    pub codes: Vec<CouponCode>,
    pub count: usize,
    pub max_uses: Option<i64>,
}

/// Coupons as they were made.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct MadeCoupons {
    /// Identifies the promotion.
    pub promotion_id: PromotionId,
    /// The codes, in order.
    #[schema(value_type = Vec<CouponCode>)]
    pub codes: Vec<String>,
}

/// Makes coupons of a promotion that needs them.
pub async fn create(db: &Db, caller: Caller, asked: CouponsAsked) -> Result<Recorded<MadeCoupons>> {
    let Caller { actor, key, .. } = caller;
    let by = actor.id;
    actor.require_everywhere(Permission::PricesWrite)?;
    write_once(db, actor, Permission::PricesWrite, key, move |tx, _| {
        let promotion = store::keep(tx, asked.promotion)?;
        promotion.require_open(tx.now())?;
        if !promotion.needs_coupon {
            let said = format!("the promotion {} applies without a coupon", promotion.code);
            return Err(Error::refused(Code::CouponNotApplicable, said));
        }
        let codes = if asked.codes.is_empty() { random(asked.count)? } else { asked.codes.clone() };
        let new = NewCoupons { promotion: promotion.id, codes, max_uses: asked.max_uses, by };
        let codes = store::coupons::insert(tx, &new)?;
        let made = MadeCoupons { promotion_id: promotion.id, codes };
        Ok(Outcome::created(promotion.id, promotion.version, None, made))
    })
    .await
}

fn random(count: usize) -> Result<Vec<CouponCode>> {
    let mut random = rand::rng();
    let mut codes = BTreeSet::new();
    while codes.len() < count {
        let letter = |_| LETTERS.get(random.random_range(0..LETTERS.len())).copied().unwrap_or(b'X');
        codes.insert((0..LENGTH).map(letter).map(char::from).collect::<String>());
    }
    codes.iter().map(|code| code.parse().map_err(|why: String| anyhow::anyhow!(why).into())).collect()
}

/// Disables a coupon, or lets it be used again.
pub async fn set_disabled(db: &Db, caller: Caller, id: CouponId, is_disabled: bool) -> Result<Recorded<Coupon>> {
    let Caller { actor, key, expected } = caller;
    actor.require_everywhere(Permission::PricesWrite)?;
    write_once(db, actor, Permission::PricesWrite, key, move |tx, _| {
        let coupon = store::coupons::lock(tx, id)?;
        expected.check("the coupon", coupon.version)?;
        let coupon = store::coupons::set_disabled(tx, id, is_disabled)?;
        Ok(Outcome::changed(coupon.version, None, coupon))
    })
    .await
}
