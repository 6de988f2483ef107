//! New promotions.
use super::{
    model::{Benefit, NewPromotion, Promotion},
    store,
};
use crate::{
    catalog::{cache::Catalog, events, groups, groups::GroupKind, price_lists, shipping, store as goods},
    kernel::{Code, Faults, GroupId, Result, ShippingMethodId, Sku, actor::Permission},
    platform::{
        db::{Db, Write},
        idempotency::{Caller, Outcome, Recorded},
    },
};

/// Makes a promotion; it applies to orders that are placed from its start on.
pub async fn create(db: &Db, catalog: &Catalog, caller: Caller, new: NewPromotion) -> Result<Recorded<Promotion>> {
    let Caller { actor, key, .. } = caller;
    let by = actor.id;
    catalog
        .write(db, actor, Permission::PricesWrite, key, move |tx| {
            check(tx, &new)?;
            let promotion = store::insert(tx, new.clone(), by)?;
            events::promotion_changed(tx, &promotion)?;
            Ok(Outcome::created(promotion.id, promotion.version, None, promotion))
        })
        .await
}

fn check(tx: &mut Write, new: &NewPromotion) -> Result<()> {
    let mut faults = Faults::default();
    price_lists::require_circumstances(tx, &mut faults, &new.applies_to)?;
    let starts_at = new.starts_at.unwrap_or(tx.now());
    price_lists::require_ahead(&mut faults, "/starts_at", new.starts_at, tx.now());
    price_lists::require_ahead(&mut faults, "/ends_at", new.ends_at, tx.now());
    if new.ends_at.is_some_and(|end| end <= starts_at) {
        faults.add(Code::InvalidBody, "/ends_at", "a promotion ends after it starts");
    }
    let target = &new.target;
    require_skus(tx, &mut faults, target.skus.iter(), |at| format!("/target/skus/{at}"))?;
    require_skus(tx, &mut faults, target.excluded_skus.iter(), |at| format!("/target/excluded_skus/{at}"))?;
    for (field, kind, ids) in [
        ("brand_ids", GroupKind::Brand, &target.brand_ids),
        ("category_ids", GroupKind::Category, &target.category_ids),
        ("collection_ids", GroupKind::Collection, &target.collection_ids),
    ] {
        require_groups(tx, &mut faults, &format!("/target/{field}"), Named { kind, ids })?;
    }
    match &new.benefit {
        Benefit::GiftWithPurchase { sku, .. } => {
            require_skus(tx, &mut faults, std::iter::once(sku), |_| "/benefit/sku".to_owned())?;
        }
        Benefit::BundlePrice { items, .. } => {
            let skus = items.iter().map(|item| &item.sku);
            require_skus(tx, &mut faults, skus, |at| format!("/benefit/items/{at}/sku"))?;
        }
        Benefit::FreeShipping { shipping_method_ids } => {
            let known = shipping::store::versions(tx.conn())?;
            let is_known = |id: &ShippingMethodId| known.iter().any(|(of, _)| of == id);
            for (at, id) in shipping_method_ids.iter().enumerate().filter(|(_, id)| !is_known(id)) {
                let pointer = format!("/benefit/shipping_method_ids/{at}");
                faults.add(Code::UnknownShippingMethod, &pointer, format!("there is no shipping method {id}"));
            }
        }
        _ => {}
    }
    faults.require_none()
}

fn require_skus<'a>(
    tx: &mut Write,
    faults: &mut Faults,
    skus: impl Iterator<Item = &'a Sku>,
    pointer: impl Fn(usize) -> String,
) -> Result<()> {
    let skus: Vec<_> = skus.collect();
    let keys: Vec<_> = skus.iter().map(|sku| sku.key()).collect();
    let known: Vec<_> = goods::ids_of_skus(tx.conn(), &keys)?;
    let is_known = |sku: &Sku| known.iter().any(|(of, _)| crate::kernel::Typed::of(of) == *sku.key());
    for (at, sku) in skus.iter().enumerate().filter(|(_, sku)| !is_known(sku)) {
        faults.add(Code::UnknownSku, &pointer(at), format!("there is no SKU {sku}"));
    }
    Ok(())
}

/// Groups of a kind that a promotion names.
struct Named<'a> {
    kind: GroupKind,
    ids: &'a [GroupId],
}

fn require_groups(tx: &mut Write, faults: &mut Faults, pointer: &str, named: Named<'_>) -> Result<()> {
    let Named { kind, ids } = named;
    let found = groups::store::by_id(tx.conn(), ids)?;
    let code = match kind {
        GroupKind::Brand => Code::UnknownBrand,
        GroupKind::Category => Code::UnknownCategory,
        GroupKind::Collection => Code::UnknownCollection,
    };
    let is_known = |id: &GroupId| found.iter().any(|group| group.id == *id && group.kind == kind);
    for (at, id) in ids.iter().enumerate().filter(|(_, id)| !is_known(id)) {
        faults.add(code, &format!("{pointer}/{at}"), format!("there is no {kind} {id}"));
    }
    Ok(())
}
