//! Secrets that are told by one answer and kept nowhere.
use super::{secrets, tokens::SigningKey};
use crate::{kernel::Result, platform::idempotency::Recorded};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Serialize;
use utoipa::ToSchema;

/// A secret that is told by an answer and kept nowhere: a number from which the service's key derives it is recorded
/// with the answer, so that a retry is told the same.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String)]
pub struct ToldOnce(String);

/// Derives secrets that are told once.
pub struct Teller {
    key: Vec<u8>,
}

impl Teller {
    /// One that derives the same secrets on every server with this key.
    pub fn new(key: &SigningKey) -> Result<Self> {
        Ok(Self { key: secrets::tag(key.seed(), b"secrets that are told once")? })
    }

    /// A new secret, as it is recorded.
    pub fn fresh() -> ToldOnce {
        ToldOnce(URL_SAFE_NO_PAD.encode(secrets::nonce()))
    }

    /// The token that a recorded number stands for.
    pub fn token(&self, of: &ToldOnce) -> Result<String> {
        Ok(URL_SAFE_NO_PAD.encode(secrets::tag(&self.key, of.0.as_bytes())?))
    }

    /// The secret of an API key that a recorded number stands for.
    pub fn api_key(&self, of: &ToldOnce) -> Result<String> {
        Ok(secrets::api_key(&secrets::tag(&self.key, of.0.as_bytes())?))
    }

    /// An answer with the token in place of its number.
    pub fn tell_token<T>(&self, recorded: Recorded<T>, pointer: &str) -> Result<Recorded<T>> {
        recorded.revealed(pointer, |number| self.token(&ToldOnce(number.to_owned())))
    }

    /// An answer with the secret of an API key in place of its number.
    pub fn tell_api_key<T>(&self, recorded: Recorded<T>, pointer: &str) -> Result<Recorded<T>> {
        recorded.revealed(pointer, |number| self.api_key(&ToldOnce(number.to_owned())))
    }
}
