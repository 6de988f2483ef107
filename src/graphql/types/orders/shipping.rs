//! The charge for shipping an order.
use super::{order_lines::LineDiscount, totals::LineTax};
use crate::{graphql::scalars::Money, orders};
use async_graphql::SimpleObject;

/// The charge for shipping an order, as it was when the order was placed.
#[derive(SimpleObject)]
pub struct OrderShipping {
    /// The code of the shipping method; null where a marketplace has settled the charge.
    code: Option<String>,
    /// The name of the method.
    name: Option<String>,
    /// The charge before discounts.
    charge: Money,
    /// The amount off it.
    discount: Money,
    /// The same by what took it off.
    discounts: Vec<LineDiscount>,
    /// The amount to be paid for shipping, which contains its tax.
    total: Money,
    /// The tax within it; null where no rate was known.
    tax: Option<LineTax>,
    /// The share that is given back with goods that come back, in millionths.
    refund_rate_ppm: i32,
}

impl From<orders::ShippingView> for OrderShipping {
    fn from(of: orders::ShippingView) -> Self {
        let orders::ShippingView { code, name, charge, discount, discounts, total, tax, refund_rate_ppm, .. } = of;
        Self {
            code,
            name,
            charge: charge.into(),
            discount: discount.into(),
            discounts: discounts.into_iter().map(LineDiscount::from).collect(),
            total: total.into(),
            tax: tax.map(LineTax::from),
            refund_rate_ppm,
        }
    }
}
