//! The one error type of the request path. A refusal is the caller's business and is shown whole; an
//! internal error is ours: it is logged once where it is rendered and shown as a bare "internal".
use super::code::Code;
use std::fmt;
use uuid::Uuid;

/// The result of anything that can be refused or can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why something did not happen.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The caller asked for something that cannot be done; shown to the caller.
    #[error("{0}")]
    Refused(Box<Refusal>),
    /// Our own fault; logged, never shown.
    #[error("internal error: {0:#}")]
    Internal(#[from] anyhow::Error),
}

/// A refusal with a lasting code and a sentence that says what was tried and with what.
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    /// The lasting code.
    pub code: Code,
    /// The attempt, for a person to read.
    pub detail: String,
    /// Each fault of the input, where there are several.
    pub faults: Vec<Fault>,
    /// The record's present version, where a stale one was sent.
    pub version: Option<i64>,
    /// Seconds after which trying again makes sense.
    pub retry_after: Option<u32>,
    /// The record that stands in the way, where the caller may see it.
    pub existing: Option<Uuid>,
    /// True if it is the recorded outcome of an earlier call under the same key.
    pub is_replay: bool,
}

/// One fault of the input, at a place of the body (a JSON pointer), a parameter or a header.
#[derive(Debug, Clone, PartialEq, serde::Serialize, utoipa::ToSchema)]
pub struct Fault {
    /// JSON pointer as a URI fragment (RFC 6901 §6), or a parameter's name.
    pub pointer: String,
    /// The fault there.
    pub detail: String,
    /// A lasting code of the kind of fault.
    pub code: &'static str,
    /// Units that could be had, where too many were wanted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub available: Option<i64>,
}

impl Fault {
    /// A fault at a JSON pointer such as `/lines/0/quantity`.
    pub fn at(pointer: &str, code: &'static str, detail: impl Into<String>) -> Self {
        Self { pointer: format!("#{pointer}"), detail: detail.into(), code, available: None }
    }
}

impl Refusal {
    /// True if the same again would be refused the same way, for what it says.
    pub fn is_final(&self) -> bool {
        self.code.status() < 500 && self.code != Code::Conflict
    }

    /// A refusal with a sentence about this occurrence.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: detail.into(),
            faults: vec![],
            version: None,
            retry_after: None,
            existing: None,
            is_replay: false,
        }
    }

    /// The same, with the faults of the input.
    pub fn with_faults(mut self, faults: Vec<Fault>) -> Self {
        self.faults = faults;
        self
    }

    /// The same, naming the record that stands in the way; only for callers who may see it.
    pub fn existing(mut self, id: Uuid) -> Self {
        self.existing = Some(id);
        self
    }

    /// The same, asking to try again after some seconds.
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }
}

/// Faults of a body's entries, collected to be refused all at once.
#[derive(Debug, Default)]
pub struct Faults {
    code: Option<Code>,
    faults: Vec<Fault>,
}

impl Faults {
    /// Adds a fault at a JSON pointer such as `/lines/0/sku`.
    pub fn add(&mut self, code: Code, pointer: &str, detail: impl Into<String>) {
        self.code.get_or_insert(code);
        self.faults.push(Fault::at(pointer, code.as_str(), detail));
    }

    /// Adds a refusal of one entry.
    pub fn add_refusal(&mut self, pointer: &str, error: Error) -> Result<()> {
        match error {
            Error::Refused(refusal) => self.add(refusal.code, pointer, refusal.detail),
            internal @ Error::Internal(_) => return Err(internal),
        }
        Ok(())
    }

    /// Adds the faults of a refusal, each at its own place.
    pub fn add_all(&mut self, error: Error) -> Result<()> {
        match error {
            Error::Refused(refusal) => {
                self.code.get_or_insert(refusal.code);
                self.faults.extend(refusal.faults);
            }
            internal @ Error::Internal(_) => return Err(internal),
        }
        Ok(())
    }

    /// Refuses if there are any: with the code and the words of the first, and each with its pointer.
    pub fn require_none(self) -> Result<()> {
        let (Some(code), Some(first)) = (self.code, self.faults.first()) else { return Ok(()) };
        let detail = match self.faults.len() {
            1 => first.detail.clone(),
            all => format!("{}, the first of {all} faults", first.detail),
        };
        Err(Refusal::new(code, detail).with_faults(self.faults).into())
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.detail)
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

impl Error {
    /// A refusal with a sentence about this occurrence.
    pub fn refused(code: Code, detail: impl Into<String>) -> Self {
        Refusal::new(code, detail).into()
    }

    /// A refusal of one field of the body, at a JSON pointer such as `/supplier_id`.
    pub fn at(code: Code, pointer: &str, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        Refusal::new(code, detail.clone()).with_faults(vec![Fault::at(pointer, code.as_str(), detail)]).into()
    }

    /// The one answer for what does not exist and for what the caller may not know to exist.
    pub fn not_found(what: &str) -> Self {
        Self::refused(Code::NotFound, format!("{what} not found"))
    }

    /// A stale `If-Match`, with the version that stands now.
    pub fn stale(what: &str, sent: &str, current: i64) -> Self {
        let detail = match sent {
            "" => format!("{what} is at version {current}; If-Match names no version as a strong tag"),
            sent => format!("{what} is at version {current}, not {sent}"),
        };
        Self::from(Refusal { version: Some(current), ..Refusal::new(Code::StaleVersion, detail) })
    }

    /// The same error for another request, or for the same one asked again.
    pub fn again(&self) -> Self {
        match self {
            Self::Refused(refusal) => Self::Refused(refusal.clone()),
            Self::Internal(cause) => Self::Internal(anyhow::anyhow!("{cause:#}")),
        }
    }

    /// The lasting code, also of an internal error.
    pub fn code(&self) -> Code {
        match self {
            Self::Refused(refusal) => refusal.code,
            Self::Internal(_) => Code::Internal,
        }
    }
}
