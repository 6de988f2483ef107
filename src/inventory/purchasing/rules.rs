//! The rules of purchase orders. Pure.
use super::{Purchase, PurchaseStatus as Status};
use crate::kernel::{Code, Error, Result, VariantId};
use chrono::{DateTime, NaiveDate, Utc};

/// The units of a variant that came: taken in, and refused at the door.
pub type ReceivedUnits = (VariantId, i32, i32);

impl Purchase {
    fn refuse<T>(&self, code: Code, why: &str) -> Result<T> {
        Err(Error::refused(code, format!("purchase order {} {why}", self.head.number)))
    }

    fn step(&self, status: Status, now: DateTime<Utc>) -> Self {
        let is_over = matches!(status, Status::Received | Status::Closed | Status::Canceled);
        let closed_at = self.head.closed_at.or(is_over.then_some(now));
        let head = super::store::PurchaseHead {
            status,
            version: self.head.version + 1,
            updated_at: now,
            closed_at,
            ..self.head.clone()
        };
        Self { head, lines: self.lines.clone() }
    }

    /// Units ordered.
    pub fn units(&self) -> i64 {
        self.lines.iter().map(|line| i64::from(line.ordered)).sum()
    }

    /// Refuses unless it may still be rewritten.
    pub fn require_draft(&self) -> Result<()> {
        match self.head.status {
            Status::Draft => Ok(()),
            status => self.refuse(Code::PurchaseOrderNotDraft, &format!("is {status} and no longer a draft")),
        }
    }

    /// Hands it to the supplier, who wants so many units at least and needs so many days.
    pub fn ordered(&self, minimum_units: i32, lead_days: i32, now: DateTime<Utc>) -> Result<Self> {
        self.require_draft()?;
        if self.units() < i64::from(minimum_units) {
            let why = format!("has {} units, and the supplier delivers {minimum_units} at least", self.units());
            return self.refuse(Code::BelowMinimumOrder, &why);
        }
        let mut after = self.step(Status::Ordered, now);
        let usual = || now.date_naive() + chrono::Duration::days(i64::from(lead_days));
        let expected: NaiveDate = self.head.expected_on.unwrap_or_else(usual);
        (after.head.expected_on, after.head.ordered_at) = (Some(expected), Some(now));
        Ok(after)
    }

    /// Says that nothing more is expected.
    pub fn closed(&self, now: DateTime<Utc>) -> Result<Self> {
        match self.head.status {
            Status::Ordered | Status::PartiallyReceived | Status::Received => Ok(self.step(Status::Closed, now)),
            status => self.refuse(Code::PurchaseOrderNotOpen, &format!("is {status}")),
        }
    }

    /// Gives it up; not once goods have arrived.
    pub fn canceled(&self, now: DateTime<Utc>) -> Result<Self> {
        match self.head.status {
            Status::Draft | Status::Ordered => Ok(self.step(Status::Canceled, now)),
            Status::PartiallyReceived | Status::Received => {
                self.refuse(Code::PurchaseOrderReceived, "has arrived in part or whole: close it instead")
            }
            status => self.refuse(Code::PurchaseOrderNotOpen, &format!("is {status}")),
        }
    }

    /// The order once goods have arrived. What is refused at the door does not count as received.
    pub fn received(&self, came: &[ReceivedUnits], tolerance_percent: u32, now: DateTime<Utc>) -> Result<Self> {
        match self.head.status {
            Status::Ordered | Status::PartiallyReceived | Status::Received => {}
            status => return self.refuse(Code::PurchaseOrderNotOpen, &format!("is {status}")),
        }
        let mut after = self.clone();
        for (variant, accepted, rejected) in came {
            let Some(line) = after.lines.iter_mut().find(|line| line.variant_id == *variant) else {
                return self.refuse(Code::NotOnDocument, &format!("has no line of {variant}"));
            };
            let all = i64::from(line.received) + i64::from(*accepted);
            let most = most(line.ordered, tolerance_percent);
            if all > most {
                let why = format!(
                    "asked for {} of {variant}, {} have come; {accepted} more are too many: {most} are taken at most",
                    line.ordered, line.received
                );
                return self.refuse(Code::OverDelivery, &why);
            }
            line.received += accepted;
            line.rejected = line.rejected.saturating_add(*rejected);
        }
        let is_all = after.lines.iter().all(|line| line.received >= line.ordered);
        let is_any = after.lines.iter().any(|line| line.received > 0);
        let status = match (is_all, is_any) {
            (true, _) => Status::Received,
            (false, true) => Status::PartiallyReceived,
            (false, false) => Status::Ordered,
        };
        Ok(after.step(status, now))
    }
}

/// Units that are taken of so many ordered, rounded down.
fn most(ordered: i32, tolerance_percent: u32) -> i64 {
    i64::from(ordered) + i64::from(ordered) * i64::from(tolerance_percent) / 100
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        inventory::purchasing::store::{PurchaseHead, PurchaseLine},
        kernel::{LocationId, PrincipalId, PurchaseOrderId, SupplierId},
    };
    use proptest::prelude::*;
    use uuid::Uuid;

    const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

    fn variant(n: u128) -> VariantId {
        VariantId(Uuid::from_u128(n))
    }

    fn draft(ordered: &[i32]) -> Purchase {
        let id = PurchaseOrderId(Uuid::nil());
        let line = |(n, ordered): (u128, &i32)| PurchaseLine {
            purchase_order_id: id,
            variant_id: variant(n),
            ordered: *ordered,
            received: 0,
            rejected: 0,
            unit_cost_minor: None,
        };
        let head = PurchaseHead {
            id,
            supplier_id: SupplierId(Uuid::nil()),
            location_id: LocationId(Uuid::nil()),
            status: Status::Draft,
            reference: None,
            expected_on: None,
            created_by: PrincipalId(Uuid::nil()),
            version: 1,
            created_at: NOW,
            updated_at: NOW,
            ordered_at: None,
            closed_at: None,
            number: 1001,
            currency: None,
            exchange_rate: None,
        };
        Purchase { head, lines: (0..).zip(ordered).map(line).collect() }
    }

    #[test]
    fn an_order_goes_its_way_and_no_other() {
        let draft = draft(&[10]);
        assert_eq!(draft.ordered(11, 5, NOW).unwrap_err().code(), Code::BelowMinimumOrder);
        assert_eq!(draft.received(&[(variant(0), 1, 0)], 10, NOW).unwrap_err().code(), Code::PurchaseOrderNotOpen);
        let ordered = draft.ordered(10, 5, NOW).unwrap();
        assert_eq!(ordered.head.expected_on, NaiveDate::from_ymd_opt(1970, 1, 6));
        assert_eq!(ordered.received(&[(variant(7), 1, 0)], 10, NOW).unwrap_err().code(), Code::NotOnDocument);
        let refused = ordered.received(&[(variant(0), 0, 4)], 10, NOW).unwrap();
        assert_eq!((refused.head.status, refused.lines[0].rejected), (Status::Ordered, 4));
        let some = ordered.received(&[(variant(0), 9, 0)], 10, NOW).unwrap();
        assert_eq!(some.head.status, Status::PartiallyReceived);
        assert_eq!(some.canceled(NOW).unwrap_err().code(), Code::PurchaseOrderReceived);
        assert_eq!(some.received(&[(variant(0), 3, 0)], 10, NOW).unwrap_err().code(), Code::OverDelivery);
        assert_eq!(some.received(&[(variant(0), 2, 0)], 10, NOW).unwrap().head.status, Status::Received);
        assert_eq!(some.closed(NOW).unwrap().closed(NOW).unwrap_err().code(), Code::PurchaseOrderNotOpen);
    }

    proptest! {
        #[test]
        fn never_more_is_received_than_ordered_and_tolerated(
            ordered in prop::collection::vec(1..50i32, 2), percent in 0..50u32,
            receipts in prop::collection::vec(prop::collection::vec((0..3u128, 0..30i32, 0..5i32), 1..4), 0..8),
        ) {
            let (mut now, mut sums) = (draft(&ordered).ordered(0, 0, NOW).unwrap(), [0i32; 2]);
            for came in receipts {
                let came: Vec<_> = came.into_iter().map(|(v, a, r)| (variant(v), a, r)).collect();
                let Ok(after) = now.received(&came, percent, NOW) else { continue };
                for (n, sum) in (0..).zip(&mut sums) {
                    *sum += came.iter().filter(|c| c.0 == variant(n)).map(|c| c.1).sum::<i32>();
                }
                for (line, sum) in after.lines.iter().zip(sums) {
                    prop_assert_eq!(line.received, sum);
                    prop_assert!(i64::from(sum) <= most(line.ordered, percent));
                }
                now = after;
            }
        }
    }
}
