//! Rates of tax set and ended. Orders keep the rate with which they were sold.
use super::{
    model::{NewTaxRate, TaxRate},
    store,
};
use crate::{
    catalog::{cache::Catalog, events, price_lists::Period},
    kernel::{Code, Error, Region, Result, TaxRateId, actor::Permission},
    platform::{
        db::Db,
        idempotency::{Caller, Outcome, Recorded},
    },
};
use chrono::{DateTime, Utc};

/// Sets a rate; refused if another one of the same goods and place holds at the same time.
pub async fn create(db: &Db, catalog: &Catalog, caller: Caller, new: NewTaxRate) -> Result<Recorded<TaxRate>> {
    let Caller { actor, key, .. } = caller;
    let by = actor.id;
    catalog
        .write(db, actor, Permission::PricesWrite, key, move |tx| {
            let period = Period { starts_at: new.starts_at, ends_at: new.ends_at };
            let region = new.region.as_ref().map(Region::as_str);
            let others = store::of_same(tx, new.country.as_str(), region, new.tax_class)?;
            require_alone(&others, period, "/starts_at")?;
            let rate = store::insert(tx, &new, by)?;
            events::tax_rate_changed(tx, &rate)?;
            Ok(Outcome::created(rate.id, rate.version, None, rate))
        })
        .await
}

fn require_alone(others: &[TaxRate], period: Period, pointer: &str) -> Result<()> {
    match others.iter().find(|other| other.period().overlaps(period)) {
        None => Ok(()),
        Some(other) => {
            let until = other.ends_at.map_or_else(|| "without an end".into(), |end| format!("until {end}"));
            let said = format!("{} holds from {} {until}: end it before", other.name, other.starts_at);
            Err(Error::at(Code::TaxRateOverlap, pointer, said))
        }
    }
}

/// Sets the moment from which a rate holds no more.
pub async fn set_end(
    db: &Db,
    catalog: &Catalog,
    caller: Caller,
    id: TaxRateId,
    ends_at: Option<DateTime<Utc>>,
) -> Result<Recorded<TaxRate>> {
    let Caller { actor, key, expected } = caller;
    catalog
        .write(db, actor, Permission::PricesWrite, key, move |tx| {
            let rate = store::lock(tx, id)?;
            expected.check("the tax rate", rate.version)?;
            if let Some(end) = rate.ends_at.filter(|end| *end <= tx.now()) {
                let said = format!("{} has ended at {end}: create another one from now on", rate.name);
                return Err(Error::at(Code::InvalidBody, "/ends_at", said));
            }
            if let Some(end) = ends_at.filter(|end| *end < tx.now()) {
                let said = format!("{end} is over: sales of then have had the rate");
                return Err(Error::at(Code::InvalidBody, "/ends_at", said));
            }
            if ends_at.is_some_and(|end| end <= rate.starts_at) {
                return Err(Error::at(Code::InvalidBody, "/ends_at", "a rate ends after it starts"));
            }
            let mut others = store::of_same(tx, &rate.country, rate.region.as_deref(), rate.tax_class)?;
            others.retain(|other| other.id != id);
            require_alone(&others, Period { starts_at: rate.starts_at, ends_at }, "/ends_at")?;
            let rate = store::set_end(tx, id, ends_at)?;
            events::tax_rate_changed(tx, &rate)?;
            Ok(Outcome::changed(rate.version, None, rate))
        })
        .await
}

/// Takes a rate away that has not begun, such as one that was set by mistake.
pub async fn withdraw(db: &Db, catalog: &Catalog, caller: Caller, id: TaxRateId) -> Result<Recorded<TaxRate>> {
    let Caller { actor, key, expected } = caller;
    catalog
        .write(db, actor, Permission::PricesWrite, key, move |tx| {
            let rate = store::lock(tx, id)?;
            expected.check("the tax rate", rate.version)?;
            if rate.starts_at <= tx.now() {
                let said = format!("{} holds since {}: set its end", rate.name, rate.starts_at);
                return Err(Error::refused(Code::TaxRateBegun, said));
            }
            store::delete(tx, id)?;
            let rate = TaxRate { ends_at: Some(rate.starts_at), version: rate.version + 1, ..rate };
            events::tax_rate_changed(tx, &rate)?;
            Ok(Outcome::changed(rate.version, None, rate))
        })
        .await
}
