//! Pure decisions about orders: the table of moves, and prices.
use super::model::{FulfilmentState, OrderStatus, PaymentState};
use crate::{
    catalog::Offer,
    kernel::{Code, Currency, Error, Money, Quantity, Result, words::Channel},
};

/// Something that happens to an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
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
}

/// The table of moves: what follows, or why not.
pub fn next(status: OrderStatus, step: Move) -> Result<OrderStatus, Code> {
    use Move as M;
    use OrderStatus as S;
    match (status, step) {
        (S::Pending, M::Confirm) => Ok(S::Confirmed),
        (S::Confirmed, M::Process) => Ok(S::Processing),
        (S::Processing, M::Ship) => Ok(S::Shipped),
        (S::Shipped, M::Deliver) => Ok(S::Delivered),
        (S::Pending | S::Confirmed | S::Processing, M::Cancel) => Ok(S::Canceled),
        (S::Canceled, _) => Err(Code::OrderCanceled),
        (S::Delivered, _) => Err(Code::OrderAlreadyDelivered),
        (S::Confirmed | S::Processing | S::Shipped, M::Confirm) => Err(Code::OrderNotPending),
        (S::Shipped, _) => Err(Code::OrderAlreadyShipped),
        (S::Pending, M::Process | M::Ship) => Err(Code::OrderNotPaid),
        (S::Processing, M::Process) => Err(Code::OrderAlreadyProcessing),
        (S::Confirmed, M::Ship) => Err(Code::OrderNotProcessing),
        (S::Pending | S::Confirmed | S::Processing, M::Deliver) => Err(Code::OrderNotShipped),
    }
}

/// The same, as a refusal that says what was tried.
pub fn moved(number: i64, status: OrderStatus, step: Move) -> Result<OrderStatus> {
    let verb = match step {
        Move::Confirm => "paid for",
        Move::Process => "picked",
        Move::Ship => "shipped",
        Move::Deliver => "delivered",
        Move::Cancel => "canceled",
    };
    next(status, step).map_err(|code| Error::refused(code, format!("order {number} is {status} and cannot be {verb}")))
}

/// How the payment stands.
pub fn payment_state(total: i64, paid: i64, refunded: i64) -> PaymentState {
    match paid {
        _ if refunded > 0 && refunded >= paid => PaymentState::Refunded,
        _ if paid >= total => PaymentState::Paid,
        0 => PaymentState::Unpaid,
        _ => PaymentState::PartiallyPaid,
    }
}

/// How far the goods have come.
pub fn fulfilment_state(status: OrderStatus, has_left: bool) -> FulfilmentState {
    match status {
        OrderStatus::Delivered => FulfilmentState::Delivered,
        OrderStatus::Shipped => FulfilmentState::Shipped,
        _ if has_left => FulfilmentState::PartiallyShipped,
        _ => FulfilmentState::Unfulfilled,
    }
}

/// A line with its price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Priced {
    pub unit: Money,
    pub total: Money,
}

/// Prices lines in a channel and currency: each line's price and the sum, refused where there is no price or the
/// sum is too large.
pub fn price<'a>(
    lines: impl Iterator<Item = (&'a Offer, Quantity)>,
    channel: Channel,
    currency: Currency,
) -> Result<(Vec<Priced>, Money)> {
    let mut sum = Money::new(0, currency)?;
    let mut priced = vec![];
    for (offer, quantity) in lines {
        let unit = offer.demand_price(channel, currency)?;
        let total = unit.times(quantity.get())?;
        sum = sum.plus(total)?;
        priced.push(Priced { unit, total });
    }
    Ok((priced, sum))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const MOVES: [Move; 5] = [Move::Confirm, Move::Process, Move::Ship, Move::Deliver, Move::Cancel];

    #[test]
    fn the_only_way_to_delivered_is_through_every_step() {
        let path = [Move::Confirm, Move::Process, Move::Ship, Move::Deliver];
        let end = path.iter().try_fold(OrderStatus::Pending, |status, step| next(status, *step));
        assert_eq!(end, Ok(OrderStatus::Delivered));
    }

    #[test]
    fn what_is_over_stays_over() {
        for step in MOVES {
            assert!(next(OrderStatus::Delivered, step).is_err());
            assert!(next(OrderStatus::Canceled, step).is_err());
        }
        assert_eq!(next(OrderStatus::Shipped, Move::Cancel), Err(Code::OrderAlreadyShipped));
    }

    proptest! {
        #[test]
        fn no_sequence_of_moves_ships_an_unpaid_order_or_cancels_a_shipped_one(steps in prop::collection::vec(0usize..5, 0..12)) {
            let (mut status, mut was_paid, mut has_left) = (OrderStatus::Pending, false, false);
            for step in steps.into_iter().map(|n| MOVES[n]) {
                if let Ok(after) = next(status, step) {
                    was_paid |= step == Move::Confirm;
                    prop_assert!(step != Move::Ship || was_paid);
                    prop_assert!(step != Move::Cancel || !has_left);
                    has_left |= step == Move::Ship;
                    status = after;
                }
            }
        }

        #[test]
        fn an_order_is_paid_exactly_when_nothing_is_due(total in 1i64..1000, paid in 0i64..1000) {
            let paid = paid.min(total);
            prop_assert_eq!(payment_state(total, paid, 0) == PaymentState::Paid, paid == total);
        }
    }
}
