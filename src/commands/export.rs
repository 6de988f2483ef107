//! `coffret export openapi|sdl`
use super::Description;
use crate::{app, platform::config::Config};
use std::{io::Write, process::ExitCode};

/// Prints the description.
pub fn run(config: &Config, what: Description) -> anyhow::Result<ExitCode> {
    let text = match what {
        Description::Openapi => app::openapi().to_pretty_json()? + "\n",
        Description::Sdl => app::sdl(&config.graphql),
    };
    std::io::stdout().write_all(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
