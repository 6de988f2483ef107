//! Metrics of the group commit: how long requests wait, how large batches grow, what is turned away.
use prometheus::{Histogram, HistogramOpts, IntCounter, IntCounterVec, IntGauge, Opts, Registry};

/// Counters and histograms of one instance's lanes.
#[derive(Debug, Clone)]
pub struct GroupCommitMetrics {
    /// Requests waiting.
    pub queue_length: IntGauge,
    /// Seconds a request waited before its batch began.
    pub sojourn: Histogram,
    /// Requests in a batch.
    pub batch_size: Histogram,
    /// Seconds from the beginning of a batch to its last answer.
    pub batch_seconds: Histogram,
    /// Requests refused for lack of stock.
    pub refused: IntCounter,
    /// Requests turned away before they were looked at, by reason.
    pub shed: IntCounterVec,
    /// Requests that were told that their outcome is unknown.
    pub unknown: IntCounter,
    /// Lanes replaced because they hung.
    pub replaced: IntCounter,
    /// 1 while the sweep of reservations has halted because a clock jumped, else 0.
    pub sweep_halted: IntGauge,
}

impl GroupCommitMetrics {
    /// Registers them.
    pub fn new(registry: &Registry) -> anyhow::Result<Self> {
        let seconds = vec![0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0];
        let sizes = vec![1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0];
        let histogram = |name: &str, help: &str, buckets: &[f64]| {
            Histogram::with_opts(HistogramOpts::new(name, help).buckets(buckets.to_vec()))
        };
        let all = Self {
            queue_length: IntGauge::new("group_commit_queue_length", "Requests waiting for a lane")?,
            sojourn: histogram("group_commit_wait_seconds", "Time a request waited for its batch", &seconds)?,
            batch_size: histogram("group_commit_batch_requests", "Requests in a batch", &sizes)?,
            batch_seconds: histogram("group_commit_batch_duration_seconds", "Time to serve a batch", &seconds)?,
            refused: IntCounter::new("group_commit_out_of_stock_total", "Requests refused for lack of stock")?,
            shed: IntCounterVec::new(
                Opts::new("group_commit_shed_total", "Requests turned away unlooked at"),
                &["reason"],
            )?,
            unknown: IntCounter::new("group_commit_unknown_total", "Requests whose outcome could not be told")?,
            replaced: IntCounter::new("group_commit_lanes_replaced_total", "Lanes replaced because they hung")?,
            sweep_halted: IntGauge::new("reservation_sweep_halted", "1 while no hold expires because a clock jumped")?,
        };
        for gauge in [&all.queue_length, &all.sweep_halted] {
            registry.register(Box::new(gauge.clone()))?;
        }
        for histogram in [&all.sojourn, &all.batch_size, &all.batch_seconds] {
            registry.register(Box::new(histogram.clone()))?;
        }
        for counter in [&all.refused, &all.unknown, &all.replaced] {
            registry.register(Box::new(counter.clone()))?;
        }
        registry.register(Box::new(all.shed.clone()))?;
        Ok(all)
    }
}
