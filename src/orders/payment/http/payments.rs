//! Paying for orders, and what gateways and payers tell of payments.
use crate::{
    kernel::{
        Actor, Code, Currency, Error, Locations, OrderId, PaymentId, Result, Text, actor::Permission,
        quantity::whole_number,
    },
    orders::{
        payment::{
            authorize as charging,
            coins::ToldTender,
            outcome::settle,
            record::{self as paying, Pay},
        },
        read::{PaidView, orders_by_id},
        service::Services,
    },
    payments::{self as taken, GatewayKind, PaymentView, TenderTold, gateways::sandbox},
    platform::{
        db::Db,
        http::{Body, Change, Gate, Listed, Located, PageInfo, PathOf, RequiredKey, request::body},
    },
};
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct PayOrder {
    /// The gateway that takes the money: `manual` for a till or a person, otherwise a gateway that is called.
    gateway: GatewayKind,
    /// The amount, in minor units; what is due, if absent, or what is left on a gift card if that is less.
    #[serde(default, deserialize_with = "amount")]
    #[validate(range(min = 1, max = 9_007_199_254_740_991_i64, message = "must be 1 to 2^53 - 1 minor units"))]
    #[schema(minimum = 1, maximum = 9_007_199_254_740_991_i64, nullable = false)]
    amount_minor: Option<i64>,
    /// The order's currency.
    currency: Option<Currency>,
    /// The till's or payer's own reference.
    reference: Option<Text<200>>,
    /// The gateway's token for what the payer pays with, such as Stripe's `pm_…` or the sandbox's `tok_approve`,
    /// `tok_decline` and `tok_3ds`. The sandbox also plays failures: `tok_approve_refuse_capture`,
    /// `tok_approve_refuse_refund`, and with `first` (`tok_approve_first_refuse_capture`) ones that a retry mends. Of a
    /// gift card, its code.
    method: Option<Text<200>>,
    /// The way in which the money was handed over, of money taken by hand: cash is rounded to the coins of the
    /// location's country, and its change is told.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::optional")]
    tender: Option<TenderTold>,
}

fn amount<'de, D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Option<i64>, D::Error> {
    whole_number(deserializer).map(Some)
}

/// Pay for an order
///
/// Money that was taken by hand is recorded; a gateway is asked for an authorization, which is captured shortly after
/// goods have left. Paid or authorized in full, the order is confirmed and its units are allocated. 202 means that the
/// gateway has not said yet: the outcome is found out and shows in the list of payments. `requires_action` tells with
/// `action` where the payer goes on.
#[utoipa::path(
    tag = "orders", operation_id = "payOrder", request_body = PayOrder, params(RequiredKey),
    responses(
        (status = 201, body = PaidView, description = "The payment and the order"),
        (status = 202, body = PaidView, description = "The gateway has not said yet"),
        (status = 402, description = "The payer's bank says no"),
        (status = 409, description = "Not pending, more than is due, or the reservation has expired"),
    ),
    extensions(("x-permission" = json!("orders:pay"))),
)]
#[post("/v1/orders/{order_id}/payments", wrap = "Gate")]
pub async fn pay(
    services: web::Data<Services>,
    id: PathOf<OrderId>,
    request: Change<PayOrder, RequiredKey>,
) -> Result<Located<PaidView>> {
    let PayOrder { gateway, amount_minor, currency, reference, method, tender } = request.value;
    let told = ToldTender { gateway, told: tender, pointer: "/tender" };
    let tender = told.in_coins(&services, &request.caller.actor, id.0).await?;
    let (reference, method) = (reference.map(String::from), method.map(String::from));
    let pay = Pay { gateway, amount_minor, currency, reference, method, tender, most_minor: None };
    let paid = match gateway.is_called() {
        true => charging::charge(&services, request.caller, id.0, pay, services.settings.hold_seconds).await?,
        false => paying::pay(&services.inventory, request.caller, id.0, pay).await?,
    };
    Ok(paid.located(format!("/v1/orders/{}/payments", id.0)))
}

/// List the payments of an order
///
/// Oldest first.
#[utoipa::path(
    tag = "orders", operation_id = "listPayments",
    responses((status = 200, body = Listed<PaymentView>, description = "The payments")),
    extensions(("x-permission" = json!("orders:read"))),
)]
#[get("/v1/orders/{order_id}/payments", wrap = "Gate")]
pub async fn payments(actor: Actor, db: web::Data<Db>, id: PathOf<OrderId>) -> Result<HttpResponse> {
    let locations = actor.places(Permission::OrdersRead);
    let data = db.read(move |db| {
        let order = orders_by_id(db, &locations, &[id.0])?.pop().ok_or_else(|| Error::not_found("order"))?;
        Ok(taken::payments_of(db, &[order.id])?.into_iter().map(PaymentView::from).collect::<Vec<_>>())
    });
    let page = PageInfo { next_cursor: None, has_more: false };
    Ok(HttpResponse::Ok().json(Listed { data: data.await?, page }))
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct AnswerChallenge {
    /// True if the payer approves.
    approve: bool,
}

/// Answer the sandbox's 3-D Secure challenge
///
/// As the payer would, on the page to which `action` leads.
#[utoipa::path(
    tag = "payments", operation_id = "answerSandboxChallenge", request_body = AnswerChallenge,
    responses(
        (status = 200, body = PaymentView, description = "The payment"),
        (status = 404, description = "Nothing waits for this"),
    ),
    extensions(("x-permission" = json!("orders:pay"))),
)]
#[post("/v1/sandbox/challenges/{payment_id}", wrap = "Gate")]
pub async fn challenge(
    actor: Actor,
    services: web::Data<Services>,
    id: PathOf<PaymentId>,
    body: Body<AnswerChallenge>,
) -> Result<HttpResponse> {
    services.money.gateways.require(GatewayKind::Sandbox)?;
    actor.require_anywhere(Permission::OrdersPay)?;
    let locations = actor.places(Permission::OrdersPay);
    let look = |id: PaymentId, locations: Locations| {
        let found = services.inventory.db.read(move |db| taken::payments_by_id(db, &locations, &[id]));
        async move { found.await?.pop().ok_or_else(|| Error::not_found("payment")) }
    };
    look(id.0, locations.clone()).await?;
    sandbox::answer_challenge(&services.inventory.db, id.0, body.value.approve).await?;
    settle(&services, id.0).await?;
    Ok(HttpResponse::Ok().json(PaymentView::from(look(id.0, locations).await?)))
}

/// Receive a Stripe webhook
///
/// A signed event about a PaymentIntent: Stripe is asked at once how it stands. What is told is not believed, only
/// taken as the reason to ask.
#[utoipa::path(
    tag = "payments", operation_id = "hearStripe", request_body(content = Object, description = "An event"),
    params(("Stripe-Signature" = String, Header, description = "Its signature over the bytes of the body")),
    responses(
        (status = 204, description = "Heard"),
        (status = 400, description = "Not signed by Stripe, or long ago"),
        (status = 404, description = "Stripe is not offered here"),
    ),
    security(()),
    extensions(("x-permission" = json!("public"))),
)]
#[post("/v1/webhooks/stripe", wrap = "Gate")]
pub async fn hear_stripe(
    req: HttpRequest,
    services: web::Data<Services>,
    payload: web::Payload,
) -> Result<HttpResponse> {
    let stripe =
        services.money.gateways.stripe().ok_or_else(|| Error::refused(Code::NotFound, "Stripe is not offered here"))?;
    let limits = body::limits(&req)?;
    let bytes = body::read(&req, payload.into_inner(), limits.json_bytes, limits.deadline).await?;
    let header = req.headers().get("Stripe-Signature").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let told_of = stripe.told_of(header, &bytes, services.inventory.db.clock().now())?;
    if let Some(reference) = told_of {
        let found =
            services.inventory.db.read(move |db| taken::payment_by_ref(db, GatewayKind::Stripe, &reference)).await?;
        if let Some(payment) = found {
            services.inventory.db.write(move |tx| taken::hurry(tx, payment.id)).await?;
            settle(&services, payment.id).await?;
        }
    }
    Ok(HttpResponse::NoContent().finish())
}
