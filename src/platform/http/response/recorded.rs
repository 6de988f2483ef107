//! The form of responses: recorded outcomes with their `ETag`, lists with their page, replays marked as such.
use crate::kernel::{Cursor, Page, Result};
use crate::platform::idempotency::{OutcomeKind, Recorded};
use actix_web::{HttpRequest, HttpResponse, Responder, body::BoxBody, http::StatusCode, http::header};
use serde::Serialize;
use utoipa::ToSchema;

impl<T> Responder for Recorded<T> {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        response(self, None)
    }
}

/// A recorded outcome with the address of what it created.
#[derive(Debug)]
pub struct Located<T> {
    recorded: Recorded<T>,
    address: String,
}

impl<T> Recorded<T> {
    /// The same with the address of what it created: that of a member of a collection such as `/v1/orders`.
    pub fn under(self, collection: &str) -> Located<T> {
        let id = self.id.as_deref().unwrap_or_default();
        // A key from before identifiers were kept has the whole address.
        let address = if id.starts_with('/') { id.to_owned() } else { format!("{collection}/{id}") };
        Located { recorded: self, address }
    }

    /// The same with the address of what it created.
    pub fn located(self, address: String) -> Located<T> {
        Located { recorded: self, address }
    }
}

impl<T> Responder for Located<T> {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        response(self.recorded, Some(self.address))
    }
}

fn response<T>(recorded: Recorded<T>, address: Option<String>) -> HttpResponse {
    let mut response = HttpResponse::build(match recorded.kind {
        OutcomeKind::Changed | OutcomeKind::Refused => StatusCode::OK,
        OutcomeKind::Created => StatusCode::CREATED,
        OutcomeKind::Pending => StatusCode::ACCEPTED,
    });
    response.content_type("application/json");
    if let Some(version) = recorded.version {
        response.insert_header((header::ETAG, format!("\"{version}\"")));
    }
    if let (Some(address), OutcomeKind::Created | OutcomeKind::Pending) = (address, recorded.kind) {
        response.insert_header((header::LOCATION, address));
    }
    if recorded.is_replay {
        response.insert_header(("Idempotent-Replayed", "true"));
    }
    response.body(recorded.body)
}

/// A page of records.
#[derive(Serialize, ToSchema)]
pub struct Listed<T> {
    /// The records, in order.
    pub data: Vec<T>,
    /// The way to go on.
    pub page: PageInfo,
}

/// The way to go on after a page.
#[derive(Serialize, ToSchema)]
pub struct PageInfo {
    /// Send it as `cursor` to get the next page; null on the last.
    pub next_cursor: Option<String>,
    /// True if there is a next page.
    pub has_more: bool,
}

/// A list's JSON; `list` names the list with its filter and order, `key` is a row's place in it.
pub fn listed<T: Serialize, K: Serialize>(page: Page<T>, list: &str, key: impl Fn(&T) -> K) -> Result<HttpResponse> {
    let next_cursor =
        page.rows.last().filter(|_| page.has_more).map(|last| Cursor::write(list, &key(last))).transpose()?;
    let page = Listed { data: page.rows, page: PageInfo { next_cursor, has_more: page.has_more } };
    Ok(HttpResponse::Ok().json(page))
}
