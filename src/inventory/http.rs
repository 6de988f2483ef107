//! REST for locations and stock. Each part of the module has the routes of its own.
use super::{
    costs, counts, imports, ledger, levels, locations, lots, purchasing, reasons, replenishment, reservations,
    scanning, transfers, unmet,
};
use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of inventory.
pub fn routes(config: &mut ServiceConfig) {
    config
        .configure(locations::http::routes)
        .configure(levels::http::routes)
        .configure(reservations::http::routes)
        .configure(ledger::http::routes)
        .configure(replenishment::http::routes)
        .configure(unmet::http::routes)
        .configure(costs::http::routes)
        .configure(scanning::http::routes)
        .configure(reasons::http::routes)
        .configure(lots::http::routes)
        .configure(transfers::http::routes)
        .configure(purchasing::http::routes)
        .configure(counts::http::routes)
        .configure(imports::http::routes);
}
