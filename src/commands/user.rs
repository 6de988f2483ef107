//! `coffret user create`
use super::database::Database;
use crate::{
    access::{self, NewGrant, NewUser},
    inventory,
    kernel::{CodeName, LocationId},
    platform::{config::Config, db::Db},
};
use anyhow::{Context, anyhow};
use std::{io::BufRead, process::ExitCode};

/// Creates a user with the password on standard input: arguments can be seen by others, standard input cannot.
pub async fn create(
    config: &Config,
    email: &str,
    name: Option<&str>,
    role: CodeName,
    location: Option<&str>,
) -> anyhow::Result<ExitCode> {
    let mut password = String::new();
    std::io::stdin().lock().read_line(&mut password).context("the password is read from standard input")?;
    let database = Database::join(config)?.migrated()?;
    let db = database.pool(config)?;
    let location = match location {
        Some(code) => Some(location_of(&db, code).await?),
        None => None,
    };
    let text = |what: &str, e: String| anyhow!("{what}: {e}");
    let user = NewUser {
        email: email.parse().map_err(|e| text("email", e))?,
        name: name.unwrap_or(email).parse().map_err(|e| text("name", e))?,
        grants: vec![NewGrant {
            role: role.clone(),
            location_id: location,
            location_group_id: None,
            starts_at: None,
            ends_at: None,
        }],
    };
    let id = access::create(&db, user, password.trim_end_matches(['\r', '\n']).to_owned()).await?;
    tracing::info!(user.id = %id, role = %role, "the user is created");
    Ok(ExitCode::SUCCESS)
}

async fn location_of(db: &Db, code: &str) -> anyhow::Result<LocationId> {
    let wanted = code.to_owned();
    let found = db.read(move |db| inventory::location_by_code(db, &wanted)).await?;
    found.map(|location| location.id).with_context(|| format!("there is no location with the code {code}"))
}
