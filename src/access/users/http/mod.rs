//! REST for users: what others do with them, and what they do for themselves.
mod grants;
mod own;
mod records;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    records::routes(config);
    grants::routes(config);
    own::routes(config);
}
