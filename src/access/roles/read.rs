//! Roles as others find them.
use super::{model::RoleDefinition, store};
use crate::{
    kernel::{CodeName, Error, Page, PageRequest, Result, actor::Role},
    platform::db::Read,
};

/// The code of a role in a path: what cannot be one names no role.
pub fn code_of(text: &str) -> Result<CodeName> {
    text.parse().map_err(|_| Error::not_found("role"))
}

/// A role, built-in or of the brand.
pub fn role(db: &mut Read, code: &CodeName) -> Result<RoleDefinition> {
    match code.as_str().parse() {
        Ok(built_in) => Ok(RoleDefinition::built_in(built_in)),
        Err(_) => store::by_code(db.conn(), code),
    }
}

/// A page of all roles, by code.
pub fn roles(db: &mut Read, page: &PageRequest<String>) -> Result<Page<RoleDefinition>> {
    let mut all = store::all(db.conn())?;
    all.extend(Role::ALL.iter().map(|role| RoleDefinition::built_in(*role)));
    all.sort_by(|one, other| one.code.cmp(&other.code));
    let rest = all.into_iter().filter(|role| page.after.as_deref().is_none_or(|after| role.code.as_str() > after));
    let most = usize::try_from(page.limit + 1).unwrap_or(usize::MAX);
    Ok(Page::of(rest.take(most).collect(), page.limit))
}
