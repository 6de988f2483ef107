//! The page to which a sandbox payment's `action` leads a payer, as a bank's 3-D Secure page would: they approve or
//! decline. It exists where the sandbox is offered, which production refuses.
use crate::{
    kernel::{Code, Error, Locations, PaymentId, Result},
    orders::{payment::outcome::settle, service::Services},
    payments::{self as taken, GatewayKind, Payment, PaymentStatus, gateways::sandbox},
    platform::http::{Gate, PathOf, request::body},
};
use actix_web::{HttpRequest, HttpResponse, get, http::header, post, web};
use serde::Deserialize;
use utoipa::ToSchema;

const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'";

fn page(text: &str) -> HttpResponse {
    let head = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Confirm your payment</title>\
        <style>body{font:16px sans-serif;max-width:28rem;margin:4rem auto} \
        button{font:inherit;padding:.5rem 1rem;margin-right:1rem}</style>";
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(format!("{head}<h1>Sandbox bank</h1>{text}</html>"))
}

async fn payment(services: &Services, id: PaymentId) -> Result<Payment> {
    let (inventory, money) = (&services.inventory, &services.money);
    money.gateways.require(GatewayKind::Sandbox).map_err(|_| Error::not_found("payment"))?;
    let found = inventory.db.read(move |db| taken::payments_by_id(db, &Locations::Everywhere, &[id])).await?.pop();
    let is_sandbox = |payment: &Payment| payment.gateway == GatewayKind::Sandbox;
    found.filter(is_sandbox).ok_or_else(|| Error::not_found("payment"))
}

/// Show the sandbox's 3-D Secure page
///
/// A payer approves or declines here, as with their bank.
#[utoipa::path(
    tag = "payments", operation_id = "showSandboxChallenge",
    responses((status = 200, content_type = "text/html", description = "The page")),
    extensions(("x-permission" = json!("public"))),
)]
#[get("/v1/sandbox/challenges/{payment_id}", wrap = "Gate")]
pub async fn show(services: web::Data<Services>, id: PathOf<PaymentId>) -> Result<HttpResponse> {
    let payment = payment(&services, id.0).await?;
    if payment.status != PaymentStatus::RequiresAction {
        return Ok(page(&format!("<p>Nothing is to be confirmed: the payment is {}.</p>", payment.status)));
    }
    let (amount, currency, id) = (payment.authorized_minor, payment.currency, id.0);
    Ok(page(&format!(
        "<p>A shop asks for {amount} minor units of {currency}.</p>\
         <form method=\"post\" action=\"/v1/sandbox/challenges/{id}/decide\">\
         <button name=\"decision\" value=\"approve\">Approve</button><button name=\"decision\" \
             value=\"decline\">Decline</button></form>"
    )))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChallengeDecision {
    /// Approve or decline.
    decision: Choice,
}

/// Say what the payer decides.
#[derive(Deserialize, ToSchema, PartialEq)]
#[serde(rename_all = "snake_case")]
enum Choice {
    Approve,
    Decline,
}

/// Take the payer's decision from the sandbox's page
///
/// The form of the 3-D Secure page.
#[utoipa::path(
    tag = "payments", operation_id = "decideSandboxChallenge",
    request_body(content = ChallengeDecision, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, content_type = "text/html", description = "The payer's decision was taken")),
    extensions(("x-permission" = json!("public"))),
)]
#[post("/v1/sandbox/challenges/{payment_id}/decide", wrap = "Gate")]
pub async fn decide(
    req: HttpRequest,
    services: web::Data<Services>,
    id: PathOf<PaymentId>,
    payload: web::Payload,
) -> Result<HttpResponse> {
    payment(&services, id.0).await?;
    let limits = body::limits(&req)?;
    let bytes = body::read(&req, payload.into_inner(), limits.json_bytes, limits.deadline).await?;
    let form: ChallengeDecision = serde_urlencoded::from_bytes(&bytes)
        .map_err(|why| Error::refused(Code::MalformedRequest, format!("the form is not valid: {why}")))?;
    sandbox::answer_challenge(&services.inventory.db, id.0, form.decision == Choice::Approve).await?;
    settle(&services, id.0).await?;
    Ok(page("<p>Thank you. You may close this page.</p>"))
}
