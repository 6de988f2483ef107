//! Whose process the cluster is: PostgreSQL refuses to run as root, so root hands it to an unprivileged user.
use anyhow::Context;
use std::{
    fs,
    os::unix::{fs::MetadataExt, process::CommandExt},
    process::Command,
};

/// The user and group that run the cluster; none means the present user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owner {
    pub uid: u32,
    pub gid: u32,
}

/// True if this process runs as root.
pub fn is_root() -> bool {
    fs::metadata("/proc/self").map_or_else(|_| by_id_program() == Some(0), |meta| meta.uid() == 0)
}

fn by_id_program() -> Option<u32> {
    let output = Command::new("id").arg("-u").output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}

/// Root picks `postgres` where there is such a user, otherwise `nobody`.
pub fn of_cluster() -> anyhow::Result<Option<Owner>> {
    if !is_root() {
        return Ok(None);
    }
    let passwd = fs::read_to_string("/etc/passwd").context("/etc/passwd cannot be read")?;
    let found = ["postgres", "nobody"].iter().find_map(|name| entry(&passwd, name));
    found.map(Some).context(
        "PostgreSQL may not run as root, and there is neither a user postgres nor nobody: \
         start Coffret as a plain user",
    )
}

fn entry(passwd: &str, name: &str) -> Option<Owner> {
    let fields: Vec<_> = passwd.lines().find(|line| line.split(':').next() == Some(name))?.split(':').collect();
    Some(Owner { uid: fields.get(2)?.parse().ok()?, gid: fields.get(3)?.parse().ok()? })
}

/// Makes a command run as the owner, without root's supplementary groups.
pub fn hand_over(command: &mut Command, owner: Option<Owner>) -> &mut Command {
    match owner {
        Some(owner) => command.uid(owner.uid).gid(owner.gid),
        None => command,
    }
}
