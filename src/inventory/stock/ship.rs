//! Shipping an order: what is promised leaves, first expired first unless lots were picked by hand.
use crate::{
    inventory::{
        lots::{Taken, fefo, model::Override},
        model::{AllocationStatus, Node, State},
        movement::{Cause, Endpoint, Movement, Plan},
        rules,
        stock::{rows::holds::AllocationScope, working_set::Stock},
        store::Allocation,
    },
    kernel::{Code, Error, LocationId, OrderId, Result, Typed, VariantId},
};
use chrono::{DateTime, NaiveDate, Utc};

/// The choice of an order's lots.
#[derive(Debug, Clone, Default)]
pub struct Picking {
    /// Lots that were taken in place of those that expire first: variant, lot code, units. They make up the whole
    /// of what is promised of a variant.
    pub picks: Vec<(VariantId, String, i32)>,
    /// Why, in someone's words.
    pub reason: Option<String>,
    /// Days that a lot had to be good for when the order was placed, and when that was: a promise that could be made
    /// then is kept, as long as nothing has expired.
    pub good_for_days: i64,
    pub promised_at: DateTime<Utc>,
}

impl Picking {
    /// The day until which goods must be good that leave on a day.
    pub fn good_until(&self, today: NaiveDate) -> NaiveDate {
        good_until(today, self.promised_at, self.good_for_days)
    }
}

/// The day until which goods must be good that were promised at a moment and leave on a day. The day of the promise is
/// told in UTC; a location may have been a day behind it.
pub fn good_until(today: NaiveDate, promised_at: DateTime<Utc>, days: i64) -> NaiveDate {
    let promised_on = promised_at.date_naive() - chrono::Duration::days(1);
    today.max(promised_on.min(today) + chrono::Duration::days(days))
}

impl Stock {
    /// Refuses unless everything that is promised to an order and has not left is here.
    pub fn require_goods(&self, order: OrderId) -> Result<()> {
        for allocation in self.open_of(order, &AllocationScope::All)? {
            let level = self.level((allocation.location_id, allocation.variant_id))?;
            let level = level.ok_or_else(|| anyhow::anyhow!("a promise without a level"))?;
            rules::require_here(level, allocation.quantity)?;
        }
        Ok(())
    }

    /// Ships what is promised to an order: the units leave the location for the customer, those that expire first
    /// before others unless lots were picked by hand. Refused while a part of it is promised beyond what is here.
    pub fn ship(
        &mut self,
        order: OrderId,
        part: &AllocationScope,
        picking: &Picking,
        cause: Cause,
    ) -> Result<Vec<(LocationId, Override)>> {
        let open = self.open_of(order, part)?;
        let is_promised = |variant| open.iter().any(|allocation| allocation.variant_id == variant);
        if let Some((_, code, _)) = picking.picks.iter().find(|pick| !is_promised(pick.0)) {
            let detail = format!("lot {code} was picked of a variant that is not promised to the order");
            return Err(Error::refused(Code::NotOnDocument, detail));
        }
        let (mut plan, mut overrides) = (Plan::default(), vec![]);
        for allocation in &open {
            let level_key = (allocation.location_id, allocation.variant_id);
            let level = self.level(level_key)?.ok_or_else(|| anyhow::anyhow!("a promise without a level"))?;
            rules::require_here(level, allocation.quantity)?;
            let (taken, other) = self.picked(allocation, picking, self.day_at(level_key.0))?;
            overrides.extend(other.map(|other| (level_key.0, other)));
            plan.kept.push((level_key, allocation.quantity));
            plan.movements.extend(taken.into_iter().map(|(lot, units)| Movement {
                variant: level_key.1,
                lot,
                units,
                from: Endpoint::At(level_key.0, State::OnHand),
                to: Endpoint::Away(Node::Customer),
                reason: "sale".into(),
                cost: None,
            }));
        }
        self.carry(&plan, cause)?;
        self.ended(order, part, AllocationStatus::Shipped);
        Ok(overrides)
    }

    fn picked(
        &self,
        promised: &Allocation,
        picking: &Picking,
        today: NaiveDate,
    ) -> Result<(Vec<Taken>, Option<Override>)> {
        let (level_key, units) = ((promised.location_id, promised.variant_id), promised.quantity);
        let lots = self.pickable(level_key, State::OnHand);
        let unlotted = self.unlotted(level_key, State::OnHand)?;
        let wanted: Vec<_> = picking.picks.iter().filter(|pick| pick.0 == level_key.1).collect();
        let good_until = picking.good_until(today);
        let proposal = fefo(&lots, unlotted, units, good_until);
        if wanted.is_empty() {
            let short = |good: i32| {
                let detail = format!("{units} are to be shipped, but only {good} are good until {good_until} here");
                Error::refused(Code::ShelfLifeTooShort, detail)
            };
            return Ok((proposal.map_err(short)?, None));
        }
        let mut taken = vec![];
        for (variant, code, units) in wanted {
            let lot =
                lots.iter().find(|(lot, _)| Typed::of(&lot.code) == Typed::of(code)).ok_or_else(|| not_here(code))?;
            lot.0.require_sellable(today)?;
            taken.push((Some(self.printed(&(*variant, Typed::of(code)))?.map_or(lot.0.id, |lot| lot.id)), *units));
        }
        if taken.iter().map(|(_, units)| i64::from(*units)).sum::<i64>() != i64::from(units) {
            let detail = format!("the picks of a variant must make up the {units} units that are promised of it");
            return Err(Error::refused(Code::InvalidBody, detail));
        }
        let proposal = proposal.unwrap_or_default();
        let told =
            |taken: &[Taken]| taken.iter().map(|(lot, units)| (lot.map(|id| self.code_of(id)), *units)).collect();
        let other = Override { variant: level_key.1, taken: told(&taken), proposed: told(&proposal) };
        Ok((taken, (other.taken != other.proposed).then_some(other)))
    }
}

fn not_here(code: &str) -> Error {
    Error::refused(Code::UnknownLot, format!("there is nothing of lot {code} that may be sold here"))
}
