//! Pure decisions about orders: the table of moves, and prices.
pub mod worth;

use super::{
    model::{FulfillmentState, LineDiscount, OrderStatus, PaymentState, ShippingCharge, ToldPrice},
    pricing::Pricing,
};
use crate::{
    catalog::{AppliedPromotion, Discounts, LineTax, Offer},
    kernel::{Channel, Code, Currency, Error, Faults, Money, Quantity, Result},
};

/// Something that happens to an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderMove {
    /// It is paid.
    Confirm,
    /// Picking begins.
    Process,
    /// It leaves.
    Ship,
    /// It arrives.
    Deliver,
    /// It is given up.
    Cancel,
    /// All of it has come back.
    Return,
}

/// The table of moves: what follows, or why not.
pub fn next(status: OrderStatus, step: OrderMove) -> Result<OrderStatus, Code> {
    use OrderMove as M;
    use OrderStatus as S;
    match (status, step) {
        (S::Pending, M::Confirm) => Ok(S::Confirmed),
        (S::Confirmed, M::Process) => Ok(S::Processing),
        (S::Processing, M::Ship) => Ok(S::Shipped),
        (S::Shipped, M::Deliver) => Ok(S::Delivered),
        (S::Pending | S::Confirmed | S::Processing, M::Cancel) => Ok(S::Canceled),
        (S::Shipped | S::Delivered, M::Return) => Ok(S::Returned),
        (S::Canceled, _) => Err(Code::OrderCanceled),
        (S::Returned, _) => Err(Code::OrderReturned),
        (S::Delivered, _) => Err(Code::OrderAlreadyDelivered),
        (S::Confirmed | S::Processing | S::Shipped, M::Confirm) => Err(Code::OrderNotPending),
        (S::Shipped, _) => Err(Code::OrderAlreadyShipped),
        (S::Pending, M::Process | M::Ship) => Err(Code::OrderNotPaid),
        (S::Processing, M::Process) => Err(Code::OrderAlreadyProcessing),
        (S::Confirmed, M::Ship) => Err(Code::OrderNotProcessing),
        (S::Pending | S::Confirmed | S::Processing, M::Deliver | M::Return) => Err(Code::OrderNotShipped),
    }
}

/// The same, as a refusal that says what was tried.
pub fn moved(number: i64, status: OrderStatus, step: OrderMove) -> Result<OrderStatus> {
    let verb = match step {
        OrderMove::Confirm => "paid for",
        OrderMove::Process => "picked",
        OrderMove::Ship => "shipped",
        OrderMove::Deliver => "delivered",
        OrderMove::Cancel => "canceled",
        OrderMove::Return => "returned",
    };
    next(status, step).map_err(|code| Error::refused(code, format!("order {number} is {status} and cannot be {verb}")))
}

/// Refuses unless an order waits to be shipped, or a part of it.
pub fn require_open(number: i64, status: OrderStatus) -> Result<()> {
    match status {
        OrderStatus::Processing => Ok(()),
        other => moved(number, other, OrderMove::Process).map(|_| ()),
    }
}

/// An order's money, in minor units.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Purse {
    /// The price.
    pub total: i64,
    /// The amount taken.
    pub paid: i64,
    /// The amount given back.
    pub refunded: i64,
    /// The amount credited for goods that came back; it is not part of the total.
    pub credited: i64,
    /// The amount authorized and not captured yet.
    pub authorized: i64,
    /// True if it never cost anything.
    pub is_free: bool,
}

/// The payment status.
pub fn payment_state(purse: Purse) -> PaymentState {
    let Purse { total, paid, refunded, credited, authorized, is_free } = purse;
    match paid {
        _ if refunded > 0 && refunded >= paid && authorized == 0 => PaymentState::Refunded,
        // What was given up or came back is not owed: what is kept covers the rest.
        0 if authorized == 0 && !is_free => PaymentState::Unpaid,
        _ if refunded > 0 && credited > 0 => PaymentState::PartiallyRefunded,
        _ if paid - refunded >= total => PaymentState::Paid,
        _ if refunded > 0 => PaymentState::PartiallyRefunded,
        0 if authorized >= total => PaymentState::Authorized,
        _ if paid.saturating_add(authorized) >= total => PaymentState::PartiallyCaptured,
        _ => PaymentState::PartiallyPaid,
    }
}

/// The fulfillment status.
pub fn fulfillment_state(status: OrderStatus, has_left: bool, has_come_back: bool) -> FulfillmentState {
    match status {
        OrderStatus::Returned => FulfillmentState::Returned,
        OrderStatus::Delivered | OrderStatus::Shipped if has_come_back => FulfillmentState::PartiallyReturned,
        OrderStatus::Delivered => FulfillmentState::Delivered,
        OrderStatus::Shipped => FulfillmentState::Shipped,
        _ if has_left => FulfillmentState::PartiallyShipped,
        _ => FulfillmentState::Unfulfilled,
    }
}

/// A line with its price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Priced {
    pub unit: Money,
    /// False if the unit price, and what is taken off it, is without tax.
    pub tax_included: bool,
    /// The price of all its units with their tax.
    pub total: Money,
    /// The tax within the total; none where no rate is known.
    pub tax: Option<LineTax>,
    /// The amounts off the price of its units that are in the total already.
    pub discounts: Vec<LineDiscount>,
}

/// A price with its tax, in minor units.
pub fn with_tax(minor: i64, tax: Option<&LineTax>, tax_included: bool) -> i64 {
    match tax {
        Some(tax) if !tax_included => minor.saturating_add(tax.on_top_of(minor)),
        _ => minor,
    }
}

impl Priced {
    /// A line of so many units at a price.
    pub fn of(unit: Money, tax_included: bool, tax: Option<LineTax>, units: Quantity) -> Result<Self> {
        let listed = unit.times(units.get())?;
        let total = Money::new(with_tax(listed.amount_minor, tax.as_ref(), tax_included), unit.currency)?;
        Ok(Self { unit, tax_included, total, tax, discounts: vec![] })
    }

    /// The price of all its units, without tax if the unit price is.
    fn before_tax_minor(&self) -> i64 {
        let total = self.total.amount_minor;
        total - self.added_tax().map_or(0, |tax| tax.within(total))
    }

    /// The tax that is added to its prices; none where they contain it.
    pub fn added_tax(&self) -> Option<&LineTax> {
        self.tax.as_ref().filter(|_| !self.tax_included)
    }

    fn take_off(&mut self, discount: LineDiscount) -> Result<()> {
        let listed = self.before_tax_minor() - discount.amount_minor;
        self.total = Money::new(with_tax(listed, self.tax.as_ref(), self.tax_included), self.total.currency)?;
        self.discounts.push(discount);
        Ok(())
    }
}

/// Adds lines up.
pub fn total_of(lines: &[Priced], currency: Currency) -> Result<Money> {
    lines.iter().try_fold(Money::new(0, currency)?, |sum, line| sum.plus(line.total))
}

/// Takes discounts off lines, with or without tax as their unit prices are.
pub fn discount(priced: &mut [Priced], discounts: &Discounts) -> Result<()> {
    for of in &discounts.applied {
        for (line, amount_minor) in priced.iter_mut().zip(&of.amounts).filter(|(_, minor)| **minor > 0) {
            line.take_off(discount_of(of, *amount_minor))?;
        }
    }
    Ok(())
}

/// An amount that a promotion takes off, in minor units.
pub fn discount_of(of: &AppliedPromotion, amount_minor: i64) -> LineDiscount {
    LineDiscount {
        promotion_id: of.promotion.id,
        name: of.promotion.name.clone(),
        is_counted: of.promotion.is_counted(),
        coupon_id: of.coupon.as_ref().map(|coupon| coupon.id),
        coupon: of.coupon.as_ref().map(|coupon| coupon.code.clone()),
        amount_minor,
    }
}

/// Prices lines in the circumstances of a sale: each line's price and the sum, refused where there is no price or the
/// sum is too large. A price that was settled elsewhere stands.
pub fn price<'a>(
    lines: impl Iterator<Item = ((&'a Offer, Quantity), Option<ToldPrice>)>,
    by: &Pricing,
) -> Result<(Vec<Priced>, Money)> {
    let mut sum = Money::new(0, by.to.currency)?;
    let (mut priced, mut faults) = (vec![], Faults::default());
    for (at, ((offer, quantity), settled)) in lines.enumerate() {
        let (unit, tax_included) = match settled {
            Some(ToldPrice { unit_minor, tax_included }) => (Money::new(unit_minor, by.to.currency)?, tax_included),
            None => match offer.require_price(&by.to, quantity.get()) {
                Ok(price) => (price.amount, price.tax_included),
                Err(error) => {
                    faults.add_refusal(&format!("/lines/{at}/sku"), error)?;
                    continue;
                }
            },
        };
        let tax = match by.tax(offer) {
            Ok(tax) => tax,
            Err(error) if by.to.country.is_none() => {
                // Not the goods lack something: the place does.
                let pointer = if by.to.channel == Channel::Pos { "/location_id" } else { "/customer/address" };
                faults.add_refusal(pointer, error)?;
                break;
            }
            Err(error) => {
                faults.add_refusal(&format!("/lines/{at}/sku"), error)?;
                continue;
            }
        };
        let line = Priced::of(unit, tax_included, tax, quantity)?;
        sum = sum.plus(line.total)?;
        priced.push(line);
    }
    faults.require_none()?;
    Ok((priced, sum))
}

/// True if taxes are due, and the rate of some of these lines or of the charge for shipping is not known: someone must
/// look at the order.
pub fn is_tax_unknown(by: &Pricing, lines: &[Priced], charge: Option<&ShippingCharge>) -> bool {
    let is_charged = charge.is_some_and(|charge| charge.tax.is_none() && charge.total_minor() > 0);
    by.taxes.are_in_force(by.to.at) && (is_charged || lines.iter().any(|line| line.tax.is_none()))
}

#[cfg(test)]
mod tests;
