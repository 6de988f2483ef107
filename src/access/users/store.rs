//! Users and their grants in PostgreSQL.
use super::model::NewGrant;
use crate::{
    access::schema::{grants as g, users as u},
    kernel::{Code, Error, GrantId, PrincipalId, Result},
    platform::db::{Write, violated},
};
use diesel::prelude::*;

/// Adds a user, with the hash of a password if one is known already; the address is unique.
pub fn insert(tx: &mut Write, id: PrincipalId, said: (&str, &str), password_hash: Option<&str>) -> Result<()> {
    let ((email, name), now) = (said, tx.now());
    let row = (
        u::id.eq(id),
        u::email.eq(email),
        u::name.eq(name),
        u::password_hash.eq(password_hash),
        u::tokens_valid_from.eq(now),
        u::created_at.eq(now),
        u::updated_at.eq(now),
    );
    let done = diesel::insert_into(u::table).values(row).execute(tx.conn());
    done.map_err(|error| match violated(&error).is_some_and(|it| it.0 == "users_email_key") {
        true => Error::at(Code::EmailTaken, "/email", format!("there is a user {email} already")),
        false => error.into(),
    })?;
    Ok(())
}

/// Adds a grant; a user holds a role once at a location.
pub fn add_grant(tx: &mut Write, user: PrincipalId, grant: &NewGrant) -> Result<()> {
    let row = (
        g::id.eq(GrantId::new()),
        g::user_id.eq(user),
        g::role.eq(grant.role),
        g::location_id.eq(grant.location_id),
        g::created_at.eq(tx.now()),
        g::starts_at.eq(grant.starts_at),
        g::ends_at.eq(grant.ends_at),
    );
    let done = diesel::insert_into(g::table).values(row).execute(tx.conn());
    done.map_err(|error| match violated(&error).is_some_and(|it| it.0 == "grants_user_role_location_key") {
        true => {
            let said = format!("the user holds the role {} there already: revoke that grant first", grant.role);
            Error::refused(Code::GrantExists, said)
        }
        false => error.into(),
    })?;
    Ok(())
}
