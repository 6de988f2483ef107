//! Money adds up whatever is asked in whatever order, in currencies with no, two and three decimals.
use super::*;
use proptest::prelude::*;

/// An amount as people say it, in a currency of so many decimals: whole units, in minor units.
fn amount(decimals: u32) -> impl Strategy<Value = i64> {
    (1_i64..500, 0_i64..1000).prop_map(move |(whole, part)| whole * 10_i64.pow(decimals) + part % 10_i64.pow(decimals))
}

fn stands() -> impl Strategy<Value = Vec<Stand>> {
    let one = prop::sample::select(vec![0_u32, 2, 3]).prop_flat_map(|decimals| {
        (amount(decimals), any::<bool>(), any::<bool>()).prop_map(|(authorized, is_single_capture, is_manual)| Stand {
            status: if is_manual { PaymentStatus::Captured } else { PaymentStatus::Authorized },
            authorized,
            asked_capture: if is_manual { authorized } else { 0 },
            asked_refund: 0,
            is_released: is_manual,
            is_single_capture: is_single_capture && !is_manual,
            has_failed: false,
        })
    });
    prop::collection::vec(one, 1..5)
}

/// Does what is asked; returns what left and came back.
fn done(stands: &mut [Stand], asks: &[(usize, Ask)]) {
    for (at, ask) in asks {
        let stand = &mut stands[*at];
        match ask {
            Ask::Capture { amount, is_final } => {
                assert!(*amount <= stand.open(), "takes more than is promised: {stand:?}");
                stand.asked_capture += amount;
                stand.status = next(stand.status, PaymentMove::Capture).unwrap();
                stand.is_released |= *is_final;
            }
            Ask::Refund { amount } => {
                assert!(*amount <= stand.net());
                stand.asked_refund += amount;
            }
            Ask::Void => {
                stand.status = next(stand.status, PaymentMove::Void).unwrap();
                stand.is_released = true;
            }
        }
        assert!(0 <= stand.asked_refund && stand.asked_refund <= stand.asked_capture);
        assert!(stand.asked_capture <= stand.authorized);
    }
}

fn kept(stands: &[Stand]) -> i64 {
    stands.iter().map(Stand::net).sum()
}

fn due(now: i64, at_most: i64, is_last: bool) -> Due {
    Due { now, at_most, is_last }
}

proptest! {
    #[test]
    fn what_is_kept_comes_to_what_is_due_and_never_beyond(
        mut stands in stands(),
        shares in prop::collection::vec((0_i64..=100, 0_i64..=100), 1..6),
    ) {
        let total: i64 = stands.iter().map(|stand| stand.authorized).sum();
        let count = shares.len();
        for (n, (share, more)) in shares.into_iter().enumerate() {
            let now = total / 100 * share;
            let due = due(now, (now + total / 100 * more).min(total), n + 1 == count);
            let before = kept(&stands);
            let asks = requests_for_due(&stands, due).unwrap();
            done(&mut stands, &asks);
            let after = kept(&stands);
            prop_assert!(after <= due.at_most, "keeps more than the order costs");
            prop_assert!(after <= due.now.max(before), "takes more than what has left is worth");
            prop_assert!(after >= before.min(due.at_most), "gives back more than what is too much");
            prop_assert_eq!(requests_for_due(&stands, due).unwrap(), vec![], "the same again asks for nothing more");
            prop_assert!(!due.is_last || !stands.iter().any(Stand::is_loose), "nothing stays promised");
        }
    }

    #[test]
    fn what_is_promised_and_due_is_taken_in_full_at_the_end(mut stands in stands(), share in 0_i64..=100) {
        let total: i64 = stands.iter().map(|s| s.authorized).sum();
        let worth = total / 100 * share;
        let asks = requests_for_due(&stands, due(worth, worth, true)).unwrap();
        done(&mut stands, &asks);
        prop_assert_eq!(kept(&stands), worth);
    }

    #[test]
    fn giving_everything_up_leaves_nothing(mut stands in stands()) {
        let asks = requests_for_due(&stands, Due::NOTHING).unwrap();
        done(&mut stands, &asks);
        prop_assert_eq!(kept(&stands), 0);
    }
}

#[test]
fn a_payment_that_is_captured_once_waits_for_the_last_time() {
    let card = Stand {
        status: PaymentStatus::Authorized,
        authorized: 1_000,
        asked_capture: 0,
        asked_refund: 0,
        is_released: false,
        is_single_capture: true,
        has_failed: false,
    };
    assert_eq!(requests_for_due(&[card], due(400, 1_000, false)).unwrap(), vec![]);
    assert_eq!(
        requests_for_due(&[card], due(900, 900, true)).unwrap(),
        vec![(0, Ask::Capture { amount: 900, is_final: true })]
    );
    assert_eq!(requests_for_due(&[card], Due::NOTHING).unwrap(), vec![(0, Ask::Void)]);
}

#[test]
fn what_is_over_stays_over() {
    use PaymentStatus as S;
    for step in [
        PaymentMove::Challenge,
        PaymentMove::Authorize,
        PaymentMove::Decline,
        PaymentMove::Capture,
        PaymentMove::Refund,
        PaymentMove::Void,
    ] {
        for status in [S::Declined, S::Voided, S::Refunded] {
            assert_eq!(next(status, step), None, "{status} {step:?}");
        }
    }
    assert_eq!(next(S::Pending, PaymentMove::Capture), None);
}
