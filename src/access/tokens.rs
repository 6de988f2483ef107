//! Access tokens: JWT as RFC 9068 asks, signed with Ed25519. The algorithm is pinned, never read from a token
//! (RFC 8725), and times are judged by the service's own clock.
use super::secrets;
use crate::{
    kernel::{Code, Error, PrincipalId, Result, SessionId},
    platform::{config, embedded},
};
use anyhow::{Context, anyhow};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use moka::sync::Cache;
use openssl::pkey::{Id, PKey};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{fs, io::Write as _, os::unix::fs::OpenOptionsExt, path::Path};
use uuid::Uuid;

/// Seconds by which two machines' clocks may differ.
pub const LEEWAY: i64 = 30;
/// The client of users, who sign in to the brand's own programs.
const OWN_CLIENT: &str = "coffret";
const TYPE: &str = "at+jwt";
/// PKCS #8 wrapping of a 32-byte Ed25519 seed (RFC 8410).
const PKCS8: [u8; 16] = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];

/// The time for which a good signature is remembered: checking one takes longer than placing an order.
const REMEMBERED: std::time::Duration = std::time::Duration::from_secs(60);

fn refuse(why: &str) -> Error {
    Error::refused(Code::InvalidToken, format!("the access token {why}"))
}

/// The claims of an access token.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Claims {
    pub iss: String,
    pub sub: PrincipalId,
    pub aud: String,
    pub exp: i64,
    pub nbf: i64,
    pub iat: i64,
    /// The same in microseconds: what ends a user's tokens ends those of the same second, too. Tokens of the version
    /// before do not have it.
    #[serde(default)]
    pub iat_us: Option<i64>,
    /// The session, of an API key the secret; none for a token that was made without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sid: Option<SessionId>,
    pub jti: Uuid,
    pub client_id: String,
}

/// The one for whom an access token is made.
#[derive(Debug, Clone, Copy)]
pub struct TokenSubject {
    pub principal: PrincipalId,
    /// The session, or the secret of an API key.
    pub session: Option<SessionId>,
    /// True for an API key.
    pub is_machine: bool,
}

/// The Ed25519 key of this service.
pub struct SigningKey {
    seed: [u8; 32],
    public: Vec<u8>,
}

impl Claims {
    /// True for a token of an API key.
    pub fn is_of_machine(&self) -> bool {
        self.client_id != OWN_CLIENT
    }

    /// True if the token is of before a moment.
    pub fn is_before(&self, moment: DateTime<Utc>) -> bool {
        match self.iat_us {
            Some(issued) => issued < moment.timestamp_micros(),
            None => self.iat < moment.timestamp(),
        }
    }
}

impl SigningKey {
    /// The key of the settings, or one that is generated once and kept in the data directory (mode 600).
    pub fn load(settings: &config::Access, data_dir: &Path) -> anyhow::Result<Self> {
        let configured = settings.signing_key.expose_secret();
        if !configured.is_empty() {
            return Self::from_hex(configured);
        }
        let path = data_dir.join("signing.key");
        if let Ok(kept) = fs::read_to_string(&path) {
            return Self::from_hex(kept.trim());
        }
        embedded::prepare(data_dir)?;
        let seed: [u8; 32] = rand::random();
        let hex = secrets::hex(&seed);
        let mut file = fs::File::options().create_new(true).write(true).mode(0o600).open(&path)?;
        file.write_all(hex.as_bytes())?;
        Self::from_hex(&hex)
    }

    /// The secret part, from which other secrets are derived.
    pub(super) fn seed(&self) -> &[u8] {
        &self.seed
    }

    fn from_hex(hex: &str) -> anyhow::Result<Self> {
        let bytes: Vec<u8> = hex
            .as_bytes()
            .chunks(2)
            .map(|pair| u8::from_str_radix(std::str::from_utf8(pair)?, 16).map_err(anyhow::Error::from))
            .collect::<anyhow::Result<_>>()
            .context("the signing key is not hex")?;
        let seed: [u8; 32] = bytes.try_into().map_err(|_| anyhow!("the signing key must have 32 bytes"))?;
        let pair = PKey::private_key_from_raw_bytes(&seed, Id::ED25519).context("the signing key is unusable")?;
        Ok(Self { seed, public: pair.raw_public_key()? })
    }
}

/// Issues and verifies access tokens.
pub struct Tokens {
    issuer: String,
    audience: String,
    key_id: String,
    public: Vec<u8>,
    /// Claims of tokens whose signature was found good a moment ago; their times are judged anew at every call.
    verified: Cache<String, Claims>,
    signing: EncodingKey,
    verifying: DecodingKey,
    /// Lifetime of an access token in seconds.
    pub seconds: i64,
}

impl Tokens {
    pub fn new(settings: &config::Access, key: &SigningKey) -> Self {
        super::eddsa::install();
        let digest = Sha256::digest(&key.public);
        Self {
            issuer: settings.issuer.clone(),
            audience: settings.audience.clone(),
            key_id: URL_SAFE_NO_PAD.encode(digest.get(..12).unwrap_or_default()),
            signing: EncodingKey::from_ed_der(&[PKCS8.as_slice(), key.seed.as_slice()].concat()),
            verifying: DecodingKey::from_ed_der(&key.public),
            public: key.public.clone(),
            verified: Cache::builder().max_capacity(10_000).time_to_live(REMEMBERED).build(),
            seconds: settings.access_token_seconds,
        }
    }

    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    pub fn issue(&self, of: TokenSubject, now: DateTime<Utc>, seconds: i64) -> Result<String> {
        let iat = now.timestamp();
        let claims = Claims {
            iss: self.issuer.clone(),
            sub: of.principal,
            aud: self.audience.clone(),
            exp: iat.saturating_add(seconds),
            nbf: iat,
            iat,
            iat_us: Some(now.timestamp_micros()),
            sid: of.session,
            jti: Uuid::now_v7(),
            client_id: if of.is_machine { of.principal.to_string() } else { OWN_CLIENT.into() },
        };
        let header = Header { typ: Some(TYPE.into()), kid: Some(self.key_id.clone()), ..Header::new(Algorithm::EdDSA) };
        encode(&header, &claims, &self.signing).map_err(|e| Error::Internal(e.into()))
    }

    /// The claims of a token of ours, be it valid yet or any more.
    pub fn claims(&self, token: &str) -> Result<Claims> {
        self.verified.get(token).map_or_else(|| self.signed(token), Ok)
    }

    /// The claims of a token that is valid now.
    pub fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<Claims> {
        let claims = self.claims(token)?;
        let now = now.timestamp();
        if claims.exp.saturating_add(LEEWAY) <= now {
            return Err(refuse("has expired"));
        }
        if claims.nbf.saturating_sub(LEEWAY) > now {
            return Err(refuse("is not valid yet"));
        }
        Ok(claims)
    }

    /// The claims of a token that carries our signature.
    fn signed(&self, token: &str) -> Result<Claims> {
        let mut rules = Validation::new(Algorithm::EdDSA);
        rules.set_audience(&[&self.audience]);
        rules.set_issuer(&[&self.issuer]);
        rules.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
        (rules.validate_exp, rules.validate_nbf) = (false, false);
        let decoded = decode::<Claims>(token, &self.verifying, &rules).map_err(|_| refuse("is not one of ours"))?;
        let header = decoded.header;
        if header.typ.as_deref() != Some(TYPE) || header.kid.as_deref() != Some(&*self.key_id) {
            return Err(refuse("is not one of ours"));
        }
        self.verified.insert(token.to_owned(), decoded.claims.clone());
        Ok(decoded.claims)
    }

    /// The public key as a JSON Web Key Set (RFC 7517, RFC 8037).
    pub fn jwks(&self) -> serde_json::Value {
        let x = URL_SAFE_NO_PAD.encode(&self.public);
        let key = serde_json::json!({
            "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": self.key_id, "x": x,
        });
        serde_json::json!({ "keys": [key] })
    }
}
