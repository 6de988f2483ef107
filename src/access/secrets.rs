//! Tokens that nobody guesses, and the digests under which they are kept.
use crate::kernel::{Error, Result};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use openssl::{error::ErrorStack, hash::MessageDigest, pkey::PKey, sign::Signer};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// The letters with which the secret of an API key begins: searches for leaked secrets find them by it.
const API_KEY: &str = "cfk_";
/// Random bytes of the secret of an API key, and those of its checksum.
const API_KEY_BYTES: (usize, usize) = (24, 4);

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

/// The secret of an API key of these bytes: letters that tell its kind, 192 bits and a checksum, by which a secret that
/// was cut or mistyped is told from one that has ended.
pub fn api_key(bytes: &[u8]) -> String {
    let random = hex(bytes.get(..API_KEY_BYTES.0).unwrap_or_default());
    let begun = format!("{API_KEY}{random}");
    let sum = checksum(&begun);
    begun + &sum
}

fn checksum(begun: &str) -> String {
    hex(digest(begun).get(..API_KEY_BYTES.1).unwrap_or_default())
}

/// True for what is meant to be the secret of an API key, be it one or not.
pub fn is_of_api_key(text: &str) -> bool {
    text.starts_with(API_KEY)
}

/// True for a secret that is whole.
pub fn is_whole(secret: &str) -> bool {
    let end = API_KEY.len() + 2 * API_KEY_BYTES.0;
    secret.split_at_checked(end).is_some_and(|(begun, sum)| is_of_api_key(begun) && sum == checksum(begun))
}

/// The first characters of a secret, which tell it from others and are not secret themselves.
pub fn prefix(secret: &str) -> String {
    secret.chars().take(API_KEY.len() + 8).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secret_of_an_api_key_that_was_cut_or_mistyped_is_not_whole() {
        let secret = api_key(&nonce());
        assert!(is_whole(&secret) && secret.len() == 60, "{secret}");
        assert!(secret.starts_with(&prefix(&secret)) && prefix(&secret).len() == 12);
        for at in 0..secret.len() {
            let mut other = secret.clone().into_bytes();
            other[at] = if other[at] == b'0' { b'1' } else { b'0' };
            assert!(!is_whole(&String::from_utf8(other).unwrap()), "{at}");
            assert!(!is_whole(&secret[..at]));
        }
        assert!(!is_whole(&format!("{secret}0")) && !is_whole("cfk_") && !is_whole("é".repeat(40).as_str()));
    }
}
