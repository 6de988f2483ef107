//! REST for the catalog.
mod components;
mod products;
mod swatches;
mod variants;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of the catalog.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(products::list)
        .service(products::create)
        .service(products::show)
        .service(products::change)
        .service(products::retire)
        .service(products::reinstate)
        .service(variants::find)
        .service(variants::add)
        .service(variants::show)
        .service(variants::change)
        .service(variants::retire)
        .service(variants::reinstate)
        .service(variants::set_price)
        .service(components::set_components)
        .service(swatches::swatch)
        .configure(crate::catalog::groups::http::routes)
        .configure(crate::catalog::attribute_definitions::routes)
        .configure(crate::catalog::content::http::routes)
        .configure(crate::catalog::prices::http::routes)
        .configure(crate::catalog::price_lists::http::routes)
        .configure(crate::catalog::promotions::http::routes)
        .configure(crate::catalog::shipping::http::routes)
        .configure(crate::catalog::tax::http::routes);
}
