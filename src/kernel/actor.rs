//! Actors, and what they may do where. A permission is always granted for one location or everywhere.
mod permissions;
mod roles;
pub use permissions::{Permission, Permissions};
pub use roles::Role;

use super::{
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
}

impl Actor {
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
        Actor { id: PrincipalId::new(), grants, session: None }
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
    fn roles_of_several_grants_add_up_per_location_only() {
        let (here, there) = (LocationId::new(), LocationId::new());
        let both = actor(&[(Role::Cashier, Some(here)), (Role::WarehouseStaff, Some(there))]);
        assert!(both.require_at(Permission::InventoryAdjust, there, "location").is_ok());
        assert!(both.require_at(Permission::InventoryAdjust, here, "location").is_err());
    }
}
