//! The charge for shipping an order.
use super::LineDiscount;
use crate::{catalog::LineTax, kernel::ShippingMethodId};
use serde::{Deserialize, Serialize};

/// Millionths of one.
const ONE: i128 = 1_000_000;

/// The price of goods that have come back, in minor units.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct GoodsBack {
    /// Of goods that the shop or its carrier is to blame for.
    pub at_fault_minor: i64,
    /// Of all others.
    pub other_minor: i64,
    /// True if some of the goods, which may cost nothing, are of the first kind.
    pub is_at_fault: bool,
}

/// The charge for shipping an order as it was when the order was placed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShippingCharge {
    /// The method; none where a marketplace has settled the charge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method_id: Option<ShippingMethodId>,
    /// The code of the method.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The name of the method.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The charge before discounts, in minor units.
    pub charge_minor: i64,
    /// The amounts off it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub discounts: Vec<LineDiscount>,
    /// The tax within it; none where no rate was known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax: Option<LineTax>,
    /// The share that is given back with goods that come back, in millionths.
    pub refund_rate_ppm: i32,
}

impl ShippingCharge {
    /// The amount off the charge, in minor units.
    pub fn discount_minor(&self) -> i64 {
        self.discounts.iter().map(|of| of.amount_minor).sum()
    }

    /// The amount to be paid, in minor units.
    pub fn total_minor(&self) -> i64 {
        self.charge_minor - self.discount_minor()
    }

    /// The tax within some of it, in minor units.
    pub fn tax_within(&self, minor: i64) -> i64 {
        self.tax.as_ref().map_or(0, |tax| tax.within(minor))
    }

    /// The share that is given back in all when goods of the order have come back: of those that the shop is to blame
    /// for all of it, of others the share of the method, in proportion to their price, and rounded down, so that parts
    /// add up to the whole.
    pub fn refundable_minor(&self, back: GoodsBack, of_goods: i64) -> i64 {
        let (total, rate) = (i128::from(self.total_minor()), i128::from(self.refund_rate_ppm));
        let at_fault = i128::from(back.at_fault_minor.clamp(0, of_goods.max(0)));
        let others = i128::from(back.other_minor).clamp(0, i128::from(of_goods.max(0)) - at_fault);
        let share = match of_goods {
            ..=0 => total * if back.is_at_fault { ONE } else { rate } / ONE,
            _ => total * (at_fault * ONE + others * rate) / (ONE * i128::from(of_goods)),
        };
        i64::try_from(share).unwrap_or(i64::MAX)
    }
}
