//! Pure decisions about API keys.
use super::model::KeyPlaces;
use crate::kernel::{
    Code, Faults, LAST_YEAR, LocationGroupId, LocationId,
    actor::{Permission, Permissions},
};
use chrono::{DateTime, Datelike, Utc};

/// Secrets that work at the same time.
pub const MOST_SECRETS: usize = 2;

/// The places that a request names in one of three ways.
pub fn places(
    is_everywhere: bool,
    locations: Option<Vec<LocationId>>,
    group: Option<LocationGroupId>,
) -> Result<KeyPlaces, &'static str> {
    match (is_everywhere, locations, group) {
        (true, None, None) => Ok(KeyPlaces::Everywhere),
        (false, Some(locations), None) => Ok(KeyPlaces::Locations(locations)),
        (false, None, Some(group)) => Ok(KeyPlaces::Group(group)),
        (false, None, None) => Err("say where it acts: location_ids, location_group_id or is_everywhere"),
        _ => Err("name one of location_ids, location_group_id and is_everywhere"),
    }
}

/// Adds the faults of permissions that no key has, and of an end that is over.
pub fn look(permissions: &[Permission], expires_at: Option<DateTime<Utc>>, now: DateTime<Utc>, faults: &mut Faults) {
    let of_people: Permissions = [Permission::UsersRead, Permission::UsersWrite].into_iter().collect();
    for (at, permission) in permissions.iter().enumerate().filter(|(_, one)| of_people.contains(**one)) {
        let said = format!("a key does not manage users and keys: leave {permission} out");
        faults.add(Code::InvalidBody, &format!("/permissions/{at}"), said);
    }
    match expires_at {
        Some(end) if end <= now => faults.add(Code::InvalidBody, "/expires_at", "is over: name a later moment"),
        Some(end) if end.year() > LAST_YEAR => {
            faults.add(Code::InvalidBody, "/expires_at", "must be of the years until 9999");
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_places_of_a_key_are_named_in_one_way() {
        let (here, group) = (LocationId::new(), LocationGroupId::new());
        assert_eq!(places(true, None, None), Ok(KeyPlaces::Everywhere));
        assert_eq!(places(false, Some(vec![here]), None), Ok(KeyPlaces::Locations(vec![here])));
        assert_eq!(places(false, None, Some(group)), Ok(KeyPlaces::Group(group)));
        assert!(places(false, None, None).is_err());
        assert!(places(true, Some(vec![here]), None).is_err());
        assert!(places(false, Some(vec![here]), Some(group)).is_err());
    }
}
