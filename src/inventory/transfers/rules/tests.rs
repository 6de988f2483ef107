//! A transfer accounts for every unit that it ships, lot by lot, whatever is said of it and in which order.
use super::*;
use crate::{
    inventory::transfers::store::TransferLine,
    kernel::{LocationId, PrincipalId, TransferId},
};
use proptest::prelude::*;
use uuid::Uuid;

const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

fn variant(n: u128) -> VariantId {
    VariantId(Uuid::from_u128(n))
}

fn lot(n: u128) -> LotId {
    LotId(Uuid::from_u128(n))
}

fn ready(requested: &[i32]) -> Transfer {
    let id = TransferId(Uuid::nil());
    let head = Head {
        id,
        from_location_id: LocationId(Uuid::from_u128(1)),
        to_location_id: LocationId(Uuid::from_u128(2)),
        status: Status::Draft,
        reference: None,
        expected_on: None,
        is_shipped_whole: false,
        created_by: PrincipalId(Uuid::nil()),
        version: 1,
        created_at: NOW,
        updated_at: NOW,
        shipped_at: None,
        closed_at: None,
        number: 1001,
    };
    let line = |(n, requested): (u128, &i32)| TransferLine {
        transfer_id: id,
        variant_id: variant(n),
        requested: *requested,
        shipped: 0,
        received: 0,
        damaged: 0,
        lost: 0,
    };
    let lines = (0..).zip(requested).map(line).collect();
    Transfer { head, lines, lots: vec![] }.readied(NOW).unwrap()
}

#[derive(Debug, Clone)]
enum Step {
    Ship(Vec<(u128, Option<u128>, i32)>, bool),
    Receive(Vec<(u128, Option<u128>, [i32; 3])>),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let lots = || prop::option::of(0..3u128);
    let ship = (prop::collection::vec((0..3u128, lots(), 1..6i32), 0..4), any::<bool>());
    let receive = prop::collection::vec((0..3u128, lots(), [0..4i32, 0..3i32, 0..3i32]), 0..4);
    prop::collection::vec(
        prop_oneof![ship.prop_map(|(w, all)| Step::Ship(w, all)), receive.prop_map(Step::Receive)],
        0..12,
    )
}

/// A lot of a variant: lots of different variants are different.
fn lot_of(variant: u128, n: Option<u128>) -> Option<LotId> {
    n.map(|n| lot(10 * variant + n + 1))
}

proptest! {
    #[test]
    fn what_was_shipped_is_received_damaged_lost_or_on_its_way(
        requested in prop::collection::vec(1..12i32, 3), steps in steps(),
    ) {
        let (mut now, mut landed) = (ready(&requested), vec![]);
        for step in steps {
            let before = now.clone();
            match step {
                Step::Ship(wishes, is_whole) => {
                    let wishes: Vec<Wish> = wishes.into_iter().map(|(v, l, n)| (variant(v), lot_of(v, l), n)).collect();
                    let Ok(found) = now.to_ship(&wishes) else { continue };
                    let pieces: Vec<_> = found.into_iter().map(|(v, l, n)| (v, (l, n))).collect();
                    now = now.shipped(&pieces, is_whole, NOW);
                }
                Step::Receive(said) => {
                    let arrival = |(v, l, [received, damaged, lost]): (u128, Option<u128>, [i32; 3])| {
                        Arrival { variant: variant(v), lot: lot_of(v, l), received, damaged, lost }
                    };
                    let arrivals: Vec<_> = said.into_iter().map(arrival).collect();
                    let Ok((after, came)) = now.received(&arrivals, NOW) else {
                        prop_assert_eq!(&now, &before);
                        continue;
                    };
                    landed.extend(came);
                    now = after;
                }
            }
            prop_assert_eq!(now.head.version, before.head.version + 1);
            for line in &now.lines {
                prop_assert!(line.on_its_way() >= 0 && line.shipped <= line.requested);
                let came = landed.iter().filter(|a| a.variant == line.variant_id);
                let sums = came.fold([0; 3], |s, a| [s[0] + a.received, s[1] + a.damaged, s[2] + a.lost]);
                prop_assert_eq!(sums, [line.received, line.damaged, line.lost], "what landed is what the line says");
                let in_lots: i32 = now.lots.iter().filter(|l| l.variant_id == line.variant_id).map(|l| l.shipped).sum();
                prop_assert!(in_lots <= line.shipped && now.lots_on_their_way(line.variant_id) <= line.on_its_way());
            }
            for line in &now.lots {
                prop_assert!(line.on_its_way() >= 0);
                let came = landed.iter().filter(|a| a.lot == Some(line.lot_id));
                let sums = came.fold([0; 3], |s, a| [s[0] + a.received, s[1] + a.damaged, s[2] + a.lost]);
                prop_assert_eq!(sums, [line.received, line.damaged, line.lost]);
            }
            let is_all_here = now.lines.iter().all(|line| line.on_its_way() == 0);
            prop_assert_eq!(now.head.status == Status::Received, is_all_here && now.head.is_shipped_whole);
        }
    }
}

#[test]
fn a_transfer_goes_its_way_and_no_other() {
    let ready = ready(&[5]);
    assert_eq!(ready.readied(NOW).unwrap_err().code(), Code::TransferNotDraft);
    assert_eq!(ready.received(&[], NOW).unwrap_err().code(), Code::TransferNotShipped);
    assert_eq!(ready.to_ship(&[(variant(9), None, 1)]).unwrap_err().code(), Code::NotOnDocument);
    let too_much = [(variant(0), None, 3), (variant(0), None, 3)];
    assert_eq!(ready.to_ship(&too_much).unwrap_err().code(), Code::MoreThanRequested);
    let gone = ready.shipped(&[(variant(0), (None, 3))], true, NOW);
    assert_eq!(gone.canceled(NOW).unwrap_err().code(), Code::TransferAlreadyShipped);
    assert_eq!(gone.to_ship(&[]).unwrap_err().code(), Code::TransferAlreadyShipped);
    let (here, landed) = gone.received(&[], NOW).unwrap();
    assert_eq!((here.head.status, landed.len(), landed[0].received), (Status::Received, 1, 3));
    assert_eq!(here.received(&[], NOW).unwrap_err().code(), Code::TransferClosed);
    assert_eq!(ready.canceled(NOW).unwrap().to_ship(&[]).unwrap_err().code(), Code::TransferClosed);
}
