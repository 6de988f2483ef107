//! Finds PostgreSQL's programs on this machine: on the PATH, by `pg_config`, in the usual folders.
use crate::platform::config::path_folders;
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The oldest major version served.
const OLDEST: u32 = 15;

/// The programs of one PostgreSQL installation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Programs {
    /// The folder that holds them.
    pub folder: PathBuf,
    /// The major version.
    pub major: u32,
}

impl Programs {
    /// The programs in a folder, if `initdb` and a recent enough `postgres` are there.
    pub fn within(folder: &Path) -> Option<Self> {
        if !folder.join("initdb").is_file() {
            return None;
        }
        let output = Command::new(folder.join("postgres")).arg("--version").output().ok()?;
        let major = major_of(&String::from_utf8_lossy(&output.stdout))?;
        (major >= OLDEST).then(|| Self { folder: folder.to_owned(), major })
    }

    /// The path of one program.
    pub fn path(&self, program: &str) -> PathBuf {
        self.folder.join(program)
    }
}

/// All suitable programs of the machine.
pub fn installed() -> Vec<Programs> {
    let folders = on_path().into_iter().chain(by_pg_config()).chain(usual_folders());
    folders.filter_map(|folder| Programs::within(&folder)).collect()
}

/// Of these programs, those that made the data already there; the newest for a new cluster, and for one that none of
/// them can run, so that the refusal can say what is missing.
pub fn choose(programs: Vec<Programs>, made_by: Option<u32>) -> Option<Programs> {
    let fitting = programs.iter().find(|p| Some(p.major) == made_by).cloned();
    fitting.or_else(|| programs.into_iter().max_by_key(|p| p.major))
}

fn on_path() -> Vec<PathBuf> {
    path_folders()
        .into_iter()
        .filter_map(|f| fs::canonicalize(f.join("postgres")).ok()?.parent().map(Path::to_owned))
        .collect()
}

fn by_pg_config() -> Option<PathBuf> {
    let output = Command::new("pg_config").arg("--bindir").output().ok()?;
    let folder = String::from_utf8(output.stdout).ok()?;
    Some(PathBuf::from(folder.trim()))
}

fn usual_folders() -> Vec<PathBuf> {
    let versioned = ["/usr/lib/postgresql", "/usr/local/pgsql", "/opt/homebrew/opt"]
        .iter()
        .filter_map(|parent| fs::read_dir(parent).ok())
        .flatten()
        .flatten()
        .map(|entry| entry.path().join("bin"));
    let plain = ["/usr/local/pgsql/bin", "/usr/local/bin", "/usr/bin"].map(PathBuf::from);
    versioned.chain(plain).collect()
}

/// `postgres (PostgreSQL) 15.18 (Debian …)` → 15
fn major_of(version: &str) -> Option<u32> {
    let number = version.split("(PostgreSQL) ").nth(1)?;
    number.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_major_version_is_read_from_all_forms() {
        assert_eq!(super::major_of("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"), Some(15));
        assert_eq!(super::major_of("postgres (PostgreSQL) 18beta1"), Some(18));
        assert_eq!(super::major_of("mysqld 8"), None);
    }

    #[test]
    fn data_is_run_by_the_version_that_made_it() {
        let programs = |major| super::Programs { folder: format!("/pg/{major}").into(), major };
        let both = || vec![programs(15), programs(17)];
        assert_eq!(super::choose(both(), Some(15)), Some(programs(15)));
        assert_eq!(super::choose(both(), None), Some(programs(17)));
        assert_eq!(super::choose(vec![], None), None);
    }
}
