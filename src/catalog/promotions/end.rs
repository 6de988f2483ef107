//! Promotions that are stopped: from now on, or, where they have not begun, for good.
use super::{model::Promotion, store};
use crate::{
    catalog::{cache::Catalog, events},
    kernel::{Code, Error, PromotionId, Result, actor::Permission},
    platform::{
        db::Db,
        idempotency::{Caller, Outcome, Recorded},
    },
};

/// Ends a promotion at this moment: no order that is placed afterwards has it, but for those that name a quote.
pub async fn end(db: &Db, catalog: &Catalog, caller: Caller, id: PromotionId) -> Result<Recorded<Promotion>> {
    let Caller { actor, key, expected } = caller;
    catalog
        .write(db, actor, Permission::PricesWrite, key, move |tx| {
            let (before, _) = store::lock(tx, id)?;
            expected.check("the promotion", before.version)?;
            let now = tx.now();
            before.require_open(now)?;
            if before.starts_at >= now {
                let said = format!("the promotion {} begins at {}: withdraw it", before.code, before.starts_at);
                return Err(Error::refused(Code::PromotionNotBegun, said));
            }
            let after = Promotion { ends_at: Some(now), version: before.version + 1, updated_at: now, ..before };
            store::save(tx, &after)?;
            events::promotion_changed(tx, &after)?;
            Ok(Outcome::changed(after.version, None, after))
        })
        .await
}

/// Takes a promotion away that has not begun, with its coupons, such as one that was made by mistake.
pub async fn withdraw(db: &Db, catalog: &Catalog, caller: Caller, id: PromotionId) -> Result<Recorded<Promotion>> {
    let Caller { actor, key, expected } = caller;
    catalog
        .write(db, actor, Permission::PricesWrite, key, move |tx| {
            let promotion = store::lock(tx, id)?.0;
            expected.check("the promotion", promotion.version)?;
            if promotion.starts_at <= tx.now() {
                let said = format!("the promotion {} has begun at {}: end it", promotion.code, promotion.starts_at);
                return Err(Error::refused(Code::PromotionBegun, said));
            }
            store::delete(tx, id)?;
            let ends_at = Some(promotion.starts_at);
            let promotion = Promotion { ends_at, version: promotion.version + 1, ..promotion };
            events::promotion_changed(tx, &promotion)?;
            Ok(Outcome::changed(promotion.version, None, promotion))
        })
        .await
}
