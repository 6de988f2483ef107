//! Relay's global ids: base64url of `Kind:uuid`, so that `node(id:)` can find anything.
use super::errors::coded;
use crate::kernel::{Code, Error};
use async_graphql::{ID, Result};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use uuid::Uuid;

/// The global id of a record.
pub fn global(kind: &str, id: Uuid) -> ID {
    ID(URL_SAFE_NO_PAD.encode(format!("{kind}:{id}")))
}

/// The kind and id of a global id.
pub fn parse(id: &ID) -> Option<(String, Uuid)> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(&id.0).ok()?).ok()?;
    let (kind, id) = text.split_once(':')?;
    Some((kind.to_owned(), id.parse().ok()?))
}

/// The id of one kind, from a global id or a plain UUID.
pub fn expect(kind: &str, id: &ID) -> Result<Uuid> {
    let plain = id.0.parse().ok();
    let global = || parse(id).filter(|(found, _)| found == kind).map(|(_, id)| id);
    plain
        .or_else(global)
        .ok_or_else(|| coded(Error::refused(Code::GraphqlInvalid, format!("{:?} is not the id of a {kind}", id.0))))
}
