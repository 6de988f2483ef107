//! Returns of customers (RMA): asked for, approved, received anywhere, inspected. Promises: no unit comes
//! back twice; what may not be sold again never is; the price goes back to who paid it, once.
mod arrived;
mod decide;
pub mod http;
mod inspect;
mod model;
mod parcels;
mod read;
mod receive;
mod refund;
mod request;
mod rules;
mod store;
mod working_set;

pub use read::return_by_id;
pub use working_set::Returns;
