//! REST for suggestions while someone types.
use crate::{
    kernel::{Actor, Channel, Code, Error, Result, Text},
    platform::http::{Gate, Params},
    search::{service::Search, suggest::Suggestions},
};
use actix_web::{HttpResponse, get, web};
use serde::Deserialize;
use utoipa::IntoParams;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct SuggestionsQuery {
    /// The text that was typed so far.
    #[param(inline)]
    q: Text<200>,
    /// The channel whose products are meant; `web` if absent.
    #[param(inline)]
    channel: Option<Channel>,
    /// Suggestions of each kind.
    #[param(minimum = 1, maximum = 20)]
    limit: Option<usize>,
}

/// Suggest products, brands and categories
///
/// While someone types: those with words that begin as what was typed, best sellers first.
#[utoipa::path(
    tag = "catalog", operation_id = "suggestProducts", params(SuggestionsQuery),
    responses((status = 200, body = Suggestions, description = "The suggestions")),
    extensions(("x-permission" = json!("catalog:read"))),
)]
#[get("/v1/search/suggestions", wrap = "Gate")]
pub async fn suggestions(_: Actor, search: web::Data<Search>, query: Params<SuggestionsQuery>) -> Result<HttpResponse> {
    let most = query.0.limit.unwrap_or(8);
    if !(1..=20).contains(&most) {
        let detail = format!("limit must be between 1 and 20, not {most}");
        return Err(Error::refused(Code::InvalidQuery, detail));
    }
    Ok(HttpResponse::Ok().json(&*search.suggestions(&query.0.q, most, query.0.channel.unwrap_or(Channel::Web)).await?))
}
