//! The token endpoint, the public keys, and the gate in front of every route.
mod gate;
mod token;

pub use gate::gate;
use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of access.
pub fn routes(config: &mut ServiceConfig) {
    config.service(token::token).service(token::jwks).service(token::metadata);
}
