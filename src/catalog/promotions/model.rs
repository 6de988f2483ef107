//! Promotions and coupons, as they are kept and as they are to be made.
mod benefits;
mod coupons;
mod limits;
pub use benefits::{Benefit, BundleItem, ExpiryStep, Target, Tier};
pub use coupons::{Coupon, CouponCode};
pub use limits::{CountedUses, PromotionVerdict};

use crate::{
    catalog::{attributes::Slug, price_lists::AppliesTo},
    kernel::{CouponId, Currency, GroupId, OrderId, PrincipalId, ProductId, PromotionId, Text, Typed},
    platform::group_commit::Versioned,
};
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};
use utoipa::ToSchema;

/// A promotion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Promotion {
    /// Identifies the promotion.
    pub id: PromotionId,
    /// The short name that systems use, unique.
    pub code: String,
    /// The name on receipts.
    #[schema(value_type = String)]
    pub name: Arc<str>,
    /// The currency of its amounts (ISO 4217); it applies to sales in this currency.
    pub currency: Currency,
    /// The circumstances in which it applies.
    pub applies_to: AppliesTo,
    /// The goods that it is about.
    pub target: Target,
    /// The benefit.
    pub benefit: Benefit,
    /// The price that these goods must reach, after the promotions before it, in minor units; null for none.
    pub min_spend_minor: Option<i64>,
    /// True if a coupon must be shown for it.
    pub needs_coupon: bool,
    /// True if no other promotion applies beside it.
    pub is_exclusive: bool,
    /// The promotion with the highest priority applies first, and the others to what it leaves of the price.
    pub priority: i32,
    /// The moment from which it applies.
    pub starts_at: DateTime<Utc>,
    /// The moment from which it applies no more; null for none.
    pub ends_at: Option<DateTime<Utc>>,
    /// Orders that may use it; null for any number.
    pub max_uses: Option<i64>,
    /// Orders of one customer that may use it; null for any number.
    pub max_uses_per_customer: Option<i32>,
    /// The most that it takes off all orders together, in minor units; null for any amount.
    pub budget_minor: Option<i64>,
    /// The number of its changes; send it back in `If-Match`.
    pub version: i64,
    /// The user who created it.
    pub created_by: PrincipalId,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

impl Versioned for Promotion {
    fn version(&self) -> i64 {
        self.version
    }
}

/// The use that has been made of a promotion by orders that are not canceled. Uses are counted of a promotion that has
/// a coupon, a budget or a limit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Usage {
    /// Orders that have used it.
    pub used_count: i64,
    /// The amount off these orders, in minor units.
    pub spent_minor: i64,
    /// Uses that are left; null for any number.
    pub uses_left: Option<i64>,
    /// The part of the budget that is left, in minor units; null for any amount.
    pub budget_left_minor: Option<i64>,
}

impl Usage {
    /// Orders and an amount, of so many orders and a budget that there may be.
    pub fn of(used_count: i64, spent_minor: i64, most: Option<i64>, budget: Option<i64>) -> Self {
        Self {
            used_count,
            spent_minor,
            uses_left: most.map(|most| most - used_count),
            budget_left_minor: budget.map(|budget| budget - spent_minor),
        }
    }
}

/// The use of a promotion by an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Redemption {
    /// Identifies the order.
    pub order_id: OrderId,
    /// The coupon that was shown; null if none was.
    pub coupon_id: Option<CouponId>,
    /// The amount off the order, in minor units.
    pub amount_minor: i64,
    /// When the order was placed.
    pub redeemed_at: DateTime<Utc>,
    /// When the order was canceled and the use given back; null while it counts.
    pub released_at: Option<DateTime<Utc>>,
}

/// A promotion to be made.
#[derive(Debug, Clone)]
pub struct NewPromotion {
    pub code: Slug,
    pub name: Text<200>,
    pub currency: Currency,
    pub applies_to: AppliesTo,
    pub target: Target,
    pub benefit: Benefit,
    pub min_spend_minor: Option<i64>,
    pub needs_coupon: bool,
    pub is_exclusive: bool,
    pub priority: i32,
    /// Now, if absent.
    pub starts_at: Option<DateTime<Utc>>,
    pub ends_at: Option<DateTime<Utc>>,
    pub max_uses: Option<i64>,
    pub max_uses_per_customer: Option<i32>,
    pub budget_minor: Option<i64>,
}

/// The changes of a promotion; `None` leaves a field, `Some(None)` clears it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PromotionChange {
    pub name: Option<Text<200>>,
    pub ends_at: Option<Option<DateTime<Utc>>>,
    pub max_uses: Option<Option<i64>>,
    pub budget_minor: Option<Option<i64>>,
}

/// A promotion as a server remembers it, with the groups and products that it is about.
#[derive(Debug, Clone)]
pub struct RememberedPromotion {
    pub promotion: Arc<Promotion>,
    /// Its categories and those below them.
    pub categories: HashSet<GroupId>,
    /// The products of its collections.
    pub collected: HashSet<ProductId>,
    /// The SKUs that it names; any if empty.
    pub skus: HashSet<Typed>,
    /// The SKUs that it leaves out.
    pub excluded_skus: HashSet<Typed>,
}

/// All promotions that have not ended, in the order in which they apply.
#[derive(Debug, Clone, Default)]
pub struct Promotions {
    pub list: Vec<RememberedPromotion>,
    /// The number of changes of the catalog that are in it at least.
    pub changes: i64,
    /// The sum of the versions of all brands, categories and collections: any change of one changes it.
    pub groups: i64,
}

/// The promotions that have not ended and the groups, as they are now.
#[derive(Debug, Clone, Default)]
pub struct PromotionsNow {
    /// The versions of the promotions in each currency.
    pub versions: HashMap<Currency, HashMap<PromotionId, i64>>,
    pub groups: i64,
    /// The moment at which these had not ended.
    pub at: DateTime<Utc>,
}
