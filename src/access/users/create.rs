//! New users: by others with a link to choose a password, or with one from the command line. Nobody signs up by
//! themselves.
use super::{
    links,
    model::{InvitedUser, NewGrant, NewUser},
    rules, store,
};
use crate::{
    access::{passwords, store as sign_ins},
    kernel::{Actor, Code, Faults, PrincipalId, Result, actor::Permission},
    platform::{
        db::{Db, Write, blocking},
        idempotency::{Caller, Outcome, Recorded, write_once},
    },
};

/// The user with an address, if there is one.
pub async fn user_by_email(db: &Db, email: &str) -> Result<Option<PrincipalId>> {
    let email = email.to_owned();
    let found = db.read(move |db| Ok(sign_ins::credentials(db.conn(), &email)?)).await?;
    Ok(found.map(|user| user.id))
}

/// Makes a user with a password; refused when the address is in use or the password too short.
pub async fn create(db: &Db, user: NewUser, password: String) -> Result<PrincipalId> {
    passwords::require_length(&password, "/password")?;
    let hash = blocking(move || passwords::hash(&password)).await?;
    db.write(move |tx| {
        let id = PrincipalId::new();
        store::insert(tx, id, (&user.email, &user.name), Some(&hash))?;
        user.grants.iter().try_for_each(|grant| store::add_grant(tx, id, grant))?;
        Ok(id)
    })
    .await
}

/// Makes a user who chooses a password by a link.
pub async fn invite(db: &Db, caller: Caller, new: NewUser) -> Result<Recorded<InvitedUser>> {
    let Caller { actor, key, .. } = caller;
    actor.require_everywhere(Permission::UsersWrite)?;
    write_once(db, actor, Permission::UsersWrite, key, move |tx, who| {
        let id = PrincipalId::new();
        require_grants(tx, who, &new.grants)?;
        store::insert(tx, id, (&new.email, &new.name), None)?;
        for grant in &new.grants {
            store::add_grant(tx, id, grant)?;
        }
        let invitation = links::issue(tx, id, who.id)?;
        let user = store::by_id(tx.conn(), id)?;
        Ok(Outcome::created(id, user.version, None, InvitedUser { user, invitation }))
    })
    .await
}

/// Refuses grants at unknown locations, with impossible dates, or of more than their giver holds: all of them at once,
/// each at its place.
fn require_grants(tx: &mut Write, who: &Actor, grants: &[NewGrant]) -> Result<()> {
    let mut faults = Faults::default();
    let named: Vec<_> = grants.iter().filter_map(|grant| grant.location_id).collect();
    let unknown = store::unknown_locations(tx, &named)?;
    let own = store::by_id(tx.conn(), who.id)?.grants;
    for (at, grant) in grants.iter().enumerate() {
        if let Some(id) = grant.location_id.filter(|id| unknown.contains(id)) {
            let said = format!("there is no location {id}");
            faults.add(Code::UnknownLocation, &format!("/grants/{at}/location_id"), said);
        }
        if let Some((field, why)) = rules::wrong_dates(grant, tx.now()) {
            faults.add(Code::InvalidBody, &format!("/grants/{at}{field}"), why);
        }
        if let Err(refused) = rules::require_held(&own, grant, tx.now()) {
            faults.add_refusal(&format!("/grants/{at}/role"), refused)?;
        }
        let is_it = |other: &&NewGrant| (other.role, other.location_id) == (grant.role, grant.location_id);
        if grants.iter().take(at).any(|other| is_it(&other)) {
            faults.add(Code::GrantExists, &format!("/grants/{at}"), "the role is named twice for one place");
        }
    }
    faults.require_none()
}
