//! Pure decisions about users: who may grant what, and what someone may do.
use super::model::{HeldPermission, NewGrant};
use crate::kernel::{Actor, Code, Error, Locations, Result, actor::Permission};
use chrono::{DateTime, Datelike, Utc};

/// Faults of the dates of a grant, at its place.
pub fn wrong_dates(grant: &NewGrant, now: DateTime<Utc>) -> Option<(&'static str, &'static str)> {
    let is_late = |at: Option<DateTime<Utc>>| at.is_some_and(|at| at.year() > crate::kernel::LAST_YEAR);
    match (grant.starts_at, grant.ends_at) {
        (starts_at, _) if is_late(starts_at) => Some(("/starts_at", "must be before the year 10000")),
        (_, ends_at) if is_late(ends_at) => Some(("/ends_at", "must be before the year 10000")),
        (_, Some(end)) if end <= now => Some(("/ends_at", "is over: name a later moment")),
        (Some(start), Some(end)) if end <= start => Some(("/ends_at", "must be after starts_at")),
        _ => None,
    }
}

/// Refuses a grant of what its giver does not hold themselves, at the place that it is for.
pub fn require_held(giver: &Actor, grant: &NewGrant) -> Result<()> {
    let holds = |permission: &Permission| match grant.location_id {
        Some(location) => giver.places(*permission).include(location),
        None => giver.places(*permission) == Locations::Everywhere,
    };
    match grant.role.permissions().iter().find(|permission| !holds(permission)) {
        None => Ok(()),
        Some(lacking) => {
            let place = if grant.location_id.is_some() { "at that location" } else { "everywhere" };
            let said = format!("the role {} has {lacking}, which you do not hold {place}", grant.role);
            Err(Error::refused(Code::GrantBeyondOwn, said))
        }
    }
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
        LocationId, PrincipalId,
        actor::{Grant, Role},
    };

    fn holder(role: Role, location: Option<LocationId>) -> Actor {
        Actor { id: PrincipalId::new(), grants: vec![Grant { role, location }] }
    }

    fn grant(role: Role, location_id: Option<LocationId>) -> NewGrant {
        NewGrant { role, location_id, starts_at: None, ends_at: None }
    }

    #[test]
    fn nobody_grants_more_than_they_hold() {
        let (here, there) = (LocationId::new(), LocationId::new());
        let manager = holder(Role::StoreManager, Some(here));
        assert!(require_held(&manager, &grant(Role::Cashier, Some(here))).is_ok());
        for (role, place) in [(Role::Cashier, Some(there)), (Role::Cashier, None), (Role::Admin, Some(here))] {
            let refused = require_held(&manager, &grant(role, place)).unwrap_err();
            assert_eq!(refused.code(), Code::GrantBeyondOwn, "{role} at {place:?}");
        }
        let admin = holder(Role::Admin, None);
        assert!(Role::ALL.iter().all(|role| require_held(&admin, &grant(*role, None)).is_ok()));
    }

    #[test]
    fn what_someone_may_do_is_told_with_where() {
        let here = LocationId::new();
        let told = held(&holder(Role::Support, Some(here)));
        assert_eq!(told.len(), Role::Support.permissions().len());
        assert!(told.iter().all(|one| one.location_ids == Some(vec![here])));
        assert!(held(&holder(Role::Admin, None)).iter().all(|one| one.location_ids.is_none()));
    }
}
