//! `File`: a body of rows, CSV or JSON lines, read whole under a limit of its own.
use super::body;
use crate::kernel::{Code, Error, Result};
use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header, web::Bytes};
use futures_util::future::LocalBoxFuture;
use sha2::{Digest, Sha256};
use std::time::Duration;

/// Bytes of a file at most: a hundred thousand rows of 160 bytes.
const MOST: usize = 16 * 1024 * 1024;

/// Time in which a file must have arrived.
const DEADLINE: Duration = Duration::from_secs(120);

/// A file that was sent.
#[derive(Debug)]
pub struct File {
    /// The content that was sent.
    pub bytes: Bytes,
    /// True if it is CSV; JSON lines otherwise.
    pub is_csv: bool,
    /// SHA-256 over method, path and bytes, for idempotency.
    pub fingerprint: Vec<u8>,
}

impl FromRequest for File {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (req, payload) = (req.clone(), payload.take());
        Box::pin(async move {
            let is_csv = require_rows(&req)?;
            let bytes = body::read(&req, payload, MOST, DEADLINE).await?;
            let mut hash = Sha256::new();
            for part in [req.method().as_str().as_bytes(), req.uri().to_string().as_bytes(), &bytes] {
                hash.update(part);
                hash.update([0]);
            }
            Ok(Self { bytes, is_csv, fingerprint: hash.finalize().to_vec() })
        })
    }
}

fn require_rows(req: &HttpRequest) -> Result<bool> {
    let declared = req.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("undeclared");
    match declared.split(';').next().unwrap_or_default().trim().to_ascii_lowercase().as_str() {
        "text/csv" | "text/tab-separated-values" => Ok(true),
        "application/x-ndjson" | "application/jsonl" => Ok(false),
        other => {
            let detail = format!("the body must be text/csv or application/x-ndjson, not {other}");
            Err(Error::refused(Code::UnsupportedMediaType, detail))
        }
    }
}
