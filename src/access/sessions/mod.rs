//! Sessions: all that came of one sign-in. They begin with a password, go on with refresh tokens, are listed, and end
//! by signing out, by hand, or when a refresh token is used twice.
mod end;
pub mod http;
mod model;
mod refresh;
pub mod sign_in;
pub mod store;

pub use end::Revoked;
pub use model::Client;
