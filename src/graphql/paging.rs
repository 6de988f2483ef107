//! Relay connections (relay.dev/graphql/connections.htm), forward only: `first` and `after`.
use super::errors::coded;
use crate::kernel::{Code, Cursor, Error, Page, PageRequest};
use async_graphql::{
    OutputType, Result,
    connection::{Connection, CursorType, Edge, EmptyFields},
};
use serde::{Serialize, de::DeserializeOwned};

/// Nodes in a page when the query does not say.
pub const DEFAULT: i32 = 20;
/// The most nodes in a page.
pub const MAX: i32 = 100;

/// A cursor as it was written, opaque.
pub struct Opaque(String);

impl CursorType for Opaque {
    type Error = std::convert::Infallible;
    fn decode_cursor(text: &str) -> Result<Self, Self::Error> {
        Ok(Self(text.to_owned()))
    }
    fn encode_cursor(&self) -> String {
        self.0.clone()
    }
}

/// A connection of nodes.
pub type Connected<T> = Connection<Opaque, T, EmptyFields, EmptyFields>;

/// Reads `first` and `after` of the list named by `list`.
pub fn request<K: DeserializeOwned>(first: Option<i32>, after: Option<&str>, list: &str) -> Result<PageRequest<K>> {
    let first = first.unwrap_or(DEFAULT);
    if !(1..=MAX).contains(&first) {
        return Err(coded(Error::refused(
            Code::GraphqlInvalid,
            format!("first must be between 1 and {MAX}, not {first}"),
        )));
    }
    let after = after.map(|cursor| Cursor::read(list, cursor)).transpose().map_err(coded)?;
    Ok(PageRequest { limit: first.into(), after })
}

/// A page as a connection; `key` is a row's place in the list.
pub fn connection<R, T: OutputType, K: Serialize>(
    page: Page<R>,
    list: &str,
    is_continued: bool,
    key: impl Fn(&R) -> K,
    node: impl Fn(R) -> T,
) -> Connected<T> {
    let mut connection = Connection::new(is_continued, page.has_more);
    connection
        .edges
        .extend(page.rows.into_iter().map(|row| Edge::new(Opaque(Cursor::write(list, &key(&row))), node(row))));
    connection
}

/// What a page may cost: each node with what is asked of it.
pub fn cost(first: Option<i32>, child: usize) -> usize {
    usize::try_from(first.unwrap_or(DEFAULT)).unwrap_or(1).saturating_mul(child).saturating_add(1)
}
