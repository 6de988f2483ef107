//! Progress of long work: a spinner on a terminal, log lines elsewhere.
use indicatif::{ProgressBar, ProgressStyle};
use std::{
    io::IsTerminal,
    time::{Duration, Instant},
};

/// Steps of some long work.
pub struct Progress {
    bar: Option<ProgressBar>,
    begun: Instant,
}

impl Progress {
    /// Begins.
    pub fn new() -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new_spinner();
            if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} ({elapsed})") {
                bar.set_style(style);
            }
            bar.enable_steady_tick(Duration::from_millis(100));
            bar
        });
        Self { bar, begun: Instant::now() }
    }

    /// Says what is being done now.
    pub fn step(&self, what: &'static str) {
        if let Some(bar) = &self.bar {
            bar.set_message(what);
        } else {
            tracing::info!(elapsed_ms = self.begun.elapsed().as_millis(), "{what}");
        }
    }

    /// Ends.
    pub fn done(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }
}
