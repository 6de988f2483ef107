//! Logs for people and machines, and the metrics registry.
mod group_commit;
mod metrics;

use super::config::{LogFormat, Telemetry};
pub use group_commit::GroupCommitMetrics;
pub use metrics::Metrics;
use std::io::IsTerminal;
use tracing_subscriber::{EnvFilter, fmt};

/// Starts logging to standard error: pretty on a terminal, JSON lines elsewhere, unless the settings say.
pub fn start(settings: &Telemetry) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&settings.log)?;
    let lines = fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let is_pretty = match settings.log_format {
        LogFormat::Auto => std::io::stderr().is_terminal(),
        LogFormat::Pretty => true,
        LogFormat::Json => false,
    };
    let started = if is_pretty {
        lines.compact().try_init()
    } else {
        lines.json().flatten_event(true).with_current_span(true).with_span_list(false).try_init()
    };
    started.map_err(|e| anyhow::anyhow!(e))
}
