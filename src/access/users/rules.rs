//! Pure decisions about users: who may grant what, and what someone may do.
use super::model::{HeldPermission, NewGrant, UserGrant};
use crate::kernel::{Actor, Code, Error, LAST_YEAR, Locations, Result, actor::Permission};
use chrono::{DateTime, Datelike, Utc};

/// Faults of the dates of a grant, at its place.
pub fn wrong_dates(grant: &NewGrant, now: DateTime<Utc>) -> Option<(&'static str, &'static str)> {
    let is_odd = |at: Option<DateTime<Utc>>| at.is_some_and(|at| !(1970..=LAST_YEAR).contains(&at.year()));
    match (grant.starts_at, grant.ends_at) {
        (starts_at, _) if is_odd(starts_at) => Some(("/starts_at", "must be of the years 1970 to 9999")),
        (_, ends_at) if is_odd(ends_at) => Some(("/ends_at", "must be of the years 1970 to 9999")),
        (_, Some(end)) if end <= now => Some(("/ends_at", "is over: name a later moment")),
        (Some(start), Some(end)) if end <= start => Some(("/ends_at", "must be after starts_at")),
        _ => None,
    }
}

/// Refuses a grant of what its giver does not hold themselves, at the place that it is for and as long as it lasts.
pub fn require_held(own: &[UserGrant], grant: &NewGrant, now: DateTime<Utc>) -> Result<()> {
    let lasts = |held: &UserGrant| {
        held.ends_at.is_none_or(|end| now < end && grant.ends_at.is_some_and(|wanted| wanted <= end))
    };
    let is_there = |held: &UserGrant| held.location_id.is_none() || held.location_id == grant.location_id;
    let holds = |permission: &Permission| {
        let holding = own.iter().filter(|held| held.starts_at.is_none_or(|start| start <= now));
        let mut lasting = holding.filter(|held| is_there(held) && lasts(held));
        lasting.any(|held| held.role.permissions().contains(permission))
    };
    match grant.role.permissions().iter().find(|permission| !holds(permission)) {
        None => Ok(()),
        Some(lacking) => {
            let place = if grant.location_id.is_some() { "at that location" } else { "everywhere" };
            let said = format!("the role {} has {lacking}, which you do not hold {place} for that long", grant.role);
            Err(Error::refused(Code::GrantBeyondOwn, said))
        }
    }
}

/// True if two grants are of one role at one place and hold at the same time at some moment.
pub fn overlap(one: &NewGrant, other: &NewGrant) -> bool {
    let begins_before_end_of = |one: &NewGrant, other: &NewGrant| match (one.starts_at, other.ends_at) {
        (Some(start), Some(end)) => start < end,
        _ => true,
    };
    (one.role, one.location_id) == (other.role, other.location_id)
        && begins_before_end_of(one, other)
        && begins_before_end_of(other, one)
}

/// All that someone may do, each permission with where.
pub fn held(actor: &Actor) -> Vec<HeldPermission> {
    let of = |permission: &Permission| {
        let places = actor.places(*permission);
        let is_held = places != Locations::none();
        is_held.then(|| HeldPermission { permission: *permission, location_ids: places.ids() })
    };
    Permission::ALL.iter().filter_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{
        GrantId, LocationId, PrincipalId,
        actor::{Grant, Role},
    };
    use chrono::Duration;

    fn at(hours: i64) -> DateTime<Utc> {
        DateTime::<Utc>::UNIX_EPOCH + Duration::hours(hours)
    }

    fn held_grant(role: Role, location_id: Option<LocationId>, ends_at: Option<i64>) -> UserGrant {
        let ends_at = ends_at.map(at);
        UserGrant { id: GrantId::new(), role, location_id, starts_at: None, ends_at, created_at: at(0) }
    }

    fn grant(role: Role, location_id: Option<LocationId>, ends_at: Option<i64>) -> NewGrant {
        NewGrant { role, location_id, starts_at: None, ends_at: ends_at.map(at) }
    }

    #[test]
    fn nobody_grants_more_than_they_hold() {
        let (here, there) = (LocationId::new(), LocationId::new());
        let manager = [held_grant(Role::StoreManager, Some(here), None)];
        assert!(require_held(&manager, &grant(Role::Cashier, Some(here), None), at(1)).is_ok());
        for (role, place) in [(Role::Cashier, Some(there)), (Role::Cashier, None), (Role::Admin, Some(here))] {
            let refused = require_held(&manager, &grant(role, place, None), at(1)).unwrap_err();
            assert_eq!(refused.code(), Code::GrantBeyondOwn, "{role} at {place:?}");
        }
        let admin = [held_grant(Role::Admin, None, None)];
        assert!(Role::ALL.iter().all(|role| require_held(&admin, &grant(*role, Some(here), None), at(1)).is_ok()));
    }

    #[test]
    fn nobody_grants_for_longer_than_they_hold() {
        let admin = [held_grant(Role::Admin, None, Some(9))];
        let ends = [(Some(9), true), (Some(5), true), (Some(10), false), (None, false)];
        for (end, is_fine) in ends {
            assert_eq!(require_held(&admin, &grant(Role::Support, None, end), at(1)).is_ok(), is_fine, "{end:?}");
        }
        assert!(require_held(&admin, &grant(Role::Support, None, Some(9)), at(9)).is_err(), "it has ended");
    }

    #[test]
    fn grants_of_one_role_at_one_place_overlap_only_in_time() {
        let season =
            |from: i64, to: Option<i64>| NewGrant { starts_at: Some(at(from)), ..grant(Role::Cashier, None, to) };
        assert!(!overlap(&season(1, Some(5)), &season(5, Some(9))));
        assert!(overlap(&season(1, Some(6)), &season(5, None)));
        assert!(overlap(&grant(Role::Cashier, None, None), &season(5, Some(9))));
        assert!(!overlap(&grant(Role::Support, None, None), &season(5, Some(9))));
        assert!(!overlap(&grant(Role::Cashier, Some(LocationId::new()), None), &season(5, Some(9))));
    }

    #[test]
    fn what_someone_may_do_is_told_with_where() {
        let here = LocationId::new();
        let holder =
            |role, location| Actor { id: PrincipalId::new(), grants: vec![Grant { role, location }], session: None };
        let told = held(&holder(Role::Support, Some(here)));
        assert_eq!(told.len(), Role::Support.permissions().len());
        assert!(told.iter().all(|one| one.location_ids == Some(vec![here])));
        assert!(held(&holder(Role::Admin, None)).iter().all(|one| one.location_ids.is_none()));
    }
}
