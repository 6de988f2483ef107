//! REST for transfers.
mod documents;
mod goods;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of transfers.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(documents::create)
        .service(documents::list)
        .service(documents::show)
        .service(documents::change)
        .service(documents::ready)
        .service(documents::cancel)
        .service(goods::ship_transfer)
        .service(goods::receive_transfer);
}
