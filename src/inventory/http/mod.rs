//! REST for locations and stock.
mod availability;
mod ledger;
mod levels;
mod locations;
mod replenishment;
mod reservations;
mod scans;

use super::{costs, counts, imports, lots, purchasing, reasons, transfers, unmet};
use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of inventory.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(locations::list)
        .service(locations::create)
        .service(locations::show)
        .service(locations::change)
        .service(levels::list)
        .service(availability::show)
        .service(reservations::reserve)
        .service(reservations::release)
        .service(reservations::show)
        .service(reservations::list)
        .service(reservations::extend)
        .service(levels::adjust)
        .service(ledger::moves)
        .service(ledger::list_missing)
        .service(replenishment::list)
        .service(replenishment::order)
        .service(unmet::http::list)
        .service(costs::http::list)
        .service(costs::http::set)
        .service(costs::http::changes)
        .service(scans::read)
        .service(reasons::http::list)
        .service(reasons::http::show)
        .service(reasons::http::create)
        .service(reasons::http::change)
        .service(lots::http::list)
        .service(lots::http::show)
        .service(lots::http::quarantine)
        .service(lots::http::release)
        .service(lots::http::recall_lot)
        .configure(transfers::http::routes)
        .configure(purchasing::http::routes)
        .configure(counts::http::routes)
        .configure(imports::http::routes);
}
