//! Transfers as papers: write, list, show, rewrite, make ready, cancel.
use crate::{
    inventory::{
        service::Inventory,
        skus,
        transfers::{
            TransferStatus,
            draft::{self, NewTransfer, TransferRewrite, TransferStep},
            model::TransferFilter,
            read::{self, TransferView},
        },
    },
    kernel::{Actor, LocationId, Quantity, Result, Sku, Text, TransferId, actor::Permission},
    platform::{
        db::Db,
        group_commit::Versioned,
        http::{
            Change, DraftRefusals, Gate, Listed, Located, MustMatch, Nothing, OptionalKey, Params, PathOf, RecordRead,
            RecordStep, RequiredKey, listed, page_of,
        },
        idempotency::Recorded,
    },
};
use actix_web::{HttpResponse, get, patch, post, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::{Validate, ValidationError};

/// Units of a SKU.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// The SKU of the variant.
    sku: Sku,
    /// Units.
    quantity: Quantity,
}

fn asked(lines: Vec<Asked>) -> skus::SkuQuantities {
    lines.into_iter().map(|line| (line.sku, line.quantity)).collect()
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateTransfer {
    /// The location that sends the goods.
    from_location_id: LocationId,
    /// The location that receives the goods.
    to_location_id: LocationId,
    /// Your own reference.
    reference: Option<Text<100>>,
    /// When it is expected to arrive.
    expected_on: Option<NaiveDate>,
    /// The units that are asked for; lines of one SKU add up.
    #[serde(deserialize_with = "crate::kernel::strict_json::list")]
    #[validate(length(min = 1, max = 500, message = "1 to 500 lines"))]
    #[schema(min_items = 1, max_items = 500)]
    lines: Vec<Asked>,
}

/// Create a transfer
///
/// As a draft, for either end. Nothing moves yet.
#[utoipa::path(
    tag = "transfers", operation_id = "createTransfer", request_body = CreateTransfer, params(RequiredKey),
    responses(
        (status = 201, body = TransferView, description = "The transfer"),
        (status = 422, description = "From a location to itself, or an unknown SKU"),
    ),
    extensions(("x-permission" = json!("inventory:transfer"))),
)]
#[post("/v1/transfers", wrap = "Gate")]
pub async fn create(
    inventory: web::Data<Inventory>,
    request: Change<CreateTransfer, RequiredKey>,
) -> Result<Located<TransferView>> {
    let CreateTransfer { from_location_id, to_location_id, reference, expected_on, lines } = request.value;
    let reference = reference.map(String::from);
    let new = NewTransfer { from: from_location_id, to: to_location_id, reference, expected_on, lines: vec![] };
    Ok(draft::create(&inventory, request.caller, new, asked(lines)).await?.under("/v1/transfers"))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ListQuery {
    /// Leaving or reaching this location.
    location_id: Option<LocationId>,
    /// Only with this status.
    #[param(inline)]
    status: Option<TransferStatus>,
    /// With this number.
    number: Option<i64>,
    /// Transfers in a page.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before; the first page, if absent.
    cursor: Option<String>,
}

/// List transfers
///
/// Those of which you may see an end, newest first.
#[utoipa::path(
    tag = "transfers", operation_id = "listTransfers", params(ListQuery),
    responses((status = 200, body = Listed<TransferView>, description = "A page of transfers")),
    extensions(("x-permission" = json!("inventory:read"))),
)]
#[get("/v1/transfers", wrap = "Gate")]
pub async fn list(actor: Actor, db: web::Data<Db>, query: Params<ListQuery>) -> Result<HttpResponse> {
    actor.require_anywhere(Permission::InventoryRead)?;
    let ListQuery { location_id: location, status, number, limit, cursor } = query.0;
    let name = format!("transfers {location:?} {status:?} {number:?}");
    let page = page_of::<TransferId>(limit, cursor.as_deref(), &name)?;
    let locations = actor.places(Permission::InventoryRead);
    let page = db.read(move |db| read::transfers(db, &locations, &TransferFilter { location, status, number }, &page));
    listed(page.await?, &name, |view| view.head.id)
}

impl Versioned for TransferView {
    fn version(&self) -> i64 {
        self.head.version
    }
}

/// Get a transfer
///
/// If you may see one of its ends.
#[utoipa::path(
    tag = "transfers", operation_id = "getTransfer",
    responses(
        (status = 200, body = TransferView, description = "The transfer"),
        (status = 304, description = "Unchanged"),
    ),
    extensions(("x-permission" = json!("inventory:read"))),
)]
#[get("/v1/transfers/{transfer_id}", wrap = "Gate")]
pub async fn show(asked: RecordRead<TransferId>) -> Result<HttpResponse> {
    asked.answer(Permission::InventoryRead, read::transfer_view).await
}

/// The changes of a draft; absent fields stay.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = says_something))]
struct ChangeTransfer {
    /// The caller's own reference.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::present")]
    #[schema(nullable = false)]
    reference: Option<Text<100>>,
    /// The day on which the goods are expected.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::present")]
    #[schema(nullable = false)]
    expected_on: Option<NaiveDate>,
    /// All lines anew.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::some_list")]
    #[validate(length(min = 1, max = 500, message = "1 to 500 lines"))]
    #[schema(min_items = 1, max_items = 500, nullable = false)]
    lines: Option<Vec<Asked>>,
}

fn says_something(wanted: &ChangeTransfer) -> std::result::Result<(), ValidationError> {
    match (&wanted.reference, wanted.expected_on, &wanted.lines) {
        (None, None, None) => Err(ValidationError::new("empty").with_message("there is nothing to change".into())),
        _ => Ok(()),
    }
}

/// Change a draft transfer
///
/// `If-Match` names the version that was read. Lines are sent whole.
#[utoipa::path(
    tag = "transfers", operation_id = "changeTransfer", request_body = ChangeTransfer, params(MustMatch, OptionalKey),
    responses(
        (status = 200, body = TransferView, description = "The transfer"),
        DraftRefusals,
    ),
    extensions(("x-permission" = json!("inventory:transfer"))),
)]
#[patch("/v1/transfers/{transfer_id}", wrap = "Gate")]
pub async fn change(
    inventory: web::Data<Inventory>,
    id: PathOf<TransferId>,
    request: Change<ChangeTransfer, OptionalKey, MustMatch>,
) -> Result<Recorded<TransferView>> {
    let ChangeTransfer { reference, expected_on, lines } = request.value;
    let rewrite = TransferRewrite {
        reference: reference.map(|text| Some(text.into())),
        expected_on: expected_on.map(Some),
        lines: lines.map(asked),
    };
    draft::step(&inventory, request.caller, id.0, TransferStep::TransferRewrite(rewrite)).await
}

/// Mark a transfer as ready
///
/// It is to be picked and shipped, and can no longer be rewritten.
#[utoipa::path(
    tag = "transfers", operation_id = "readyTransfer", request_body = Option<Nothing>, params(RecordStep<TransferId>),
    responses(
        (status = 200, body = TransferView, description = "The transfer"),
        (status = 409, description = "No longer a draft"),
    ),
    extensions(("x-permission" = json!("inventory:transfer"))),
)]
#[post("/v1/transfers/{transfer_id}/ready", wrap = "Gate")]
pub async fn ready(inventory: web::Data<Inventory>, wanted: RecordStep<TransferId>) -> Result<Recorded<TransferView>> {
    draft::step(&inventory, wanted.caller, wanted.id, TransferStep::Ready).await
}

/// Cancel a transfer
///
/// Until goods of it have left.
#[utoipa::path(
    tag = "transfers", operation_id = "cancelTransfer", request_body = Option<Nothing>, params(RecordStep<TransferId>),
    responses(
        (status = 200, body = TransferView, description = "The transfer"),
        (status = 409, description = "Shipped or canceled already"),
    ),
    extensions(("x-permission" = json!("inventory:transfer"))),
)]
#[post("/v1/transfers/{transfer_id}/cancel", wrap = "Gate")]
pub async fn cancel(inventory: web::Data<Inventory>, wanted: RecordStep<TransferId>) -> Result<Recorded<TransferView>> {
    draft::step(&inventory, wanted.caller, wanted.id, TransferStep::Cancel).await
}
