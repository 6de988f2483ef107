//! GraphQL over HTTP (graphql-over-http draft): queries by POST, the playground by GET.
mod execute;
mod playground;

pub use execute::Service;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of GraphQL.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(execute::graphql)
        .service(playground::page)
        .service(playground::playground)
        .service(playground::asset);
}
