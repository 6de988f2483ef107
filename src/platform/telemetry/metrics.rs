//! Prometheus metrics in base units; no label takes unbounded values.
use super::IntakeMetrics;
use crate::platform::db::Db;
use prometheus::{Encoder, HistogramOpts, HistogramVec, IntGauge, Registry, TextEncoder};
use std::time::Duration;

/// The metrics of one instance.
#[derive(Debug, Clone)]
pub struct Metrics {
    registry: Registry,
    requests: HistogramVec,
    connections: IntGauge,
    idle: IntGauge,
    queries: IntGauge,
    retries: IntGauge,
    /// Those of the intake.
    pub intake: IntakeMetrics,
}

impl Metrics {
    /// An empty registry with this service's metrics.
    pub fn new() -> anyhow::Result<Self> {
        let registry = Registry::new();
        let buckets = vec![0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
        let opts =
            HistogramOpts::new("http_server_request_duration_seconds", "Time to answer a request").buckets(buckets);
        let requests = HistogramVec::new(opts, &["method", "route", "status"])?;
        let connections = IntGauge::new("database_connections", "Open database connections")?;
        let idle = IntGauge::new("database_idle_connections", "Idle database connections")?;
        let queries = IntGauge::new("database_statements", "Statements run since start")?;
        let retries = IntGauge::new("database_retries", "Transactions tried again since start")?;
        let info = IntGauge::with_opts(
            prometheus::Opts::new("coffret_build_info", "The running version")
                .const_label("version", env!("CARGO_PKG_VERSION")),
        )?;
        info.set(1);
        registry.register(Box::new(requests.clone()))?;
        for gauge in [&connections, &idle, &queries, &retries, &info] {
            registry.register(Box::new(gauge.clone()))?;
        }
        let intake = IntakeMetrics::new(&registry)?;
        Ok(Self { registry, requests, connections, idle, queries, retries, intake })
    }

    /// Notes an answered request; `route` is the template, never the path.
    pub fn answered(&self, method: &str, route: &str, status: u16, took: Duration) {
        self.requests.with_label_values(&[method, route, status.to_string().as_str()]).observe(took.as_secs_f64());
    }

    /// The text that Prometheus reads.
    pub fn text(&self, db: &Db) -> anyhow::Result<String> {
        let (open, idle) = db.connections();
        self.connections.set(open.into());
        self.idle.set(idle.into());
        self.queries.set(i64::try_from(db.queries_run()).unwrap_or(i64::MAX));
        self.retries.set(i64::try_from(db.retries_run()).unwrap_or(i64::MAX));
        let mut text = vec![];
        TextEncoder::new().encode(&self.registry.gather(), &mut text)?;
        Ok(String::from_utf8(text)?)
    }
}
