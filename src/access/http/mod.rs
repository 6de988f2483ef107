//! The token endpoint and the public keys.
mod shown;
mod token;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of access.
pub fn routes(config: &mut ServiceConfig) {
    config.service(token::token).service(token::revoke);
    config.service(shown::introspect).service(shown::jwks).service(shown::metadata);
    super::api_keys::http::routes(config);
    super::location_groups::http::routes(config);
    super::roles::http::routes(config);
    super::sessions::http::routes(config);
    super::users::http::routes(config);
}
