//! REST for files of many rows.
use super::{exports, imports};
use utoipa_actix_web::service_config::ServiceConfig;

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.configure(imports::http::routes).configure(exports::http::routes);
}
