//! The form of answers: records with their `ETag`, lists with their page, replays marked as such.
use crate::kernel::{Cursor, Page};
use crate::platform::idempotency::Answer;
use actix_web::{HttpRequest, HttpResponse, Responder, body::BoxBody, http::StatusCode, http::header};
use serde::Serialize;
use utoipa::ToSchema;

impl Responder for Answer {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::OK);
        let mut response = HttpResponse::build(status);
        response.content_type("application/json");
        if let Some(version) = self.version {
            response.insert_header((header::ETAG, format!("\"{version}\"")));
        }
        if let Some(path) = self.location_header {
            response.insert_header((header::LOCATION, path));
        }
        if self.is_replay {
            response.insert_header(("Idempotent-Replayed", "true"));
        }
        response.body(self.body)
    }
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
pub fn listed<T: Serialize, K: Serialize>(page: Page<T>, list: &str, key: impl Fn(&T) -> K) -> HttpResponse {
    let next_cursor = page.rows.last().filter(|_| page.has_more).map(|last| Cursor::write(list, &key(last)));
    HttpResponse::Ok().json(Listed { data: page.rows, page: PageInfo { next_cursor, has_more: page.has_more } })
}
