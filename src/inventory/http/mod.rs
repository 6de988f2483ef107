//! REST for locations and stock.
mod ledger;
mod levels;
mod locations;
mod replenishment;
mod reservations;
mod scans;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of inventory.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(locations::list)
        .service(locations::create)
        .service(locations::show)
        .service(locations::change)
        .service(levels::list)
        .service(reservations::reserve)
        .service(reservations::release)
        .service(reservations::show)
        .service(levels::adjust)
        .service(ledger::moves)
        .service(replenishment::list)
        .service(scans::read);
}
