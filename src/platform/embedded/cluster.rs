//! The cluster's files: made once by `initdb`, owned by an unprivileged user, listening on a socket alone.
use super::{
    Durability, Programs,
    owner::{Owner, hand_over},
};
use anyhow::{Context, bail};
use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    os::unix::fs::{PermissionsExt, chown},
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
        cluster.own_folder(&cluster.data)?;
        cluster.own_folder(&cluster.socket)?;
        cluster.check_reachable()?;
        if !cluster.data.join("PG_VERSION").exists() {
            cluster.init()?;
        }
        cluster.check_version()?;
        Ok(cluster)
    }

    /// `initdb` into a draft folder, renamed when whole, so that a killed first start leaves nothing half made.
    fn init(&self) -> anyhow::Result<()> {
        let draft = self.data.join("draft");
        if draft.exists() {
            fs::remove_dir_all(&draft)?;
        }
        let mut command = Command::new(self.programs.path("initdb"));
        command.arg("-D").arg(&draft).args(["-U", "coffret", "--auth-local=trust", "--auth-host=reject"]);
        command.args(["--encoding=UTF8", "--locale=C", "--data-checksums", "--no-instructions"]);
        if self.durability == Durability::Scratch {
            command.arg("--no-sync");
        }
        hand_over(&mut command, self.owner).current_dir("/").env_remove("PGDATA").stdin(Stdio::null());
        let output = command.output().context("initdb cannot be run")?;
        if !output.status.success() {
            bail!("initdb failed: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        for entry in fs::read_dir(&draft)?.flatten() {
            if entry.file_name() != "PG_VERSION" {
                fs::rename(entry.path(), self.data.join(entry.file_name()))?;
            }
        }
        fs::rename(draft.join("PG_VERSION"), self.data.join("PG_VERSION"))?;
        fs::remove_dir(&draft)?;
        Ok(())
    }

    fn check_version(&self) -> anyhow::Result<()> {
        let version = fs::read_to_string(self.data.join("PG_VERSION"))?;
        if version.trim() != self.programs.major.to_string() {
            bail!(
                "the data in {} was made by PostgreSQL {}, but this machine has {}: install version {} or use pg_upgrade",
                self.data.display(),
                version.trim(),
                self.programs.major,
                version.trim()
            );
        }
        Ok(())
    }

    fn own_folder(&self, folder: &Path) -> anyhow::Result<()> {
        fs::create_dir_all(folder)?;
        if let Some(owner) = self.owner {
            chown(folder, Some(owner.uid), Some(owner.gid))?;
        }
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
        Ok(())
    }

    /// Root can enter every folder, the cluster's user cannot: say so now rather than let initdb fail oddly.
    fn check_reachable(&self) -> anyhow::Result<()> {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", "test -w \"$0\""]).arg(&self.data).current_dir("/");
        let reachable = hand_over(&mut command, self.owner).status().is_ok_and(|status| status.success());
        if !reachable {
            bail!(
                "the unprivileged user that runs PostgreSQL cannot reach {}: give a --data-dir whose parent folders anyone may pass, such as /var/lib/coffret",
                self.data.display()
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

fn socket_folder(dir: &Path) -> PathBuf {
    let inside = dir.join("run");
    if inside.as_os_str().len() <= SOCKET_FOLDER_MAX {
        return inside;
    }
    let mut hasher = DefaultHasher::new();
    dir.hash(&mut hasher);
    std::env::temp_dir().join(format!("coffret-{:016x}", hasher.finish()))
}
