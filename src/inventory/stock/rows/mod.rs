//! The rows of a batch, by kind.
pub mod apart;
pub mod capacity;
pub mod holds;
pub mod levels;
pub mod lots;
pub mod past;
