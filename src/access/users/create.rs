//! New users: by others with a link to choose a password, or with one from the command line. Nobody signs up by
//! themselves.
use super::{
    giving, links,
    model::{InvitedUser, NewUser},
    store,
};
use crate::{
    access::{Access, passwords, roles::store::share, store as sign_ins},
    kernel::{Code, Error, PrincipalId, Result, actor::Permission},
    platform::{
        db::{Db, blocking},
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
        let codes: Vec<_> = user.grants.iter().map(|grant| grant.role.clone()).collect();
        let known = share(tx, &codes)?;
        if let Some(unknown) = codes.iter().find(|code| !known.contains_key(code)) {
            return Err(Error::at(Code::UnknownRole, "/grants", format!("there is no role {unknown}")));
        }
        user.grants.iter().try_for_each(|grant| store::add_grant(tx, id, grant))?;
        Ok(id)
    })
    .await
}

impl Access {
    /// Makes a user who chooses a password by a link.
    pub(super) async fn invite(&self, caller: Caller, new: NewUser) -> Result<Recorded<InvitedUser>> {
        let Caller { actor, key, .. } = caller;
        actor.require_everywhere(Permission::UsersWrite)?;
        let teller = self.teller.clone();
        let invited = write_once(&self.db, actor, Permission::UsersWrite, key, move |tx, who| {
            let id = PrincipalId::new();
            giving::require_grants(tx, who, &new.grants, |at| format!("/grants/{at}"))?;
            store::insert(tx, id, (&new.email, &new.name), None)?;
            for grant in &new.grants {
                store::add_grant(tx, id, grant)?;
            }
            let invitation = links::issue(tx, &teller, id, who.id)?;
            let user = store::by_id(tx.conn(), id)?;
            Ok(Outcome::created(id, user.version, None, InvitedUser { user, invitation }))
        });
        self.teller.tell_token(invited.await?, links::TOKEN)
    }
}
