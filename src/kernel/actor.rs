//! Actors, and what they may do where. A permission is always granted for one location or everywhere.
mod permissions;
mod roles;
pub use permissions::{Permission, Permissions};
pub use roles::Role;

use super::{
    channel::Channel,
    code::Code,
    error::{Error, Result},
    ids::{LocationId, PrincipalId, SessionId},
};
use std::collections::BTreeSet;

/// Permissions at one location, or everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Grant {
    /// The permissions.
    pub permissions: Permissions,
    /// The location; everywhere if none.
    pub location: Option<LocationId>,
}

/// The locations at which an actor may do something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Locations {
    /// All of them, also those to come.
    Everywhere,
    /// Only these; none if empty.
    Only(BTreeSet<LocationId>),
}

impl Locations {
    /// Of these only one, if one is named and is among them.
    #[must_use]
    pub fn narrowed(&self, to: Option<LocationId>) -> Self {
        match to {
            None => self.clone(),
            Some(location) if self.include(location) => Self::Only([location].into()),
            Some(_) => Self::Only(BTreeSet::new()),
        }
    }

    /// None.
    pub fn none() -> Self {
        Self::Only(BTreeSet::new())
    }

    /// True if the location is one of these.
    pub fn include(&self, location: LocationId) -> bool {
        match self {
            Self::Everywhere => true,
            Self::Only(some) => some.contains(&location),
        }
    }

    /// Those that are in both.
    #[must_use]
    pub fn common(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Everywhere, some) | (some, Self::Everywhere) => some.clone(),
            (Self::Only(some), Self::Only(others)) => Self::Only(some.intersection(others).copied().collect()),
        }
    }

    /// From SQL: `None` is everywhere.
    pub fn of_ids(ids: Option<Vec<LocationId>>) -> Self {
        ids.map_or(Self::Everywhere, |some| Self::Only(some.into_iter().collect()))
    }

    /// For SQL: `None` is everywhere.
    pub fn ids(&self) -> Option<Vec<LocationId>> {
        match self {
            Self::Everywhere => None,
            Self::Only(some) => Some(some.iter().copied().collect()),
        }
    }
}

/// Someone signed in, with what they may do.
#[derive(Debug, Clone)]
pub struct Actor {
    /// The principal.
    pub id: PrincipalId,
    /// Their grants.
    pub grants: Vec<Grant>,
    /// The session of their token; none for work that is done without one.
    pub session: Option<SessionId>,
    /// The one channel through which they sell; any, if none.
    pub channel: Option<Channel>,
}

impl Actor {
    /// An actor who sells through any channel, without a session.
    pub fn new(id: PrincipalId, grants: Vec<Grant>) -> Self {
        Self { id, grants, session: None, channel: None }
    }

    /// The locations at which the actor holds the permission.
    pub fn places(&self, permission: Permission) -> Locations {
        let mut some = BTreeSet::new();
        for grant in self.grants.iter().filter(|g| g.permissions.contains(permission)) {
            match grant.location {
                None => return Locations::Everywhere,
                Some(location) => some.insert(location),
            };
        }
        Locations::Only(some)
    }

    /// Refuses with 403 unless the permission is held at one location at least.
    pub fn require_anywhere(&self, permission: Permission) -> Result<()> {
        match self.places(permission) {
            Locations::Only(none) if none.is_empty() => Err(forbidden(permission, "")),
            _ => Ok(()),
        }
    }

    /// Refuses with 403 unless the permission is held everywhere: for what belongs to no location.
    pub fn require_everywhere(&self, permission: Permission) -> Result<()> {
        match self.places(permission) {
            Locations::Everywhere => Ok(()),
            Locations::Only(_) => Err(forbidden(permission, " at all locations")),
        }
    }

    /// Refuses as `require_at` does unless each of several permissions is held; all that are held nowhere are named.
    pub fn require_each_at(&self, permissions: &[Permission], location: LocationId, what: &str) -> Result<()> {
        let nowhere = |permission: &&Permission| self.places(**permission) == Locations::none();
        let missing: Vec<_> = permissions.iter().filter(nowhere).map(|permission| permission.as_str()).collect();
        if missing.len() > 1 {
            return Err(Error::refused(Code::Forbidden, format!("this needs the permissions {}", missing.join(", "))));
        }
        permissions.iter().try_for_each(|permission| self.require_at(*permission, location, what))
    }

    /// Refuses with 403 to sell through another channel than the actor's own.
    pub fn require_channel(&self, channel: Channel) -> Result<()> {
        match self.channel {
            Some(own) if own != channel => {
                let said = format!("this key sells through the channel {own} alone, not {channel}");
                Err(Error::refused(Code::ChannelNotAllowed, said))
            }
            _ => Ok(()),
        }
    }

    /// Refuses with 404, as if `what` did not exist, unless the permission is held at the location.
    pub fn require_at(&self, permission: Permission, location: LocationId, what: &str) -> Result<()> {
        self.require_anywhere(permission)?;
        match self.places(permission).include(location) {
            true => Ok(()),
            false => Err(Error::not_found(what)),
        }
    }
}

fn forbidden(permission: Permission, scope: &str) -> Error {
    Error::refused(Code::Forbidden, format!("this needs the permission {permission}{scope}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn actor(grants: &[(Role, Option<LocationId>)]) -> Actor {
        let grants =
            grants.iter().map(|&(role, location)| Grant { permissions: role.permissions(), location }).collect();
        Actor::new(PrincipalId::new(), grants)
    }

    #[test]
    fn the_table_of_roles_says_what_each_may_do() {
        let table = include_str!("../../docs/roles.md");
        for role in Role::ALL {
            let line = table.lines().find(|line| line.starts_with(&format!("| `{role}` |")));
            let line = line.unwrap_or_else(|| panic!("docs/roles.md lacks {role}"));
            let told: Vec<_> = line.split('`').skip(3).step_by(2).collect();
            let may: Vec<_> = role.permissions().iter().map(Permission::as_str).collect();
            assert!(*role == Role::Admin || told == may, "{role}: {told:?} is not {may:?}");
        }
    }

    #[test]
    fn a_grant_at_one_location_says_nothing_of_another() {
        let (here, there) = (LocationId::new(), LocationId::new());
        let cashier = actor(&[(Role::Cashier, Some(here))]);
        assert!(cashier.require_at(Permission::OrdersPlace, here, "location").is_ok());
        let refusal = cashier.require_at(Permission::OrdersPlace, there, "location").unwrap_err();
        assert_eq!(refusal.code(), Code::NotFound);
        let refusal = cashier.require_at(Permission::InventoryAdjust, here, "location").unwrap_err();
        assert_eq!(refusal.code(), Code::Forbidden);
        assert!(cashier.require_everywhere(Permission::OrdersPlace).is_err());
    }

    #[test]
    fn all_permissions_that_are_missing_are_named() {
        let here = LocationId::new();
        let support = actor(&[(Role::Support, Some(here))]);
        let asked = [Permission::OrdersPlace, Permission::OrdersRead, Permission::OrdersPay];
        let refusal = support.require_each_at(&asked, here, "location").unwrap_err();
        assert_eq!(refusal.to_string(), "this needs the permissions orders:place, orders:pay");
        assert!(support.require_each_at(&[Permission::OrdersRead], here, "location").is_ok());
        let elsewhere = support.require_each_at(&[Permission::OrdersRead], LocationId::new(), "location");
        assert_eq!(elsewhere.unwrap_err().code(), Code::NotFound);
    }

    #[test]
    fn whoever_is_bound_to_a_channel_sells_through_no_other() {
        let till = Actor { channel: Some(Channel::Pos), ..actor(&[]) };
        assert!(till.require_channel(Channel::Pos).is_ok());
        assert_eq!(till.require_channel(Channel::Web).unwrap_err().code(), Code::ChannelNotAllowed);
        assert!(Channel::ALL.iter().all(|channel| actor(&[]).require_channel(*channel).is_ok()));
    }

    #[test]
    fn roles_of_several_grants_add_up_per_location_only() {
        let (here, there) = (LocationId::new(), LocationId::new());
        let both = actor(&[(Role::Cashier, Some(here)), (Role::WarehouseStaff, Some(there))]);
        assert!(both.require_at(Permission::InventoryAdjust, there, "location").is_ok());
        assert!(both.require_at(Permission::InventoryAdjust, here, "location").is_err());
    }
}
