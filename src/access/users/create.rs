//! New users from the command line. Nobody signs up by themselves.
use super::{model::NewUser, store};
use crate::{
    access::{passwords, store as sign_ins},
    kernel::{PrincipalId, Result},
    platform::db::{Db, blocking},
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
