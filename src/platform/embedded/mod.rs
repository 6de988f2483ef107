//! The private PostgreSQL that runs when no database is named: found on the machine or downloaded, kept in the
//! data directory, reached over a Unix socket only, stopped with its owner and recovered after any crash.
mod cluster;
mod download;
mod owner;
mod programs;
mod supervisor;

use anyhow::Context;
pub use programs::Programs;
use std::{
    fs::{self, File, TryLockError},
    os::unix::fs::{PermissionsExt, chown},
    path::{Path, PathBuf},
};
use supervisor::Supervisor;

/// What the cluster is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// Real data: every commit reaches the disk.
    Durable,
    /// Throw-away test data, wiped at each start.
    Scratch,
}

/// A running private PostgreSQL; dropping it stops it.
#[derive(Debug)]
pub struct Embedded {
    socket: PathBuf,
    supervisor: Supervisor,
    _lock: File,
}

impl Embedded {
    /// Starts the cluster kept in `data_dir`, creating it at first. Refuses a directory that another server uses.
    pub fn start(data_dir: &Path, durability: Durability) -> anyhow::Result<Self> {
        prepare(data_dir)?;
        let lock = lock(data_dir)?;
        let owner = owner::of_cluster()?;
        let programs =
            programs::find().or_else(|| download::fetched(data_dir)).map_or_else(|| download::fetch(data_dir), Ok)?;
        let cluster = cluster::Cluster::prepare(data_dir, programs, owner, durability)?;
        let supervisor = Supervisor::start(cluster)?;
        Ok(Self { socket: supervisor.socket().to_owned(), supervisor, _lock: lock })
    }

    /// A libpq connection string for one of its databases.
    pub fn url(&self, database: &str) -> String {
        format!("host='{}' user=coffret dbname={database}", self.socket.display())
    }

    /// Process id of the PostgreSQL server, for tests that kill it.
    pub fn postmaster_pid(&self) -> Option<u32> {
        self.supervisor.postmaster_pid()
    }
}

/// The data directory where none is named: one that an unprivileged PostgreSQL can reach, also for root.
pub fn default_data_dir(home: Option<&str>, data_home: Option<&str>) -> PathBuf {
    if owner::is_root() {
        return PathBuf::from("/var/lib/coffret");
    }
    match (data_home, home) {
        (Some(data), _) => Path::new(data).join("coffret"),
        (None, Some(home)) => Path::new(home).join(".local/share/coffret"),
        (None, None) => std::env::temp_dir().join("coffret-data"),
    }
}

/// Makes the directory; others may pass through it (the cluster's user must) but not list it.
pub fn prepare(data_dir: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(data_dir)
        .with_context(|| format!("the data directory {} cannot be made", data_dir.display()))?;
    if owner::is_root() {
        fs::set_permissions(data_dir, fs::Permissions::from_mode(0o711))?;
        chown(data_dir, Some(0), Some(0))?;
    }
    Ok(())
}

fn lock(data_dir: &Path) -> anyhow::Result<File> {
    let path = data_dir.join("lock");
    let file = File::options().create(true).truncate(false).write(true).open(&path)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => anyhow::bail!(
            "another Coffret server is using {}: stop it first, or give this one its own --data-dir",
            data_dir.display()
        ),
        Err(TryLockError::Error(error)) => Err(error).with_context(|| format!("{} cannot be locked", path.display())),
    }
}
