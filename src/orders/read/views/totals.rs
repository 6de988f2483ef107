//! The total of an order with the tax within it, rate by rate.
use crate::{
    catalog::LineTax,
    kernel::{Currency, Money},
    orders::{model::ShippingCharge, store::OrderLine},
};
use serde::{Deserialize, Serialize};
use std::{borrow::Borrow, collections::BTreeMap};
use utoipa::ToSchema;

/// The tax of a line, which is within its total.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct LineTaxView {
    #[serde(flatten)]
    pub tax: LineTax,
    /// The amount, rounded to the nearest minor unit, halves up.
    pub amount: Money,
}

/// The total of an order and the tax within it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct OrderTotals {
    /// The price of all goods before discounts, with tax.
    pub goods: Money,
    /// The amount off it, with tax; lines at prices without tax tell theirs without it.
    pub discount: Money,
    /// The charge for shipping, less what was taken off it; it contains its tax.
    pub shipping: Money,
    /// The tax within goods and shipping: the sum of the taxes of the lines and of the charge.
    pub tax: Money,
    /// The total without tax.
    pub net: Money,
    /// The amount to be paid.
    pub total: Money,
    /// The tax by rate, as a receipt shows it; what has no known rate is in none.
    pub taxes: Vec<TaxTotal>,
}

/// The tax of all lines and the charge for shipping that have one rate.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct TaxTotal {
    #[serde(flatten)]
    pub tax: LineTax,
    /// The price of these, which contains the tax.
    pub gross: Money,
    /// The tax: the sum of their taxes.
    pub amount: Money,
    /// The price without the tax.
    pub net: Money,
}

impl OrderTotals {
    /// The totals of lines and of the charge for shipping.
    pub fn of(currency: Currency, lines: &[impl Borrow<OrderLine>], charge: Option<&ShippingCharge>) -> Self {
        let money = |amount_minor| Money { amount_minor, currency };
        let mut by_rate = BTreeMap::<&LineTax, (i64, i64)>::new();
        let (mut goods, mut discount, mut tax) = (0_i64, 0_i64, 0_i64);
        for line in lines.iter().map(Borrow::borrow) {
            let before = line.with_tax(line.unit_minor.saturating_mul(line.quantity.into()));
            goods += before;
            discount += before - line.total_minor;
            tax += line.tax_minor();
            if let Some(rate) = line.tax() {
                let sums = by_rate.entry(rate).or_default();
                *sums = (sums.0 + line.total_minor, sums.1 + line.tax_minor());
            }
        }
        let shipping = charge.map_or(0, ShippingCharge::total_minor);
        if let Some(charge) = charge {
            let within = charge.tax_within(shipping);
            tax += within;
            if let Some(rate) = &charge.tax {
                let sums = by_rate.entry(rate).or_default();
                *sums = (sums.0 + shipping, sums.1 + within);
            }
        }
        let of_rate = |(rate, (gross, amount)): (&LineTax, (i64, i64))| TaxTotal {
            tax: rate.clone(),
            gross: money(gross),
            amount: money(amount),
            net: money(gross - amount),
        };
        Self {
            goods: money(goods),
            discount: money(discount),
            tax: money(tax),
            shipping: money(shipping),
            net: money(goods - discount + shipping - tax),
            total: money(goods - discount + shipping),
            taxes: by_rate.into_iter().map(of_rate).collect(),
        }
    }
}
