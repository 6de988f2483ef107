//! New price lists.
use super::{
    model::{NewPriceList, PriceList},
    store,
};
use crate::{
    catalog::{cache::Catalog, events},
    kernel::{Code, Faults, Result, actor::Permission},
    platform::{
        db::{Db, Write},
        idempotency::{Caller, Outcome, Recorded},
    },
};
use chrono::{DateTime, Datelike, Utc};

/// The last year that RFC 3339 can write.
pub(super) const LAST_YEAR: i32 = 9999;

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
    let unknown = store::unknown_locations(tx, &new.applies_to.location_ids)?;
    for (at, id) in new.applies_to.location_ids.iter().enumerate().filter(|(_, id)| unknown.contains(id)) {
        let pointer = format!("/applies_to/location_ids/{at}");
        faults.add(Code::UnknownLocation, &pointer, format!("there is no location {id}"));
    }
    let starts_at = new.starts_at.unwrap_or(tx.now());
    require_ahead(&mut faults, "/starts_at", new.starts_at, tx.now());
    if new.ends_at.is_some_and(|end| end <= starts_at || end.year() > LAST_YEAR) {
        faults.add(
            Code::InvalidBody,
            "/ends_at",
            "a price list ends after it starts; to undo one that has not begun, withdraw its prices",
        );
    }
    faults.require_none()
}

/// Refuses a moment that is over: a price that was charged never becomes another afterwards.
pub(super) fn require_ahead(faults: &mut Faults, pointer: &str, moment: Option<DateTime<Utc>>, now: DateTime<Utc>) {
    if moment.is_some_and(|moment| moment.year() > LAST_YEAR) {
        faults.add(Code::InvalidBody, pointer, "must be before the year 10000");
    }
    if let Some(moment) = moment.filter(|moment| *moment < now) {
        let said = format!("{moment} is over: prices hold from now or from later on");
        faults.add(Code::InvalidBody, pointer, said);
    }
}
