//! Settings: `config/default.toml` documents each one; a file and then the environment override it.
//! All faults are reported together, and secrets never appear in any of them.
mod layers;
mod secrets;

use crate::kernel::money::Currency;
use ipnet::IpNet;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use std::{
    net::IpAddr,
    path::{Path, PathBuf},
};

/// Every fault of the settings, a line each.
#[derive(Debug, thiserror::Error)]
#[error("the settings have {} fault(s):\n  - {}", .0.len(), .0.join("\n  - "))]
pub struct ConfigFaults(pub Vec<String>);

/// All settings of one running instance.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// `production` refuses weak secrets.
    pub environment: Environment,
    /// The folder of this instance's files; empty stands for the platform's usual folder.
    pub data_dir: PathBuf,
    /// The HTTP server.
    pub server: Server,
    /// The database.
    pub database: Database,
    /// Tokens and passwords.
    pub access: Access,
    /// Limits of GraphQL queries.
    pub graphql: Graphql,
    /// Orders.
    pub orders: Orders,
    /// Payments.
    pub payments: Payments,
    /// Stock.
    pub inventory: Inventory,
    /// The queue and lanes through which all stock moves.
    pub group_commit: GroupCommit,
    /// The catalog's memory.
    pub catalog: Catalog,
    /// Logs.
    pub telemetry: Telemetry,
    /// Days for which records are kept.
    pub retention: Retention,
}

/// The environment in which the instance runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Environment {
    Development,
    Production,
}

macro_rules! section {
    ($(#[$doc:meta])* $name:ident { $($field:ident: $type:ty),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Deserialize)]
        #[serde(deny_unknown_fields)]
        #[expect(missing_docs, reason = "config/default.toml documents each setting")]
        pub struct $name { $(pub $field: $type),* }
    };
}

section! { /** `[server]` */ Server {
    bind: String, workers: usize, max_connections: usize, head_timeout_seconds: u64, body_timeout_seconds: u64,
    max_body_bytes: usize, max_graphql_bytes: usize, unread_timeout_seconds: u32, trusted_proxies: String,
    drain_seconds: u64, shutdown_seconds: u64,
}}
section! { /** `[database]` */ Database {
    url: SecretString, pool_size: u32, pool_timeout_ms: u64, statement_timeout_ms: u32, lock_timeout_ms: u32,
    idle_in_transaction_timeout_ms: u32, allow_unsafe_durability: bool,
}}
section! { /** `[access]` */ Access {
    issuer: String, audience: String, signing_key: SecretString, access_token_seconds: i64,
    refresh_token_seconds: i64, refresh_reuse_seconds: i64, grants_cache_ms: u64, concurrent_hashes: usize,
    attempts_per_minute: u32, free_attempts: u32, delay_ms: u64, most_delay_ms: u64,
}}
section! { /** `[graphql]` */ Graphql {
    max_depth: usize, max_complexity: usize, max_aliases: usize, max_root_fields: usize, timeout_ms: u64,
}}
section! { /** `[orders]` */ Orders {
    hold_seconds: i64, returnless_limit_minor: i64, most_found_units: i32, price_override_ppm: i32, pickup_seconds: i64,
    buffer_web: i32, buffer_mobile: i32, buffer_pos: i32, buffer_marketplace: i32,
    sourcing_web: String, sourcing_mobile: String, sourcing_pos: String, sourcing_marketplace: String,
}}
section! { /** `[payments]` */ Payments {
    sandbox: bool, timeout_ms: u64, patience_seconds: i64, stripe_url: String, stripe_secret_key: SecretString,
    stripe_webhook_secret: SecretString, stripe_multicapture: bool,
}}
section! { /** `[inventory]` */ Inventory {
    max_hold_seconds: i64, sweep_seconds: u64, index_levels: usize, grace_seconds: i64, lead_days: u32,
    review_days: u32, cost_currency: Currency,
    shelf_days_web: u32, shelf_days_mobile: u32, shelf_days_pos: u32, shelf_days_marketplace: u32,
    over_delivery_percent: u32,
}}
section! { /** `[catalog]` */ Catalog { follow_ms: u64 }}
section! { /** `[group commit]` */ GroupCommit {
    lanes: usize, max_batch: usize, queue: usize, row_share_percent: usize, caller_share_percent: usize,
    deadline_ms: u64, target_wait_ms: u64, lock_timeout_ms: u32, statement_timeout_ms: u32, mutant: String,
}}
section! { /** `[retention]` */ Retention {
    answers_days: u32, events_days: u32, decisions_days: u32, refresh_tokens_days: u32, unmet_demand_days: u32,
    files_days: u32,
}}
section! { /** `[telemetry]` */ Telemetry { log: String, log_format: LogFormat }}

impl Server {
    /// The networks of the proxies that are believed, or the part that is not one.
    pub fn proxies(&self) -> Result<Vec<IpNet>, String> {
        let parts = self.trusted_proxies.split(',').map(str::trim).filter(|part| !part.is_empty());
        let network = |part: &str| part.parse().or_else(|_| part.parse::<IpAddr>().map(IpNet::from));
        parts.map(|part| network(part).map_err(|_| format!("{part:?} is neither an address nor a network"))).collect()
    }
}

impl Retention {
    fn faults(&self) -> Vec<String> {
        let all = [
            ("answers_days", self.answers_days),
            ("events_days", self.events_days),
            ("decisions_days", self.decisions_days),
            ("refresh_tokens_days", self.refresh_tokens_days),
            ("unmet_demand_days", self.unmet_demand_days),
            ("files_days", self.files_days),
        ];
        let too_long = all.into_iter().filter(|(_, days)| *days > 36_500);
        too_long.map(|(name, days)| format!("retention.{name} must be at most 36500, not {days}")).collect()
    }
}

impl GroupCommit {
    fn faults(&self) -> Vec<String> {
        let ranges = [
            ("lanes", self.lanes, 1..=8),
            ("max_batch", self.max_batch, 1..=1024),
            ("queue", self.queue, self.max_batch..=100_000),
            ("row_share_percent", self.row_share_percent, 1..=100),
            ("caller_share_percent", self.caller_share_percent, 1..=100),
        ];
        let outside = |(name, value, range): (&str, usize, std::ops::RangeInclusive<usize>)| {
            let fault = format!("group_commit.{name} must be {} to {}, not {value}", range.start(), range.end());
            (!range.contains(&value)).then_some(fault)
        };
        let mut faults: Vec<_> = ranges.into_iter().filter_map(outside).collect();
        let times = [("lock_timeout_ms", self.lock_timeout_ms), ("statement_timeout_ms", self.statement_timeout_ms)];
        for (name, ms) in times {
            if ms == 0 || u64::from(ms) > self.deadline_ms {
                faults.push(format!("group_commit.{name} must be 1 to deadline_ms, not {ms}"));
            }
        }
        if !self.mutant.is_empty() && !cfg!(feature = "mutants") {
            faults.push("group_commit.mutant plants a fault and exists in test builds only".to_owned());
        }
        faults
    }
}

/// The format of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names say it")]
pub enum LogFormat {
    Auto,
    Json,
    Pretty,
}

impl Config {
    /// Reads the settings, or lists everything that is wrong with them.
    pub fn load(file: Option<&Path>, env: &[(String, String)]) -> Result<Self, ConfigFaults> {
        let (merged, mut faults) = layers::merge(file, env);
        let config = merged.try_into::<Self>();
        match config {
            Ok(config) => {
                faults.extend(config.faults());
                if faults.is_empty() { Ok(config) } else { Err(ConfigFaults(faults)) }
            }
            Err(error) => {
                faults.push(error.message().to_owned());
                Err(ConfigFaults(faults))
            }
        }
    }

    /// The effective settings as TOML, with what is secret hidden.
    pub fn shown(file: Option<&Path>, env: &[(String, String)]) -> Result<String, ConfigFaults> {
        Self::load(file, env)?;
        secrets::hidden(layers::merge(file, env).0).map_err(|error| ConfigFaults(vec![error.to_string()]))
    }

    /// The settings of the embedded defaults alone.
    pub fn defaults() -> Result<Self, ConfigFaults> {
        Self::load(None, &[])
    }

    /// True if the instance runs its own PostgreSQL.
    pub fn is_embedded(&self) -> bool {
        self.database.url.expose_secret().is_empty()
    }

    #[expect(clippy::too_many_lines, reason = "a line for each setting")]
    fn faults(&self) -> Vec<String> {
        let mut faults = vec![];
        let mut least = |name: &str, value: i64, least: i64| {
            if value < least {
                faults.push(format!("{name} must be at least {least}, not {value}"));
            }
        };
        least("database.pool_size", self.database.pool_size.into(), 1);
        least("database.pool_timeout_ms", i64::try_from(self.database.pool_timeout_ms).unwrap_or(i64::MAX), 1);
        least("server.max_connections", i64::try_from(self.server.max_connections).unwrap_or(i64::MAX), 1);
        least("server.max_body_bytes", i64::try_from(self.server.max_body_bytes).unwrap_or(i64::MAX), 1024);
        least("server.body_timeout_seconds", i64::try_from(self.server.body_timeout_seconds).unwrap_or(i64::MAX), 1);
        least("access.access_token_seconds", self.access.access_token_seconds, 30);
        least("access.refresh_token_seconds", self.access.refresh_token_seconds, 60);
        least("access.refresh_reuse_seconds", self.access.refresh_reuse_seconds, 0);
        least("access.concurrent_hashes", i64::try_from(self.access.concurrent_hashes).unwrap_or(i64::MAX), 1);
        least("access.attempts_per_minute", self.access.attempts_per_minute.into(), 1);
        least("orders.hold_seconds", self.orders.hold_seconds, 1);
        least("orders.buffer_web", self.orders.buffer_web.into(), 0);
        least("orders.buffer_mobile", self.orders.buffer_mobile.into(), 0);
        least("orders.buffer_pos", self.orders.buffer_pos.into(), 0);
        least("orders.buffer_marketplace", self.orders.buffer_marketplace.into(), 0);
        least("orders.most_found_units", self.orders.most_found_units.into(), 0);
        least("orders.price_override_ppm", self.orders.price_override_ppm.into(), 0);
        least("orders.pickup_seconds", self.orders.pickup_seconds, 60);
        least("orders.returnless_limit_minor", self.orders.returnless_limit_minor, 0);
        least("payments.timeout_ms", i64::try_from(self.payments.timeout_ms).unwrap_or(i64::MAX), 1);
        least("payments.patience_seconds", self.payments.patience_seconds, 0);
        least("inventory.max_hold_seconds", self.inventory.max_hold_seconds, 1);
        least("inventory.sweep_seconds", i64::try_from(self.inventory.sweep_seconds).unwrap_or(i64::MAX), 1);
        least("inventory.grace_seconds", self.inventory.grace_seconds, 0);
        least("catalog.follow_ms", i64::try_from(self.catalog.follow_ms).unwrap_or(i64::MAX), 10);
        faults.extend(self.group_commit.faults());
        faults.extend(self.retention.faults());
        let century = 3_153_600_000;
        for (name, seconds) in [
            ("access.access_token_seconds", self.access.access_token_seconds),
            ("access.refresh_token_seconds", self.access.refresh_token_seconds),
            ("access.refresh_reuse_seconds", self.access.refresh_reuse_seconds),
            ("orders.pickup_seconds", self.orders.pickup_seconds),
            ("orders.hold_seconds", self.orders.hold_seconds),
            ("payments.patience_seconds", self.payments.patience_seconds),
            ("payments.timeout_ms", i64::try_from(self.payments.timeout_ms).unwrap_or(i64::MAX)),
            ("inventory.max_hold_seconds", self.inventory.max_hold_seconds),
            ("inventory.grace_seconds", self.inventory.grace_seconds),
            ("inventory.sweep_seconds", i64::try_from(self.inventory.sweep_seconds).unwrap_or(i64::MAX)),
            ("inventory.lead_days", self.inventory.lead_days.into()),
            ("inventory.review_days", self.inventory.review_days.into()),
            ("catalog.follow_ms", i64::try_from(self.catalog.follow_ms).unwrap_or(i64::MAX)),
            ("group_commit.deadline_ms", i64::try_from(self.group_commit.deadline_ms).unwrap_or(i64::MAX)),
            ("group_commit.target_wait_ms", i64::try_from(self.group_commit.target_wait_ms).unwrap_or(i64::MAX)),
        ] {
            if seconds > century {
                faults.push(format!("{name} must be at most {century}, not {seconds}"));
            }
        }
        if self.orders.price_override_ppm > 1_000_000 {
            faults.push("orders.price_override_ppm must be at most 1000000".to_owned());
        }
        if self.server.bind.parse::<std::net::SocketAddr>().is_err() {
            faults.push(format!(
                "server.bind must be an address and port such as 127.0.0.1:8080, not {:?}",
                self.server.bind
            ));
        }
        faults.extend(self.server.proxies().err().map(|fault| format!("server.trusted_proxies: {fault}")));
        faults.extend(secrets::faults(self));
        faults
    }
}

/// Every variable of the environment that is text.
#[expect(clippy::disallowed_methods, reason = "the one home of the environment")]
pub fn environment() -> Vec<(String, String)> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

/// The folders of the PATH. The environment is read here and nowhere else.
#[expect(clippy::disallowed_methods, reason = "the one home of the environment")]
pub fn path_folders() -> Vec<PathBuf> {
    std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests;
