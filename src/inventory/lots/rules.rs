//! Which lot is taken, and what a lot's state makes of its goods. Pure.
use super::{LotStatus, store::Lot};
use crate::{
    inventory::model::State,
    kernel::{Code, Error, LotId, Result},
};
use chrono::{Days, NaiveDate};

/// Units of a lot, or of none, that are taken.
pub type Taken = (Option<LotId>, i32);

/// A lot that lies at a location, and how many units of it.
pub type Pickable<'a> = (&'a Lot, i32);

/// First expired, first out: lots that are good for long enough, the one that expires first before the others; then
/// what came without a lot. An error tells how many units can be had.
pub fn fefo(lots: &[Pickable<'_>], unlotted: i32, units: i32, good_until: NaiveDate) -> Result<Vec<Taken>, i32> {
    let is_good = |lot: &Lot| lot.status == LotStatus::Released && lot.expires_on.is_none_or(|day| day >= good_until);
    let mut good: Vec<_> = lots.iter().filter(|(lot, _)| is_good(lot)).collect();
    good.sort_by_key(|(lot, _)| (lot.expires_on.is_none(), lot.expires_on, lot.made_on, &lot.code));
    let sources = good.into_iter().map(|(lot, here)| (Some(lot.id), *here)).chain([(None, unlotted)]);
    let (mut left, mut taken) = (units, vec![]);
    for (lot, here) in sources {
        let some = here.clamp(0, left);
        if some > 0 {
            taken.push((lot, some));
            left -= some;
        }
    }
    if left > 0 { Err(units - left) } else { Ok(taken) }
}

impl Lot {
    /// True if its day has passed.
    pub fn is_expired(&self, today: NaiveDate) -> bool {
        self.expires_on.is_some_and(|day| day < today)
    }

    /// In which state goods of it come in.
    pub fn state_of_arrivals(&self, today: NaiveDate) -> State {
        match self.status {
            LotStatus::Quarantined | LotStatus::Recalled => State::QualityHold,
            LotStatus::Released if self.is_expired(today) => State::Expired,
            LotStatus::Released => State::OnHand,
        }
    }

    /// Refuses unless goods of it may be sold at all; no one may pick past this.
    pub fn require_sellable(&self, today: NaiveDate) -> Result<()> {
        let refuse = |why: String| Err(Error::refused(Code::LotBlocked, format!("lot {} {why}", self.code)));
        match (self.status, self.expires_on) {
            (LotStatus::Released, Some(day)) if day < today => refuse(format!("expired on {day}")),
            (LotStatus::Released, _) => Ok(()),
            (status, _) => refuse(format!("is {status}")),
        }
    }

    /// With the expiry that its manufacture and the shelf life of its variant make, where none is printed.
    pub fn dated_by(mut self, shelf_life_days: Option<i32>) -> Self {
        if let (None, Some(made), Some(days)) = (self.expires_on, self.made_on, shelf_life_days) {
            self.expires_on = made.checked_add_days(Days::new(u64::try_from(days).unwrap_or(0)));
        }
        self
    }

    /// Refuses what is said of a lot when something else was said before; what was not known is taken over.
    pub fn completed(&self, said: &Printed) -> Result<Self> {
        let mut after = self.clone();
        let all = [("expires_on", self.expires_on, said.expires_on), ("made_on", self.made_on, said.made_on)];
        for (name, known, told) in all {
            if let (Some(known), Some(told)) = (known, told)
                && known != told
            {
                let detail = format!("{name} of lot {} is {known}, not {told}", self.code);
                return Err(Error::refused(Code::LotMismatch, detail));
            }
        }
        after.expires_on = self.expires_on.or(said.expires_on);
        after.made_on = self.made_on.or(said.made_on);
        after.pao_months = self.pao_months.or(said.pao_months);
        require_order(&after.code, after.made_on, after.expires_on)?;
        Ok(after)
    }
}

/// The print on a pack, or what is said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printed {
    pub code: String,
    pub made_on: Option<NaiveDate>,
    pub expires_on: Option<NaiveDate>,
    /// Period after opening, in months.
    pub pao_months: Option<i32>,
}

impl Printed {
    /// Refuses an expiry before the manufacture.
    pub fn check(&self) -> Result<()> {
        require_order(&self.code, self.made_on, self.expires_on)
    }
}

fn require_order(code: &str, made_on: Option<NaiveDate>, expires_on: Option<NaiveDate>) -> Result<()> {
    match (made_on, expires_on) {
        (Some(made), Some(expires)) if expires < made => {
            let detail = format!("lot {code} was made on {made} and expires on {expires}");
            Err(Error::refused(Code::ExpiryBeforeManufacture, detail))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::VariantId;
    use chrono::DateTime;
    use proptest::prelude::*;

    const DAY: NaiveDate = NaiveDate::from_ymd_opt(2027, 3, 1).unwrap();

    fn lot(n: u128, expires_in: Option<u64>, status: LotStatus) -> Lot {
        Lot {
            id: LotId(uuid::Uuid::from_u128(n)),
            variant_id: VariantId(uuid::Uuid::nil()),
            code: format!("L{n}"),
            made_on: None,
            expires_on: expires_in.map(|days| DAY + Days::new(days)),
            pao_months: None,
            supplier_id: None,
            status,
            version: 1,
            created_at: DateTime::UNIX_EPOCH,
            updated_at: DateTime::UNIX_EPOCH,
        }
    }

    proptest! {
        #[test]
        fn what_expires_first_goes_first_and_nothing_blocked_goes_at_all(
            here in prop::collection::vec((prop::option::of(0..60u64), 0..9i32, 0..3u8), 0..6),
            unlotted in 0..9i32, units in 1..30i32, days in 0..60u64,
        ) {
            let status = |n: u8| LotStatus::ALL[usize::from(n)];
            let lots: Vec<_> = (1..).zip(&here).map(|(n, (expires, _, s))| lot(n, *expires, status(*s))).collect();
            let pickable: Vec<_> = lots.iter().zip(&here).map(|(lot, (_, units, _))| (lot, *units)).collect();
            let good_until = DAY + Days::new(days);
            let lasts = |lot: &Lot| lot.expires_on.is_none_or(|day| day >= good_until);
            let may_go = |lot: &Lot| lot.status == LotStatus::Released && lasts(lot);
            let all: i32 = pickable.iter().filter(|(lot, _)| may_go(lot)).map(|(_, n)| n).sum::<i32>() + unlotted;
            match fefo(&pickable, unlotted, units, good_until) {
                Err(can) => prop_assert!(all < units && can == all),
                Ok(taken) => {
                    prop_assert_eq!(taken.iter().map(|(_, n)| n).sum::<i32>(), units);
                    let expiry = |id: &LotId| lots.iter().find(|lot| lot.id == *id).unwrap().expires_on;
                    let expiries = taken.iter().filter_map(|(id, _)| id.as_ref().map(expiry));
                    let last = expiries.map(|day| day.unwrap_or(NaiveDate::MAX)).max();
                    for (lot, here) in &pickable {
                        let of_lot: i32 = taken.iter().filter(|(id, _)| *id == Some(lot.id)).map(|(_, n)| n).sum();
                        prop_assert!(of_lot == 0 || may_go(lot));
                        let is_earlier = last.is_some_and(|last| lot.expires_on.unwrap_or(NaiveDate::MAX) < last);
                        prop_assert!(!(may_go(lot) && is_earlier) || of_lot == *here, "an earlier lot was left");
                    }
                }
            }
        }
    }

    #[test]
    fn a_lot_is_sold_through_its_last_day() {
        let mut today = lot(1, Some(0), LotStatus::Released);
        assert_eq!((today.is_expired(DAY), today.state_of_arrivals(DAY)), (false, State::OnHand));
        today.require_sellable(DAY).unwrap();
        let tomorrow = DAY + Days::new(1);
        assert_eq!(today.require_sellable(tomorrow).unwrap_err().code(), Code::LotBlocked);
        assert_eq!(today.state_of_arrivals(tomorrow), State::Expired);
        today.status = LotStatus::Recalled;
        assert_eq!(today.state_of_arrivals(tomorrow), State::QualityHold);
    }
}
