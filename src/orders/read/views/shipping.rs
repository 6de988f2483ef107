//! The charge for shipping an order as the interface shows it.
use super::{LineDiscountView, LineTaxView};
use crate::{
    kernel::{Currency, Money, ShippingMethodId},
    orders::model::ShippingCharge,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The charge for shipping an order, as it was when the order was placed.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct ShippingView {
    /// Identifies the shipping method; null where a marketplace has settled the charge.
    pub shipping_method_id: Option<ShippingMethodId>,
    /// The code of the method.
    pub code: Option<String>,
    /// The name of the method.
    pub name: Option<String>,
    /// The charge before discounts.
    pub charge: Money,
    /// The amount off it.
    pub discount: Money,
    /// The same by what took it off.
    pub discounts: Vec<LineDiscountView>,
    /// The amount to be paid for shipping, which contains its tax.
    pub total: Money,
    /// The tax within it; null where no rate was known.
    pub tax: Option<LineTaxView>,
    /// The share that is given back with goods that come back, in millionths.
    pub refund_rate_ppm: i32,
}

impl ShippingView {
    /// A charge in a currency.
    pub fn of(charge: &ShippingCharge, currency: Currency) -> Self {
        let money = |amount_minor| Money { amount_minor, currency };
        let total = charge.total_minor();
        let tax =
            charge.tax.as_ref().map(|tax| LineTaxView { tax: tax.clone(), amount: money(charge.tax_within(total)) });
        Self {
            shipping_method_id: charge.method_id,
            code: charge.code.clone(),
            name: charge.name.clone(),
            charge: money(charge.charge_minor),
            discount: money(charge.discount_minor()),
            discounts: charge
                .discounts
                .iter()
                .map(|of| LineDiscountView::with(of, of.amount_minor, currency))
                .collect(),
            total: money(total),
            tax,
            refund_rate_ppm: charge.refund_rate_ppm,
        }
    }
}
