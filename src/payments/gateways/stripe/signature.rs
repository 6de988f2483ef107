//! Stripe's signatures on webhooks: `t=TIME,v1=HMAC-SHA256(secret, TIME.BODY)` over the bytes as they came
//! (<https://docs.stripe.com/webhooks#verify-manually>). One that is older or newer than five minutes is refused, so
//! that an overheard one cannot be sent again later.
use crate::kernel::{Code, Error, Result};
use chrono::{DateTime, Utc};
use openssl::{error::ErrorStack, hash::MessageDigest, memcmp, pkey::PKey, sign::Signer};

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
    let expected = tag(secret, &[time.as_bytes(), b".", body].concat()).map_err(|e| Error::Internal(e.into()))?;
    let fits = |(name, hex): (&str, &str)| {
        let tag = bytes_of(hex).filter(|tag| tag.len() == expected.len());
        name == "v1" && tag.is_some_and(|tag| memcmp::eq(&tag, &expected))
    };
    match fields().any(fits) {
        true => Ok(()),
        false => Err(refused("does not fit")),
    }
}

/// HMAC-SHA256 (RFC 2104) of what is signed.
pub fn tag(secret: &str, signed: &[u8]) -> Result<Vec<u8>, ErrorStack> {
    let key = PKey::hmac(secret.as_bytes())?;
    Signer::new(MessageDigest::sha256(), &key)?.sign_oneshot_to_vec(signed)
}

fn bytes_of(hex: &str) -> Option<Vec<u8>> {
    let digits = hex.as_bytes().chunks(2);
    digits.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}
