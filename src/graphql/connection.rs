//! Relay connections (relay.dev/graphql/connections.htm), forward only: `first` and `after`.
use super::errors::coded;
use crate::kernel::{Code, Cursor, Error, Page, PageRequest};
use async_graphql::{
    Object, OutputType, Result, TypeName,
    connection::{CursorType, Edge, EmptyFields, PageInfo},
};
use serde::{Serialize, de::DeserializeOwned};
use std::borrow::Cow;

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

/// A page of nodes with its cursors.
pub struct Connected<T: OutputType> {
    edges: Vec<Edge<Opaque, T, EmptyFields>>,
    has_previous_page: bool,
    has_next_page: bool,
}

impl<T: OutputType> TypeName for Connected<T> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Connection", T::type_name()).into()
    }
}

/// A page of nodes with its cursors.
#[Object(name_type)]
impl<T: OutputType> Connected<T> {
    /// Information to aid in pagination.
    async fn page_info(&self) -> PageInfo {
        let cursor = |edge: &Edge<Opaque, T, EmptyFields>| edge.cursor.encode_cursor();
        PageInfo {
            has_previous_page: self.has_previous_page,
            has_next_page: self.has_next_page,
            start_cursor: self.edges.first().map(cursor),
            end_cursor: self.edges.last().map(cursor),
        }
    }

    /// A list of edges.
    async fn edges(&self) -> &[Edge<Opaque, T, EmptyFields>] {
        &self.edges
    }

    /// A list of nodes.
    async fn nodes(&self) -> Vec<&T> {
        self.edges.iter().map(|edge| &edge.node).collect()
    }
}

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
) -> Result<Connected<T>> {
    let edge = |row| Ok(Edge::new(Opaque(Cursor::write(list, &key(&row)).map_err(coded)?), node(row)));
    Ok(Connected {
        edges: page.rows.into_iter().map(edge).collect::<Result<_>>()?,
        has_previous_page: is_continued,
        has_next_page: page.has_more,
    })
}

/// The cost of a page: each node with what is asked of it.
pub fn cost(first: Option<i32>, child: usize) -> usize {
    usize::try_from(first.unwrap_or(DEFAULT)).unwrap_or(1).saturating_mul(child).saturating_add(1)
}
