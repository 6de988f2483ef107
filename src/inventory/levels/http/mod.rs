//! REST for stock levels and availability.
mod availability;
mod levels;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.service(levels::list).service(availability::show).service(levels::adjust);
}
