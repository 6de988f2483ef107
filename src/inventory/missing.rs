//! Goods that someone wanted to pick and could not: they leave what may be sold, promises stay, and someone is asked to
//! count.
use super::{
    stock::{Cause, Stock},
    store::Level,
};
use crate::{
    kernel::{LocationId, PrincipalId, Result, VariantId},
    platform::{
        events::{Event, Subject},
        intake::Books,
    },
};
use serde::Serialize;

/// What is wrong with them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Amiss {
    /// They are not where the books say: nothing of the variant is.
    Gone,
    /// They are there, but damaged.
    Damaged,
}

/// Goods were not there, or were damaged, when they were to be picked: what is left should be counted.
#[derive(Debug, Serialize)]
pub struct CountWanted {
    pub variant_id: VariantId,
    /// Units that left what may be sold.
    pub units: i32,
    /// On hand afterwards.
    pub on_hand: i32,
    /// Units that are promised although their goods are gone.
    pub uncovered: i32,
    pub actor_id: PrincipalId,
}
impl Event for CountWanted {
    const TYPE: &'static str = "inventory.count_wanted.v1";
}

impl Books {
    /// Sets goods aside that could not be picked: of each variant so many units, or everything where they are gone.
    pub fn set_aside(
        &mut self,
        (location, actor): (LocationId, PrincipalId),
        goods: &[(VariantId, i32)],
        amiss: Amiss,
        of: (&'static str, uuid::Uuid),
    ) -> Result<()> {
        let cause = Cause { of, actor, now: self.now };
        for (variant, units) in goods {
            let stock = self.of::<Stock>()?;
            let plan = stock.amiss((location, *variant), *units, amiss)?;
            let gone = plan.carries.iter().map(|carry| carry.units).sum();
            for level in stock.carry(&plan, cause)? {
                self.tell_count_wanted(&level, actor, gone)?;
            }
        }
        Ok(())
    }

    fn tell_count_wanted(&mut self, level: &Level, actor_id: PrincipalId, units: i32) -> Result<()> {
        let Level { variant_id, on_hand, uncovered, version, location_id, .. } = *level;
        let subject = Subject { aggregate: "stock_level", id: variant_id.0, version, location: Some(location_id) };
        let now = self.now;
        self.outbox.tell(subject, &CountWanted { variant_id, units, on_hand, uncovered, actor_id }, now)
    }
}
