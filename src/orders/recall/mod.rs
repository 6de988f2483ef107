//! The trace of a lot: the locations, transfers, orders and customers that it has reached.
pub mod http;
mod trace;
