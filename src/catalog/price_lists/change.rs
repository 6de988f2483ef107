//! Changing price lists; only the version that was read may be changed.
use super::{
    circumstances::require_ahead,
    model::{PriceList, PriceListChange},
    store,
};
use crate::{
    catalog::{cache::Catalog, events},
    kernel::{Code, Error, Faults, PriceListId, Result, actor::Permission},
    platform::{
        db::Db,
        idempotency::{Caller, Outcome, Recorded},
    },
};

/// Changes the name, priority or end of a price list. Orders that were placed keep their prices.
pub async fn change(
    db: &Db,
    catalog: &Catalog,
    caller: Caller,
    id: PriceListId,
    change: PriceListChange,
) -> Result<Recorded<PriceList>> {
    let Caller { actor, key, expected } = caller;
    catalog
        .write(db, actor, Permission::PricesWrite, key, move |tx| {
            let before = store::lock(tx, id)?;
            expected.check("the price list", before.version)?;
            before.require_open(tx.now())?;
            if change.priority.is_some_and(|priority| priority != before.priority) && before.starts_at <= tx.now() {
                let said = format!("{} has begun at {}: its past stays as it was", before.code, before.starts_at);
                return Err(Error::refused(Code::PriceListBegun, said));
            }
            let after = PriceList {
                name: change.name.clone().map_or(before.name, String::from),
                priority: change.priority.unwrap_or(before.priority),
                ends_at: change.ends_at.unwrap_or(before.ends_at),
                version: before.version + 1,
                updated_at: tx.now(),
                ..before
            };
            let mut faults = Faults::default();
            require_ahead(&mut faults, "/ends_at", change.ends_at.flatten(), tx.now());
            if after.ends_at.is_some_and(|end| end <= after.starts_at) {
                faults.add(
                    Code::InvalidBody,
                    "/ends_at",
                    "a price list ends after it starts; to undo one that has not begun, withdraw it",
                );
            }
            faults.require_none()?;
            store::save(tx, &after)?;
            events::price_list_changed(tx, &after)?;
            Ok(Outcome::changed(after.version, None, after))
        })
        .await
}

/// Takes a price list away that has not begun, with its prices, such as one that was made by mistake.
pub async fn withdraw(db: &Db, catalog: &Catalog, caller: Caller, id: PriceListId) -> Result<Recorded<PriceList>> {
    let Caller { actor, key, expected } = caller;
    catalog
        .write(db, actor, Permission::PricesWrite, key, move |tx| {
            let list = store::lock(tx, id)?;
            expected.check("the price list", list.version)?;
            if list.starts_at <= tx.now() {
                let said = format!("{} has begun at {}: set its end", list.code, list.starts_at);
                return Err(Error::refused(Code::PriceListBegun, said));
            }
            store::delete(tx, id)?;
            let list = PriceList { ends_at: Some(list.starts_at), version: list.version + 1, ..list };
            events::price_list_changed(tx, &list)?;
            Ok(Outcome::changed(list.version, None, list))
        })
        .await
}
