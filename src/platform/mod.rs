//! Plumbing without domain: settings, database, embedded PostgreSQL, events, jobs, HTTP and telemetry.
pub mod config;
pub mod db;
pub mod embedded;
pub mod events;
pub mod failpoint;
pub mod files;
pub mod group_commit;
pub mod http;
pub mod idempotency;
pub mod jobs;
pub mod packed;
pub mod retention;
mod schema;
pub mod shared;
pub mod telemetry;
