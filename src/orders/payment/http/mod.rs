//! REST for payments of orders.
mod challenge_page;
mod failed;
mod payments;
mod takings;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(payments::pay)
        .service(payments::payments)
        .service(takings::show)
        .service(payments::challenge)
        .service(challenge_page::show)
        .service(challenge_page::decide)
        .service(payments::hear_stripe)
        .service(failed::list)
        .service(failed::retry)
        .service(failed::refund_by_hand);
}
