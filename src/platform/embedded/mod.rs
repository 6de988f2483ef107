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
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};
use supervisor::Supervisor;

/// The file whose lock says that a server uses the directory.
const LOCK: &str = "lock";

/// The purpose of the cluster.
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
    _supervisor: Supervisor,
    _lock: File,
}

impl Embedded {
    /// Starts the cluster kept in `data_dir`, creating it at first. Refuses a directory that another server uses.
    pub fn start(data_dir: &Path, durability: Durability) -> anyhow::Result<Self> {
        prepare(data_dir)?;
        let lock = lock(data_dir)?;
        let owner = owner::of_cluster()?;
        let known = programs::installed().into_iter().chain(download::fetched(data_dir)).collect();
        let programs = match programs::choose(known, cluster::made_by(data_dir)) {
            Some(programs) => programs,
            None => download::fetch(data_dir)?,
        };
        let cluster = cluster::Cluster::prepare(data_dir, programs, owner, durability)?;
        let supervisor = Supervisor::start(cluster)?;
        Ok(Self { socket: supervisor.socket().to_owned(), _supervisor: supervisor, _lock: lock })
    }

    /// A libpq connection string for one of its databases.
    pub fn url(&self, database: &str) -> String {
        connection(&self.socket, database)
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

/// Makes the directory. Where root keeps it, the cluster's user must be able to pass through it: that is allowed in
/// a directory that is ours (new, empty or used before) and never changed in anyone else's.
pub fn prepare(data_dir: &Path) -> anyhow::Result<()> {
    let what = || format!("the data directory {} cannot be used", data_dir.display());
    let is_empty = |entries: fs::ReadDir| entries.flatten().next().is_none();
    let is_ours =
        !data_dir.exists() || data_dir.join(LOCK).exists() || is_empty(fs::read_dir(data_dir).with_context(what)?);
    fs::create_dir_all(data_dir).with_context(what)?;
    if owner::is_root() && is_ours {
        fs::set_permissions(data_dir, fs::Permissions::from_mode(0o711)).with_context(what)?;
    }
    Ok(())
}

/// The connection string of the cluster that another process runs in the directory, if one does.
pub fn running(data_dir: &Path) -> Option<String> {
    let file = File::options().write(true).open(data_dir.join(LOCK)).ok()?;
    let is_held = matches!(file.try_lock(), Err(TryLockError::WouldBlock));
    let socket = cluster::socket_folder(&fs::canonicalize(data_dir).ok()?);
    is_held.then(|| connection(&socket, "postgres"))
}

/// True if the directory holds a cluster.
pub fn exists(data_dir: &Path) -> bool {
    cluster::made_by(data_dir).is_some()
}

fn connection(socket: &Path, database: &str) -> String {
    format!("host='{}' user=coffret dbname={database}", socket.display())
}

fn lock(data_dir: &Path) -> anyhow::Result<File> {
    let path = data_dir.join(LOCK);
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
