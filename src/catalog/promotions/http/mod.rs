//! REST for promotions and coupons.
mod coupons;
mod promotions;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.configure(promotions::routes).configure(coupons::routes);
}
