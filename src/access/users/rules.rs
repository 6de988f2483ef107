//! Pure decisions about users: who may grant what, and what someone may do.
use super::model::{HeldPermission, NewGrant};
use crate::kernel::{Actor, LAST_YEAR, Locations, actor::Permission};
use chrono::{DateTime, Datelike, Utc};

/// The first fault of a grant that shows without asking anyone, at its place.
pub fn wrong(grant: &NewGrant, now: DateTime<Utc>) -> Option<(&'static str, &'static str)> {
    let is_odd = |at: Option<DateTime<Utc>>| at.is_some_and(|at| !(1970..=LAST_YEAR).contains(&at.year()));
    if grant.location_id.is_some() && grant.location_group_id.is_some() {
        return Some(("/location_group_id", "name a location or a group of locations, not both"));
    }
    match (grant.starts_at, grant.ends_at) {
        (starts_at, _) if is_odd(starts_at) => Some(("/starts_at", "must be of the years 1970 to 9999")),
        (_, ends_at) if is_odd(ends_at) => Some(("/ends_at", "must be of the years 1970 to 9999")),
        (_, Some(end)) if end <= now => Some(("/ends_at", "is over: name a later moment")),
        (Some(start), Some(end)) if end <= start => Some(("/ends_at", "must be after starts_at")),
        _ => None,
    }
}

/// True if two grants are of one role at one place and hold at the same time at some moment; one that names no start is
/// given now.
pub fn overlap(one: &NewGrant, other: &NewGrant, now: DateTime<Utc>) -> bool {
    let begins_before_end_of =
        |one: &NewGrant, other: &NewGrant| other.ends_at.is_none_or(|end| one.starts_at.unwrap_or(now) < end);
    let of = |grant: &NewGrant| (grant.role.clone(), grant.location_id, grant.location_group_id);
    of(one) == of(other) && begins_before_end_of(one, other) && begins_before_end_of(other, one)
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
        LocationGroupId, LocationId, PrincipalId,
        actor::{Grant, Role},
    };
    use chrono::Duration;

    fn at(hours: i64) -> DateTime<Utc> {
        DateTime::<Utc>::UNIX_EPOCH + Duration::hours(hours)
    }

    fn grant(role: Role, location_id: Option<LocationId>, ends_at: Option<i64>) -> NewGrant {
        let ends_at = ends_at.map(at);
        NewGrant { role: role.into(), location_id, location_group_id: None, starts_at: None, ends_at }
    }

    #[test]
    fn grants_of_one_role_at_one_place_overlap_only_in_time() {
        let season =
            |from: i64, to: Option<i64>| NewGrant { starts_at: Some(at(from)), ..grant(Role::Cashier, None, to) };
        assert!(!overlap(&season(1, Some(5)), &season(5, Some(9)), at(0)));
        assert!(overlap(&season(1, Some(6)), &season(5, None), at(0)));
        assert!(overlap(&grant(Role::Cashier, None, None), &season(5, Some(9)), at(0)));
        assert!(!overlap(&grant(Role::Support, None, None), &season(5, Some(9)), at(0)));
        assert!(!overlap(&grant(Role::Cashier, Some(LocationId::new()), None), &season(5, Some(9)), at(0)));
        // One that is given now begins now: whoever comes back is given the role again.
        assert!(!overlap(&season(1, Some(5)), &grant(Role::Cashier, None, None), at(5)));
        assert!(overlap(&season(1, Some(5)), &grant(Role::Cashier, None, None), at(4)));
        let in_group = NewGrant { location_group_id: Some(LocationGroupId::new()), ..season(5, None) };
        assert!(!overlap(&in_group, &season(5, None), at(0)));
    }

    #[test]
    fn what_someone_may_do_is_told_with_where() {
        let here = LocationId::new();
        let holder = |role: Role, location| {
            Actor::new(PrincipalId::new(), vec![Grant { permissions: role.permissions(), location }])
        };
        let told = held(&holder(Role::Support, Some(here)));
        assert_eq!(told.len(), Role::Support.permissions().iter().count());
        assert!(told.iter().all(|one| one.location_ids == Some(vec![here])));
        assert!(held(&holder(Role::Admin, None)).iter().all(|one| one.location_ids.is_none()));
    }
}
