//! The rules of transfers. Pure: a transfer and a wish in, the transfer after it or a refusal out.
use super::{
    Transfer, TransferStatus as Status,
    store::{Head, LotLine},
};
use crate::{
    inventory::lots::Taken,
    kernel::{Code, Error, LotId, Result, VariantId},
};
use chrono::{DateTime, Utc};

/// Units of a variant, of one lot or of any, to be shipped.
pub type Wish = (VariantId, Option<LotId>, i32);

/// The units that have come of a variant, of one lot or of any.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrival {
    pub variant: VariantId,
    pub lot: Option<LotId>,
    /// In good order.
    pub received: i32,
    pub damaged: i32,
    /// It left and will not come.
    pub lost: i32,
}

impl Transfer {
    fn refuse<T>(&self, code: Code, why: &str) -> Result<T> {
        Err(Error::refused(code, format!("transfer {} {why}", self.head.number)))
    }

    fn step(&self, status: Status, now: DateTime<Utc>) -> Self {
        let is_over = matches!(status, Status::Received | Status::Canceled);
        let closed_at = self.head.closed_at.or(is_over.then_some(now));
        let head = Head { status, version: self.head.version + 1, updated_at: now, closed_at, ..self.head.clone() };
        Self { head, ..self.clone() }
    }

    /// Refuses unless it may still be rewritten.
    pub fn require_draft(&self) -> Result<()> {
        match self.head.status {
            Status::Draft => Ok(()),
            status => self.refuse(Code::TransferNotDraft, &format!("is {status} and no longer a draft")),
        }
    }

    /// Says that it is to be picked and shipped.
    pub fn readied(&self, now: DateTime<Utc>) -> Result<Self> {
        self.require_draft()?;
        Ok(self.step(Status::Ready, now))
    }

    /// Gives it up; not once goods are on their way.
    pub fn canceled(&self, now: DateTime<Utc>) -> Result<Self> {
        match self.head.status {
            Status::Draft | Status::Ready => Ok(self.step(Status::Canceled, now)),
            Status::Canceled => self.refuse(Code::TransferClosed, "is canceled already"),
            _ => self.refuse(Code::TransferAlreadyShipped, "has been shipped: receive it, or tell what was lost"),
        }
    }

    /// The units that are to be shipped by a wish; everything that is left, if it names nothing.
    pub fn to_ship(&self, wishes: &[Wish]) -> Result<Vec<Wish>> {
        match self.head.status {
            Status::Draft => return self.refuse(Code::TransferNotReady, "is a draft"),
            Status::Received | Status::Canceled => {
                return self.refuse(Code::TransferClosed, &format!("is {}", self.head.status));
            }
            _ if self.head.is_shipped_whole => {
                return self.refuse(Code::TransferAlreadyShipped, "has been shipped whole");
            }
            Status::Ready | Status::InTransit | Status::PartiallyReceived => {}
        }
        let left: Vec<Wish> = self.lines.iter().map(|l| (l.variant_id, None, l.requested - l.shipped)).collect();
        if wishes.is_empty() {
            return Ok(left.into_iter().filter(|wish| wish.2 > 0).collect());
        }
        for (variant, _, _) in wishes {
            let named: i64 = wishes.iter().filter(|wish| wish.0 == *variant).map(|wish| i64::from(wish.2)).sum();
            match left.iter().find(|line| line.0 == *variant) {
                None => return self.refuse(Code::NotOnDocument, &format!("has no line of {variant}")),
                Some((_, _, left)) if named > i64::from(*left) => {
                    let why = format!("asks for {left} more of {variant}, and {named} are to be shipped");
                    return self.refuse(Code::MoreThanRequested, &why);
                }
                Some(_) => {}
            }
        }
        Ok(wishes.to_vec())
    }

    /// The transfer once goods have left. `is_whole` says that nothing more will be sent.
    pub fn shipped(&self, pieces: &[(VariantId, Taken)], is_whole: bool, now: DateTime<Utc>) -> Self {
        let mut after = self.clone();
        for (variant, (lot, units)) in pieces {
            if let Some(line) = after.lines.iter_mut().find(|line| line.variant_id == *variant) {
                line.shipped += units;
            }
            let Some(lot_id) = *lot else { continue };
            match after.lots.iter_mut().find(|line| line.lot_id == lot_id) {
                Some(line) => line.shipped += units,
                None => after.lots.push(LotLine {
                    transfer_id: self.head.id,
                    lot_id,
                    variant_id: *variant,
                    shipped: *units,
                    received: 0,
                    damaged: 0,
                    lost: 0,
                }),
            }
        }
        let is_all = after.lines.iter().all(|line| line.shipped == line.requested);
        after.head.is_shipped_whole = is_whole || is_all;
        after.head.shipped_at = self.head.shipped_at.or(Some(now));
        after.step(after.status_by_lines(), now)
    }

    fn status_by_lines(&self) -> Status {
        let on_its_way: i64 = self.lines.iter().map(|line| i64::from(line.on_its_way())).sum();
        let is_any_here = self.lines.iter().any(|line| line.on_its_way() < line.shipped);
        match (on_its_way, self.head.is_shipped_whole) {
            (0, true) => Status::Received,
            _ if is_any_here => Status::PartiallyReceived,
            _ => Status::InTransit,
        }
    }

    /// The transfer once goods have come, and what has come lot by lot. Where no lot is named, lots are taken in their
    /// order, and what came without a lot last. No arrivals at all stand for all that is on its way, in good order.
    pub fn received(&self, arrivals: &[Arrival], now: DateTime<Utc>) -> Result<(Self, Vec<Arrival>)> {
        match self.head.status {
            Status::InTransit | Status::PartiallyReceived => {}
            Status::Draft | Status::Ready => return self.refuse(Code::TransferNotShipped, "has not been shipped"),
            Status::Received | Status::Canceled => {
                return self.refuse(Code::TransferClosed, &format!("is {}", self.head.status));
            }
        }
        let all = |line: &super::store::TransferLine| Arrival {
            variant: line.variant_id,
            lot: None,
            received: line.on_its_way(),
            damaged: 0,
            lost: 0,
        };
        let whole: Vec<_> = self.lines.iter().map(all).filter(|arrival| arrival.received > 0).collect();
        if arrivals.is_empty() && whole.is_empty() {
            return self.refuse(Code::TransferNotShipped, "has nothing on its way");
        }
        let (mut after, mut landed) = (self.clone(), vec![]);
        // Named lots first, so that what names none takes what they leave.
        let mut arrivals = if arrivals.is_empty() { whole } else { arrivals.to_vec() };
        arrivals.sort_by_key(|arrival| arrival.lot.is_none());
        for arrival in arrivals {
            after.land(arrival, &mut landed)?;
        }
        let status = after.status_by_lines();
        Ok((after.step(status, now), landed))
    }

    fn land(&mut self, arrival: Arrival, landed: &mut Vec<Arrival>) -> Result<()> {
        let Arrival { variant, lot, received, damaged, lost } = arrival;
        let all = i64::from(received) + i64::from(damaged) + i64::from(lost);
        let Some(line) = self.lines.iter_mut().find(|line| line.variant_id == variant) else {
            return self.refuse(Code::NotOnDocument, &format!("has no line of {variant}"));
        };
        let on_its_way = line.on_its_way();
        if all > i64::from(on_its_way) {
            let why = format!("has {on_its_way} of {variant} on its way, and {all} are to be received");
            return self.refuse(Code::MoreThanShipped, &why);
        }
        (line.received, line.damaged, line.lost) = (line.received + received, line.damaged + damaged, line.lost + lost);
        let unlotted = on_its_way - self.lots_on_their_way(variant);
        let mut rest = [received, damaged, lost];
        let is_meant = |line: &&mut LotLine| line.variant_id == variant && lot.is_none_or(|lot| lot == line.lot_id);
        for line in self.lots.iter_mut().filter(is_meant) {
            let took = taken(&mut rest, line.on_its_way());
            (line.received, line.damaged, line.lost) =
                (line.received + took[0], line.damaged + took[1], line.lost + took[2]);
            note(landed, variant, Some(line.lot_id), took);
        }
        let took = taken(&mut rest, if lot.is_none() { unlotted } else { 0 });
        note(landed, variant, None, took);
        match rest {
            [0, 0, 0] => Ok(()),
            _ => self.refuse(Code::MoreThanShipped, "has less of that lot on its way than is to be received"),
        }
    }

    fn lots_on_their_way(&self, variant: VariantId) -> i32 {
        self.lots.iter().filter(|line| line.variant_id == variant).map(LotLine::on_its_way).sum()
    }
}

/// Takes what fits of good, damaged and lost units, in this order.
fn taken(rest: &mut [i32; 3], mut most: i32) -> [i32; 3] {
    rest.each_mut().map(|part| {
        let some = (*part).min(most);
        (*part, most) = (*part - some, most - some);
        some
    })
}

fn note(landed: &mut Vec<Arrival>, variant: VariantId, lot: Option<LotId>, [received, damaged, lost]: [i32; 3]) {
    if received + damaged + lost > 0 {
        landed.push(Arrival { variant, lot, received, damaged, lost });
    }
}

impl super::store::TransferLine {
    /// Units that have left and not come.
    pub fn on_its_way(&self) -> i32 {
        self.shipped - self.received - self.damaged - self.lost
    }
}

impl LotLine {
    /// Units that have left and not come.
    pub fn on_its_way(&self) -> i32 {
        self.shipped - self.received - self.damaged - self.lost
    }
}

#[cfg(test)]
mod tests;
