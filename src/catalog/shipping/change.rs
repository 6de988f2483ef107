//! Changing shipping methods; only the version that was read may be changed. Orders keep what they were charged.
use super::{
    create::replace_default,
    model::{ShippingMethod, ShippingMethodChange},
    store,
};
use crate::{
    catalog::{cache::Catalog, events},
    kernel::{Code, Error, Result, ShippingMethodId, actor::Permission},
    platform::{
        db::Db,
        idempotency::{Caller, Outcome, Recorded},
    },
};
use chrono::{DateTime, Utc};

/// Changes a shipping method, takes it out of use or offers it again.
pub async fn change(
    db: &Db,
    catalog: &Catalog,
    caller: Caller,
    id: ShippingMethodId,
    change: ShippingMethodChange,
) -> Result<Recorded<ShippingMethod>> {
    let Caller { actor, key, expected } = caller;
    catalog
        .write(db, actor, Permission::PricesWrite, key, move |tx| {
            let before = store::lock(tx, id)?;
            expected.check("the shipping method", before.version)?;
            let (was_default, currency) = (before.is_default && before.retired_at.is_none(), before.currency);
            let after = changed(before, change.clone(), tx.now());
            if after.retired_at.is_some() && change.is_default == Some(true) {
                let said = format!("{} is out of use: offer it again to make it the default", after.code);
                return Err(Error::at(Code::InvalidBody, "/is_default", said));
            }
            if after.min_days.zip(after.max_days).is_some_and(|(least, most)| least > most) {
                let said = "the goods arrive after at least min_days and at most max_days";
                let pointer = if change.max_days.is_some() { "/max_days" } else { "/min_days" };
                return Err(Error::at(Code::InvalidBody, pointer, said));
            }
            if after.is_default && after.retired_at.is_none() && !was_default {
                replace_default(tx, currency)?;
            }
            store::save(tx, &after)?;
            events::shipping_method_changed(tx, &after)?;
            Ok(Outcome::changed(after.version, None, after))
        })
        .await
}

fn changed(before: ShippingMethod, change: ShippingMethodChange, now: DateTime<Utc>) -> ShippingMethod {
    ShippingMethod {
        name: change.name.map_or(before.name, String::from),
        channels: change.channels.unwrap_or(before.channels),
        zones: change.zones.unwrap_or(before.zones),
        carries_dangerous_goods: change.carries_dangerous_goods.unwrap_or(before.carries_dangerous_goods),
        tax_class: change.tax_class.unwrap_or(before.tax_class),
        refund_rate_ppm: change.refund_rate_ppm.unwrap_or(before.refund_rate_ppm),
        // Who is offered again is no default by itself.
        is_default: change.is_default.unwrap_or(before.is_default && change.is_retired != Some(true)),
        min_days: change.min_days.unwrap_or(before.min_days),
        max_days: change.max_days.unwrap_or(before.max_days),
        retired_at: match change.is_retired {
            Some(true) => before.retired_at.or(Some(now)),
            Some(false) => None,
            None => before.retired_at,
        },
        version: before.version + 1,
        updated_at: now,
        ..before
    }
}
