//! REST for price lists.
mod explain;
mod lists;
mod prices;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    lists::routes(config);
    prices::routes(config);
    explain::routes(config);
}
