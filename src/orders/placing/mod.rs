//! Placing orders: priced, sourced, reserved and written in one decision.
pub mod http;
mod place;
pub mod submit;
mod take_over;
