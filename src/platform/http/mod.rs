//! The parts that all routes share: extractors that answer with problems, rendering, versions, limits and health.
pub mod feed;
pub mod request;
pub mod response;
pub mod server;

pub use request::body::{Body, Nothing};
pub use request::change::Change;
pub use request::etag::{IfMatch, MustMatch, versioned};
pub use request::idempotency_key::{OptionalKey, RequiredKey};
pub use request::params::{Commas, PageQuery, Params, PathOf};
pub use request::record::{DraftRefusals, RecordRead, RecordStep};
pub use request::{ClientAddress, File};
pub use request::{
    body::{BodyLimits, read_value},
    entries::{each_once, entries, fault},
    params::{page_of, word},
};
pub use response::recorded::listed;
pub use response::{
    names::Namer,
    problem::Problem,
    recorded::{Listed, Located, PageInfo},
};
pub use server::gate::Gate;
pub use server::{
    gate::Authenticator,
    health::Draining,
    pipeline::Connection,
    routes::{Routes, nothing_here},
};
