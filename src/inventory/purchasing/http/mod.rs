//! Suppliers, purchase orders, arrivals, and what is expected.
mod items;
mod purchases;
mod receipts;
mod suppliers;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of purchasing.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(suppliers::create)
        .service(suppliers::list)
        .service(suppliers::show)
        .service(suppliers::change)
        .service(items::list)
        .service(items::set)
        .service(purchases::create)
        .service(purchases::list)
        .service(purchases::show)
        .service(purchases::steps::change)
        .service(purchases::steps::place)
        .service(purchases::steps::close)
        .service(purchases::steps::cancel)
        .service(receipts::receive)
        .service(receipts::list)
        .service(receipts::show)
        .service(receipts::available_to_promise);
}
