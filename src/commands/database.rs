//! The database of a command: the one that is named, or the embedded one.
use crate::{
    kernel::Clock,
    platform::{
        config::Config,
        db::{self, Db, Session},
        embedded::{Durability, Embedded},
    },
};
use secrecy::ExposeSecret;

/// A database in use; the embedded one stops when this is dropped.
pub struct Database {
    /// How to reach it.
    pub url: String,
    _embedded: Option<Embedded>,
}

impl Database {
    /// Starts the embedded database, or takes the named one.
    pub fn open(config: &Config) -> anyhow::Result<Self> {
        if !config.is_embedded() {
            return Ok(Self { url: config.database.url.expose_secret().to_owned(), _embedded: None });
        }
        let embedded = Embedded::start(&config.data_dir, Durability::Durable)?;
        Ok(Self { url: embedded.url("postgres"), _embedded: Some(embedded) })
    }

    /// The same, migrated, with a pool.
    pub fn ready(config: &Config) -> anyhow::Result<(Self, Db)> {
        let database = Self::open(config)?;
        db::migrate(&database.url)?;
        let db = Db::connect(
            &database.url,
            Session { statement_timeout_ms: 0, ..Session::from(&config.database) },
            Clock::default(),
        )?;
        Ok((database, db))
    }
}
