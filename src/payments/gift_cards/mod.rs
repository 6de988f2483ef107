//! Gift cards: money that was paid for beforehand. A card pays for orders through `gateways/gift_cards.rs`:
//! what an order is authorized for is held on the card, taken when goods leave, and put back when they come back. No
//! card is ever overdrawn: each change locks the card, and the database checks its balance.
pub mod audit;
mod change;
pub mod http;
mod issue;
pub(super) mod model;
mod read;
pub(super) mod store;

pub use read::payer;
