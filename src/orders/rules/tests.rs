//! Tests of the rules of orders.
use super::*;
use proptest::prelude::*;

const MOVES: [OrderMove; 6] =
    [OrderMove::Confirm, OrderMove::Process, OrderMove::Ship, OrderMove::Deliver, OrderMove::Cancel, OrderMove::Return];

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
}
