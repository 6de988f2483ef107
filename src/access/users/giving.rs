//! Rules of those who give rights to others: they are asked of the database, not of what is remembered of the giver.
use super::{
    model::{NewGrant, User, UserGrant},
    rules, store,
};
use crate::{
    kernel::{Actor, Code, Error, Faults, Result},
    platform::db::Write,
};

/// The grants of the one who gives; refused once they may not sign in.
fn held_by(tx: &mut Write, who: &Actor) -> Result<Vec<UserGrant>> {
    let giver = store::by_id(tx.conn(), who.id)?;
    match giver.disabled_at {
        None => Ok(giver.grants),
        Some(_) => Err(Error::refused(Code::InvalidToken, "the access token is no longer valid")),
    }
}

/// Refuses grants at unknown locations, with impossible dates, of more than their giver holds, or that overlap each
/// other: all of them at once, each at its place.
pub fn require_grants(tx: &mut Write, who: &Actor, grants: &[NewGrant], place: impl Fn(usize) -> String) -> Result<()> {
    let (mut faults, now) = (Faults::default(), tx.now());
    let named: Vec<_> = grants.iter().filter_map(|grant| grant.location_id).collect();
    let unknown = store::unknown_locations(tx, &named)?;
    let own = held_by(tx, who)?;
    for (at, grant) in grants.iter().enumerate() {
        let pointer = |field: &str| format!("{}{field}", place(at));
        if let Some(id) = grant.location_id.filter(|id| unknown.contains(id)) {
            faults.add(Code::UnknownLocation, &pointer("/location_id"), format!("there is no location {id}"));
        }
        if let Some((field, why)) = rules::wrong_dates(grant, now) {
            faults.add(Code::InvalidBody, &pointer(field), why);
        }
        if let Err(refused) = rules::require_held(&own, grant, now) {
            faults.add_refusal(&pointer("/role"), refused)?;
        }
        if grants.iter().take(at).any(|other| rules::overlap(other, grant)) {
            faults.add(Code::GrantExists, &pointer(""), "the role is named twice for one place and time");
        }
    }
    faults.require_none()
}

/// Refuses to bring back, or to hand the account of, someone with more rights than the one who does it holds.
pub fn require_no_more(tx: &mut Write, who: &Actor, user: &User) -> Result<()> {
    let (own, now) = (held_by(tx, who)?, tx.now());
    let lasting = user.grants.iter().filter(|held| held.ends_at.is_none_or(|end| now < end));
    for held in lasting {
        rules::require_held(&own, &held.into(), now)?;
    }
    Ok(())
}
