//! Coffret keeps the stock, orders, catalog and access rights of a beauty brand with many stores. The modules
//! stand in order of dependency: each may use those above it, as `docs/architecture.md` draws and
//! `tests/architecture.rs` checks.

pub mod kernel;
pub mod platform;

mod access;
mod catalog;
mod payments;

mod inventory;

mod orders;

mod search;

mod bulk;

mod graphql;

pub mod app;

pub mod commands;

pub mod measured;
