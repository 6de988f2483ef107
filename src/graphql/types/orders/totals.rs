//! The total of an order with the tax within it.
use crate::{
    graphql::{scalars::Money, types::catalog::TaxClass},
    kernel::{self, Currency},
    orders,
};
use async_graphql::SimpleObject;

/// A rate of tax with an amount.
#[derive(SimpleObject)]
pub struct LineTax {
    /// The country where it is due (ISO 3166-1 alpha-2).
    country: String,
    /// The part of the country whose rate it is (ISO 3166-2); null for that of the whole country.
    region: Option<String>,
    /// The class of goods.
    tax_class: TaxClass,
    /// The name on receipts.
    name: String,
    /// The rate in millionths of the price without tax: 200000 is 20 %.
    rate_ppm: i32,
    /// The amount, which is within the total.
    amount: Money,
}

impl From<orders::LineTaxView> for LineTax {
    fn from(of: orders::LineTaxView) -> Self {
        let orders::LineTaxView { tax, amount } = of;
        Self {
            country: tax.country.to_string(),
            region: tax.region.as_deref().map(str::to_owned),
            tax_class: tax.tax_class.into(),
            name: tax.name.to_string(),
            rate_ppm: tax.rate_ppm,
            amount: amount.into(),
        }
    }
}

impl LineTax {
    /// The tax of a line.
    pub fn of(line: &orders::OrderLine, currency: Currency) -> Option<Self> {
        let amount = kernel::Money { amount_minor: line.tax_minor(), currency };
        line.tax().map(|tax| orders::LineTaxView { tax: tax.clone(), amount }.into())
    }
}

/// The total of an order and the tax within it.
#[derive(SimpleObject)]
pub struct OrderTotals {
    /// The price of all goods before discounts, with tax.
    goods: Money,
    /// The amount off it, with tax; lines at prices without tax tell theirs without it.
    discount: Money,
    /// The charge for shipping, less what was taken off it; it contains its tax.
    shipping: Money,
    /// The tax within goods and shipping: the sum of the taxes of the lines and of the charge.
    tax: Money,
    /// The total without tax.
    net: Money,
    /// The amount to be paid.
    total: Money,
    /// The tax by rate, as a receipt shows it; what has no known rate is in none.
    taxes: Vec<TaxTotal>,
}

/// The tax of all lines and the charge for shipping that have one rate.
#[derive(SimpleObject)]
pub struct TaxTotal {
    /// The rate with the sum of their taxes.
    tax: LineTax,
    /// The price of these, which contains the tax.
    gross: Money,
    /// The price without the tax.
    net: Money,
}

impl From<orders::TaxTotal> for TaxTotal {
    fn from(of: orders::TaxTotal) -> Self {
        let orders::TaxTotal { tax, gross, amount, net } = of;
        let tax = orders::LineTaxView { tax, amount }.into();
        Self { tax, gross: gross.into(), net: net.into() }
    }
}

impl From<orders::OrderTotals> for OrderTotals {
    fn from(of: orders::OrderTotals) -> Self {
        let orders::OrderTotals { goods, discount, shipping, tax, net, total, taxes } = of;
        Self {
            goods: goods.into(),
            discount: discount.into(),
            shipping: shipping.into(),
            tax: tax.into(),
            net: net.into(),
            total: total.into(),
            taxes: taxes.into_iter().map(TaxTotal::from).collect(),
        }
    }
}
