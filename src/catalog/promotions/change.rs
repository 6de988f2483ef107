//! Changing promotions; only the version that was read may be changed. Orders that were placed keep their discounts.
use super::{
    model::{Promotion, PromotionChange},
    store,
};
use crate::{
    catalog::{cache::Catalog, events, price_lists},
    kernel::{Code, Faults, PromotionId, Result, actor::Permission},
    platform::{
        db::Db,
        idempotency::{Caller, Outcome, Recorded},
    },
};

/// Changes the name, end or limits of a promotion.
pub async fn change(
    db: &Db,
    catalog: &Catalog,
    caller: Caller,
    id: PromotionId,
    change: PromotionChange,
) -> Result<Recorded<Promotion>> {
    let Caller { actor, key, expected } = caller;
    catalog
        .write(db, actor, Permission::PricesWrite, key, move |tx| {
            let (before, usage) = store::lock(tx, id)?;
            expected.check("the promotion", before.version)?;
            before.require_open(tx.now())?;
            let mut faults = Faults::default();
            price_lists::require_ahead(&mut faults, "/ends_at", change.ends_at.flatten(), tx.now());
            if change.ends_at.flatten().is_some_and(|end| end <= before.starts_at) {
                faults.add(Code::InvalidBody, "/ends_at", "a promotion ends after it starts");
            }
            before.require_room_for(&change, usage, tx.now(), &mut faults);
            faults.require_none()?;
            let after = Promotion {
                name: change.name.clone().map_or(before.name, |name| String::from(name).into()),
                ends_at: change.ends_at.unwrap_or(before.ends_at),
                max_uses: change.max_uses.unwrap_or(before.max_uses),
                budget_minor: change.budget_minor.unwrap_or(before.budget_minor),
                version: before.version + 1,
                updated_at: tx.now(),
                ..before
            };
            store::save(tx, &after)?;
            events::promotion_changed(tx, &after)?;
            Ok(Outcome::changed(after.version, None, after))
        })
        .await
}
