//! Holding lots back: quarantine, its end, and the recall, each at every location at once. What was promised of the
//! goods stays promised and is counted as uncovered: the promise is the brand's to mend, the goods are not to be sold.
use super::{
    LotStatus, events,
    read::{LotView, lot_view},
    store::Lot,
};
use crate::{
    inventory::{
        model::{LevelKey, State},
        movement::{Cause, Endpoint, Guard, Movement, Plan},
        service::Inventory,
        stock::Stock,
    },
    kernel::{Actor, Code, Error, Expected, Locations, LotId, Note, Result, actor::Permission},
    platform::{
        group_commit::{Command, UnitOfWork},
        idempotency::{Caller, Outcome, Recorded},
    },
};

/// The change of a lot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Quarantine,
    Release,
    Recall,
}

struct Judge {
    before: LotView,
    verdict: Verdict,
    why: Option<Note>,
    expected: Expected,
}

/// Changes a lot's state, and that of all its goods, everywhere at once.
pub async fn judge(
    inventory: &Inventory,
    caller: Caller,
    id: LotId,
    verdict: Verdict,
    why: Option<Note>,
) -> Result<Recorded<LotView>> {
    let Caller { actor, key, expected } = caller;
    actor.require_everywhere(Permission::LotsWrite)?;
    let prepare = async || {
        let before = inventory.db.read(move |db| lot_view(db, &Locations::Everywhere, id)).await?;
        Ok(Judge { before, verdict, why: why.clone(), expected: expected.clone() })
    };
    inventory.execute(actor, Permission::LotsWrite, key, prepare).await
}

impl Judge {
    fn level_keys(&self) -> impl Iterator<Item = LevelKey> {
        let variant = self.before.lot.variant_id;
        self.before.locations.iter().map(move |location| (location.location_id, variant))
    }

    fn after(&self, lot: &Lot) -> Result<LotStatus> {
        let code = &lot.code;
        let refuse = |refusal, why: &str| Err(Error::refused(refusal, format!("lot {code} {why}")));
        match (self.verdict, lot.status) {
            (_, LotStatus::Recalled) => refuse(Code::LotRecalled, "was recalled, and stays so"),
            (Verdict::Release, LotStatus::Released) => refuse(Code::LotNotQuarantined, "is not in quarantine"),
            (Verdict::Quarantine, LotStatus::Quarantined) => refuse(Code::LotBlocked, "is in quarantine already"),
            (Verdict::Quarantine, _) => Ok(LotStatus::Quarantined),
            (Verdict::Release, _) => Ok(LotStatus::Released),
            (Verdict::Recall, _) => Ok(LotStatus::Recalled),
        }
    }

    fn reason(&self) -> &'static str {
        match self.verdict {
            Verdict::Quarantine => "quarantine",
            Verdict::Release => "release",
            Verdict::Recall => "recall",
        }
    }
}

impl Command for Judge {
    type Output = LotView;

    fn lock(&self, uow: &mut UnitOfWork) -> Result<()> {
        let stock = uow.of::<Stock>()?;
        stock.want_whole_lot(self.before.lot.id);
        self.level_keys().for_each(|level_key| stock.want_goods(level_key));
        Ok(())
    }

    fn decide(&self, uow: &mut UnitOfWork, who: &Actor) -> Result<Outcome<LotView>> {
        who.require_everywhere(Permission::LotsWrite)?;
        let (id, now) = (self.before.lot.id, uow.now);
        let stock = uow.of::<Stock>()?;
        let lot = stock.lot(id)?.cloned().ok_or_else(|| Error::not_found("lot"))?;
        self.expected.check("the lot", lot.version)?;
        let status = self.after(&lot)?;
        let after = Lot { status, version: lot.version + 1, updated_at: now, ..lot };
        let (from, guard) = match self.verdict {
            Verdict::Release => (State::QualityHold, Guard::Keep),
            Verdict::Quarantine | Verdict::Recall => (State::OnHand, Guard::Withdraw),
        };
        // Goods go on sale again by the day of their own location.
        let to = |location| match self.verdict {
            Verdict::Release => after.state_of_arrivals(stock.day_at(location)),
            Verdict::Quarantine | Verdict::Recall => State::QualityHold,
        };
        let pieces = stock.pieces_of(id)?;
        let mut movements = vec![];
        for (piece, units) in pieces.iter().filter(|(piece, _)| piece.state == from) {
            // What could not be found goes on sale when a count has found it.
            let missing = match self.verdict {
                Verdict::Release => stock.missing((piece.location, piece.variant), Some(id))?,
                Verdict::Quarantine | Verdict::Recall => 0,
            };
            movements.push(Movement {
                variant: piece.variant,
                lot: Some(id),
                units: units - missing,
                from: Endpoint::At(piece.location, from),
                to: Endpoint::At(piece.location, to(piece.location)),
                reason: self.reason().into(),
                cost: None,
            });
        }
        movements.retain(|movement| movement.units > 0);
        let plan = Plan { movements, guard, ..Plan::default() };
        let cause = Cause { of: ("lot", id.0), actor: who.id, now, note: self.why.as_deref() };
        let touched = stock.carry(&plan, cause)?;
        stock.change_lot(after.clone());
        let locations = stock.places_of(id);
        events::lot_judged(&mut uow.outbox, &after, who.id, self.why.as_deref(), now)?;
        for level in &touched {
            events::goods_withdrawn(&mut uow.outbox, level, &after, &plan, now)?;
        }
        let view = LotView { lot: after, sku: self.before.sku.clone(), locations };
        Ok(Outcome::changed(view.lot.version, None, view))
    }
}
