//! Tokens that nobody guesses, and the digests under which they are kept.
use crate::kernel::{Error, Result};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use openssl::{error::ErrorStack, hash::MessageDigest, pkey::PKey, sign::Signer};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// A random token of 256 bits.
pub fn fresh() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}

/// A random token of 256 bits needs no salt.
pub fn digest(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// A random number that is not secret by itself.
pub fn nonce() -> Vec<u8> {
    rand::random::<[u8; 32]>().to_vec()
}

/// Bytes in hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// HMAC-SHA256 (RFC 2104).
pub fn tag(key: &[u8], text: &[u8]) -> Result<Vec<u8>> {
    let tag = || -> Result<Vec<u8>, ErrorStack> {
        Signer::new(MessageDigest::sha256(), &*PKey::hmac(key)?)?.sign_oneshot_to_vec(text)
    };
    tag().map_err(|error| Error::Internal(error.into()))
}

/// The token that follows another: HMAC-SHA256 of a nonce under the token before. Who has that token derives it again;
/// the nonce and the digest alone, which the database has, do not give it away.
pub fn successor(token: &str, nonce: &[u8]) -> Result<String> {
    Ok(URL_SAFE_NO_PAD.encode(tag(token.as_bytes(), nonce)?))
}
