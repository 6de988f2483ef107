//! The cluster's files: made once by `initdb`, owned by an unprivileged user, listening on a socket alone.
use super::{
    Durability,
    owner::{Owner, hand_over},
    programs::Programs,
};
use anyhow::{Context, bail};
use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    os::unix::{
        fs::{DirBuilderExt, MetadataExt, PermissionsExt, chown},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// Longest path of a Unix socket's folder: 107 bytes hold the folder and `/.s.PGSQL.5432`.
const SOCKET_FOLDER_MAX: usize = 90;

/// A cluster ready to be started.
#[derive(Debug, Clone)]
pub struct Cluster {
    pub programs: Programs,
    pub owner: Option<Owner>,
    pub data: PathBuf,
    pub socket: PathBuf,
    pub log: PathBuf,
    durability: Durability,
}

impl Cluster {
    pub fn prepare(
        dir: &Path,
        programs: Programs,
        owner: Option<Owner>,
        durability: Durability,
    ) -> anyhow::Result<Self> {
        let dir = fs::canonicalize(dir)?;
        let data = dir.join("postgres");
        if durability == Durability::Scratch && data.exists() {
            fs::remove_dir_all(&data)?;
        }
        let cluster =
            Self { programs, owner, socket: socket_folder(&dir), log: data.join("server.log"), data, durability };
        if !cluster.data.join("PG_VERSION").exists() {
            cluster.init()?;
        }
        cluster.own_folder(&cluster.data)?;
        cluster.own_folder(&cluster.socket)?;
        cluster.check_version()?;
        Ok(cluster)
    }

    /// `initdb` into a draft of its own, renamed when whole: a killed first start leaves nothing half made, and the
    /// `initdb` that outlives it works in another folder.
    fn init(&self) -> anyhow::Result<()> {
        if fs::remove_dir(&self.data).is_err() && self.data.exists() {
            bail!("{} is there already and is not a PostgreSQL cluster: move it away", self.data.display());
        }
        let draft = self.data.with_file_name(format!("postgres-draft-{}", std::process::id()));
        self.own_folder(&draft)?;
        self.check_reachable(&draft)?;
        let mut command = Command::new(self.programs.path("initdb"));
        command.arg("-D").arg(&draft).args(["-U", "coffret", "--auth-local=trust", "--auth-host=reject"]);
        command.args(["--encoding=UTF8", "--locale=C", "--data-checksums", "--no-instructions"]);
        if self.durability == Durability::Scratch {
            command.arg("--no-sync");
        }
        // A group of its own: Ctrl-C in a terminal is for us alone, and we obey it when this is done.
        command.process_group(0);
        hand_over(&mut command, self.owner).current_dir("/").env_remove("PGDATA").stdin(Stdio::null());
        let output = command.output().context("initdb cannot be run")?;
        if !output.status.success() {
            bail!("initdb failed: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        fs::rename(&draft, &self.data).with_context(|| format!("{} cannot be made", self.data.display()))?;
        self.forget_drafts();
        Ok(())
    }

    /// Removes what earlier, killed starts have left.
    fn forget_drafts(&self) {
        let entries = self.data.parent().and_then(|dir| fs::read_dir(dir).ok()).into_iter().flatten().flatten();
        for entry in entries.filter(|entry| entry.file_name().to_string_lossy().starts_with("postgres-draft-")) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }

    fn check_version(&self) -> anyhow::Result<()> {
        let version = fs::read_to_string(self.data.join("PG_VERSION"))?;
        if version.trim() != self.programs.major.to_string() {
            bail!(
                "the data in {} was made by PostgreSQL {}, but this machine has {}: install version {} or use \
                 pg_upgrade",
                self.data.display(),
                version.trim(),
                self.programs.major,
                version.trim()
            );
        }
        Ok(())
    }

    /// Makes a folder for the cluster's user alone. One that is there already must be a real folder of root's or of
    /// that user's: a link planted in a shared location is not followed.
    fn own_folder(&self, folder: &Path) -> anyhow::Result<()> {
        if let Err(error) = fs::DirBuilder::new().mode(0o700).create(folder) {
            let found = fs::symlink_metadata(folder).with_context(|| format!("{}: {error}", folder.display()))?;
            let is_ours = self.owner.is_none_or(|owner| [0, owner.uid].contains(&found.uid()));
            if !found.is_dir() || !is_ours {
                bail!("{} is not a folder of the user that runs PostgreSQL", folder.display());
            }
        }
        if let Some(owner) = self.owner {
            chown(folder, Some(owner.uid), Some(owner.gid))?;
        }
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
        Ok(())
    }

    /// Root can enter every folder, the cluster's user cannot: say so now rather than let initdb fail oddly.
    fn check_reachable(&self, folder: &Path) -> anyhow::Result<()> {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", "test -w \"$0\""]).arg(folder).current_dir("/");
        let reachable = hand_over(&mut command, self.owner).status().is_ok_and(|status| status.success());
        if !reachable {
            bail!(
                "the unprivileged user that runs PostgreSQL cannot reach {}: give a --data-dir whose parent folders \
                 anyone may pass, such as /var/lib/coffret",
                folder.display()
            );
        }
        Ok(())
    }

    /// The arguments of `postgres`.
    pub fn arguments(&self) -> Vec<String> {
        let mut settings = vec![
            "listen_addresses=".to_owned(),
            format!("unix_socket_directories={}", self.socket.display()),
            "unix_socket_permissions=0700".into(),
            "max_connections=400".into(),
            "shared_buffers=256MB".into(),
            "log_destination=stderr".into(),
            "logging_collector=off".into(),
            "lc_messages=C".into(),
            "idle_session_timeout=0".into(),
            "client_connection_check_interval=1s".into(),
        ];
        match self.durability {
            Durability::Durable => settings.extend(
                ["fsync=on", "full_page_writes=on", "synchronous_commit=on", "max_wal_size=2GB"].map(String::from),
            ),
            Durability::Scratch => settings.extend(
                ["fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_wal_size=1GB", "autovacuum=off"]
                    .map(String::from),
            ),
        }
        let mut arguments = vec!["-D".into(), self.data.display().to_string()];
        arguments.extend(settings.into_iter().flat_map(|setting| ["-c".into(), setting]));
        arguments
    }

    /// The process id of a running server, as PostgreSQL itself wrote it.
    pub fn postmaster_pid(&self) -> Option<u32> {
        let pid = fs::read_to_string(self.data.join("postmaster.pid")).ok()?;
        pid.lines().next()?.trim().parse().ok()
    }
}

/// The folder of the socket: inside the data directory, unless its path is too long for one.
pub fn socket_folder(dir: &Path) -> PathBuf {
    let inside = dir.join("run");
    if inside.as_os_str().len() <= SOCKET_FOLDER_MAX {
        return inside;
    }
    let mut hasher = DefaultHasher::new();
    dir.hash(&mut hasher);
    std::env::temp_dir().join(format!("coffret-{:016x}", hasher.finish()))
}

/// The major version that made the cluster in a data directory, if there is one.
pub fn made_by(data_dir: &Path) -> Option<u32> {
    fs::read_to_string(data_dir.join("postgres/PG_VERSION")).ok()?.trim().parse().ok()
}
