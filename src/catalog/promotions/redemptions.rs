//! The uses of promotions as a lane holds them: those that the orders of one batch make, counted under the locks of
//! their promotions and coupons. Their rows are locked last of all.
use super::{
    model::{CountedUses, PromotionVerdict, Usage},
    rules::AppliedPromotion,
    store::redemptions::{self as store, CustomerDigest, NewRedemption},
};
use crate::{
    catalog::cache::Catalog,
    kernel::{Code, CouponId, Error, OrderId, PromotionId, Result},
    platform::{
        db::{Bulk, Write},
        group_commit::{Mutant, Patience, WorkingSet, held_by_others},
    },
};
use chrono::{DateTime, Utc};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

/// Additions of a batch to the uses of a promotion: orders and the amount off them.
#[derive(Debug, Clone, Copy, Default)]
struct Delta {
    used: i64,
    spent: i64,
}

/// A use of a promotion that is given back.
#[derive(Debug, Clone, Copy)]
pub struct Released {
    pub promotion: PromotionId,
    pub coupon: Option<CouponId>,
    pub amount_minor: i64,
}

/// The uses of promotions in one batch.
pub struct Redemptions {
    catalog: Catalog,
    wanted: BTreeSet<PromotionId>,
    wanted_coupons: BTreeSet<CouponId>,
    wanted_customers: BTreeSet<CustomerDigest>,
    usages: HashMap<PromotionId, Usage>,
    coupons: HashMap<CouponId, Option<i64>>,
    customers: HashMap<(PromotionId, CustomerDigest), i64>,
    deltas: BTreeMap<PromotionId, Delta>,
    coupon_deltas: BTreeMap<CouponId, i64>,
    new: Vec<NewRedemption>,
    released: Vec<(OrderId, PromotionId)>,
    mutant: Mutant,
    patience: Patience,
}

impl Redemptions {
    /// Those of a server that remembers such a catalog.
    pub fn new(catalog: Catalog) -> Self {
        Self {
            catalog,
            wanted: BTreeSet::new(),
            wanted_coupons: BTreeSet::new(),
            wanted_customers: BTreeSet::new(),
            usages: HashMap::new(),
            coupons: HashMap::new(),
            customers: HashMap::new(),
            deltas: BTreeMap::new(),
            coupon_deltas: BTreeMap::new(),
            new: vec![],
            released: vec![],
            mutant: Mutant::None,
            patience: Patience::Wait,
        }
    }

    /// Says which promotions an order of a customer uses.
    pub fn want(&mut self, applied: &[Arc<AppliedPromotion>], customer: Option<&CustomerDigest>) {
        for of in applied.iter().filter(|of| of.promotion.is_counted()) {
            self.wanted.insert(of.promotion.id);
            self.wanted_coupons.extend(of.coupon.as_ref().map(|coupon| coupon.id));
            self.wanted_customers.extend(customer.cloned().filter(|_| of.promotion.max_uses_per_customer.is_some()));
        }
    }

    /// Refuses what the uses so far do not leave room for: a coupon or a quote for good, another promotion so that the
    /// order is priced without it.
    pub fn require_room(
        &self,
        applied: &[Arc<AppliedPromotion>],
        customer: Option<&CustomerDigest>,
        is_quoted: bool,
    ) -> Result<()> {
        for of in applied.iter().filter(|of| of.promotion.is_counted()) {
            let promotion = &of.promotion;
            let Some(usage) = self.usages.get(&promotion.id) else { return Err(held_by_others("promotion")) };
            if let Some(coupon) = &of.coupon {
                let left = self.coupons.get(&coupon.id).ok_or_else(|| held_by_others("coupon"))?;
                if left.is_some_and(|left| left < 1) && !self.mutant.UncountedCoupon() {
                    let said = format!("the coupon {} cannot be used any more", coupon.code);
                    return Err(Error::at(Code::CouponUsed, "/coupons", said));
                }
            }
            let uses = |of: &CustomerDigest| self.customers.get(&(promotion.id, of.clone())).copied().unwrap_or(0);
            let counted = CountedUses { usage: *usage, by_customer: customer.map(uses) };
            if let Some(limit) = promotion.limit(&counted, of.total_minor())
                && !self.mutant.UncountedBudget()
            {
                self.catalog.usages.invalidate(&promotion.id);
                let code = match (is_quoted || of.coupon.is_some(), limit) {
                    (false, _) => Code::Conflict,
                    (true, PromotionVerdict::BudgetSpent) => Code::BudgetSpent,
                    (true, _) => Code::PromotionUsedUp,
                };
                let said = match limit {
                    PromotionVerdict::BudgetSpent => "takes more off the order than its budget still has",
                    PromotionVerdict::UsedUp => "has been used as often as it may be",
                    PromotionVerdict::CustomerLimit => "has been used by the customer as often as they may",
                    _ => "does not apply any more",
                };
                let said = format!("the promotion {} {said}", promotion.code);
                return Err(match &of.coupon {
                    Some(coupon) => {
                        Error::at(code, "/coupons", format!("the coupon {} does not apply: {said}", coupon.code))
                    }
                    None if is_quoted => Error::at(code, "/quote_id", said),
                    None => Error::refused(code, said),
                });
            }
        }
        Ok(())
    }

    /// Counts the uses that an order makes.
    pub fn redeem(&mut self, order: OrderId, applied: &[Arc<AppliedPromotion>], customer: Option<&CustomerDigest>) {
        for of in applied.iter().filter(|of| of.promotion.is_counted()) {
            let (promotion, amount_minor) = (of.promotion.id, of.total_minor());
            let coupon = of.coupon.as_ref().map(|coupon| coupon.id);
            self.count(promotion, coupon, Delta { used: 1, spent: amount_minor });
            let customer = customer.filter(|_| of.promotion.max_uses_per_customer.is_some()).cloned();
            if let Some(customer) = &customer {
                *self.customers.entry((promotion, customer.clone())).or_default() += 1;
            }
            self.new.push(NewRedemption { order, promotion, coupon, customer, amount_minor });
        }
    }

    /// Gives the uses of an order back.
    pub fn release(&mut self, order: OrderId, uses: &[Released]) {
        for of in uses {
            self.count(of.promotion, of.coupon, Delta { used: -1, spent: -of.amount_minor });
            self.released.push((order, of.promotion));
        }
    }

    fn count(&mut self, promotion: PromotionId, coupon: Option<CouponId>, delta: Delta) {
        let sum = self.deltas.entry(promotion).or_default();
        *sum = Delta { used: sum.used + delta.used, spent: sum.spent + delta.spent };
        if let Some(usage) = self.usages.get_mut(&promotion) {
            usage.uses_left = usage.uses_left.map(|left| left - delta.used);
            usage.budget_left_minor = usage.budget_left_minor.map(|left| left - delta.spent);
        }
        if let Some(coupon) = coupon {
            *self.coupon_deltas.entry(coupon).or_default() += delta.used;
            // What is given back in this batch can be used from the next one on: a disabled coupon stays so.
            if let Some(Some(left)) = self.coupons.get_mut(&coupon).filter(|_| delta.used > 0) {
                *left -= delta.used;
            }
        }
    }
}

impl WorkingSet for Redemptions {
    fn clear(&mut self) {
        self.wanted.clear();
        self.wanted_coupons.clear();
        self.wanted_customers.clear();
        self.usages.clear();
        self.coupons.clear();
        self.customers.clear();
        self.deltas.clear();
        self.coupon_deltas.clear();
        self.new.clear();
        self.released.clear();
    }

    fn open(&mut self, _: &mut Write, patience: Patience, mutant: Mutant) -> Result<()> {
        (self.patience, self.mutant) = (patience, mutant);
        Ok(())
    }

    fn decides_by_memory(&self) -> bool {
        !self.wanted.is_empty()
    }

    /// Locks the rows after the lock of what is remembered: whoever changes a promotion takes that one first, too.
    fn check(&mut self, tx: &mut Write, _: i64) -> Result<()> {
        let patience = self.patience;
        if self.wanted.is_empty() {
            return Ok(());
        }
        let promotions: Vec<_> = self.wanted.iter().copied().collect();
        let coupons: Vec<_> = self.wanted_coupons.iter().copied().collect();
        let customers: Vec<_> = self.wanted_customers.iter().cloned().collect();
        self.usages = store::lock_usages(tx.conn(), &promotions, patience)?;
        if !coupons.is_empty() {
            self.coupons = store::lock_coupons(tx.conn(), &coupons, patience)?;
        }
        if !customers.is_empty() {
            self.customers = store::uses_of_customers(tx.conn(), &promotions, &customers)?;
        }
        Ok(())
    }

    fn noted(&self) -> usize {
        self.new.len() + self.released.len()
    }

    fn committed(&mut self) {
        for (_, promotion) in &self.released {
            self.catalog.usages.invalidate(promotion);
        }
    }

    fn save(&mut self, bulk: &mut Bulk, now: DateTime<Utc>) -> Result<()> {
        let counts: Vec<_> = self.deltas.iter().map(|(id, delta)| (*id, delta.used, delta.spent)).collect();
        let coupons: Vec<_> = self.coupon_deltas.iter().map(|(id, uses)| (*id, *uses)).collect();
        store::count(bulk, &counts);
        store::count_coupons(bulk, &coupons);
        store::insert(bulk, &self.new, now);
        store::release(bulk, &self.released, now);
        Ok(())
    }
}
