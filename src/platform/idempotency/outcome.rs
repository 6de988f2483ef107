//! The outcome of a write: a typed value while it is decided, JSON as soon as it is recorded under the caller's key.
//! Only HTTP knows by which status and header each is told.
use crate::kernel::{Code, LocationId, Refusal, Result};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::any::Any;

/// The kind of an outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutcomeKind {
    /// A record was changed.
    Changed,
    /// A record was created.
    Created,
    /// Work was begun and will be finished later.
    Pending,
    /// The caller is refused although something was changed, such as the number of tries left.
    Refused,
}

impl OutcomeKind {
    /// The number by which it is stored: that of an HTTP status, for those who read the table.
    pub(super) fn number(self) -> i16 {
        match self {
            Self::Changed => 200,
            Self::Created => 201,
            Self::Pending => 202,
            Self::Refused => 400,
        }
    }

    /// The kind that is stored by a number.
    pub(super) fn of(number: i16) -> Self {
        match number {
            201 => Self::Created,
            202 => Self::Pending,
            400 => Self::Refused,
            _ => Self::Changed,
        }
    }
}

/// The decision of a write.
#[derive(Debug)]
pub struct Outcome<T> {
    result: Result<T, Refusal>,
    kind: OutcomeKind,
    id: Option<String>,
    version: Option<i64>,
    at: Option<LocationId>,
}

impl<T> Outcome<T> {
    /// A record as it stands after its change, with its version and the location whose rights a retry needs.
    pub fn changed(version: i64, at: Option<LocationId>, value: T) -> Self {
        Self { result: Ok(value), kind: OutcomeKind::Changed, id: None, version: Some(version), at }
    }

    /// A new record, with its identifier.
    pub fn created(id: impl ToString, version: i64, at: Option<LocationId>, value: T) -> Self {
        Self { kind: OutcomeKind::Created, id: Some(id.to_string()), ..Self::changed(version, at, value) }
    }

    /// A new record whose work goes on in the background.
    pub fn pending(id: impl ToString, version: i64, at: Option<LocationId>, value: T) -> Self {
        Self { kind: OutcomeKind::Pending, ..Self::created(id, version, at, value) }
    }

    /// A value that is no record: it has no version.
    pub fn of(kind: OutcomeKind, at: Option<LocationId>, value: T) -> Self {
        Self { result: Ok(value), kind, id: None, version: None, at }
    }

    /// A refusal that is recorded with what has changed; a retry gets the same.
    pub fn refused(code: Code, detail: impl Into<String>, at: Option<LocationId>) -> Self {
        Self { result: Err(Refusal::new(code, detail)), kind: OutcomeKind::Refused, id: None, version: None, at }
    }
}

/// A refusal as it is stored.
#[derive(Serialize, Deserialize)]
struct StoredRefusal {
    code: String,
    detail: String,
}

impl<T: Serialize> Outcome<T> {
    /// The outcome as it is kept and sent.
    pub fn record(self) -> Result<Recorded<T>> {
        let body = match &self.result {
            Ok(value) => serde_json::to_string(value),
            Err(Refusal { code, detail, .. }) => {
                serde_json::to_string(&StoredRefusal { code: code.as_str().to_owned(), detail: detail.clone() })
            }
        };
        let body = body.map_err(anyhow::Error::from)?;
        let Self { result, kind, id, version, at } = self;
        Ok(Recorded { kind, id, version, at, is_replay: false, body, value: result.ok() })
    }
}

impl<T> Outcome<T> {
    /// The outcome of work that no caller repeats: nothing of it is kept.
    pub fn unrecorded(self) -> Result<Recorded<T>> {
        let Self { result, kind, id, version, at } = self;
        let value = Some(result?);
        Ok(Recorded { kind, id, version, at, is_replay: false, body: String::new(), value })
    }
}

/// An outcome that is recorded: its JSON, and its value unless an earlier call had it.
#[derive(Debug, Clone)]
pub struct Recorded<T> {
    /// The kind.
    pub kind: OutcomeKind,
    /// Identifies what was created.
    pub id: Option<String>,
    /// The record's version, if it is one.
    pub version: Option<i64>,
    /// The location of the effect, to check the caller's rights again on a retry.
    pub at: Option<LocationId>,
    /// True if this is the outcome of an earlier call under the same key.
    pub is_replay: bool,
    /// The JSON of the value.
    pub(in crate::platform) body: String,
    value: Option<T>,
}

impl<T> Recorded<T> {
    /// The same as it is told to a call that repeats an earlier one.
    pub(in crate::platform) fn replayed(&self) -> Recorded<Unknown> {
        Recorded { is_replay: true, ..self.kept() }
    }

    /// The same without its value, to be kept.
    pub(super) fn kept(&self) -> Recorded<Unknown> {
        let Self { kind, id, version, at, is_replay, body, .. } = self;
        let (id, body) = (id.clone(), body.clone());
        Recorded { kind: *kind, id, version: *version, at: *at, is_replay: *is_replay, body, value: None }
    }

    /// An outcome as it was kept under a key.
    pub(super) fn stored(
        kind: OutcomeKind,
        id: Option<String>,
        version: Option<i64>,
        at: Option<LocationId>,
        body: String,
    ) -> Self {
        Self { kind, id, version, at, is_replay: true, body, value: None }
    }

    /// The same, told as the outcome of an earlier call or not.
    pub fn marked(self, is_replay: bool) -> Self {
        Self { is_replay, ..self }
    }

    /// The same with another text in place of the one at a pointer (RFC 6901): for a secret that is told and never
    /// kept, which is derived from the text that is.
    pub fn revealed(self, pointer: &str, reveal: impl FnOnce(&str) -> Result<String>) -> Result<Self> {
        let mut told: serde_json::Value = serde_json::from_str(&self.body).map_err(anyhow::Error::from)?;
        let place = told.pointer_mut(pointer).ok_or_else(|| anyhow::anyhow!("nothing was recorded at {pointer}"))?;
        *place = reveal(place.as_str().unwrap_or_default())?.into();
        Ok(Self { body: told.to_string(), ..self })
    }

    /// The value that was decided; none if an earlier call had it.
    pub fn value(self) -> Option<T> {
        self.value
    }

    /// The recorded refusal, if it is one.
    pub(in crate::platform) fn accepted(self) -> Result<Self> {
        if self.kind != OutcomeKind::Refused {
            return Ok(self);
        }
        let StoredRefusal { code, detail } = serde_json::from_str(&self.body).map_err(anyhow::Error::from)?;
        let unknown = || anyhow::anyhow!("no refusal has the code {code}");
        let code = Code::ALL.iter().copied().find(|known| known.as_str() == code).ok_or_else(unknown)?;
        Err(Refusal { is_replay: self.is_replay, ..Refusal::new(code, detail) }.into())
    }
}

impl<T: DeserializeOwned> Recorded<T> {
    /// The value, also that which an earlier call had.
    pub fn read(self) -> Result<T> {
        match self.value {
            Some(value) => Ok(value),
            None => Ok(serde_json::from_str(&self.body).map_err(anyhow::Error::from)?),
        }
    }
}

/// A value of a type that the queue of commands does not know.
pub type Unknown = Box<dyn Any + Send>;

impl<T: Send + 'static> Recorded<T> {
    /// The same for a queue of commands of all types.
    pub(in crate::platform) fn erased(self) -> Recorded<Unknown> {
        let Self { kind, id, version, at, is_replay, body, value } = self;
        let value = value.map(|value| Box::new(value) as Unknown);
        Recorded { kind, id, version, at, is_replay, body, value }
    }
}

impl Recorded<Unknown> {
    /// The same for the command that it belongs to.
    pub(in crate::platform) fn typed<T: 'static>(self) -> Recorded<T> {
        let Self { kind, id, version, at, is_replay, body, value } = self;
        let value = value.and_then(|value| value.downcast().ok()).map(|value| *value);
        Recorded { kind, id, version, at, is_replay, body, value }
    }
}
