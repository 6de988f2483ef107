//! Rules of those who give roles to others: they are asked of the database, not of what is remembered of the giver.
use super::{
    model::{NewGrant, User},
    rules, store,
};
use crate::{
    access::{
        giving::held_by,
        location_groups,
        roles::store::share,
        rules::{GrantScope, HeldGrants},
    },
    kernel::{Actor, Code, CodeName, Error, Faults, PrincipalId, Result, actor::Permissions},
    platform::db::Write,
};
use chrono::{DateTime, Utc};

/// Refuses grants of unknown roles or places, with impossible dates, of more than their giver holds, or that overlap
/// each other: all of them at once, each at its place.
pub fn require_grants(tx: &mut Write, who: &Actor, grants: &[NewGrant], place: impl Fn(usize) -> String) -> Result<()> {
    let (mut faults, now) = (Faults::default(), tx.now());
    let named: Vec<_> = grants.iter().filter_map(|grant| grant.location_id).collect();
    let unknown = store::unknown_locations(tx, &named)?;
    let roles = share(tx, &codes_of(grants))?;
    let groups: Vec<_> = grants.iter().filter_map(|grant| grant.location_group_id).collect();
    let groups = location_groups::store::share(tx, &groups)?;
    let own = held_by(tx, who.id)?;
    for (at, grant) in grants.iter().enumerate() {
        let pointer = |field: &str| format!("{}{field}", place(at));
        if let Some(id) = grant.location_id.filter(|id| unknown.contains(id)) {
            faults.add(Code::UnknownLocation, &pointer("/location_id"), format!("there is no location {id}"));
        }
        if let Some(id) = grant.location_group_id.filter(|id| !groups.contains(id)) {
            let said = format!("there is no location group {id}");
            faults.add(Code::UnknownLocationGroup, &pointer("/location_group_id"), said);
        }
        if let Some((field, why)) = rules::wrong(grant, now) {
            faults.add(Code::InvalidBody, &pointer(field), why);
        }
        match roles.get(&grant.role) {
            None => faults.add(Code::UnknownRole, &pointer("/role"), format!("there is no role {}", grant.role)),
            Some(permissions) => {
                if let Some(why) = beyond(&own, grant, *permissions, now) {
                    faults.add(Code::GrantBeyondOwn, &pointer("/role"), why);
                }
            }
        }
        if grants.iter().take(at).any(|other| rules::overlap(other, grant, now)) {
            faults.add(Code::GrantExists, &pointer(""), "the role is named twice for one place and time");
        }
    }
    faults.require_none()
}

fn codes_of(grants: &[NewGrant]) -> Vec<CodeName> {
    grants.iter().map(|grant| grant.role.clone()).collect()
}

/// Refuses to bring back, or to hand the account of, someone with more rights than the one who does it holds.
pub fn require_no_more(tx: &mut Write, giver: PrincipalId, user: &User) -> Result<()> {
    let now = tx.now();
    let lasting = user.grants.iter().filter(|held| held.ends_at.is_none_or(|end| now < end));
    let lasting: Vec<_> = lasting.map(NewGrant::from).collect();
    let (roles, own) = (share(tx, &codes_of(&lasting))?, held_by(tx, giver)?);
    let mut beyonds = lasting.iter().filter_map(|held| beyond(&own, held, *roles.get(&held.role)?, now));
    match beyonds.next() {
        None => Ok(()),
        Some(why) => Err(Error::refused(Code::GrantBeyondOwn, why)),
    }
}

/// The reason why a grant of some permissions is more than its giver holds. What they hold for a group they hold
/// everywhere: the group may have other locations tomorrow.
fn beyond(own: &HeldGrants, grant: &NewGrant, permissions: Permissions, now: DateTime<Utc>) -> Option<String> {
    let scope = GrantScope { place: grant.location_id, until: grant.ends_at };
    let lacking = own.lacks(permissions, scope, now)?;
    let place = if grant.location_id.is_some() { "at that location" } else { "everywhere" };
    Some(format!("the role {} has {lacking}, which you do not hold {place} for that long", grant.role))
}
