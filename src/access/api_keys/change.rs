//! API keys made, changed, rotated and revoked.
use super::{
    model::{ApiKey, ApiKeyChange, ApiKeyStatus, ApiKeyWithSecret, KeyPlaces, NewApiKey},
    rules, store,
};
use crate::{
    access::{
        Access, giving, location_groups,
        rules::{GrantScope, HeldGrants},
        secrets,
        teller::{Teller, ToldOnce},
        users::store::unknown_locations,
    },
    kernel::{
        Actor, ApiKeySecretId, Code, Error, Faults, LocationId, PrincipalId, Result,
        actor::{Permission, Permissions},
    },
    platform::{
        db::Write,
        idempotency::{Caller, Outcome, Recorded, write_once},
    },
};
use chrono::{DateTime, Duration, Utc};

/// The place of the secret in an answer.
const SECRET: &str = "/secret";

/// Adds the faults of places that do not exist.
fn look_at_places(tx: &mut Write, places: &KeyPlaces, faults: &mut Faults) -> Result<()> {
    match places {
        KeyPlaces::Everywhere => {}
        KeyPlaces::Locations(ids) => {
            let unknown = unknown_locations(tx, ids)?;
            for (at, id) in ids.iter().enumerate().filter(|(_, id)| unknown.contains(id)) {
                faults.add(Code::UnknownLocation, &format!("/location_ids/{at}"), format!("there is no location {id}"));
            }
        }
        KeyPlaces::Group(id) => {
            if location_groups::store::share(tx, &[*id])?.is_empty() {
                let said = format!("there is no location group {id}");
                faults.add(Code::UnknownLocationGroup, "/location_group_id", said);
            }
        }
    }
    Ok(())
}

/// The locations at which a giver must hold what a key gets. What they give to a group they hold everywhere: the group
/// may have other locations tomorrow.
fn scopes(places: &KeyPlaces, until: Option<DateTime<Utc>>) -> Vec<GrantScope> {
    let scope = |place: Option<LocationId>| GrantScope { place, until };
    match places {
        KeyPlaces::Everywhere | KeyPlaces::Group(_) => vec![scope(None)],
        KeyPlaces::Locations(ids) => ids.iter().map(|id| scope(Some(*id))).collect(),
    }
}

/// The first of a key's places at which its giver lacks a permission, in words.
fn beyond(
    own: &HeldGrants,
    of: (Permission, &KeyPlaces),
    until: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Option<String> {
    let (permission, places) = of;
    let wanted: Permissions = [permission].into_iter().collect();
    let lacking = scopes(places, until).into_iter().find(|scope| own.lacks(wanted, *scope, now).is_some())?;
    let place = lacking.place.map_or("everywhere".to_owned(), |id| format!("at the location {id}"));
    Some(format!("you do not hold {permission} {place} for that long"))
}

/// Refuses a key that its giver may not give, with all faults at once.
fn require_fine(tx: &mut Write, who: &Actor, new: &NewApiKey) -> Result<()> {
    let (mut faults, own) = (Faults::default(), giving::held_by(tx, who.id)?);
    let now = tx.now();
    rules::look(&new.permissions, new.expires_at, now, &mut faults);
    look_at_places(tx, &new.places, &mut faults)?;
    for (at, permission) in new.permissions.iter().enumerate() {
        if let Some(why) = beyond(&own, (*permission, &new.places), new.expires_at, now) {
            faults.add(Code::GrantBeyondOwn, &format!("/permissions/{at}"), why);
        }
    }
    faults.require_none()
}

/// The places of a key that there is.
fn places_of(key: &ApiKey) -> KeyPlaces {
    match (&key.location_ids, key.location_group_id) {
        (Some(ids), _) => KeyPlaces::Locations(ids.clone()),
        (None, Some(group)) => KeyPlaces::Group(group),
        (None, None) => KeyPlaces::Everywhere,
    }
}

fn require_open(key: &ApiKey) -> Result<()> {
    match key.status {
        ApiKeyStatus::Revoked => Err(Error::refused(Code::ApiKeyRevoked, format!("the key {} is revoked", key.name))),
        ApiKeyStatus::Active | ApiKeyStatus::Expired => Ok(()),
    }
}

/// A key after a change, as the next version.
fn changed(tx: &mut Write, after: &ApiKey) -> Result<ApiKey> {
    store::save(tx, &ApiKey { version: after.version + 1, ..after.clone() })?;
    let now = tx.now();
    store::by_id(tx.conn(), after.id, now)
}

impl Access {
    /// Makes a key with its first secret.
    pub(super) async fn create_key(&self, caller: Caller, new: NewApiKey) -> Result<Recorded<ApiKeyWithSecret>> {
        let Caller { actor, key, .. } = caller;
        actor.require_everywhere(Permission::UsersWrite)?;
        let teller = self.teller.clone();
        let made = write_once(&self.db, actor, Permission::UsersWrite, key, move |tx, who| {
            require_fine(tx, who, &new)?;
            let id = store::insert(tx, &new, who.id)?;
            let secret = add_secret(tx, &teller, id)?;
            let now = tx.now();
            let key = store::by_id(tx.conn(), id, now)?;
            Ok(Outcome::created(id, key.version, None, ApiKeyWithSecret { key, secret }))
        });
        self.teller.tell_api_key(made.await?, SECRET)
    }

    /// Changes the name, the permissions or the end of a key.
    pub(super) async fn change_key(
        &self,
        caller: Caller,
        id: PrincipalId,
        change: ApiKeyChange,
    ) -> Result<Recorded<ApiKey>> {
        let Caller { actor, key, expected } = caller;
        actor.require_everywhere(Permission::UsersWrite)?;
        let done = write_once(&self.db, actor, Permission::UsersWrite, key, move |tx, who| {
            let before = store::lock(tx, id)?;
            expected.check("the API key", before.version)?;
            require_open(&before)?;
            let ApiKeyChange { name, permissions, expires_at } = change.clone();
            let mut after = before.clone();
            if let Some(name) = name {
                after.name = name.into();
            }
            if permissions.is_some() || expires_at.is_some() {
                after.permissions = permissions.unwrap_or(after.permissions);
                after.expires_at = expires_at.unwrap_or(after.expires_at);
                let name = after.name.parse().map_err(|why: String| anyhow::anyhow!("{why}"))?;
                let (permissions, channel) = (after.permissions.clone(), after.channel);
                let places = places_of(&after);
                let whole = NewApiKey { name, permissions, places, channel, expires_at: after.expires_at };
                require_fine(tx, who, &whole)?;
            }
            let key = changed(tx, &after)?;
            Ok(Outcome::changed(key.version, None, key))
        });
        self.forgetting(id, done.await)
    }

    /// Gives a key a second secret; the one before works on for a time, if one is named.
    pub(super) async fn rotate_key(
        &self,
        caller: Caller,
        id: PrincipalId,
        seconds: Option<i64>,
    ) -> Result<Recorded<ApiKeyWithSecret>> {
        let Caller { actor, key, expected } = caller;
        actor.require_everywhere(Permission::UsersWrite)?;
        let teller = self.teller.clone();
        let done = write_once(&self.db, actor, Permission::UsersWrite, key, move |tx, who| {
            let before = store::lock(tx, id)?;
            expected.check("the API key", before.version)?;
            require_open(&before)?;
            if before.status == ApiKeyStatus::Expired {
                let said = "it has expired, so that a new secret would not work: move its end first";
                return Err(Error::refused(Code::ApiKeySecrets, said));
            }
            let (own, now, places) = (giving::held_by(tx, who.id)?, tx.now(), places_of(&before));
            let mut wanted = before.permissions.iter().map(|permission| (*permission, &places));
            // Whoever has a new secret may do what the key may.
            if let Some(why) = wanted.find_map(|of| beyond(&own, of, before.expires_at, now)) {
                return Err(Error::refused(Code::GrantBeyondOwn, why));
            }
            if before.secrets.len() >= rules::MOST_SECRETS {
                let said = "it has two secrets: end the one that nobody uses any more first";
                return Err(Error::refused(Code::ApiKeySecrets, said));
            }
            if let Some(seconds) = seconds {
                store::end_secrets(tx, id, None, now + Duration::seconds(seconds))?;
            }
            let secret = add_secret(tx, &teller, id)?;
            let key = changed(tx, &before)?;
            Ok(Outcome::created(id, key.version, None, ApiKeyWithSecret { key, secret }))
        });
        self.teller.tell_api_key(self.forgetting(id, done.await)?, SECRET)
    }

    /// Ends a secret of a key that has another one.
    pub(super) async fn end_key_secret(
        &self,
        caller: Caller,
        id: PrincipalId,
        secret: ApiKeySecretId,
    ) -> Result<Recorded<ApiKey>> {
        let Caller { actor, key, expected } = caller;
        actor.require_everywhere(Permission::UsersWrite)?;
        let done = write_once(&self.db, actor, Permission::UsersWrite, key, move |tx, _| {
            let before = store::lock(tx, id)?;
            expected.check("the API key", before.version)?;
            require_open(&before)?;
            if !before.secrets.iter().any(|one| one.id == secret) {
                return Err(Error::not_found("secret of the API key"));
            }
            if !before.secrets.iter().any(|one| one.id != secret && one.ends_at.is_none()) {
                let said = "it is the only secret of the key that lasts: rotate the key first, or revoke it";
                return Err(Error::refused(Code::ApiKeySecrets, said));
            }
            let now = tx.now();
            store::end_secrets(tx, id, Some(secret), now)?;
            let key = changed(tx, &before)?;
            Ok(Outcome::changed(key.version, None, key))
        });
        self.forgetting(id, done.await)
    }

    /// Revokes a key for good; one that is revoked stays so.
    pub(super) async fn revoke_key(&self, caller: Caller, id: PrincipalId) -> Result<Recorded<ApiKey>> {
        let Caller { actor, key, expected } = caller;
        actor.require_everywhere(Permission::UsersWrite)?;
        let done = write_once(&self.db, actor, Permission::UsersWrite, key, move |tx, who| {
            let before = store::lock(tx, id)?;
            expected.check("the API key", before.version)?;
            if before.revoked_at.is_some() {
                return Ok(Outcome::changed(before.version, None, before));
            }
            let now = tx.now();
            store::end_secrets(tx, id, None, now)?;
            let key = changed(tx, &ApiKey { revoked_at: Some(now), revoked_by: Some(who.id), ..before })?;
            Ok(Outcome::changed(key.version, None, key))
        });
        self.forgetting(id, done.await)
    }
}

fn add_secret(tx: &mut Write, teller: &Teller, key: PrincipalId) -> Result<ToldOnce> {
    let number = Teller::fresh();
    let secret = teller.api_key(&number)?;
    store::add_secret(tx, key, &secrets::digest(&secret), &secrets::prefix(&secret))?;
    Ok(number)
}
