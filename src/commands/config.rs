//! `coffret config`
use crate::platform::config::Config;
use std::{io::Write, path::Path, process::ExitCode};

/// Prints the effective settings, secrets hidden.
pub fn show(file: Option<&Path>, env: &[(String, String)]) -> anyhow::Result<ExitCode> {
    std::io::stdout().write_all(Config::shown(file, env)?.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
