//! The discounts of a cart: the promotions that are remembered, the coupons that are shown, and the uses so far.
use super::{
    model::{CountedUses, Coupon, CouponCode, PromotionVerdict, Promotions},
    rules::{self, AppliedPromotion, Cart, Judged, ShownCoupon},
    store::{
        self, coupons,
        redemptions::{self, CustomerDigest},
    },
};
use crate::{
    catalog::cache::Catalog,
    kernel::{Code, Faults, PromotionId, Result},
    platform::db::{Db, Read},
};
use chrono::{DateTime, Utc};
use std::{collections::HashMap, sync::Arc};

/// The discounts of a cart.
#[derive(Debug, Clone, Default)]
pub struct Discounts {
    /// The promotions that apply, in their order.
    pub applied: Vec<Arc<AppliedPromotion>>,
    /// All promotions with what they do for the cart, or why they do nothing.
    pub judged: Vec<Judged>,
    /// The promotions as they were remembered.
    pub promotions: Arc<Promotions>,
    /// The digest of the customer, if they are known.
    pub customer: Option<CustomerDigest>,
}

impl Discounts {
    /// The amount off a line, in minor units.
    pub fn off_line(&self, at: usize) -> i64 {
        self.applied.iter().filter_map(|of| of.amounts.get(at)).sum()
    }
}

/// Those who buy, as far as promotions depend on them.
#[derive(Debug, Clone, Copy, Default)]
pub struct Buyer<'a> {
    pub coupons: &'a [CouponCode],
    /// The digest of their id or e-mail address.
    pub digest: Option<&'a CustomerDigest>,
    /// True if they may choose how the goods are sent later: a coupon for shipping is not refused then.
    pub may_choose_shipping: bool,
}

impl Catalog {
    /// The discounts of a cart; refused if a coupon that is shown does not apply, each at its place.
    pub async fn discounts(&self, db: &Db, cart: Cart<'_>, buyer: Buyer<'_>) -> Result<Discounts> {
        let mut promotions = self.promotions(db).await?;
        let customer = buyer.digest.cloned();
        if promotions.list.is_empty() && buyer.coupons.is_empty() {
            return Ok(Discounts { promotions, customer, ..Discounts::default() });
        }
        let mut found = vec![];
        if !buyer.coupons.is_empty() {
            let codes = buyer.coupons.to_vec();
            found = db.read(move |db| Ok(coupons::by_code(db.conn(), &codes)?)).await?;
            let is_known = |coupon: &Coupon| promotions.list.iter().any(|of| of.promotion.id == coupon.promotion_id);
            let unknown = found.iter().filter(|coupon| !is_known(coupon)).map(|coupon| coupon.promotion_id);
            let (unknown, now) = (unknown.collect::<Vec<_>>(), cart.to.at);
            if !unknown.is_empty() && db.read(move |db| any_goes_on(db, &unknown, now)).await? {
                // A promotion that this server has not heard of yet.
                self.promotions.forget();
                promotions = self.promotions(db).await?;
            }
        }
        let shown: Vec<_> = found.iter().map(ShownCoupon::of).collect();
        let counted = self.counted(db, &promotions, &shown, customer.clone()).await?;
        let judged = rules::judged(&promotions.list, cart, &shown, &counted);
        require_all_shown(buyer, &found, &judged)?;
        let applied = judged.iter().filter_map(|(_, judged)| judged.clone().ok()).collect();
        Ok(Discounts { applied, judged, promotions, customer })
    }

    /// The discounts of goods that have been sold already: of promotions that need no coupon and count no uses, for
    /// nothing can be refused any more.
    pub async fn discounts_of_past(&self, db: &Db, cart: Cart<'_>) -> Result<Discounts> {
        let promotions = self.promotions(db).await?;
        let list: Vec<_> = promotions.list.iter().filter(|of| !of.promotion.is_counted()).cloned().collect();
        let judged = rules::judged(&list, cart, &[], &HashMap::new());
        let applied = judged.iter().filter_map(|(_, judged)| judged.clone().ok()).collect();
        Ok(Discounts { applied, judged, promotions, customer: None })
    }

    /// The uses so far of those promotions that are counted and may apply.
    async fn counted(
        &self,
        db: &Db,
        promotions: &Promotions,
        shown: &[ShownCoupon],
        customer: Option<CustomerDigest>,
    ) -> Result<HashMap<PromotionId, CountedUses>> {
        let is_shown = |id| shown.iter().any(|coupon| coupon.promotion_id == id);
        let list = promotions.list.iter().map(|of| &of.promotion);
        let wanted = list.filter(|of| of.is_counted() && (!of.needs_coupon || is_shown(of.id)));
        let (mut known, mut unknown) = (HashMap::new(), vec![]);
        for promotion in wanted {
            let is_anyones = !promotion.needs_coupon && promotion.max_uses_per_customer.is_none();
            match self.usages.get(&promotion.id).filter(|_| is_anyones) {
                Some(usage) => drop(known.insert(promotion.id, CountedUses { usage, by_customer: None })),
                None => unknown.push(promotion.id),
            }
        }
        if unknown.is_empty() {
            return Ok(known);
        }
        let read = db.read(move |db| counted_of(db, &unknown, customer.as_ref())).await?;
        for (id, counted) in &read {
            self.usages.insert(*id, counted.usage);
        }
        known.extend(read);
        Ok(known)
    }
}

/// True if one of these promotions has not ended.
fn any_goes_on(db: &mut Read, ids: &[PromotionId], now: DateTime<Utc>) -> Result<bool> {
    let now = store::promotions_now(db.conn(), now)?;
    Ok(ids.iter().any(|id| now.versions.values().any(|of_currency| of_currency.contains_key(id))))
}

fn counted_of(
    db: &mut Read,
    wanted: &[PromotionId],
    customer: Option<&CustomerDigest>,
) -> Result<HashMap<PromotionId, CountedUses>> {
    let usages = redemptions::usages(db.conn(), wanted)?;
    let by_customer = match customer {
        Some(customer) => redemptions::uses_of_customers(db.conn(), wanted, std::slice::from_ref(customer))?,
        None => HashMap::new(),
    };
    let of_customer = |id| customer.map(|of| by_customer.get(&(id, of.clone())).copied().unwrap_or(0));
    Ok(usages.into_iter().map(|(id, usage)| (id, CountedUses { usage, by_customer: of_customer(id) })).collect())
}

/// Refuses coupons that do not exist, may not be used any more, or take nothing off this cart.
fn require_all_shown(buyer: Buyer<'_>, found: &[Coupon], judged: &[Judged]) -> Result<()> {
    let mut faults = Faults::default();
    for (at, code) in buyer.coupons.iter().enumerate() {
        let pointer = format!("/coupons/{at}");
        let Some(coupon) = found.iter().find(|coupon| coupon.code == code.as_str()) else {
            faults.add(Code::UnknownCoupon, &pointer, format!("there is no coupon {}", code.as_str()));
            continue;
        };
        let code = &coupon.code;
        if coupon.disabled_at.is_some() || coupon.max_uses.is_some_and(|most| coupon.used_count >= most) {
            faults.add(Code::CouponUsed, &pointer, format!("the coupon {code} cannot be used any more"));
            continue;
        }
        let of_it = judged.iter().find(|(promotion, _)| promotion.id == coupon.promotion_id);
        let verdict = match of_it {
            Some((_, Ok(applied))) if applied.coupon.as_ref().is_some_and(|of| of.id == coupon.id) => continue,
            Some((_, Ok(_))) => PromotionVerdict::NotCombinable,
            Some((_, Err(PromotionVerdict::NoShippingCharge))) if buyer.may_choose_shipping => continue,
            Some((_, Err(verdict))) => *verdict,
            None => PromotionVerdict::Ended,
        };
        let refusal = match verdict {
            PromotionVerdict::BudgetSpent => Code::BudgetSpent,
            PromotionVerdict::UsedUp | PromotionVerdict::CustomerLimit => Code::PromotionUsedUp,
            _ => Code::CouponNotApplicable,
        };
        faults.add(refusal, &pointer, format!("the coupon {code} takes nothing off: {verdict}"));
    }
    faults.require_none()
}

impl ShownCoupon {
    fn of(coupon: &Coupon) -> Self {
        Self { id: coupon.id, code: coupon.code.as_str().into(), promotion_id: coupon.promotion_id }
    }
}
