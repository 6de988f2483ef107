//! The command line: what the one binary can do.
mod audit;
mod config;
mod database;
mod demo;
pub mod demo_data;
mod export;
mod healthcheck;
mod migrate;
mod progress;
mod seed;
mod serve;
mod user;

use crate::{
    inventory::Profile,
    kernel::CodeName,
    orders::faults_of_chains,
    platform::{
        config::{Config, ConfigFaults},
        embedded, telemetry,
    },
};
use clap::{Parser, Subcommand, ValueEnum};
use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

/// Stock, orders, catalog and access rights of a beauty brand with many stores.
#[derive(Debug, Parser)]
#[command(name = "coffret", version, propagate_version = true)]
pub struct Arguments {
    /// A settings file that overrides the defaults; environment variables override it.
    #[arg(long, global = true, env = "COFFRET_CONFIG")]
    config: Option<PathBuf>,
    /// The folder of the embedded PostgreSQL, the generated key and demo.env; overrides the settings.
    #[arg(long, global = true)]
    data_dir: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start everything on a seeded brand, and print what to try.
    Demo {
        /// The port to listen on, on this machine only.
        #[arg(long, default_value_t = 8080)]
        port: u16,
    },
    /// Migrate the database and serve.
    Serve {
        /// Refuse a database that is not migrated instead of migrating it.
        #[arg(long)]
        no_migrate: bool,
    },
    /// Run the pending migrations.
    Migrate,
    /// Fill an empty database with a realistic brand.
    Seed {
        /// S: 400 variants × 12 locations; M: 1,500 × 300; L: 6,000 × 900 and a million past orders.
        #[arg(long, value_enum, ignore_case = true, default_value = "s")]
        profile: Size,
    },
    /// Check every invariant; print the rows that differ and exit 1 if there are any.
    Audit {
        /// Rebuild the stock's counters from the ledger first; refused if the ledger contradicts itself.
        #[arg(long)]
        repair: bool,
    },
    /// Manage users.
    User {
        #[command(subcommand)]
        action: UserAction,
    },
    /// Print an interface's description.
    Export {
        /// Which one.
        #[arg(value_enum)]
        what: Description,
    },
    /// Print the effective settings, secrets hidden.
    Config,
    /// Ask a running server whether it is ready; for container health checks.
    Healthcheck {
        /// Its address; that of the settings if absent.
        #[arg(long)]
        address: Option<String>,
    },
}

#[derive(Debug, Subcommand)]
enum UserAction {
    /// Create a user; the password is read from the first line of standard input.
    Create {
        /// Their e-mail address, with which they sign in.
        #[arg(long)]
        email: String,
        /// Their name; the e-mail address if absent.
        #[arg(long)]
        name: Option<String>,
        /// Their role, built-in or of the brand.
        #[arg(long, value_parser = |text: &str| text.parse::<CodeName>())]
        role: CodeName,
        /// The code of the location at which they hold it; everywhere if absent.
        #[arg(long)]
        location: Option<String>,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Size {
    S,
    M,
    L,
}

impl Size {
    fn profile(self) -> Profile {
        match self {
            Self::S => Profile::S,
            Self::M => Profile::M,
            Self::L => Profile::L,
        }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Description {
    /// OpenAPI 3.1, as JSON.
    Openapi,
    /// The GraphQL schema, as SDL.
    Sdl,
}

/// Runs the command that the arguments name.
pub async fn run(arguments: Arguments, env: &[(String, String)]) -> anyhow::Result<ExitCode> {
    let file = arguments.config.as_deref();
    if matches!(arguments.command, Command::Config) {
        loaded(file, env)?;
        return config::show(file, env);
    }
    let config = prepared(loaded(file, env)?, arguments.data_dir.clone(), env);
    if !matches!(arguments.command, Command::Export { .. } | Command::Healthcheck { .. }) {
        telemetry::start(&config.telemetry)?;
    }
    match arguments.command {
        Command::Demo { port } => demo::run(config, port).await,
        Command::Serve { no_migrate } => serve::run(config, !no_migrate).await,
        Command::Migrate => migrate::run(&config),
        Command::Seed { profile } => seed::run(&config, profile.profile()).await,
        Command::Audit { repair } => audit::run(&config, repair).await,
        Command::User { action: UserAction::Create { email, name, role, location } } => {
            user::create(&config, &email, name.as_deref(), role, location.as_deref()).await
        }
        Command::Export { what } => export::run(&config, what),
        Command::Healthcheck { address } => healthcheck::run(&address.unwrap_or(config.server.bind)),
        Command::Config => Ok(ExitCode::SUCCESS),
    }
}

/// The settings, checked whole: also what only a module can judge.
fn loaded(file: Option<&Path>, env: &[(String, String)]) -> Result<Config, ConfigFaults> {
    let config = Config::load(file, env)?;
    match faults_of_chains(&config.orders) {
        faults if faults.is_empty() => Ok(config),
        faults => Err(ConfigFaults(faults)),
    }
}

/// The settings with the platform's data folder where none is named.
fn prepared(mut config: Config, data_dir: Option<PathBuf>, env: &[(String, String)]) -> Config {
    if let Some(named) = data_dir {
        config.data_dir = named;
    }
    if config.data_dir.as_os_str().is_empty() {
        let of = |name: &str| env.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        config.data_dir = embedded::default_data_dir(of("HOME"), of("XDG_DATA_HOME"));
    }
    config
}

/// The exit code of an error: 2 for wrong settings or arguments, 1 for the rest.
pub fn exit_code(error: &anyhow::Error) -> u8 {
    if error.is::<ConfigFaults>() { 2 } else { 1 }
}
