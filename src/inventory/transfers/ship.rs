//! Shipping: goods leave the sending location for the way, first expired first unless lots are named.
use super::{
    Transfer, events,
    read::{TransferNames, TransferView, found},
};
use crate::{
    inventory::{
        documents::Documents,
        lots,
        model::{Node, State},
        movement::{Cause, Endpoint, Movement, Plan},
        service::Inventory,
        skus::{Good, goods_of},
        stock::Stock,
    },
    kernel::{
        Actor, Code, Error, Expected, LocationId, Quantity, Result, Sku, TransferId, VariantId, actor::Permission,
    },
    platform::{
        group_commit::{Command, UnitOfWork},
        idempotency::{Caller, Outcome, Recorded},
    },
};

/// Units to be shipped, of a lot if one is named.
#[derive(Debug, Clone)]
pub struct ToShip {
    pub sku: Sku,
    pub lot: Option<String>,
    pub quantity: Quantity,
}

struct Ship {
    before: Transfer,
    names: TransferNames,
    /// Variant, lot code, units.
    wishes: Vec<(VariantId, Option<String>, i32)>,
    is_whole: bool,
    expected: Expected,
}

/// Ships what is named of a transfer, or all of it.
pub(super) async fn ship(
    inventory: &Inventory,
    caller: Caller,
    id: TransferId,
    lines: Vec<ToShip>,
    is_whole: bool,
) -> Result<Recorded<TransferView>> {
    let Caller { actor, key, expected } = caller;
    let catalog = &inventory.catalog;
    actor.require_anywhere(Permission::InventoryTransfer)?;
    let prepare = async || {
        let (catalog, lines, who) = (catalog.clone(), lines.clone(), actor.clone());
        let read = inventory.db.read(move |db| {
            let (before, names) = found(db, id)?;
            require_end(&who, before.head.from_location_id, before.head.to_location_id, "sending")?;
            let skus: Vec<_> = lines.iter().map(|line| line.sku.clone()).collect();
            let goods = goods_of(db, &catalog, &skus)?;
            let wish = |(good, line): (Good, ToShip)| (good.variant, line.lot, line.quantity.get());
            Ok((before, names, goods.into_iter().zip(lines).map(wish).collect()))
        });
        let (before, names, wishes) = read.await?;
        Ok(Ship { before, names, wishes, is_whole, expected: expected.clone() })
    };
    inventory.execute(actor.clone(), Permission::InventoryTransfer, key, prepare).await
}

/// Refuses unless the caller may transfer at this end: as unknown, unless the other end is theirs.
pub(super) fn require_end(who: &Actor, here: LocationId, there: LocationId, what: &str) -> Result<()> {
    let locations = who.places(Permission::InventoryTransfer);
    match (locations.include(here), locations.include(there)) {
        (true, _) => Ok(()),
        (false, true) => {
            let detail = format!("this needs the permission {} at the {what} place", Permission::InventoryTransfer);
            Err(Error::refused(Code::Forbidden, detail))
        }
        (false, false) => who.require_at(Permission::InventoryTransfer, here, "transfer"),
    }
}

impl Ship {
    fn ends(&self) -> (LocationId, LocationId) {
        (self.before.head.from_location_id, self.before.head.to_location_id)
    }

    /// The lots of what is to be shipped.
    fn pieces(&self, stock: &Stock) -> Result<Vec<(VariantId, lots::Taken)>> {
        let from = self.ends().0;
        let mut wishes = vec![];
        for (variant, code, units) in &self.wishes {
            let lot = code.as_ref().map(|code| stock.require_printed(*variant, code)).transpose()?;
            if let Some(lot) = lot {
                lot.require_sellable(stock.day_at(from))?;
            }
            wishes.push((*variant, lot.map(|lot| lot.id), *units));
        }
        let mut pieces = vec![];
        for (variant, lot, units) in self.before.to_ship(&wishes)? {
            let taken = match lot {
                Some(lot) => vec![(Some(lot), units)],
                None => stock.first_expired((from, variant), units, stock.day_at(from))?,
            };
            pieces.extend(taken.into_iter().map(|taken| (variant, taken)));
        }
        Ok(pieces)
    }
}

impl Command for Ship {
    type Output = TransferView;

    fn lock(&self, uow: &mut UnitOfWork) -> Result<()> {
        let ((from, to), head) = (self.ends(), &self.before.head);
        uow.of::<Documents>()?.want().transfer(head.id);
        let stock = uow.of::<Stock>()?;
        for line in &self.before.lines {
            stock.want_goods((from, line.variant_id));
            stock.want_level((to, line.variant_id));
        }
        for (variant, code, _) in &self.wishes {
            if let Some(code) = code {
                stock.want_print(*variant, code);
            }
        }
        Ok(())
    }

    fn decide(&self, uow: &mut UnitOfWork, who: &Actor) -> Result<Outcome<TransferView>> {
        let ((from, to), head) = (self.ends(), &self.before.head);
        require_end(who, from, to, "sending")?;
        uow.of::<Documents>()?.require_fresh(head.id.0, head.version)?;
        self.expected.check("the transfer", head.version)?;
        let cause = Cause { of: ("transfer", head.id.0), actor: who.id, now: uow.now, note: None };
        let stock = uow.of::<Stock>()?;
        let pieces = self.pieces(stock)?;
        let after = self.before.shipped(&pieces, self.is_whole, cause.now);
        let mut plan = Plan::default();
        for (variant, (lot, units)) in pieces {
            let (from, to_way) = (Endpoint::At(from, State::OnHand), Endpoint::Away(Node::Transit));
            plan.movements.push(Movement {
                variant,
                lot,
                units,
                from,
                to: to_way,
                reason: "transfer".into(),
                cost: None,
            });
            plan.transit.push(((to, variant), units));
        }
        stock.carry(&plan, cause).map_err(|error| self.names.told(error))?;
        let mut names = self.names.clone();
        for line in &after.lots {
            if let Some(lot) = stock.lot(line.lot_id).ok().flatten() {
                names.lots.insert(lot.id, lot.clone());
            }
        }
        uow.of::<Documents>()?.save_transfer(after.clone());
        events::changed(&mut uow.outbox, &after, cause.now)?;
        Ok(Outcome::changed(after.head.version, Some(from), TransferView::of(&after, &names)))
    }
}
