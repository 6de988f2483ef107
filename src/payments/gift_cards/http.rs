//! REST for gift cards.
use super::{
    change as changing, issue as issuing,
    issue::IssuedGiftCard,
    model::{GiftCard, GiftCardChange, GiftCardCode, GiftCardMove, MOST_MINOR, NewGiftCard},
    read,
    store::{self, TimeKey},
};
use crate::{
    kernel::{Actor, Currency, GiftCardId, GiftCardMoveId, Note, Page, Result, actor::Permission, to_micros},
    platform::{
        db::Db,
        http::{
            Body, Change, Gate, IfMatch, Listed, Located, MustMatch, OptionalKey, PageQuery, Params, PathOf,
            RecordRead, RequiredKey, entries, listed, page_of,
        },
        idempotency::Recorded,
    },
};
use actix_web::{HttpResponse, get, patch, post, web};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use validator::{Validate, ValidationError};

/// The name of the list in cursors.
const LIST: &str = "gift cards";

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct IssueGiftCard {
    /// The currency of the amount (ISO 4217); it pays for orders in this currency.
    currency: Currency,
    /// The amount on it, in minor units.
    #[validate(range(min = 1, max = MOST_MINOR, message = "must be 1 to 1000000000000 minor units"))]
    #[schema(minimum = 1, maximum = 1_000_000_000_000_i64)]
    amount_minor: i64,
    /// The code that is printed on it; a random one of 16 letters, if absent.
    code: Option<GiftCardCode>,
    /// The moment from which it cannot be paid with any more; none, if absent.
    expires_at: Option<DateTime<Utc>>,
    /// Someone's own words about it, such as the sale that it was bought in.
    note: Option<Note>,
}

/// Issue a gift card
///
/// The code is told in this answer alone: it is kept as a digest, and by the answer for as long as a retry under the
/// same key may ask for it.
#[utoipa::path(
    tag = "payments", operation_id = "issueGiftCard", request_body = IssueGiftCard, params(RequiredKey),
    responses(
        (status = 201, body = IssuedGiftCard, description = "The gift card"),
        (status = 409, description = "The code is in use"),
    ),
    extensions(("x-permission" = json!("gift_cards:write"))),
)]
#[post("/v1/gift-cards", wrap = "Gate")]
async fn issue(db: web::Data<Db>, request: Change<IssueGiftCard, RequiredKey>) -> Result<Located<IssuedGiftCard>> {
    let IssueGiftCard { currency, amount_minor, code, expires_at, note } = request.value;
    let (expires_at, note) = (expires_at.map(to_micros), note.map(String::from));
    let new = NewGiftCard { currency, amount_minor, code, expires_at, note };
    Ok(issuing::issue(&db, request.caller, new).await?.under("/v1/gift-cards"))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct GiftCardsQuery {
    /// Only those whose codes end like this: their last four letters.
    last_letters: Option<String>,
    /// Rows in a page.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before; the first page, if absent.
    cursor: Option<String>,
}

/// List gift cards
///
/// The newest first, with what is on them. Codes are never told.
#[utoipa::path(
    tag = "payments", operation_id = "listGiftCards", params(GiftCardsQuery),
    responses((status = 200, body = Listed<GiftCard>, description = "A page of gift cards")),
    extensions(("x-permission" = json!("gift_cards:write"))),
)]
#[get("/v1/gift-cards", wrap = "Gate")]
async fn list(actor: Actor, db: web::Data<Db>, query: Params<GiftCardsQuery>) -> Result<HttpResponse> {
    actor.require_everywhere(Permission::GiftCardsWrite)?;
    let GiftCardsQuery { last_letters, limit, cursor } = query.0;
    let letters = last_letters.map(|letters| letters.to_uppercase());
    let name = format!("{LIST} {letters:?}");
    let page = page_of::<TimeKey<GiftCardId>>(limit, cursor.as_deref(), &name)?;
    let page = db.read(move |db| Ok(Page::of(store::page(db.conn(), letters.as_deref(), &page)?, page.limit)));
    listed(page.await?, &name, |card: &GiftCard| (card.created_at, card.id))
}

/// Get a gift card
///
/// With what is on it and what orders hold of it.
#[utoipa::path(
    tag = "payments", operation_id = "getGiftCard",
    responses(
        (status = 200, body = GiftCard, description = "The gift card"),
        (status = 304, description = "Unchanged"),
    ),
    extensions(("x-permission" = json!("gift_cards:write"))),
)]
#[get("/v1/gift-cards/{gift_card_id}", wrap = "Gate")]
async fn show(wanted: RecordRead<GiftCardId>) -> Result<HttpResponse> {
    wanted.actor.require_everywhere(Permission::GiftCardsWrite)?;
    wanted.answer(Permission::GiftCardsWrite, |db, _, id| store::by_id(db.conn(), id)).await
}

/// List the moves of a gift card
///
/// The newest first: what was put on it, held, taken and given back, by which payments. Whether it is disabled or has
/// expired moves nothing.
#[utoipa::path(
    tag = "payments", operation_id = "listGiftCardMoves", params(PageQuery),
    responses((status = 200, body = Listed<GiftCardMove>, description = "A page of moves")),
    extensions(("x-permission" = json!("gift_cards:write"))),
)]
#[get("/v1/gift-cards/{gift_card_id}/moves", wrap = "Gate")]
async fn moves(
    actor: Actor,
    db: web::Data<Db>,
    id: PathOf<GiftCardId>,
    query: Params<PageQuery>,
) -> Result<HttpResponse> {
    actor.require_everywhere(Permission::GiftCardsWrite)?;
    let PageQuery { limit, cursor } = query.0;
    let name = format!("gift card moves {}", id.0);
    let page = page_of::<TimeKey<GiftCardMoveId>>(limit, cursor.as_deref(), &name)?;
    let page = db.read(move |db| {
        store::by_id(db.conn(), id.0)?;
        Ok(Page::of(store::moves(db.conn(), id.0, &page)?, page.limit))
    });
    listed(page.await?, &name, |step: &GiftCardMove| (step.created_at, step.id))
}

/// A code as it was typed or scanned.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct LookUpGiftCard {
    /// The code, in whatever case, with or without hyphens and spaces.
    code: GiftCardCode,
}

/// Look up a gift card
///
/// By its code, which is sent in the body so that no log has it: what is on it, and until when it pays.
#[utoipa::path(
    tag = "payments", operation_id = "lookUpGiftCard", request_body = LookUpGiftCard,
    responses(
        (status = 200, body = GiftCard, description = "The gift card"),
        (status = 422, description = "There is none with this code"),
    ),
    extensions(("x-permission" = json!("orders:pay"))),
)]
#[post("/v1/gift-cards/lookup", wrap = "Gate")]
async fn look_up(actor: Actor, db: web::Data<Db>, body: Body<LookUpGiftCard>) -> Result<HttpResponse> {
    actor.require_anywhere(Permission::OrdersPay)?;
    Ok(HttpResponse::Ok().json(read::by_code(&db, body.value.code, "/code").await?))
}

/// The changes of a gift card; absent fields stay, null clears.
#[derive(Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = changes_something))]
struct ChangeGiftCard {
    /// The moment from which it cannot be paid with any more, over or not; null for none.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::clearable")]
    #[schema(value_type = Option<DateTime<Utc>>)]
    expires_at: Option<Option<DateTime<Utc>>>,
    /// True if it cannot be paid with, such as one that was lost; what orders hold of it stays theirs.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::present")]
    #[schema(nullable = false)]
    disabled: Option<bool>,
    /// Someone's own words about it; null for none.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::clearable")]
    #[schema(value_type = Option<Note>)]
    note: Option<Option<Note>>,
}

fn changes_something(body: &ChangeGiftCard) -> std::result::Result<(), ValidationError> {
    match body.expires_at.is_none() && body.disabled.is_none() && body.note.is_none() {
        true => Err(ValidationError::new("empty").with_message("there is nothing to change".into())),
        false => Ok(()),
    }
}

/// Change a gift card
///
/// A merge patch (RFC 7396) of when it expires, whether it pays, or its note. Orders that were paid with it keep what
/// they hold, and refunds go back on it.
#[utoipa::path(
    tag = "payments", operation_id = "changeGiftCard", request_body = ChangeGiftCard, params(MustMatch, OptionalKey),
    responses(
        (status = 200, body = GiftCard, description = "The gift card"),
        (status = 412, description = "Stale version"),
        (status = 428, description = "If-Match is missing"),
    ),
    extensions(("x-permission" = json!("gift_cards:write"))),
)]
#[patch("/v1/gift-cards/{gift_card_id}", wrap = "Gate")]
async fn change(
    db: web::Data<Db>,
    id: PathOf<GiftCardId>,
    request: Change<ChangeGiftCard, OptionalKey, MustMatch>,
) -> Result<Recorded<GiftCard>> {
    let ChangeGiftCard { expires_at, disabled, note } = request.value;
    let change = GiftCardChange {
        expires_at: expires_at.map(|end| end.map(to_micros)),
        is_disabled: disabled,
        note: note.map(|note| note.map(String::from)),
    };
    changing::change(&db, request.caller, id.0, change).await
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = is_some_amount))]
struct AdjustGiftCard {
    /// The amount to put on it, or, below 0, to take off it, in minor units.
    #[schema(minimum = -1_000_000_000_000_i64, maximum = 1_000_000_000_000_i64)]
    delta_minor: i64,
    /// Why, in words.
    reason: Note,
}

fn is_some_amount(body: &AdjustGiftCard) -> std::result::Result<(), ValidationError> {
    let is_some = body.delta_minor != 0 && (-MOST_MINOR..=MOST_MINOR).contains(&body.delta_minor);
    let fault = ("/delta_minor".to_owned(), "must be 1 to 1000000000000 minor units, or as much below 0".to_owned());
    entries((!is_some).then_some(fault))
}

/// Adjust a gift card
///
/// Puts an amount on it or takes it off, with a reason; never below what orders hold of it.
#[utoipa::path(
    tag = "payments", operation_id = "adjustGiftCard", request_body = AdjustGiftCard, params(IfMatch, RequiredKey),
    responses(
        (status = 200, body = GiftCard, description = "The gift card"),
        (status = 409, description = "Less than that is available"),
    ),
    extensions(("x-permission" = json!("gift_cards:write"))),
)]
#[post("/v1/gift-cards/{gift_card_id}/adjust", wrap = "Gate")]
async fn adjust(
    db: web::Data<Db>,
    id: PathOf<GiftCardId>,
    request: Change<AdjustGiftCard, RequiredKey, IfMatch>,
) -> Result<Recorded<GiftCard>> {
    let AdjustGiftCard { delta_minor, reason } = request.value;
    changing::adjust(&db, request.caller, id.0, delta_minor, String::from(reason)).await
}

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.service(issue).service(list).service(look_up).service(show).service(moves).service(change).service(adjust);
}
