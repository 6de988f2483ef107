//! The list of reasons.
use super::store;
use crate::{
    inventory::{
        model::{Direction, Node},
        reasons::model::{NewReason, Reason},
    },
    kernel::{Actor, Error, Locations, Page, Result, Text, actor::Permission},
    platform::{
        db::{Db, Read},
        group_commit::Versioned,
        http::{
            Change, Gate, Listed, Located, MustMatch, OptionalKey, PageQuery, Params, PathOf, RecordRead, listed,
            page_of,
        },
        idempotency::Recorded,
    },
};
use actix_web::{HttpResponse, get, patch, post, web};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::{Validate, ValidationError};

/// List adjustment reasons
///
/// In order of code, those out of use as well.
#[utoipa::path(
    tag = "inventory", operation_id = "listReasons", params(PageQuery),
    responses((status = 200, body = Listed<Reason>, description = "A page of reasons")),
    extensions(("x-permission" = json!("inventory:read"))),
)]
#[get("/v1/reasons", wrap = "Gate")]
async fn list(actor: Actor, db: web::Data<Db>, query: Params<PageQuery>) -> Result<HttpResponse> {
    actor.require_anywhere(Permission::InventoryRead)?;
    let PageQuery { limit, cursor } = query.0;
    let page = page_of::<String>(limit, cursor.as_deref(), "reasons")?;
    let page = db.read(move |db| Ok(Page::of(store::reasons(db.conn(), &page)?, page.limit)));
    listed(page.await?, "reasons", |reason| reason.code.clone())
}

impl Versioned for Reason {
    fn version(&self) -> i64 {
        self.version
    }
}

/// Get an adjustment reason
///
/// By its code.
#[utoipa::path(
    tag = "inventory", operation_id = "getReason", params(("code" = String, Path, description = "The reason's code")),
    responses((status = 200, body = Reason, description = "The reason"), (status = 304, description = "Unchanged")),
    extensions(("x-permission" = json!("inventory:read"))),
)]
#[get("/v1/reasons/{code}", wrap = "Gate")]
async fn show(asked: RecordRead<String>) -> Result<HttpResponse> {
    let read = |db: &mut Read, _: &Locations, code: String| {
        store::reason(db.conn(), &code)?.ok_or_else(|| Error::not_found("reason"))
    };
    asked.answer(Permission::InventoryRead, read).await
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateReason {
    /// The code that clients send: lower case letters, digits and `_`, 2 to 32 of them.
    #[validate(custom(function = is_code))]
    #[schema(pattern = "^[a-z][a-z0-9_]{1,31}$", example = "window_display")]
    code: String,
    /// The name that people read.
    name: Text<100>,
    /// The way on-hand stock may go for this reason.
    direction: Direction,
    /// `scrap` for goods that are given away, used up or thrown away; `adjust` where the books were wrong.
    #[validate(custom(function = is_reasonable))]
    node: Node,
}

fn is_code(code: &str) -> std::result::Result<(), ValidationError> {
    let is_word = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    let fits = (2..=32).contains(&code.len())
        && code.bytes().all(is_word)
        && code.starts_with(|c: char| c.is_ascii_lowercase());
    let say = || ValidationError::new("code").with_message("must be 2 to 32 of a-z, 0-9 and _, a letter first".into());
    fits.then_some(()).ok_or_else(say)
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "validator passes references")]
fn is_reasonable(node: &Node) -> std::result::Result<(), ValidationError> {
    let say = || ValidationError::new("node").with_message("must be scrap or adjust".into());
    matches!(node, Node::Scrap | Node::Adjust).then_some(()).ok_or_else(say)
}

/// Create an adjustment reason
///
/// Its code is unique and keeps its meaning.
#[utoipa::path(
    tag = "inventory", operation_id = "createReason", request_body = CreateReason, params(OptionalKey),
    responses(
        (status = 201, body = Reason, description = "The reason"),
        (status = 409, description = "The code is on the list"),
    ),
    extensions(("x-permission" = json!("reasons:write"))),
)]
#[post("/v1/reasons", wrap = "Gate")]
async fn create(db: web::Data<Db>, request: Change<CreateReason>) -> Result<Located<Reason>> {
    let CreateReason { code, name, direction, node } = request.value;
    Ok(super::create(&db, request.caller, NewReason { code, name, direction, node }).await?.under("/v1/reasons"))
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = says_something))]
struct ChangeReason {
    /// The name that people read.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::present")]
    #[schema(nullable = false)]
    name: Option<Text<100>>,
    /// True if it may still be given.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::present")]
    #[schema(nullable = false)]
    is_active: Option<bool>,
}

fn says_something(wanted: &ChangeReason) -> std::result::Result<(), ValidationError> {
    match (&wanted.name, wanted.is_active) {
        (None, None) => Err(ValidationError::new("empty").with_message("there is nothing to change".into())),
        _ => Ok(()),
    }
}

/// Change an adjustment reason
///
/// Its name, or whether it is still in use. What was booked under it stays.
#[utoipa::path(
    tag = "inventory", operation_id = "changeReason", request_body = ChangeReason,
    params(("code" = String, Path, description = "The reason's code"), MustMatch, OptionalKey),
    responses(
        (status = 200, body = Reason, description = "The reason"),
        (status = 412, description = "Stale version"),
        (status = 428, description = "If-Match is missing"),
    ),
    extensions(("x-permission" = json!("reasons:write"))),
)]
#[patch("/v1/reasons/{code}", wrap = "Gate")]
async fn change(
    db: web::Data<Db>,
    code: PathOf<String>,
    request: Change<ChangeReason, OptionalKey, MustMatch>,
) -> Result<Recorded<Reason>> {
    let ChangeReason { name, is_active } = request.value;
    super::change(&db, request.caller, code.0, name, is_active).await
}

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.service(list).service(show).service(create).service(change);
}
