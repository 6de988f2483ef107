//! Errors as GraphQL extensions: the same lasting code that REST reports.
use crate::kernel::{Code, Error};
use async_graphql::{ErrorExtensions, ServerError};
use std::{borrow::Borrow, sync::Arc};

/// A refusal with its code; an internal error is logged here, once, and shown without its cause.
pub fn coded(error: impl Borrow<Error>) -> async_graphql::Error {
    let error = error.borrow();
    let message = match error {
        Error::Refused(refusal) => refusal.detail.clone(),
        Error::Internal(cause) => {
            tracing::error!(error = format!("{cause:#}"), "a query failed by our own fault");
            "the fault is ours and has been logged".into()
        }
    };
    async_graphql::Error::new(message).extend_with(|_, ext| ext.set("code", error.code().as_str()))
}

/// The same for a document as a whole, which has no place of its own.
pub fn placeless(error: &Error) -> ServerError {
    let coded = coded(error);
    let mut whole = ServerError::new(coded.message, None);
    whole.extensions = coded.extensions;
    whole
}

/// The same for what loaders share.
pub fn shared(error: Arc<Error>) -> async_graphql::Error {
    coded(&*error)
}

/// Gives a code to the errors of the GraphQL engine itself: parsing, validation, limits.
pub fn complete(error: &mut ServerError) {
    let has_code = error.extensions.as_ref().is_some_and(|ext| ext.get("code").is_some());
    if !has_code {
        let is_limit =
            ["too deep", "too complex", "too many", "directives"].iter().any(|word| error.message.contains(word));
        let code = if is_limit { Code::GraphqlTooComplex } else { Code::GraphqlInvalid };
        error.extensions.get_or_insert_default().set("code", code.as_str());
    }
}
