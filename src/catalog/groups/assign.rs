//! The brand and the category that a product names.
use super::{
    model::GroupKind,
    store::{self, Group},
};
use crate::{
    catalog::classification::Category,
    kernel::{Code, Faults, GroupId, Result},
    platform::db::Read,
};

/// Checks what a product of a kind names; refused with both faults, if both are wrong. Gives its brand.
pub fn checked(db: &mut Read, kind: Category, brand: Option<&str>, category: Option<GroupId>) -> Result<Option<Group>> {
    let mut faults = Faults::default();
    let found = brand.map(|name| store::brand_named(db.conn(), name)).transpose()?.flatten();
    if let (Some(name), None) = (brand, &found) {
        faults.add(Code::UnknownBrand, "/brand", format!("there is no brand {name}"));
    }
    if let Some(id) = category {
        let is_it = |group: &Group| group.kind == GroupKind::Category && group.root == Some(kind);
        if !store::by_id(db.conn(), &[id])?.iter().any(is_it) {
            faults.add(Code::UnknownCategory, "/category_id", format!("{kind} has no category {id}"));
        }
    }
    faults.require_none()?;
    Ok(found)
}
