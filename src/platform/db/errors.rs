//! Database errors turned into refusals: what the caller can act upon gets its lasting code, the rest is ours.
//! diesel shows no SQLSTATE beyond its own kinds, so a few are told by the server's English message.
use crate::kernel::{Code, Error, Refusal};
use diesel::result::{DatabaseErrorInformation, DatabaseErrorKind as Kind, Error as DieselError};

impl From<DieselError> for Error {
    fn from(error: DieselError) -> Self {
        let refusal = match &error {
            DieselError::DatabaseError(kind, info) => refusal(*kind, info.message()),
            DieselError::RollbackErrorOnCommit { commit_error, .. } => match &**commit_error {
                DieselError::DatabaseError(kind, info) => refusal(*kind, info.message()),
                _ => None,
            },
            DieselError::BrokenTransactionManager => Some(unavailable()),
            _ => None,
        };
        refusal.map_or_else(|| Self::Internal(error.into()), Self::from)
    }
}

/// The sentence about a lock that others hold for too long.
const LOCKED: &str = "another change of the same records took too long";

/// True if a lock that others hold was waited for in vain.
pub fn is_lock_timeout(error: &Error) -> bool {
    matches!(error, Error::Refused(refusal) if refusal.code == Code::Busy && refusal.detail == LOCKED)
}

fn refusal(kind: Kind, message: &str) -> Option<Refusal> {
    let busy = |detail: &str| Some(Refusal::new(Code::Busy, detail).retry_after(1));
    match kind {
        Kind::ClosedConnection | Kind::UnableToSendCommand | Kind::ReadOnlyTransaction => Some(unavailable()),
        Kind::SerializationFailure => Some(transient()),
        _ if message.contains("deadlock detected") => Some(transient()),
        _ if message.contains("lock timeout") => busy(LOCKED),
        _ if message.contains("statement timeout") || message.contains("canceling statement") => {
            busy("the database took too long")
        }
        _ if message.contains("No space left") || message.contains("could not extend file") => {
            busy("the database cannot write now")
        }
        _ if message.contains("terminating connection")
            || message.contains("server closed the connection")
            || message.contains("the database system is") =>
        {
            Some(unavailable())
        }
        _ if message.contains("invalid byte sequence") || message.contains("\\u0000 cannot be converted") => {
            Some(Refusal::new(Code::InvalidBody, "text must not hold the NUL character"))
        }
        _ if message.contains("timestamp out of range") || message.contains("date out of range") => {
            Some(Refusal::new(Code::InvalidQuery, "a point in time is too far away"))
        }
        _ if message.contains("out of range") => {
            Some(Refusal::new(Code::QuantityOverflow, "the resulting number is too large to be kept"))
        }
        _ => None,
    }
}

fn unavailable() -> Refusal {
    Refusal::new(Code::DatabaseUnavailable, "the database cannot be reached; try again").retry_after(1)
}

fn transient() -> Refusal {
    Refusal::new(Code::Conflict, "another change came in between; try again").retry_after(1)
}

/// True if the same work may succeed when run again at once.
pub fn is_transient(error: &Error) -> bool {
    error.code() == Code::Conflict
}

/// A violated constraint, by the name the migration gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Constraint(pub String);

/// The constraint that a statement violated, if that is why it failed: try first, then explain.
pub fn violated(error: &DieselError) -> Option<Constraint> {
    let DieselError::DatabaseError(kind, info) = error else { return None };
    let is_constraint = matches!(kind, Kind::UniqueViolation | Kind::ForeignKeyViolation | Kind::CheckViolation);
    is_constraint.then(|| constraint_name(&**info)).flatten().map(Constraint)
}

fn constraint_name(info: &dyn DatabaseErrorInformation) -> Option<String> {
    info.constraint_name().map(str::to_owned)
}
