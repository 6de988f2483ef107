//! REST for promotions and coupons.
mod bodies;
mod coupons;
mod ends;
mod promotions;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.configure(promotions::routes).configure(ends::routes).configure(coupons::routes);
}
