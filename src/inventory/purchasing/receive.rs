//! Booking what arrives: against a purchase order or without one, lot by lot, in the condition it comes in.
mod prepare;
pub use prepare::Bounds;
use prepare::prepared;

use super::{
    ArrivalCondition, Purchase, Receipt, events,
    read::{ReceiptView, Skus},
    store::{ReceiptHead, ReceiptLine},
};
use crate::{
    catalog::LotControl,
    inventory::{
        costs::{CostTerms, ExchangeRate, UnitCost},
        documents::Documents,
        lots::{Lot, LotStatus, Printed, model::Print},
        model::{Node, State},
        movement::{Cause, Endpoint, Movement, Plan},
        purchasing::model::{Arriving, NewReceipt},
        service::Inventory,
        skus::{Good, told},
        stock::Stock,
    },
    kernel::{Actor, Code, Error, LotId, ReceiptId, Result, SupplierId, Typed, actor::Permission},
    platform::{
        group_commit::{Command, UnitOfWork},
        idempotency::{Caller, Outcome, Recorded},
    },
};
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::HashMap;

struct Arrive {
    new: NewReceipt,
    purchase: Option<Purchase>,
    /// In the order of the lines.
    goods: Vec<Good>,
    skus: Skus,
    /// The cost of a unit, by line, as the books keep it.
    costs: Vec<Option<UnitCost>>,
    tolerance_percent: u32,
}

/// Books an arrival and answers with its receipt.
pub async fn receive(inventory: &Inventory, caller: Caller, new: NewReceipt) -> Result<Recorded<ReceiptView>> {
    let Caller { actor, key, .. } = caller;
    let (catalog, bounds) = (&inventory.catalog, Bounds::from(&*inventory.settings));
    actor.require_at(Permission::InventoryReceive, new.location, "location")?;
    if new.terms != CostTerms::default() || new.lines.iter().any(|line| line.unit_cost_minor.is_some()) {
        actor.require_at(Permission::CostsWrite, new.location, "location")?;
    }
    inventory.require_location(new.location).await?;
    let prepare = async || {
        inventory.require_open_location(new.location).await?;
        let (catalog, new) = (catalog.clone(), new.clone());
        let today = inventory.db.clock().now().date_naive();
        inventory.db.read(move |db| prepared(db, &catalog, new, bounds, today)).await
    };
    inventory.execute(actor, Permission::InventoryReceive, key, prepare).await
}

impl Arrive {
    /// The lots of the lines, as they are after the arrival; new ones among them.
    fn lots(&self, stock: &Stock, who: &Actor, now: DateTime<Utc>) -> Result<Vec<Option<Lot>>> {
        let mut known: HashMap<Print, Lot> = HashMap::new();
        let mut of_lines = vec![];
        for (line, good) in self.new.lines.iter().zip(&self.goods) {
            let Some(said) = line.lot.as_ref().filter(|_| line.accepted > 0) else {
                of_lines.push(None);
                continue;
            };
            let print = (good.variant, Typed::of(&said.code));
            let before = match known.get(&print) {
                Some(lot) => Some(lot.clone()),
                None => stock.printed(&print)?.cloned(),
            };
            let lot = match before {
                Some(lot) => {
                    let after = lot.completed(said)?;
                    require_lot_right(who, &lot, &after)?;
                    after
                }
                None => fresh(good, said, self.new.supplier, now),
            };
            let lot = lot.dated_by(good.shelf_life_days);
            if good.lot_control == LotControl::Expiry && lot.expires_on.is_none() {
                let detail = format!("goods of {} come in with the expiry of their lot {}", good.sku, lot.code);
                return Err(Error::refused(Code::ExpiryRequired, detail));
            }
            known.insert(print, lot.clone());
            of_lines.push(Some(lot));
        }
        Ok(of_lines)
    }

    fn plan(&self, lots: &[Option<Lot>], today: NaiveDate) -> Plan {
        let mut plan = Plan::default();
        let lines = self.new.lines.iter().zip(&self.goods).zip(lots).zip(&self.costs);
        for (((line, good), lot), cost) in lines.filter(|row| row.0.0.0.accepted > 0) {
            let state = match line.condition {
                ArrivalCondition::Sellable => lot.as_ref().map_or(State::OnHand, |lot| lot.state_of_arrivals(today)),
                ArrivalCondition::QualityHold => State::QualityHold,
                ArrivalCondition::Damaged => State::Damaged,
            };
            plan.movements.push(Movement {
                variant: good.variant,
                lot: lot.as_ref().map(|lot| lot.id),
                units: line.accepted,
                from: Endpoint::Away(Node::Supplier),
                to: Endpoint::At(self.new.location, state),
                reason: "receipt".into(),
                cost: *cost,
            });
        }
        plan
    }

    fn receipt(&self, id: ReceiptId, who: &Actor, lots: &[Option<Lot>], now: DateTime<Utc>) -> Receipt {
        let NewReceipt { location, purchase_order, supplier, reference, terms, lines } = &self.new;
        let head = ReceiptHead {
            id,
            location_id: *location,
            purchase_order_id: *purchase_order,
            supplier_id: *supplier,
            reference: reference.clone(),
            received_by: who.id,
            created_at: now,
            currency: terms.currency.map(|currency| currency.code().to_owned()),
            exchange_rate: terms.rate.map(ExchangeRate::billionths),
        };
        let line = |(line_no, ((line, good), lot)): (i32, ((&Arriving, &Good), &Option<Lot>))| ReceiptLine {
            receipt_id: id,
            line_no,
            variant_id: good.variant,
            lot_id: lot.as_ref().map(|lot| lot.id),
            accepted: line.accepted,
            rejected: line.rejected,
            condition: line.condition,
            unit_cost_minor: line.unit_cost_minor,
        };
        Receipt { head, lines: (1..).zip(lines.iter().zip(&self.goods).zip(lots)).map(line).collect() }
    }
}

/// Dates of a lot hold wherever its goods are: who receives at one location does not set them for all.
fn require_lot_right(who: &Actor, before: &Lot, after: &Lot) -> Result<()> {
    let may = [Permission::LotsWrite, Permission::InventoryReceive];
    if before == after || may.iter().any(|permission| who.require_everywhere(*permission).is_ok()) {
        return Ok(());
    }
    let detail = format!("lot {} is known without these dates; head office must complete them", before.code);
    Err(Error::refused(Code::LotMismatch, detail))
}

fn fresh(good: &Good, said: &Printed, supplier_id: Option<SupplierId>, now: DateTime<Utc>) -> Lot {
    Lot {
        id: LotId::new(),
        variant_id: good.variant,
        code: said.code.clone(),
        made_on: said.made_on,
        expires_on: said.expires_on,
        pao_months: said.pao_months,
        supplier_id,
        status: LotStatus::Released,
        version: 1,
        created_at: now,
        updated_at: now,
    }
}

/// Notes new lots, and those of which more is known now.
fn note_lots(stock: &mut Stock, lots: &[Option<Lot>], now: DateTime<Utc>) -> Result<()> {
    for lot in lots.iter().flatten() {
        match stock.lot(lot.id)? {
            None => stock.make_lot(lot.clone()),
            Some(before) if before == lot => {}
            Some(before) => {
                let version = before.version + 1;
                stock.change_lot(Lot { version, updated_at: now, ..lot.clone() });
            }
        }
    }
    Ok(())
}

impl Command for Arrive {
    type Output = ReceiptView;

    fn lock(&self, uow: &mut UnitOfWork) -> Result<()> {
        if let Some(purchase) = &self.purchase {
            uow.of::<Documents>()?.want().purchase(purchase.head.id);
        }
        let stock = uow.of::<Stock>()?;
        for (line, good) in self.new.lines.iter().zip(&self.goods) {
            stock.want_goods((self.new.location, good.variant));
            line.lot.iter().for_each(|lot| stock.want_print(good.variant, &lot.code));
        }
        Ok(())
    }

    fn decide(&self, uow: &mut UnitOfWork, who: &Actor) -> Result<Outcome<ReceiptView>> {
        who.require_at(Permission::InventoryReceive, self.new.location, "location")?;
        let (id, now) = (ReceiptId::new(), uow.now);
        let after = match &self.purchase {
            None => None,
            Some(purchase) => {
                uow.of::<Documents>()?.require_fresh(purchase.head.id.0, purchase.head.version)?;
                let came = |(line, good): (&Arriving, &Good)| (good.variant, line.accepted, line.rejected);
                let came: Vec<_> = self.new.lines.iter().zip(&self.goods).map(came).collect();
                let after = purchase.received(&came, self.tolerance_percent, now);
                Some(after.map_err(|error| told(error, |id| self.skus.get(&id).cloned()))?)
            }
        };
        let stock = uow.of::<Stock>()?;
        let lots = self.lots(stock, who, now)?;
        let cause = Cause { of: ("receipt", id.0), actor: who.id, now, note: None };
        stock
            .carry(&self.plan(&lots, stock.day_at(self.new.location)), cause)
            .map_err(|error| told(error, |id| self.skus.get(&id).cloned()))?;
        note_lots(stock, &lots, now)?;
        let receipt = self.receipt(id, who, &lots, now);
        events::received(&mut uow.outbox, &receipt, now)?;
        let papers = uow.of::<Documents>()?;
        papers.add_receipt(receipt.clone());
        if let Some(after) = after {
            papers.save_purchase(after.clone());
            events::changed(&mut uow.outbox, &after, now)?;
        }
        let lots = lots.into_iter().flatten().map(|lot| (lot.id, lot)).collect();
        let view = ReceiptView::of(&receipt, &self.skus, &lots, &who.places(Permission::CostsRead));
        Ok(Outcome::created(id, 1, Some(self.new.location), view))
    }
}
