//! Variants: find, show, add, change, retire and price.
use super::products::says_something;
use crate::{
    catalog::{
        cache::Catalog,
        change as changing, create as creating,
        model::{Gtin, NewPrice, NewVariant, VariantChange},
        read::{self, VariantView},
        retire as retiring, sell,
    },
    kernel::{Actor, Channel, Code, Currency, Error, MAX_MINOR, ProductId, Result, Sku, VariantId},
    platform::{
        db::Db,
        http::{Change, Gate, IfMatch, Located, MustMatch, OptionalKey, Params, PathOf, RecordStep, fault, versioned},
        idempotency::Recorded,
    },
};
use actix_web::{HttpRequest, HttpResponse, get, patch, post, put, web};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use validator::{Validate, ValidationError};

/// Prices of a new variant at most.
const MOST_PRICES: usize = 50;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct FindQuery {
    /// The SKU. Either it or a GTIN is named.
    #[param(inline)]
    sku: Option<Sku>,
    /// The GTIN, as a barcode has it: 8, 12, 13 or 14 digits. What else is scanned is read by `/v1/scans`.
    #[param(inline)]
    gtin: Option<Gtin>,
}

/// Find a variant by SKU or GTIN
///
/// As a till does after a scan.
#[utoipa::path(
    tag = "catalog", operation_id = "findVariant", params(FindQuery),
    responses((status = 200, body = VariantView, description = "The variant")),
    extensions(("x-permission" = json!("catalog:read"))),
)]
#[get("/v1/variants", wrap = "Gate")]
pub async fn find(
    _: Actor,
    req: HttpRequest,
    db: web::Data<Db>,
    catalog: web::Data<Catalog>,
    query: Params<FindQuery>,
) -> Result<HttpResponse> {
    let found = db.read(move |read| match (query.0.sku, query.0.gtin) {
        (Some(sku), None) => Ok(catalog.offers_by_sku(read, &[sku])?.into_values().next()),
        (None, Some(gtin)) => {
            let ids: Vec<_> = read::variant_by_gtin(read, &gtin)?.into_iter().map(|variant| variant.id).collect();
            Ok(catalog.offers(read, &ids)?.into_values().next())
        }
        _ => Err(Error::refused(Code::InvalidQuery, "name either sku or gtin")),
    });
    let offer = found.await?.ok_or_else(|| Error::not_found("variant"))?;
    versioned(&req, offer.variant.version, &VariantView::from(&*offer))
}

/// Get a variant
///
/// With its prices and, of a bundle, its parts.
#[utoipa::path(
    tag = "catalog", operation_id = "getVariant",
    responses(
        (status = 200, body = VariantView, description = "The variant"),
        (status = 304, description = "Unchanged"),
    ),
    extensions(("x-permission" = json!("catalog:read"))),
)]
#[get("/v1/variants/{variant_id}", wrap = "Gate")]
pub async fn show(_: Actor, req: HttpRequest, db: web::Data<Db>, id: PathOf<VariantId>) -> Result<HttpResponse> {
    let view = db.read(move |read| read::variant_view(read, id.0)).await?;
    versioned(&req, view.variant.version, &view)
}

/// The weight and shelf life that a unit may have.
fn check_measures(errors: &mut validator::ValidationErrors, grams: Option<i32>, days: Option<i32>) {
    if grams.is_some_and(|grams| !(1..=100_000).contains(&grams)) {
        let said = "must be 1 to 100000 grams".into();
        errors.add("weight_grams", ValidationError::new("range").with_message(said));
    }
    if days.is_some_and(|days| !(1..=3650).contains(&days)) {
        errors.add("shelf_life_days", ValidationError::new("range").with_message("must be 1 to 3650 days".into()));
    }
}

impl Validate for NewVariant {
    fn validate(&self) -> std::result::Result<(), validator::ValidationErrors> {
        let mut errors = validator::ValidationErrors::new();
        if self.prices.len() > MOST_PRICES {
            errors.add("prices", ValidationError::new("length").with_message("at most 50 prices at once".into()));
        }
        let mut seen = std::collections::HashSet::new();
        if !self.prices.iter().all(|price| seen.insert((price.channel, price.currency))) {
            let said = "a channel and currency has two prices";
            errors.add("prices", ValidationError::new("twice").with_message(said.into()));
        }
        let is_odd = |price: &NewPrice| {
            price.compare_at_minor.is_some_and(|before| before <= price.amount_minor || before > MAX_MINOR)
        };
        if self.prices.iter().any(is_odd) {
            let said = "a price to compare with is above amount_minor";
            errors.add("prices", ValidationError::new("range").with_message(said.into()));
        }
        check_measures(&mut errors, self.weight_grams, self.shelf_life_days);
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }
}

/// Add a variant to a product
///
/// With its prices, to a product that is still sold.
#[utoipa::path(
    tag = "catalog", operation_id = "addVariant", request_body = NewVariant, params(OptionalKey),
    responses(
        (status = 201, body = VariantView, description = "The variant"),
        (status = 409, description = "The SKU is in use, or the product retired"),
    ),
    extensions(("x-permission" = json!("catalog:write"))),
)]
#[post("/v1/products/{product_id}/variants", wrap = "Gate")]
pub async fn add(
    db: web::Data<Db>,
    catalog: web::Data<Catalog>,
    id: PathOf<ProductId>,
    request: Change<NewVariant>,
) -> Result<Located<VariantView>> {
    Ok(creating::add_variant(&db, &catalog, request.caller, id.0, request.value).await?.under("/v1/variants"))
}

impl Validate for VariantChange {
    fn validate(&self) -> std::result::Result<(), validator::ValidationErrors> {
        let mut errors = validator::ValidationErrors::new();
        check_measures(&mut errors, self.weight_grams.flatten(), self.shelf_life_days.flatten());
        if errors.is_empty() { says_something(*self != Self::default()) } else { Err(errors) }
    }
}

/// Change a variant
///
/// A merge patch (RFC 7396): absent fields stay, null clears. The SKU never changes.
#[utoipa::path(
    tag = "catalog", operation_id = "changeVariant", request_body = VariantChange, params(MustMatch, OptionalKey),
    responses(
        (status = 200, body = VariantView, description = "The variant"),
        (status = 409, description = "The GTIN is in use"),
        (status = 412, description = "Stale version"),
        (status = 428, description = "If-Match is missing"),
    ),
    extensions(("x-permission" = json!("catalog:write"))),
)]
#[patch("/v1/variants/{variant_id}", wrap = "Gate")]
pub async fn change(
    db: web::Data<Db>,
    catalog: web::Data<Catalog>,
    id: PathOf<VariantId>,
    request: Change<VariantChange, OptionalKey, MustMatch>,
) -> Result<Recorded<VariantView>> {
    changing::variant(&db, &catalog, request.caller, id.0, request.value).await
}

/// Retire a variant
///
/// It is not sold any more. Nothing is deleted.
#[utoipa::path(
    tag = "catalog", operation_id = "retireVariant", params(RecordStep<VariantId>),
    responses(
        (status = 200, body = VariantView, description = "The variant"),
        (status = 409, description = "Retired already"),
    ),
    extensions(("x-permission" = json!("catalog:write"))),
)]
#[post("/v1/variants/{variant_id}/retire", wrap = "Gate")]
pub async fn retire(
    db: web::Data<Db>,
    catalog: web::Data<Catalog>,
    wanted: RecordStep<VariantId>,
) -> Result<Recorded<VariantView>> {
    retiring::variant(&db, &catalog, wanted.caller, wanted.id).await
}

/// Reinstate a variant
///
/// It is sold again, if its product is.
#[utoipa::path(
    tag = "catalog", operation_id = "reinstateVariant", params(RecordStep<VariantId>),
    responses(
        (status = 200, body = VariantView, description = "The variant"),
        (status = 409, description = "Not retired, or its product is"),
    ),
    extensions(("x-permission" = json!("catalog:write"))),
)]
#[post("/v1/variants/{variant_id}/reinstate", wrap = "Gate")]
pub async fn reinstate(
    db: web::Data<Db>,
    catalog: web::Data<Catalog>,
    wanted: RecordStep<VariantId>,
) -> Result<Recorded<VariantView>> {
    retiring::reinstate_variant(&db, &catalog, wanted.caller, wanted.id).await
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = compares_with_more))]
struct SetPrice {
    /// Minor units of the currency.
    #[serde(deserialize_with = "crate::kernel::quantity::whole_number")]
    #[validate(range(min = 0, max = 9_007_199_254_740_991_i64, message = "must be 0 to 2^53 - 1 minor units"))]
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    amount_minor: i64,
    /// The price that is shown struck through beside it, above `amount_minor`; none, if absent.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    compare_at_minor: Option<i64>,
}

fn compares_with_more(body: &SetPrice) -> std::result::Result<(), ValidationError> {
    match body.compare_at_minor.is_some_and(|before| before <= body.amount_minor || before > MAX_MINOR) {
        true => fault("/compare_at_minor", "a price to compare with is above amount_minor"),
        false => Ok(()),
    }
}

/// Set a price
///
/// Of a variant in one channel and currency.
#[utoipa::path(
    tag = "catalog", operation_id = "setPrice", request_body = SetPrice,
    params(
        ("channel" = Channel, Path, description = "The channel"),
        ("currency" = Currency, Path, description = "ISO 4217 code"),
        IfMatch,
        OptionalKey,
    ),
    responses((status = 200, body = VariantView, description = "The variant")),
    extensions(("x-permission" = json!("prices:write"))),
)]
#[put("/v1/variants/{variant_id}/prices/{channel}/{currency}", wrap = "Gate")]
pub async fn set_price(
    db: web::Data<Db>,
    catalog: web::Data<Catalog>,
    path: PathOf<(VariantId, Channel, Currency)>,
    request: Change<SetPrice, OptionalKey, IfMatch>,
) -> Result<Recorded<VariantView>> {
    let (id, channel, currency) = path.0;
    let SetPrice { amount_minor, compare_at_minor } = request.value;
    let price = NewPrice { channel, currency, amount_minor, compare_at_minor };
    sell::set_price(&db, &catalog, request.caller, id, price).await
}
