//! Pure decisions about orders: the table of moves, and prices.
use super::model::{FulfillmentState, OrderStatus, PaymentState};
use crate::{
    catalog::Offer,
    kernel::{Channel, Code, Currency, Error, Faults, Money, Quantity, Result, VariantId},
};
use std::collections::{HashMap, HashSet};

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

/// A line, as far as its money is concerned: its variant, units and the price of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Worth {
    /// The variant that is sold.
    pub variant: VariantId,
    /// The units.
    pub units: i32,
    /// The price of one, in minor units.
    pub unit_minor: i64,
}

/// The worth of what has left, in minor units, when these units of each variant have not: what may be taken of the
/// payer so far. `goods` are the variants that the order took from stock, left or not. A line whose own variant is not
/// among them is a bundle: it counts when nothing at all is left to go. Where lines share a variant, what is left is
/// taken to be of the dearer ones, so that never too much is asked.
pub fn worth_of_what_left(lines: &[Worth], left: &HashMap<VariantId, i32>, goods: &HashSet<VariantId>) -> i64 {
    let price = |line: &Worth, units: i32| line.unit_minor.saturating_mul(i64::from(units));
    if left.values().all(|units| *units == 0) {
        return lines.iter().map(|line| price(line, line.units)).sum();
    }
    let mut plain: Vec<_> = lines.iter().filter(|line| goods.contains(&line.variant)).collect();
    plain.sort_by_key(|line| std::cmp::Reverse(line.unit_minor));
    let mut left = left.clone();
    let mut worth = 0_i64;
    for line in plain {
        let open = left.entry(line.variant).or_default();
        let staying = line.units.min(*open);
        *open -= staying;
        worth = worth.saturating_add(price(line, line.units - staying));
    }
    worth
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
    pub total: Money,
}

/// Prices lines in a channel and currency: each line's price and the sum, refused where there is no price or the
/// sum is too large. A price that was settled elsewhere, in minor units, stands.
pub fn price<'a>(
    lines: impl Iterator<Item = ((&'a Offer, Quantity), Option<i64>)>,
    channel: Channel,
    currency: Currency,
) -> Result<(Vec<Priced>, Money)> {
    let mut sum = Money::new(0, currency)?;
    let (mut priced, mut faults) = (vec![], Faults::default());
    for (at, ((offer, quantity), settled)) in lines.enumerate() {
        let unit = match settled {
            Some(minor) => Money::new(minor, currency)?,
            None => match offer.require_price(channel, currency) {
                Ok(unit) => unit,
                Err(error) => {
                    faults.add_refusal(&format!("/lines/{at}/sku"), error)?;
                    continue;
                }
            },
        };
        let total = unit.times(quantity.get())?;
        sum = sum.plus(total)?;
        priced.push(Priced { unit, total });
    }
    faults.require_none()?;
    Ok((priced, sum))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const MOVES: [OrderMove; 6] = [
        OrderMove::Confirm,
        OrderMove::Process,
        OrderMove::Ship,
        OrderMove::Deliver,
        OrderMove::Cancel,
        OrderMove::Return,
    ];

    #[test]
    fn the_only_way_to_delivered_is_through_every_step() {
        let path = [OrderMove::Confirm, OrderMove::Process, OrderMove::Ship, OrderMove::Deliver];
        let end = path.iter().try_fold(OrderStatus::Pending, |status, step| next(status, *step));
        assert_eq!(end, Ok(OrderStatus::Delivered));
    }

    #[test]
    fn what_is_over_stays_over() {
        for step in MOVES {
            assert!(step == OrderMove::Return || next(OrderStatus::Delivered, step).is_err());
            assert!(next(OrderStatus::Returned, step).is_err());
            assert!(next(OrderStatus::Canceled, step).is_err());
        }
        assert_eq!(next(OrderStatus::Shipped, OrderMove::Cancel), Err(Code::OrderAlreadyShipped));
    }

    proptest! {
        #[test]
        fn no_sequence_of_moves_ships_an_unpaid_order_or_cancels_a_shipped_one(
            steps in prop::collection::vec(0usize..6, 0..12),
        ) {
            let (mut status, mut was_paid, mut has_left) = (OrderStatus::Pending, false, false);
            for step in steps.into_iter().map(|n| MOVES[n]) {
                if let Ok(after) = next(status, step) {
                    was_paid |= step == OrderMove::Confirm;
                    prop_assert!(step != OrderMove::Ship || was_paid);
                    prop_assert!(step != OrderMove::Cancel || !has_left);
                    has_left |= step == OrderMove::Ship;
                    status = after;
                }
            }
        }

        #[test]
        fn an_order_is_paid_exactly_when_nothing_is_due(total in 1i64..1000, paid in 0i64..1000) {
            let paid = paid.min(total);
            let purse = Purse { total, paid, ..Purse::default() };
            prop_assert_eq!(payment_state(purse) == PaymentState::Paid, paid == total);
        }

        #[test]
        fn what_has_left_is_never_worth_more_than_it_cost(
            lines in prop::collection::vec((0_usize..3, 1_i32..5, 0_i64..100), 1..5),
            left in prop::collection::vec(0_i32..12, 3),
        ) {
            let variants: Vec<_> = (0..3).map(|_| VariantId::new()).collect();
            let worth = |(v, units, unit_minor): (usize, _, _)| Worth { variant: variants[v], units, unit_minor };
            let lines: Vec<_> = lines.into_iter().map(worth).collect();
            let (mut stays, goods) = (HashMap::new(), variants.iter().copied().collect::<HashSet<_>>());
            for (variant, units) in variants.iter().zip(&left) {
                let ordered: i32 = lines.iter().filter(|line| line.variant == *variant).map(|line| line.units).sum();
                stays.insert(*variant, ordered.min(*units));
            }
            let total: i64 = lines.iter().map(|line| line.unit_minor * i64::from(line.units)).sum();
            let worth = worth_of_what_left(&lines, &stays, &goods);
            prop_assert!(worth <= total);
            // No choice of the units that left is worth less.
            for line in &lines {
                let others: i32 = lines.iter().filter(|l| l.variant == line.variant).map(|l| l.units).sum();
                if others == line.units && stays[&line.variant] == 0 {
                    prop_assert!(worth >= line.unit_minor * i64::from(line.units));
                }
            }
            if stays.values().all(|units| *units == 0) {
                prop_assert_eq!(worth, total);
            }
        }
    }
}
