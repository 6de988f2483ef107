//! Setting what goods have cost: for what was there before costs were kept, and where the books are wrong.
use super::{CostTerms, read::CostView, unit::UnitCost};
use crate::{
    inventory::{
        service::Inventory,
        skus::{Good, goods_of},
        stock::Stock,
    },
    kernel::{Actor, Code, Faults, LocationId, Note, Result, Sku, actor::Permission, money::Currency},
    platform::{
        group_commit::{Command, UnitOfWork},
        idempotency::{Caller, Outcome, Recorded},
    },
};
use serde::Serialize;
use std::collections::HashMap;
use utoipa::ToSchema;

/// Costs to be set at a location.
#[derive(Debug, Clone)]
pub struct NewCosts {
    pub location: LocationId,
    pub terms: CostTerms,
    /// In minor units.
    pub lines: Vec<(Sku, i64)>,
    pub note: Option<Note>,
}

/// Costs as they are after they were set.
#[derive(Debug, Serialize, ToSchema)]
pub struct CostsSet {
    /// The costs as they are now.
    pub costs: Vec<CostView>,
}

struct SetCosts {
    location: LocationId,
    goods: Vec<(Good, UnitCost)>,
    note: Option<Note>,
    book: Currency,
}

/// Sets the average cost of what is on hand of each SKU.
pub(super) async fn set(inventory: &Inventory, caller: Caller, new: NewCosts) -> Result<Recorded<CostsSet>> {
    let Caller { actor, key, .. } = caller;
    let (catalog, book) = (&inventory.catalog, inventory.settings.cost_currency);
    actor.require_at(Permission::CostsWrite, new.location, "location")?;
    inventory.require_location(new.location).await?;
    new.terms.require_whole(true, book)?;
    let prepare = async || {
        let (catalog, NewCosts { location, terms, lines, note }) = (catalog.clone(), new.clone());
        let goods = inventory.db.read(move |db| {
            let skus: Vec<_> = lines.iter().map(|line| line.0.clone()).collect();
            let goods = goods_of(db, &catalog, &skus)?;
            let (mut costed, mut seen, mut faults) = (vec![], HashMap::new(), Faults::default());
            for (at, (good, (sku, minor))) in goods.into_iter().zip(&lines).enumerate() {
                match seen.insert(good.variant, *minor) {
                    Some(earlier) if earlier == *minor => continue,
                    Some(earlier) => {
                        let said = format!("{sku} costs {earlier} in an earlier line, and {minor} in this one");
                        faults.add(Code::CostDiffers, &format!("/lines/{at}/sku"), said);
                    }
                    None => {}
                }
                match terms.booked(Some(*minor), book) {
                    Ok(cost) => costed.extend(cost.map(|cost| (good, cost))),
                    Err(error) => faults.add_refusal(&format!("/lines/{at}/unit_cost_minor"), error)?,
                }
            }
            faults.require_none().map(|()| costed)
        });
        Ok(SetCosts { location, goods: goods.await?, note, book })
    };
    inventory.execute(actor, Permission::CostsWrite, key, prepare).await
}

impl Command for SetCosts {
    type Output = CostsSet;

    fn lock(&self, uow: &mut UnitOfWork) -> Result<()> {
        let stock = uow.of::<Stock>()?;
        self.goods.iter().for_each(|(good, _)| stock.want_level((self.location, good.variant)));
        Ok(())
    }

    fn decide(&self, uow: &mut UnitOfWork, who: &Actor) -> Result<Outcome<CostsSet>> {
        who.require_at(Permission::CostsWrite, self.location, "location")?;
        let stock = uow.of::<Stock>()?;
        let mut costs = vec![];
        for (good, cost) in &self.goods {
            let level = stock.set_cost((self.location, good.variant), *cost, who.id, self.note.as_deref())?;
            costs.push(CostView::of_level(&level, good.sku.clone(), self.book));
        }
        Ok(Outcome::changed(0, Some(self.location), CostsSet { costs }))
    }
}
