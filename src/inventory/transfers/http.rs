//! Transfers: write, list, show, ready, ship, receive, cancel.
use super::{
    TransferStatus, TransferView,
    draft::{self, NewTransfer, Rewrite, Step},
    read::{self, TransferFilter},
    receive::{self, Came},
    ship::{self, ToShip},
};
use crate::{
    catalog::Catalog,
    inventory::Inventory,
    kernel::{Actor, LocationId, Quantity, Result, Sku, Text, TransferId, actor::Permission},
    platform::{
        db::Db,
        http::{
            Body, IfMatch, OptionalKey, Params, PathOf, RequiredKey, answer::Listed, listed, params::page_of,
            problem::Problem, versioned,
        },
        idempotency::Answer,
    },
};
use actix_web::{HttpRequest, HttpResponse, get, patch, post, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::{Validate, ValidationError};

/// Units of a SKU.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Asked {
    sku: Sku,
    quantity: Quantity,
}

fn asked(lines: Vec<Asked>) -> draft::Asked {
    lines.into_iter().map(|line| (line.sku, line.quantity)).collect()
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateTransfer {
    from_location_id: LocationId,
    to_location_id: LocationId,
    /// Your own reference.
    reference: Option<Text<100>>,
    /// When it is expected to arrive.
    expected_on: Option<NaiveDate>,
    /// What is asked for; lines of one SKU add up.
    #[serde(deserialize_with = "crate::kernel::object::list")]
    #[validate(length(min = 1, max = 500, message = "1 to 500 lines"))]
    #[schema(min_items = 1, max_items = 500)]
    lines: Vec<Asked>,
}

/// Writes a transfer
///
/// As a draft, for either end. Nothing moves yet.
#[utoipa::path(tag = "transfers", operation_id = "createTransfer", request_body = CreateTransfer, params(("Idempotency-Key" = String, Header, description = "Makes retries safe")),
    responses((status = 201, body = TransferView, description = "The transfer"), (status = 422, description = "From a place to itself, or an unknown SKU", body = Problem, content_type = "application/problem+json")), extensions(("x-permission" = json!("inventory:transfer"))))]
#[post("/v1/transfers")]
pub async fn create(
    actor: Actor,
    db: web::Data<Db>,
    catalog: web::Data<Catalog>,
    key: RequiredKey,
    body: Body<CreateTransfer>,
) -> Result<Answer> {
    let key = key.once(&actor, &body);
    let CreateTransfer { from_location_id, to_location_id, reference, expected_on, lines } = body.value;
    let reference = reference.map(String::from);
    let new = NewTransfer { from: from_location_id, to: to_location_id, reference, expected_on, lines: vec![] };
    draft::create((&db, &catalog), actor, (new, asked(lines)), key).await
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ListQuery {
    /// Leaving or reaching this place.
    location: Option<LocationId>,
    /// Only with this status.
    #[param(inline)]
    status: Option<TransferStatus>,
    /// Transfers in a page.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// Where to go on.
    cursor: Option<String>,
}

/// Lists transfers
///
/// Those of which you may see an end, newest first.
#[utoipa::path(tag = "transfers", operation_id = "listTransfers", params(ListQuery),
    responses((status = 200, body = Listed<TransferView>, description = "A page of transfers")), extensions(("x-permission" = json!("inventory:read"))))]
#[get("/v1/transfers")]
pub async fn list(actor: Actor, db: web::Data<Db>, query: Params<ListQuery>) -> Result<HttpResponse> {
    actor.demand_anywhere(Permission::InventoryRead)?;
    let ListQuery { location, status, limit, cursor } = query.0;
    let name = format!("transfers {location:?} {status:?}");
    let page = page_of::<TransferId>(limit, cursor.as_deref(), &name)?;
    let places = actor.places(Permission::InventoryRead);
    let page = db.read(move |db| read::transfers(db, &places, &TransferFilter { location, status }, &page));
    Ok(listed(page.await?, &name, |view| view.head.id))
}

/// Shows a transfer
///
/// If you may see one of its ends.
#[utoipa::path(tag = "transfers", operation_id = "getTransfer", params(("transfer_id" = TransferId, Path, description = "The transfer")),
    responses((status = 200, body = TransferView, description = "The transfer"), (status = 304, description = "Unchanged")), extensions(("x-permission" = json!("inventory:read"))))]
#[get("/v1/transfers/{transfer_id}")]
pub async fn show(req: HttpRequest, actor: Actor, db: web::Data<Db>, id: PathOf<TransferId>) -> Result<HttpResponse> {
    actor.demand_anywhere(Permission::InventoryRead)?;
    let places = actor.places(Permission::InventoryRead);
    let view = db.read(move |db| read::transfer_view(db, &places, id.0)).await?;
    Ok(versioned(&req, view.head.version, &view))
}

/// What changes of a draft; absent fields stay.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = says_something))]
struct ChangeTransfer {
    #[serde(default, deserialize_with = "crate::kernel::object::present")]
    reference: Option<Text<100>>,
    #[serde(default, deserialize_with = "crate::kernel::object::present")]
    expected_on: Option<NaiveDate>,
    /// All lines anew.
    #[serde(default, deserialize_with = "some_list")]
    #[validate(length(min = 1, max = 500, message = "1 to 500 lines"))]
    #[schema(min_items = 1, max_items = 500)]
    lines: Option<Vec<Asked>>,
}

fn some_list<'de, D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Option<Vec<Asked>>, D::Error> {
    crate::kernel::object::list(deserializer).map(Some)
}

fn says_something(wanted: &ChangeTransfer) -> std::result::Result<(), ValidationError> {
    match (&wanted.reference, wanted.expected_on, &wanted.lines) {
        (None, None, None) => Err(ValidationError::new("empty").with_message("there is nothing to change".into())),
        _ => Ok(()),
    }
}

/// Rewrites a draft
///
/// `If-Match` names the version that was read. Lines are sent whole.
#[utoipa::path(tag = "transfers", operation_id = "changeTransfer", request_body = ChangeTransfer, params(("transfer_id" = TransferId, Path, description = "The transfer"), ("If-Match" = String, Header, description = "The version that was read")),
    responses((status = 200, body = TransferView, description = "The transfer"), (status = 409, description = "No longer a draft", body = Problem, content_type = "application/problem+json"), (status = 412, description = "Stale version", body = Problem, content_type = "application/problem+json"), (status = 428, description = "If-Match is missing", body = Problem, content_type = "application/problem+json")), extensions(("x-permission" = json!("inventory:transfer"))))]
#[patch("/v1/transfers/{transfer_id}")]
pub async fn change(
    actor: Actor,
    db: web::Data<Db>,
    catalog: web::Data<Catalog>,
    id: PathOf<TransferId>,
    if_match: IfMatch,
    key: OptionalKey,
    body: Body<ChangeTransfer>,
) -> Result<Answer> {
    let key = key.once(&actor, &body);
    let ChangeTransfer { reference, expected_on, lines } = body.value;
    let rewrite = Rewrite {
        reference: reference.map(|text| Some(text.into())),
        expected_on: expected_on.map(Some),
        lines: lines.map(asked),
    };
    draft::step((&db, &catalog), actor, (id.0, Step::Rewrite(rewrite)), if_match.required()?, key).await
}

/// Nothing needs to be said.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// Makes a transfer ready
///
/// It is to be picked and shipped, and can no longer be rewritten.
#[utoipa::path(tag = "transfers", operation_id = "readyTransfer", request_body = Nothing, params(("transfer_id" = TransferId, Path, description = "The transfer"), ("If-Match" = Option<String>, Header, description = "The version that was read"), ("Idempotency-Key" = Option<String>, Header, description = "Makes retries safe")),
    responses((status = 200, body = TransferView, description = "The transfer"), (status = 409, description = "No longer a draft", body = Problem, content_type = "application/problem+json")), extensions(("x-permission" = json!("inventory:transfer"))))]
#[post("/v1/transfers/{transfer_id}/ready")]
pub async fn ready(
    actor: Actor,
    db: web::Data<Db>,
    catalog: web::Data<Catalog>,
    id: PathOf<TransferId>,
    if_match: IfMatch,
    key: OptionalKey,
    body: Body<Nothing>,
) -> Result<Answer> {
    let key = key.once(&actor, &body);
    draft::step((&db, &catalog), actor, (id.0, Step::Ready), if_match, key).await
}

/// Cancels a transfer
///
/// Until goods of it have left.
#[utoipa::path(tag = "transfers", operation_id = "cancelTransfer", request_body = Nothing, params(("transfer_id" = TransferId, Path, description = "The transfer"), ("If-Match" = Option<String>, Header, description = "The version that was read"), ("Idempotency-Key" = Option<String>, Header, description = "Makes retries safe")),
    responses((status = 200, body = TransferView, description = "The transfer"), (status = 409, description = "Shipped or canceled already", body = Problem, content_type = "application/problem+json")), extensions(("x-permission" = json!("inventory:transfer"))))]
#[post("/v1/transfers/{transfer_id}/cancel")]
pub async fn cancel(
    actor: Actor,
    db: web::Data<Db>,
    catalog: web::Data<Catalog>,
    id: PathOf<TransferId>,
    if_match: IfMatch,
    key: OptionalKey,
    body: Body<Nothing>,
) -> Result<Answer> {
    let key = key.once(&actor, &body);
    draft::step((&db, &catalog), actor, (id.0, Step::Cancel), if_match, key).await
}

/// Units that leave.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Leaving {
    sku: Sku,
    /// The lot; what expires first, if absent.
    lot: Option<Text<20>>,
    quantity: Quantity,
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct ShipTransfer {
    /// What leaves; all that is left to ship, if absent.
    #[serde(default, deserialize_with = "crate::kernel::object::list")]
    #[validate(length(max = 500, message = "at most 500 lines"))]
    #[schema(max_items = 500)]
    lines: Vec<Leaving>,
    /// Whether more of it will be shipped later; if not, what is missing is not sent any more.
    #[serde(default)]
    more_follows: bool,
}

/// Ships a transfer
///
/// Goods leave the sending place and are in transit to the other. Only what is not promised there may leave; lots that
/// expire first leave first, unless they are named.
#[utoipa::path(tag = "transfers", operation_id = "shipTransfer", request_body = ShipTransfer, params(("transfer_id" = TransferId, Path, description = "The transfer"), ("If-Match" = Option<String>, Header, description = "The version that was read"), ("Idempotency-Key" = String, Header, description = "Makes retries safe")),
    responses((status = 200, body = TransferView, description = "The transfer"), (status = 409, description = "Not ready, more than was asked for, or promised", body = Problem, content_type = "application/problem+json")), extensions(("x-permission" = json!("inventory:transfer"))))]
#[post("/v1/transfers/{transfer_id}/ship")]
pub async fn ship_transfer(
    actor: Actor,
    inventory: web::Data<Inventory>,
    catalog: web::Data<Catalog>,
    id: PathOf<TransferId>,
    if_match: IfMatch,
    key: RequiredKey,
    body: Body<ShipTransfer>,
) -> Result<Answer> {
    let key = key.once(&actor, &body);
    let ShipTransfer { lines, more_follows } = body.value;
    let line = |line: Leaving| ToShip { sku: line.sku, lot: line.lot.map(String::from), quantity: line.quantity };
    let lines = lines.into_iter().map(line).collect();
    ship::ship((&inventory, &catalog), actor, (id.0, lines, !more_follows), if_match, key).await
}

/// What has come of a SKU.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Coming {
    sku: Sku,
    /// The lot; any, if absent.
    lot: Option<Text<20>>,
    /// Units in good order.
    #[serde(default, deserialize_with = "crate::kernel::quantity::units")]
    #[schema(minimum = 0, maximum = 1_000_000)]
    received: i32,
    /// Units that came damaged.
    #[serde(default, deserialize_with = "crate::kernel::quantity::units")]
    #[schema(minimum = 0, maximum = 1_000_000)]
    damaged: i32,
    /// Units that left and will not come.
    #[serde(default, deserialize_with = "crate::kernel::quantity::units")]
    #[schema(minimum = 0, maximum = 1_000_000)]
    lost: i32,
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = counts_something))]
struct ReceiveTransfer {
    /// What has come; all that is on its way and in good order, if absent.
    #[serde(default, deserialize_with = "crate::kernel::object::list")]
    #[validate(length(max = 500, message = "at most 500 lines"))]
    #[schema(max_items = 500)]
    lines: Vec<Coming>,
}

fn counts_something(body: &ReceiveTransfer) -> std::result::Result<(), ValidationError> {
    let is_nothing = |line: &Coming| line.received == 0 && line.damaged == 0 && line.lost == 0;
    match body.lines.iter().any(is_nothing) {
        true => Err(ValidationError::new("empty").with_message("a line counts nothing".into())),
        false => Ok(()),
    }
}

/// Receives a transfer
///
/// Goods come in: in good order, damaged, or lost on the way. What is not named stays in transit. Goods of a lot that
/// was recalled meanwhile go to quality hold, expired ones to expired.
#[utoipa::path(tag = "transfers", operation_id = "receiveTransfer", request_body = ReceiveTransfer, params(("transfer_id" = TransferId, Path, description = "The transfer"), ("If-Match" = Option<String>, Header, description = "The version that was read"), ("Idempotency-Key" = String, Header, description = "Makes retries safe")),
    responses((status = 200, body = TransferView, description = "The transfer"), (status = 409, description = "Nothing on its way, or less than is said to have come", body = Problem, content_type = "application/problem+json")), extensions(("x-permission" = json!("inventory:transfer"))))]
#[post("/v1/transfers/{transfer_id}/receive")]
pub async fn receive_transfer(
    actor: Actor,
    inventory: web::Data<Inventory>,
    catalog: web::Data<Catalog>,
    id: PathOf<TransferId>,
    if_match: IfMatch,
    key: RequiredKey,
    body: Body<ReceiveTransfer>,
) -> Result<Answer> {
    let key = key.once(&actor, &body);
    let came = |line: Coming| {
        let Coming { sku, lot, received, damaged, lost } = line;
        Came { sku, lot: lot.map(String::from), received, damaged, lost }
    };
    let lines = body.value.lines.into_iter().map(came).collect();
    receive::receive((&inventory, &catalog), actor, (id.0, lines), if_match, key).await
}
