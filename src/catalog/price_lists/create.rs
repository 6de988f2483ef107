//! New price lists.
use super::{
    circumstances::{require_ahead, require_circumstances},
    model::{NewPriceList, PriceList},
    store,
};
use crate::{
    catalog::{cache::Catalog, events},
    kernel::{Code, Faults, LAST_YEAR, Result, actor::Permission},
    platform::{
        db::{Db, Write},
        idempotency::{Caller, Outcome, Recorded},
    },
};
use chrono::Datelike;

/// Makes a price list without prices.
pub async fn create(db: &Db, catalog: &Catalog, caller: Caller, new: NewPriceList) -> Result<Recorded<PriceList>> {
    let Caller { actor, key, .. } = caller;
    catalog
        .add(db, actor, Permission::PricesWrite, key, move |tx| {
            check(tx, &new)?;
            let list = store::insert(tx, new.clone())?;
            events::price_list_changed(tx, &list)?;
            Ok(Outcome::created(list.id, list.version, None, list))
        })
        .await
}

fn check(tx: &mut Write, new: &NewPriceList) -> Result<()> {
    let mut faults = Faults::default();
    require_circumstances(tx, &mut faults, &new.applies_to)?;
    let starts_at = new.starts_at.unwrap_or(tx.now());
    require_ahead(&mut faults, "/starts_at", new.starts_at, tx.now());
    if new.ends_at.is_some_and(|end| end <= starts_at || end.year() > LAST_YEAR) {
        faults.add(
            Code::InvalidBody,
            "/ends_at",
            "a price list ends after it starts; to undo one that has not begun, withdraw it",
        );
    }
    faults.require_none()
}
