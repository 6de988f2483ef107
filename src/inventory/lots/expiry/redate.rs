//! A lot may become known with its expiry at one location after goods of it came in without one elsewhere: the levels
//! there then learn until when their goods are good.
use crate::{
    inventory::{
        levels::store::{Undated, undated_levels},
        service::Inventory,
        stock::Stock,
    },
    kernel::{Actor, Result},
    platform::{
        group_commit::{Command, UnitOfWork},
        idempotency::{Outcome, OutcomeKind},
    },
};

struct Redate(Undated);

impl Command for Redate {
    type Output = bool;

    fn lock(&self, uow: &mut UnitOfWork) -> Result<()> {
        uow.of::<Stock>()?.want_goods((self.0.location_id, self.0.variant_id));
        Ok(())
    }

    fn decide(&self, uow: &mut UnitOfWork, _: &Actor) -> Result<Outcome<bool>> {
        uow.of::<Stock>()?.redate((self.0.location_id, self.0.variant_id))?;
        Ok(Outcome::of(OutcomeKind::Changed, None, true))
    }
}

/// Writes anew until when goods are good, where that has become known; at how many levels.
pub async fn redate_levels(inventory: &Inventory) -> Result<usize> {
    let find = async |most| inventory.db.read(move |db| Ok(undated_levels(db.conn(), most)?)).await;
    inventory.group_commit.end_due(find, Redate).await
}
