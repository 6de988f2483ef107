//! REST for fulfillment: picking, shipping, delivering, and what a location cannot fill.
mod rejects;
mod steps;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.service(rejects::reject).service(steps::fulfill).service(steps::list_picks).service(steps::deliver);
}
