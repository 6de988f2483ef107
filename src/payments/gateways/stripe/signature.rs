//! Stripe's signatures on webhooks: `t=TIME,v1=HMAC-SHA256(secret, TIME.BODY)` over the bytes as they came
//! (<https://docs.stripe.com/webhooks#verify-manually>). One that is older or newer than five minutes is refused, so that
//! an overheard one cannot be sent again later.
use crate::kernel::{Code, Error, Result};
use aws_lc_rs::hmac;
use chrono::{DateTime, Utc};

/// Seconds by which the sender's clock may differ.
const TOLERANCE: i64 = 300;

/// Refuses unless one of the header's signatures fits.
pub fn verify(secret: &str, header: &str, body: &[u8], now: DateTime<Utc>) -> Result<()> {
    let refused = |why: &str| Error::refused(Code::InvalidSignature, format!("the webhook's signature {why}"));
    if secret.is_empty() {
        return Err(refused("cannot be checked: no secret is set"));
    }
    let fields = || header.split(',').filter_map(|field| field.trim().split_once('='));
    let time = fields().find(|(name, _)| *name == "t").map(|(_, time)| time).ok_or_else(|| refused("names no time"))?;
    let at: i64 = time.parse().map_err(|_| refused("names no time"))?;
    if now.timestamp().saturating_sub(at).saturating_abs() > TOLERANCE {
        return Err(refused("is too old, or from the future"));
    }
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let signed = [time.as_bytes(), b".", body].concat();
    let fits = |(name, hex): (&str, &str)| {
        name == "v1" && bytes_of(hex).is_some_and(|tag| hmac::verify(&key, &signed, &tag).is_ok())
    };
    match fields().any(fits) {
        true => Ok(()),
        false => Err(refused("does not fit")),
    }
}

fn bytes_of(hex: &str) -> Option<Vec<u8>> {
    let digits = hex.as_bytes().chunks(2);
    digits.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}
