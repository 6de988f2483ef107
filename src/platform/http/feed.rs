//! The feed of events, for polling: each caller sees what happened at the locations of the permission.
use super::{request::params::Params, server::gate::Gate};
use crate::{
    kernel::{Actor, Code, Error, Result, actor::Permission},
    platform::{
        db::Db,
        events::{self, FeedEvent},
    },
};
use actix_web::{HttpResponse, get, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// The last position that there may be: numbers up to here are exact in JSON.
const LAST: i64 = 9_007_199_254_740_991;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Query {
    /// The last position that was seen; without it the answer begins with the oldest event that is kept.
    #[param(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    after: Option<i64>,
    /// Events in an answer.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<i64>,
    /// The `epoch` of the answer that the position is from: refused when the database has been restored since.
    #[param(max_length = 40)]
    epoch: Option<String>,
}

/// Events after a position.
#[derive(Serialize, ToSchema)]
struct Feed {
    /// In order of position; those at other locations are left out.
    data: Vec<FeedEvent>,
    /// Send it as `after` to go on.
    position: i64,
    /// The last position that the feed had when it was asked. Whoever begins, or begins anew, notes it, reads the
    /// records, and then follows the feed after it: events with a version that the records already have say nothing
    /// new.
    last_position: i64,
    /// The history that the positions belong to; send it with `after`.
    #[schema(example = "0f3b9a61c2d4")]
    epoch: String,
    /// True if there may be more now.
    has_more: bool,
}

/// Follow the event feed
///
/// Each event has one position, without gaps and never changed; events of one record come in order of its version. Ask
/// again with the answer's `position`: nothing is skipped, whatever is committed in the meantime. Events are kept for
/// the days of the setting `retention.events_days` (90 unless it is changed); a consumer that stayed away for longer is
/// told so with 410. It then notes `last_position`, reads the records that it follows, and goes on after that position.
#[utoipa::path(
    tag = "events", operation_id = "listEvents", params(Query),
    responses(
        (status = 200, body = Feed, description = "Events in order"),
        (status = 410, description = "The position is of another history, or its events were deleted for their age"),
    ),
    extensions(("x-permission" = json!("events:read"))),
)]
#[get("/v1/events", wrap = "Gate")]
pub async fn feed(actor: Actor, db: web::Data<Db>, query: Params<Query>) -> Result<HttpResponse> {
    let Query { after, limit, epoch: known } = query.0;
    let most = limit.unwrap_or(100);
    if let Some(after) = after.filter(|after| !(0..=LAST).contains(after)) {
        return Err(Error::refused(Code::InvalidQuery, format!("after must be 0 to {LAST}, not {after}")));
    }
    if !(1..=500).contains(&most) {
        return Err(Error::refused(Code::InvalidQuery, format!("limit must be 1 to 500, not {most}")));
    }
    if let Some(known) = known.as_ref().filter(|known| known.is_empty() || known.len() > 40) {
        return Err(Error::refused(Code::InvalidQuery, format!("epoch must be as an answer gave it, not {known:?}")));
    }
    let locations = actor.places(Permission::EventsRead);
    let feed = db.read(move |db| {
        let (span, epoch) = (events::span(db)?, events::epoch(db)?);
        let last = span.last;
        let mut from = after.unwrap_or(span.deleted_to);
        let gone = |detail| Err(Error::refused(Code::PositionGone, detail));
        if known.as_ref().is_some_and(|known| *known != epoch) {
            return gone(format!(
                "the feed has the epoch {epoch} and ends at {last}: the database was restored since, \
                or your position is from another service; read the records that you follow anew, and then the feed \
                after {last}"
            ));
        }
        if from > last {
            return gone(format!(
                "the feed ends at {last}, before {from}: your position is from another history of the \
                database; read the records that you follow anew, and then the feed after {last}"
            ));
        }
        loop {
            let (data, position) = events::after(db, from, &locations, most)?;
            // Asked afterwards: what is deleted from now on has been read.
            let span = events::span(db)?;
            let oldest = span.deleted_to;
            if oldest <= from {
                return Ok(Feed { data, position, last_position: last, epoch, has_more: position < span.last });
            }
            if after.is_some() {
                return gone(format!(
                    "the events up to position {oldest} were deleted for their age, and you have read \
                    up to {from}: read the records that you follow anew, and then the feed after {last}"
                ));
            }
            from = oldest;
        }
    });
    Ok(HttpResponse::Ok().json(feed.await?))
}
