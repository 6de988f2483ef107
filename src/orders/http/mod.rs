//! REST for orders.
mod amend;
mod challenge_page;
mod failed_payments;
mod orders;
mod payments;
mod pickups;
mod rejects;
mod sourcing;
mod steps;
mod traces;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of orders.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(orders::place)
        .service(orders::list)
        .service(orders::show)
        .service(amend::change)
        .service(orders::sourcing)
        .service(orders::events)
        .service(payments::pay)
        .service(payments::payments)
        .service(payments::challenge)
        .service(challenge_page::show)
        .service(challenge_page::decide)
        .service(payments::hear_stripe)
        .service(failed_payments::list)
        .service(failed_payments::retry)
        .service(failed_payments::refund_by_hand)
        .service(steps::cancel)
        .service(steps::fulfill)
        .service(steps::list_picks)
        .service(rejects::reject)
        .service(sourcing::list_rates)
        .service(sourcing::put_rates)
        .service(sourcing::simulate)
        .service(pickups::ready)
        .service(pickups::collect)
        .service(pickups::list)
        .service(steps::deliver)
        .service(traces::trace_lot)
        .configure(super::returns::http::routes)
        .configure(super::pos::http::routes);
}
