//! Making users. The first one comes from the command line; nobody signs up by themselves.
use super::{
    model::{NewUser, User},
    passwords, store,
};
use crate::{
    kernel::{Code, Error, Fault, PrincipalId, Refusal, Result},
    platform::db::{Db, blocking, violated},
};

/// A user by their address.
pub async fn user_by_email(db: &Db, email: &str) -> Result<Option<User>> {
    let email = email.to_owned();
    db.read(move |db| Ok(store::user_by_email(db.conn(), &email)?)).await
}

fn require_length(password: &str) -> Result<()> {
    if password.chars().count() >= passwords::SHORTEST && password.len() <= passwords::LONGEST {
        return Ok(());
    }
    let detail = format!("must have {} to {} characters", passwords::SHORTEST, passwords::LONGEST);
    let fault = Fault::at("/password", "invalid", detail.clone());
    Err(Refusal::new(Code::InvalidBody, format!("the password {detail}")).with_faults(vec![fault]).into())
}

/// Makes a user with one grant; refused when the address is in use or the password too short.
pub async fn create(db: &Db, user: NewUser) -> Result<PrincipalId> {
    require_length(&user.password)?;
    let password = user.password.clone();
    let hash = blocking(move || passwords::hash(&password)).await?;
    db.write(move |tx| {
        let (id, now) = (PrincipalId::new(), tx.now());
        let inserted = store::insert_user(tx.conn(), id, &user, &hash, now);
        match inserted {
            Ok(()) => Ok(id),
            Err(error) if violated(&error).is_some_and(|c| c.0 == "users_email_key") => {
                Err(Error::refused(Code::EmailTaken, format!("there is a user {} already", user.email)))
            }
            Err(error) => Err(error.into()),
        }
    })
    .await
}
