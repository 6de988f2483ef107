//! New brands, categories and collections.
use super::{
    model::{GroupKind, NewGroup, Parent},
    rules,
    store::{self, Group},
};
use crate::{
    catalog::{cache::Catalog, classification::Category, events},
    kernel::{Code, Error, GroupId, Result, actor::Permission},
    platform::{
        db::{Db, Write},
        idempotency::{Caller, Outcome, Recorded},
    },
};

/// Makes a group.
pub async fn create(db: &Db, catalog: &Catalog, caller: Caller, new: NewGroup) -> Result<Recorded<Group>> {
    let Caller { actor, key, .. } = caller;
    catalog
        .write(db, actor, Permission::CatalogWrite, key, move |tx| {
            let root = root_of(tx, &new)?;
            let slug = slug_for(tx, &new)?;
            let group = store::insert(tx, &new, &slug, root)?;
            events::group_changed(tx, &group)?;
            Ok(Outcome::created(group.id, group.version, None, group))
        })
        .await
}

/// The slug that is said, or one of the name that is free.
fn slug_for(tx: &mut Write, new: &NewGroup) -> Result<String> {
    if let Some(slug) = &new.slug {
        return Ok(slug.as_str().to_owned());
    }
    let slug = slug_of(&new.name);
    let is_taken = store::has_slug(tx.conn(), new.kind, &slug)?;
    Ok(if is_taken { another_slug(&slug) } else { slug })
}

/// A slug like one that is taken, with an identifier behind it.
pub fn another_slug(taken: &str) -> String {
    let start: String = taken.chars().take(60).collect();
    format!("{}-{}", start.trim_matches('-'), GroupId::new())
}

/// The kind of product to which a new category belongs.
fn root_of(tx: &mut Write, new: &NewGroup) -> Result<Option<Category>> {
    let parent = match new.parent {
        None => return Ok(None),
        Some(Parent::Kind(root)) => return Ok(Some(root)),
        Some(Parent::Category(parent)) => parent,
    };
    store::lock_tree(tx.conn())?;
    let above = categories_above(tx, parent)?;
    rules::require_parent(None, &above, 1)?;
    Ok(above.first().and_then(|parent| parent.root))
}

/// A category and those above it, or a refusal if there is none.
pub(super) fn categories_above(tx: &mut Write, parent: GroupId) -> Result<Vec<Group>> {
    let above = store::upwards(tx.conn(), parent)?;
    match above.first() {
        Some(group) if group.kind == GroupKind::Category => Ok(above),
        _ => Err(Error::at(Code::UnknownCategory, "/parent_id", format!("there is no category {parent}"))),
    }
}

/// A slug made of a name; of one without letters or digits of Latin, of a number of its own.
pub fn slug_of(name: &str) -> String {
    let slug = slug::slugify(name);
    match slug.is_empty() {
        true => GroupId::new().to_string(),
        false => slug.chars().take(100).collect::<String>().trim_matches('-').to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::slug_of;
    use crate::catalog::attributes::Slug;
    use proptest::prelude::*;

    #[test]
    fn a_slug_is_the_name_without_accents_and_signs() {
        assert_eq!(slug_of("Éclat & Rosée, été 27"), "eclat-rosee-ete-27");
    }

    proptest! {
        #[test]
        fn every_name_makes_a_slug_that_is_one(name in ".{1,150}") {
            prop_assert!(slug_of(&name).parse::<Slug>().is_ok(), "{}", slug_of(&name));
        }
    }
}
