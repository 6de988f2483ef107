//! Pure decisions about rights: what someone who gives them holds themselves.
use super::model::DatedGrant;
use crate::kernel::{
    LocationId,
    actor::{Permission, Permissions},
};
use chrono::{DateTime, Utc};

/// The grants of someone who gives rights to others, with those that do not hold yet or any more.
#[derive(Debug, Clone)]
pub struct HeldGrants(pub Vec<DatedGrant>);

/// A place and a time for which rights are given.
#[derive(Debug, Clone, Copy)]
pub struct GrantScope {
    /// The location; none for everywhere.
    pub place: Option<LocationId>,
    /// The moment until which they hold; none for ever.
    pub until: Option<DateTime<Utc>>,
}

impl GrantScope {
    /// Everywhere, without an end.
    pub const EVERYWHERE: Self = Self { place: None, until: None };
}

impl HeldGrants {
    /// The first of some permissions that is not held now in a whole scope.
    pub fn lacks(&self, wanted: Permissions, scope: GrantScope, now: DateTime<Utc>) -> Option<Permission> {
        let lasts = |end: DateTime<Utc>| now < end && scope.until.is_some_and(|until| until <= end);
        let holds = |of: &&DatedGrant| {
            of.starts_at.is_none_or(|start| start <= now)
                && of.ends_at.is_none_or(lasts)
                && (of.grant.location.is_none() || of.grant.location == scope.place)
        };
        let held = self.0.iter().filter(holds).fold(wanted, |left, of| left.without(of.grant.permissions));
        held.iter().next()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::actor::{Grant, Role};
    use chrono::Duration;

    fn at(hours: i64) -> DateTime<Utc> {
        DateTime::<Utc>::UNIX_EPOCH + Duration::hours(hours)
    }

    fn holder(role: Role, location: Option<LocationId>, ends_at: Option<i64>) -> HeldGrants {
        let grant = Grant { permissions: role.permissions(), location };
        HeldGrants(vec![DatedGrant { grant, starts_at: None, ends_at: ends_at.map(at) }])
    }

    #[test]
    fn nobody_gives_more_than_they_hold() {
        let (here, there) = (LocationId::new(), LocationId::new());
        let manager = holder(Role::StoreManager, Some(here), None);
        let lacks = |role: Role, place| manager.lacks(role.permissions(), GrantScope { place, until: None }, at(1));
        assert_eq!(lacks(Role::Cashier, Some(here)), None);
        for (role, place) in [(Role::Cashier, Some(there)), (Role::Cashier, None), (Role::Admin, Some(here))] {
            assert!(lacks(role, place).is_some(), "{role} at {place:?}");
        }
        let admin = holder(Role::Admin, None, None);
        let scope = GrantScope { place: Some(here), until: None };
        assert!(Role::ALL.iter().all(|role| admin.lacks(role.permissions(), scope, at(1)).is_none()));
    }

    #[test]
    fn nobody_gives_for_longer_than_they_hold() {
        let admin = holder(Role::Admin, None, Some(9));
        let ends = [(Some(9), true), (Some(5), true), (Some(10), false), (None, false)];
        let lacks = |until: Option<i64>, now| {
            admin.lacks(Role::Support.permissions(), GrantScope { place: None, until: until.map(at) }, at(now))
        };
        for (until, is_fine) in ends {
            assert_eq!(lacks(until, 1).is_none(), is_fine, "{until:?}");
        }
        assert!(lacks(Some(9), 9).is_some(), "it has ended");
    }

    #[test]
    fn grants_of_one_place_add_up() {
        let here = LocationId::new();
        let mut both = holder(Role::Support, Some(here), None);
        both.0.extend(holder(Role::Analyst, None, None).0);
        let wanted = [Permission::CustomersRead, Permission::CostsRead].into_iter().collect();
        assert_eq!(both.lacks(wanted, GrantScope { place: Some(here), until: None }, at(1)), None);
        assert_eq!(both.lacks(wanted, GrantScope::EVERYWHERE, at(1)), Some(Permission::CustomersRead));
    }
}
