//! Users as others find them, and as they find themselves.
use super::{
    model::{Me, User, UserFilter, UserKey},
    rules, store,
};
use crate::{
    kernel::{Actor, Code, Error, Page, PageRequest, Result},
    platform::db::Read,
};
use chrono::{DateTime, Utc};

/// A page of users, by address, as their grants are at a moment.
pub fn users(
    db: &mut Read,
    filter: &UserFilter,
    now: DateTime<Utc>,
    page: &PageRequest<UserKey>,
) -> Result<Page<User>> {
    Ok(Page::of(store::page(db.conn(), filter, now, page)?, page.limit))
}

/// The one who asks.
pub fn me(db: &mut Read, actor: &Actor) -> Result<Me> {
    let user = store::by_id(db.conn(), actor.id).map_err(|error| match error.code() {
        Code::NotFound => Error::refused(Code::NotFound, "the request is of an API key: GET /v1/me/api-key"),
        _ => error,
    })?;
    Ok(Me { user, permissions: rules::held(actor) })
}
