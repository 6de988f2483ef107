//! The server around the handlers: connections, clients, the gate, logs, health, routes.
pub mod client;
pub mod doc;
pub mod gate;
pub mod health;
pub mod observe;
pub mod pipeline;
pub mod problem_pages;
pub mod routes;
