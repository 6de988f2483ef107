//! Stripe's wire: shapes of its errors as its reference tells them, amounts, signatures.
use super::{
    amounts, signature, standing,
    wire::{Reply, read, subject_of},
    *,
};
use crate::kernel::{Code, Currency};
use chrono::{DateTime, TimeDelta, Utc};
use reqwest::StatusCode;

fn outcome(status: u16, body: &str) -> GatewayOutcome {
    standing(read(StatusCode::from_u16(status).unwrap(), body.as_bytes()))
}

#[test]
fn errors_that_a_repetition_cannot_change_are_refusals_and_all_others_are_unknown() {
    let declined = r#"{"error":{"type":"card_error","code":"card_declined","decline_code":"insufficient_funds",
        "message":"Your card has insufficient funds.",
        "payment_intent":{"id":"pi_1","object":"payment_intent","status":"requires_payment_method"}}}"#;
    let refused = |why: &str, reference: Option<&str>| GatewayOutcome::Refused {
        why: why.into(),
        reference: reference.map(str::to_owned),
    };
    assert_eq!(outcome(402, declined), refused("insufficient_funds", Some("pi_1")));
    let expired = r#"{"error":{"type":"card_error","code":"expired_card","message":"Your card has expired."}}"#;
    assert_eq!(outcome(402, expired), refused("expired_card", None));
    let wrong = r#"{"error":{"type":"invalid_request_error","code":"parameter_invalid_integer","param":"amount"}}"#;
    assert_eq!(outcome(400, wrong), refused("parameter_invalid_integer", None));
    let unknown = [
        (401, r#"{"error":{"type":"invalid_request_error","message":"Invalid API Key provided"}}"#),
        (409, r#"{"error":{"type":"idempotency_error","code":"idempotency_key_in_use"}}"#),
        (429, r#"{"error":{"type":"invalid_request_error","code":"rate_limit"}}"#),
        (500, r#"{"error":{"type":"api_error"}}"#),
        (502, "<html>Bad gateway</html>"),
        (200, "{\"id\":1"),
        (200, r#"{"object":"payment_intent"}"#),
    ];
    for (status, body) in unknown {
        assert!(matches!(outcome(status, body), GatewayOutcome::Unknown(_)), "{status} {body}");
    }
}

#[test]
fn an_intent_stands_as_its_status_says() {
    let intent = |status: &str, more: &str| {
        outcome(200, &format!(r#"{{"id":"pi_1","status":"{status}","client_secret":"s"{more}}}"#))
    };
    assert_eq!(intent("requires_capture", ""), GatewayOutcome::Done { reference: Some("pi_1".into()) });
    let page = r#","next_action":{"type":"redirect_to_url","redirect_to_url":{"url":"https://bank.example/3ds"}}"#;
    let needs = |action: &str| GatewayOutcome::NeedsAction { reference: "pi_1".into(), action: action.into() };
    assert_eq!(intent("requires_action", page), needs("https://bank.example/3ds"));
    assert_eq!(intent("requires_action", r#","next_action":{"type":"use_stripe_sdk"}"#), needs("s"));
    let failed = r#","last_payment_error":{"code":"payment_intent_authentication_failure"}"#;
    let why = "payment_intent_authentication_failure".to_owned();
    assert_eq!(
        intent("requires_payment_method", failed),
        GatewayOutcome::Refused { why, reference: Some("pi_1".into()) }
    );
    assert!(matches!(intent("processing", ""), GatewayOutcome::Unknown(_)));
}

#[test]
fn amounts_are_counted_as_stripe_counts_them() {
    let charged = |amount_minor, code: &str| {
        amounts::charged(Money { amount_minor, currency: code.parse::<Currency>().unwrap() }).map_err(|e| e.code())
    };
    assert_eq!(charged(1_999, "EUR"), Ok(1_999));
    assert_eq!(charged(500, "JPY"), Ok(500));
    assert_eq!(charged(5_000, "KWD"), Ok(5_000));
    assert_eq!(charged(5_001, "KWD"), Err(Code::AmountNotRepresentable));
    assert_eq!(charged(7, "ISK"), Ok(700), "counted with two decimals that are none");
    assert_eq!(charged(700, "MGA"), Ok(7), "counted whole");
    assert_eq!(charged(750, "MGA"), Err(Code::AmountNotRepresentable));
}

const BODY: &[u8] = br#"{"id":"evt_1","type":"payment_intent.succeeded","data":{"object":{"id":"pi_1"}}}"#;

fn signed(secret: &str, at: DateTime<Utc>, body: &[u8]) -> String {
    let tag = signature::tag(secret, &[at.timestamp().to_string().as_bytes(), b".", body].concat()).unwrap();
    let hex: String = tag.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("t={},v1={hex}", at.timestamp())
}

#[test]
fn a_signature_fits_its_secret_its_body_and_its_time() {
    let now = DateTime::from_timestamp(1_750_000_000, 0).unwrap();
    let good = signed("whsec_1", now, BODY);
    assert!(signature::verify("whsec_1", &good, BODY, now).is_ok());
    let rotated = format!("{},v1={}", good.split(',').next().unwrap(), "00".repeat(32))
        + good.split_once(',').map(|(_, rest)| format!(",{rest}")).unwrap().as_str();
    assert!(signature::verify("whsec_1", &rotated, BODY, now).is_ok(), "one of several fits");
    let refusals = [
        signature::verify("whsec_2", &good, BODY, now),
        signature::verify("", &good, BODY, now),
        signature::verify("whsec_1", &good, b"{}", now),
        signature::verify("whsec_1", &good, BODY, now + TimeDelta::seconds(301)),
        signature::verify("whsec_1", &good, BODY, now - TimeDelta::seconds(301)),
        signature::verify("whsec_1", &good.replace("t=", "t=1"), BODY, now),
        signature::verify("whsec_1", "", BODY, now),
        signature::verify("whsec_1", "t=x,v1=zz", BODY, now),
        signature::verify("whsec_1", &good.replace("v1=", "v0="), BODY, now),
    ];
    for refusal in refusals {
        assert_eq!(refusal.unwrap_err().code(), Code::InvalidSignature);
    }
    assert_eq!(subject_of(BODY).as_deref(), Some("pi_1"));
    assert_eq!(subject_of(br#"{"type":"charge.refunded","data":{"object":{"id":"ch_1"}}}"#), None);
    assert!(matches!(read(StatusCode::OK, b"[]"), Reply::Unknown(_)));
}
