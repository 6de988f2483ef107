//! Prometheus metrics in base units; no label takes unbounded values.
use super::group_commit::GroupCommitMetrics;
use crate::platform::db::Db;
use prometheus::{Encoder, HistogramOpts, HistogramVec, IntCounterVec, IntGauge, Opts, Registry, TextEncoder};
use std::time::Duration;

/// The metrics of one instance.
#[derive(Debug, Clone)]
pub struct Metrics {
    registry: Registry,
    /// Time to answer, by method and route.
    requests: HistogramVec,
    /// Answers by method, route and the first digit of their status.
    classes: IntCounterVec,
    /// Answers by method and status.
    statuses: IntCounterVec,
    connections: IntGauge,
    idle: IntGauge,
    queries: IntGauge,
    retries: IntGauge,
    /// Those of the group commit.
    pub group_commit: GroupCommitMetrics,
}

impl Metrics {
    /// An empty registry with this service's metrics.
    pub fn new() -> anyhow::Result<Self> {
        let registry = Registry::new();
        // Each route has a line for each bucket: all routes together must stay below 200 kB, or scraping becomes a
        // load.
        let opts = HistogramOpts::new("http_server_request_duration_seconds", "Time to answer a request");
        let requests = HistogramVec::new(opts.buckets(vec![0.005, 0.025, 0.1, 1.0]), &["method", "route"])?;
        let classes = Opts::new("http_server_route_responses_total", "Answers of a route by class of status");
        let classes = IntCounterVec::new(classes, &["method", "route", "class"])?;
        let statuses = Opts::new("http_server_responses_total", "Answers of all routes by status");
        let statuses = IntCounterVec::new(statuses, &["method", "status"])?;
        let connections = IntGauge::new("database_connections", "Open database connections")?;
        let idle = IntGauge::new("database_idle_connections", "Idle database connections")?;
        let queries = IntGauge::new("database_statements", "Statements run since start")?;
        let retries = IntGauge::new("database_retries", "Transactions tried again since start")?;
        let info = IntGauge::with_opts(
            Opts::new("coffret_build_info", "The running version").const_label("version", env!("CARGO_PKG_VERSION")),
        )?;
        info.set(1);
        registry.register(Box::new(requests.clone()))?;
        for counters in [&classes, &statuses] {
            registry.register(Box::new(counters.clone()))?;
        }
        for gauge in [&connections, &idle, &queries, &retries, &info] {
            registry.register(Box::new(gauge.clone()))?;
        }
        let group_commit = GroupCommitMetrics::new(&registry)?;
        Ok(Self { registry, requests, classes, statuses, connections, idle, queries, retries, group_commit })
    }

    /// Notes an answered request; `route` is the template, never the path.
    pub fn answered(&self, method: &str, route: &str, status: u16, took: Duration) {
        let class = match status / 100 {
            2 => "2xx",
            3 => "3xx",
            4 => "4xx",
            5 => "5xx",
            _ => "1xx",
        };
        self.requests.with_label_values(&[method, route]).observe(took.as_secs_f64());
        self.classes.with_label_values(&[method, route, class]).inc();
        self.statuses.with_label_values(&[method, status.to_string().as_str()]).inc();
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
