//! Defining attributes, changing and deleting them.
use super::{
    model::{NewAttribute, Told},
    rules,
    store::{self, AttributeDefinition},
};
use crate::{
    catalog::{
        cache::Catalog,
        events,
        groups::{self, GroupKind},
    },
    kernel::{AttributeId, Code, Error, Faults, Result, actor::Permission},
    platform::{
        db::{Db, Json, Write},
        idempotency::{Caller, Outcome, Recorded},
    },
};

/// Defines an attribute.
pub async fn create(
    db: &Db,
    catalog: &Catalog,
    caller: Caller,
    new: NewAttribute,
) -> Result<Recorded<AttributeDefinition>> {
    let Caller { actor, key, .. } = caller;
    rules::check_definition(new.kind, &new.told)?;
    catalog
        .add(db, actor, Permission::CatalogWrite, key, move |tx| {
            require_category(tx, &new)?;
            let made = store::insert(tx, &new)?;
            events::attribute_changed(tx, &made, false)?;
            Ok(Outcome::created(made.id, made.version, None, made))
        })
        .await
}

fn require_category(tx: &mut Write, new: &NewAttribute) -> Result<()> {
    let Some(id) = new.category_id else { return Ok(()) };
    let found = groups::store::by_id(tx.conn(), &[id])?.pop().filter(|group| group.kind == GroupKind::Category);
    let refuse = |detail: String| Err(Error::at(Code::UnknownCategory, "/category_id", detail));
    match (found, new.category) {
        (None, _) => refuse(format!("there is no category {id}")),
        (Some(group), Some(kind)) if group.root != Some(kind) => {
            refuse(format!("{} is no category of {kind}", group.name))
        }
        _ => Ok(()),
    }
}

/// Changes an attribute; an option that a product has stays.
pub async fn change(
    db: &Db,
    catalog: &Catalog,
    caller: Caller,
    id: AttributeId,
    change: impl Fn(&AttributeDefinition) -> Result<Told> + Send + 'static,
) -> Result<Recorded<AttributeDefinition>> {
    let Caller { actor, key, expected } = caller;
    catalog
        .add(db, actor, Permission::CatalogWrite, key, move |tx| {
            let before = store::lock(tx.conn(), id)?.ok_or_else(|| Error::not_found("attribute"))?;
            expected.check("the attribute", before.version)?;
            let told = change(&before)?;
            rules::check_definition(before.kind, &told)?;
            let after = changed(&before, told, tx);
            let mut faults = Faults::default();
            for gone in before.options.0.iter().filter(|option| !after.options.0.contains(option)) {
                if store::is_chosen(tx.conn(), &before.code, gone)? {
                    let said = format!("products have the option {gone} of {}", before.code);
                    faults.add(Code::AttributeInUse, "/options", said);
                }
            }
            faults.require_none()?;
            store::save(tx, &after)?;
            events::attribute_changed(tx, &after, false)?;
            Ok(Outcome::changed(after.version, None, after))
        })
        .await
}

fn changed(before: &AttributeDefinition, told: Told, tx: &Write) -> AttributeDefinition {
    AttributeDefinition {
        name: told.name.into(),
        unit: told.unit.map(Into::into),
        options: Json(told.options.into_iter().map(Into::into).collect()),
        minimum: told.minimum,
        maximum: told.maximum,
        is_required: told.is_required,
        version: before.version + 1,
        updated_at: tx.now(),
        ..before.clone()
    }
}

/// Deletes an attribute that no product has.
pub async fn delete(
    db: &Db,
    catalog: &Catalog,
    caller: Caller,
    id: AttributeId,
) -> Result<Recorded<AttributeDefinition>> {
    let Caller { actor, key, expected } = caller;
    catalog
        .add(db, actor, Permission::CatalogWrite, key, move |tx| {
            let before = store::lock(tx.conn(), id)?.ok_or_else(|| Error::not_found("attribute"))?;
            expected.check("the attribute", before.version)?;
            if let Some(product) = store::product_with(tx.conn(), &before.code)? {
                let said = format!("{product} has the attribute {}: take it off all products first", before.code);
                return Err(Error::refused(Code::AttributeInUse, said));
            }
            let gone = AttributeDefinition { version: before.version + 1, updated_at: tx.now(), ..before };
            store::delete(tx.conn(), id)?;
            events::attribute_changed(tx, &gone, true)?;
            Ok(Outcome::changed(gone.version, None, gone))
        })
        .await
}
