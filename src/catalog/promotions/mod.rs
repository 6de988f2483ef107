//! Promotions: what is taken off the price of goods, in which circumstances, and how often and up to which budget.
//! `rules.rs` finds the discounts of a cart, and nothing else does: orders, quotes and the proof of both ask it.
//! `redemptions.rs` counts them in the transaction of the order, so that no cap or budget is ever passed.
mod apply;
pub mod audit;
mod change;
mod coupons;
mod create;
mod end;
pub mod http;
mod model;
mod read;
mod redemptions;
mod rules;
mod store;

pub use apply::{Buyer, Discounts};
pub use model::{
    Benefit, BundleItem, CouponCode, ExpiryStep, Promotion, PromotionVerdict, Promotions, PromotionsNow, Target, Tier,
    Usage,
};
pub use read::{promotion_by_code, promotions};
pub use redemptions::{Redemptions, Released};
pub use rules::{AppliedPromotion, Cart, CartLine, CartShipping, Judged, ShownCoupon};
pub use store::{PromotionFilter, PromotionKey, promotions_now, remembered};
