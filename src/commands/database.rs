//! The database of a command: the one that is named, the one that a server runs in the data directory now, or the
//! embedded one, started for the command.
use crate::{
    kernel::Clock,
    platform::{
        config::Config,
        db::{self, Db, SessionSettings},
        embedded::{self, Durability, Embedded},
    },
};
use anyhow::bail;
use secrecy::ExposeSecret;

/// A database in use; the embedded one stops when this is dropped.
pub struct Database {
    /// The URL by which it is reached.
    pub url: String,
    _embedded: Option<Embedded>,
}

impl Database {
    /// For a server: takes the named database, or starts the embedded one, which no one else may use.
    pub fn open(config: &Config) -> anyhow::Result<Self> {
        if !config.is_embedded() {
            return Ok(Self { url: config.database.url.expose_secret().to_owned(), _embedded: None });
        }
        let embedded = Embedded::start(&config.data_dir, Durability::Durable)?;
        Ok(Self { url: embedded.url("postgres"), _embedded: Some(embedded) })
    }

    /// For a command beside a server: joins the cluster that is running in the data directory, if one is.
    pub fn join(config: &Config) -> anyhow::Result<Self> {
        match config.is_embedded().then(|| embedded::running(&config.data_dir)).flatten() {
            Some(url) => Ok(Self { url, _embedded: None }),
            None => Self::open(config),
        }
    }

    /// For a look: the same, but never makes a cluster where there is none.
    pub fn existing(config: &Config) -> anyhow::Result<Self> {
        if config.is_embedded() && !embedded::exists(&config.data_dir) {
            bail!("there is no database in {}: name the right --data-dir", config.data_dir.display());
        }
        Self::join(config)
    }

    /// Migrates it.
    pub fn migrated(self) -> anyhow::Result<Self> {
        db::migrate(&self.url)?;
        Ok(self)
    }

    /// A pool on it, for statements that may take long.
    pub fn pool(&self, config: &Config) -> anyhow::Result<Db> {
        let session = SessionSettings { statement_timeout_ms: 0, ..SessionSettings::from(&config.database) };
        Ok(Db::connect(&self.url, session, Clock::default())?)
    }
}
