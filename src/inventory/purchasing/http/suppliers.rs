//! Suppliers: add, list, show, change.
use crate::{
    inventory::purchasing::{
        model::NewSupplier,
        store::{self, Supplier},
        suppliers::{self, SupplierChange},
    },
    kernel::{Actor, Error, Locations, Page, Result, SupplierId, Text, actor::Permission},
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
use validator::{Validate, ValidationError};

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateSupplier {
    /// A short code that people use, unique.
    code: Text<32>,
    /// The name that people read.
    name: Text<200>,
    /// Days until goods that are ordered arrive.
    #[validate(range(min = 0, max = 365, message = "must be 0 to 365"))]
    #[schema(minimum = 0, maximum = 365)]
    lead_days: i32,
    /// Units that an order must have at least; any number, if absent.
    #[serde(default, deserialize_with = "crate::kernel::quantity::units")]
    #[schema(minimum = 0, maximum = 1_000_000)]
    minimum_units: i32,
}

/// Create a supplier
///
/// With the terms on which goods are bought there.
#[utoipa::path(
    tag = "purchasing", operation_id = "createSupplier", request_body = CreateSupplier, params(OptionalKey),
    responses(
        (status = 201, body = Supplier, description = "The supplier"),
        (status = 409, description = "The code is in use"),
    ),
    extensions(("x-permission" = json!("suppliers:write"))),
)]
#[post("/v1/suppliers", wrap = "Gate")]
pub async fn create(db: web::Data<Db>, request: Change<CreateSupplier>) -> Result<Located<Supplier>> {
    let CreateSupplier { code, name, lead_days, minimum_units } = request.value;
    let new = NewSupplier { code: code.into(), name: name.into(), lead_days, minimum_units };
    Ok(suppliers::create(&db, request.caller, new).await?.under("/v1/suppliers"))
}

/// List suppliers
///
/// In order of code.
#[utoipa::path(
    tag = "purchasing", operation_id = "listSuppliers", params(PageQuery),
    responses((status = 200, body = Listed<Supplier>, description = "A page of suppliers")),
    extensions(("x-permission" = json!("inventory:read"))),
)]
#[get("/v1/suppliers", wrap = "Gate")]
pub async fn list(actor: Actor, db: web::Data<Db>, query: Params<PageQuery>) -> Result<HttpResponse> {
    actor.require_anywhere(Permission::InventoryRead)?;
    let PageQuery { limit, cursor } = query.0;
    let page = page_of::<String>(limit, cursor.as_deref(), "suppliers")?;
    let page = db.read(move |db| Ok(Page::of(store::suppliers(db.conn(), &page)?, page.limit)));
    listed(page.await?, "suppliers", |supplier| supplier.code.clone())
}

impl Versioned for Supplier {
    fn version(&self) -> i64 {
        self.version
    }
}

/// Get a supplier
///
/// With its terms.
#[utoipa::path(
    tag = "purchasing", operation_id = "getSupplier",
    responses((status = 200, body = Supplier, description = "The supplier"), (status = 304, description = "Unchanged")),
    extensions(("x-permission" = json!("inventory:read"))),
)]
#[get("/v1/suppliers/{supplier_id}", wrap = "Gate")]
pub async fn show(asked: RecordRead<SupplierId>) -> Result<HttpResponse> {
    let read = |db: &mut Read, _: &Locations, id: SupplierId| {
        store::suppliers_by_id(db.conn(), &[id])?.pop().ok_or_else(|| Error::not_found("supplier"))
    };
    asked.answer(Permission::InventoryRead, read).await
}

/// The changes of a supplier; absent fields stay.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = says_something))]
struct ChangeSupplier {
    /// The name that people read.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::present")]
    #[schema(nullable = false)]
    name: Option<Text<200>>,
    /// Days between an order and its delivery.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::present")]
    #[validate(range(min = 0, max = 365, message = "must be 0 to 365"))]
    #[schema(minimum = 0, maximum = 365, nullable = false)]
    lead_days: Option<i32>,
    /// The fewest units of an order to the supplier.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::present")]
    #[validate(range(min = 0, max = 1_000_000, message = "must be 0 to 1000000"))]
    #[schema(minimum = 0, maximum = 1_000_000, nullable = false)]
    minimum_units: Option<i32>,
    /// True if anything may still be ordered.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::present")]
    #[schema(nullable = false)]
    is_active: Option<bool>,
}

fn says_something(wanted: &ChangeSupplier) -> std::result::Result<(), ValidationError> {
    let is_empty = wanted.name.is_none()
        && wanted.lead_days.is_none()
        && wanted.minimum_units.is_none()
        && wanted.is_active.is_none();
    match is_empty {
        true => Err(ValidationError::new("empty").with_message("there is nothing to change".into())),
        false => Ok(()),
    }
}

/// Change a supplier
///
/// Its terms, or whether anything is bought there. Orders that were placed keep theirs.
#[utoipa::path(
    tag = "purchasing", operation_id = "changeSupplier", request_body = ChangeSupplier, params(MustMatch, OptionalKey),
    responses(
        (status = 200, body = Supplier, description = "The supplier"),
        (status = 412, description = "Stale version"),
        (status = 428, description = "If-Match is missing"),
    ),
    extensions(("x-permission" = json!("suppliers:write"))),
)]
#[patch("/v1/suppliers/{supplier_id}", wrap = "Gate")]
pub async fn change(
    db: web::Data<Db>,
    id: PathOf<SupplierId>,
    request: Change<ChangeSupplier, OptionalKey, MustMatch>,
) -> Result<Recorded<Supplier>> {
    let ChangeSupplier { name, lead_days, minimum_units, is_active } = request.value;
    let change = SupplierChange { name: name.map(String::from), lead_days, minimum_units, is_active };
    suppliers::change(&db, request.caller, id.0, change).await
}
