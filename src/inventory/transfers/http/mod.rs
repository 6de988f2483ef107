//! REST for transfers.
mod goods;
mod papers;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of transfers.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(papers::create)
        .service(papers::list)
        .service(papers::show)
        .service(papers::change)
        .service(papers::ready)
        .service(papers::cancel)
        .service(goods::ship_transfer)
        .service(goods::receive_transfer);
}
