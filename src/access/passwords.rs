//! Passwords: argon2id with OWASP's parameters (19 MiB, 2 passes, 1 lane), a bounded number at once, and the
//! same work for a user who does not exist.
use crate::{
    kernel::{Code, Error, Refusal, Result},
    platform::db::blocking,
};
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Longest password in bytes, checked before any hashing.
pub const LONGEST: usize = 128;
/// Shortest password in characters (NIST SP 800-63B).
pub const SHORTEST: usize = 8;

/// Waiting sign-ins beyond which further ones are turned away.
const QUEUE: usize = 64;

pub struct Hasher {
    at_once: Arc<Semaphore>,
    waiting: Semaphore,
    dummy: String,
}

impl Hasher {
    pub fn new(at_once: usize) -> Result<Self> {
        let dummy = hash("a password that nobody has")?;
        Ok(Self { at_once: Arc::new(Semaphore::new(at_once)), waiting: Semaphore::new(QUEUE), dummy })
    }

    /// True if the password is the user's; for no user, the same work and no.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool> {
        if password.len() > LONGEST {
            return Ok(false);
        }
        let is_known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.dummy.clone());
        let verified =
            self.in_turn(move || Ok(algorithm()?.verify_password(password.as_bytes(), hash.as_str()).is_ok()));
        Ok(verified.await? && is_known)
    }

    /// The hash of a new password.
    pub async fn hash(&self, password: String) -> Result<String> {
        self.in_turn(move || hash(&password)).await
    }

    async fn in_turn<T: Send + 'static>(&self, work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
        let busy = || Refusal::new(Code::Busy, "too many passwords to compute at once").retry_after(2);
        let _place = self.waiting.try_acquire().map_err(|_| busy())?;
        let turn = self.at_once.clone().acquire_owned().await.map_err(|e| Error::Internal(e.into()))?;
        // The turn goes with the work: a caller who hangs up does not make room while the hash is still computed.
        blocking(move || {
            let _turn = turn;
            work()
        })
        .await
    }
}

/// Refuses a password that is too short or too long, at its place.
pub fn require_length(password: &str, pointer: &str) -> Result<()> {
    if password.chars().count() >= SHORTEST && password.len() <= LONGEST {
        return Ok(());
    }
    let said = format!("a password has {SHORTEST} characters or more, and {LONGEST} bytes at most");
    Err(Error::at(Code::InvalidBody, pointer, said))
}

fn algorithm() -> Result<Argon2<'static>> {
    let params = Params::new(19_456, 2, 1, None).map_err(|e| anyhow::anyhow!("argon2 parameters: {e}"))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// The hash of a new password in PHC format, with its own salt.
pub fn hash(password: &str) -> Result<String> {
    let hash = algorithm()?.hash_password(password.as_bytes()).map_err(|e| anyhow::anyhow!("argon2: {e}"))?;
    Ok(hash.to_string())
}
