//! `coffret serve`: migrate, serve, and stop cleanly when asked.
use super::database::Database;
use crate::{
    app::App,
    kernel::Clock,
    platform::{config::Config, db},
};
use std::{process::ExitCode, time::Duration};
use tokio::signal::unix::{Signal, SignalKind, signal};

/// The signals that ask us to stop, listened to from the very start: one that comes while the database is still
/// starting is obeyed once it has.
pub struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    /// Listens from now on.
    pub fn new() -> std::io::Result<Self> {
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }
}

/// Serves until SIGTERM or SIGINT; a database that is not migrated is migrated first, or refused.
pub async fn run(config: Config, may_migrate: bool) -> anyhow::Result<ExitCode> {
    let signals = Signals::new()?;
    let database = Database::open(&config)?;
    if may_migrate {
        db::migrate(&database.url)?;
    } else {
        db::require_migrated(&database.url)?;
    }
    let drain = Duration::from_secs(config.server.drain_seconds);
    let data_dir = config.data_dir.clone();
    let app = App::start(config, &database.url, &data_dir, Clock::default())?;
    tracing::info!(address = %app.address, "serving");
    until_stopped(app, signals, drain, std::future::ready(Ok(()))).await?;
    Ok(ExitCode::SUCCESS)
}

/// Serves, with some work beside it at first, until a signal; then tells load balancers, waits for them, lets running
/// requests finish. A second signal ends the waiting.
pub async fn until_stopped(
    mut app: App,
    mut signals: Signals,
    drain: Duration,
    beside: impl Future<Output = anyhow::Result<()>>,
) -> anyhow::Result<()> {
    let Signals { terminate, interrupt } = &mut signals;
    let handle = app.handle();
    let draining = app.drainer();
    let serving = app.server();
    tokio::pin!(serving, beside);
    let mut is_done = false;
    let drain = loop {
        tokio::select! {
            ended = &mut serving => return Ok(ended?),
            done = &mut beside, if !is_done => {
                done?;
                is_done = true;
            }
            _ = terminate.recv() => break drain,
            _ = interrupt.recv() => break Duration::ZERO,
        }
    };
    tracing::info!("stopping: running requests may finish");
    draining();
    tokio::select! {
        () = tokio::time::sleep(drain) => {}
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
        ended = &mut serving => return Ok(ended?),
    }
    let stop = handle.stop(true);
    tokio::select! {
        ((), ended) = async { tokio::join!(stop, &mut serving) } => ended?,
        _ = terminate.recv() => tracing::warn!("stopping at once"),
        _ = interrupt.recv() => tracing::warn!("stopping at once"),
    }
    tracing::info!("stopped");
    Ok(())
}
