//! Goods that customers give back: counted as returned where they come in, until someone has looked at them and says
//! what becomes of them.
use super::{
    lots::{Lot, LotStatus},
    model::State,
    movement::{Endpoint, Movement, Plan},
};
use crate::{
    inventory::{model::Node, movement::Cause, stock::Stock},
    kernel::{Code, Error, LocationId, LotId, OrderId, Result, VariantId},
    platform::{db::Read, group_commit::UnitOfWork},
};
use chrono::NaiveDate;

/// Units of a variant, of one lot or of none.
pub type LotUnits = (VariantId, Option<LotId>, i32);

/// The disposition of what came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StockDisposition {
    /// It may be sold again, as its lot.
    Restock,
    /// It stays, as damaged.
    Damaged,
    /// It is thrown away.
    Destroy,
    /// It is used up in the store.
    Tester,
    /// It goes back to its vendor.
    Vendor,
    /// It is held for quality control.
    Quarantine,
    /// It never came back: the carrier has lost it.
    Lost,
}

impl StockDisposition {
    fn end(self, location: LocationId) -> (Endpoint, &'static str) {
        match self {
            Self::Restock => (Endpoint::At(location, State::OnHand), "restock"),
            Self::Damaged => (Endpoint::At(location, State::Damaged), "damage"),
            Self::Destroy => (Endpoint::Away(Node::Scrap), "write_off"),
            Self::Tester => (Endpoint::Away(Node::Scrap), "tester"),
            Self::Vendor => (Endpoint::Away(Node::Supplier), "vendor_return"),
            Self::Lost => (Endpoint::Away(Node::Scrap), "lost_in_transit"),
            Self::Quarantine => (Endpoint::At(location, State::QualityHold), "quality"),
        }
    }
}

/// The units that an order was sent and that have not come back, lot by lot; those that left one location first, if it
/// is named.
pub fn sent_to_order(db: &mut Read, order: OrderId, first: Option<LocationId>) -> Result<Vec<LotUnits>> {
    Ok(super::lots::sent_to_order(db.conn(), order, first)?)
}

/// Orders and locations of the youngest promises whose goods are gone: as many as cover what is short of so many
/// levels.
pub fn uncovered_allocations(db: &mut Read, levels: i64) -> Result<Vec<(OrderId, LocationId)>> {
    Ok(super::lots::uncovered_allocations(db.conn(), levels)?)
}

/// Refuses what may not become of goods of a lot: one that is held back or recalled goes to quarantine, to its vendor
/// or is destroyed; it is not given away, used up or kept among what is merely damaged.
fn require_allowed(lot: &Lot, disposition: StockDisposition, today: NaiveDate) -> Result<()> {
    match (lot.status, disposition) {
        (LotStatus::Released, StockDisposition::Restock) => lot.require_sellable(today),
        (LotStatus::Released, _)
        | (
            _,
            StockDisposition::Quarantine
            | StockDisposition::Vendor
            | StockDisposition::Destroy
            | StockDisposition::Lost,
        ) => Ok(()),
        (status, _) => {
            let detail = format!("lot {} is {status}: quarantine it, send it to its vendor or destroy it", lot.code);
            Err(Error::refused(Code::LotBlocked, detail))
        }
    }
}

/// Takes in what an order was sent, at any location; a closed one only where it `passes_through`.
pub(super) fn take_back(
    uow: &mut UnitOfWork,
    location: LocationId,
    pieces: &[LotUnits],
    passes_through: bool,
    cause: Cause,
) -> Result<()> {
    let movement = |(variant, lot, units): &LotUnits| Movement {
        variant: *variant,
        lot: *lot,
        units: *units,
        from: Endpoint::Away(Node::Customer),
        to: Endpoint::At(location, State::Returned),
        reason: "return".into(),
        cost: None,
    };
    let plan = Plan { movements: pieces.iter().map(movement).collect(), passes_through, ..Plan::default() };
    uow.of::<Stock>()?.carry(&plan, cause).map(|_| ())
}

/// Sends what came back its ways; what is sold again must be of a lot that may be.
pub(super) fn dispose(
    uow: &mut UnitOfWork,
    location: LocationId,
    dispositions: &[(VariantId, Option<LotId>, i32, StockDisposition)],
    cause: Cause,
) -> Result<()> {
    let stock = uow.of::<Stock>()?;
    let today = stock.day_at(location);
    let mut plan = Plan::default();
    for (variant, lot, units, disposition) in dispositions {
        if let Some(id) = lot
            && let Some(lot) = stock.lot(*id)?
        {
            require_allowed(lot, *disposition, today)?;
        }
        let (to, reason) = disposition.end(location);
        let from = Endpoint::At(location, State::Returned);
        plan.movements.push(Movement {
            variant: *variant,
            lot: *lot,
            units: *units,
            from,
            to,
            reason: reason.into(),
            cost: None,
        });
    }
    stock.carry(&plan, cause).map(|_| ())
}
