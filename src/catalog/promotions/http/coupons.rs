//! Coupons: create, list, disable.
use crate::{
    catalog::promotions::{
        coupons::{self as making, CouponsAsked, MadeCoupons},
        model::{Coupon, CouponCode},
        read,
        store::coupons::{CouponFilter, CouponKey},
    },
    kernel::{Actor, CouponId, PromotionId, Result, actor::Permission},
    platform::{
        db::Db,
        http::{Change, Gate, Listed, Located, MustMatch, OptionalKey, Params, PathOf, entries, listed, page_of},
        idempotency::Recorded,
    },
};
use actix_web::{HttpResponse, get, patch, post, web};
use serde::Deserialize;
use std::collections::HashSet;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use validator::{Validate, ValidationError};

/// The name of the list in cursors.
const LIST: &str = "coupons";

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = fits_together))]
struct CreateCoupons {
    /// The codes; in place of `count`.
    #[schema(min_items = 1, max_items = 10_000)]
    codes: Option<Vec<CouponCode>>,
    /// The number of random codes to make, 12 letters each; in place of `codes`.
    #[schema(minimum = 1, maximum = 10_000)]
    count: Option<u32>,
    /// Orders that may use each; 1 for coupons of one use; any number, if absent.
    #[schema(minimum = 1, maximum = 1_000_000_000)]
    max_uses: Option<i64>,
}

fn fits_together(body: &CreateCoupons) -> std::result::Result<(), ValidationError> {
    let mut faults = vec![];
    let mut wrong = |pointer: &str, said: &str| faults.push((pointer.to_owned(), said.to_owned()));
    match (&body.codes, body.count) {
        (Some(codes), None) if !(1..=10_000).contains(&codes.len()) => wrong("/codes", "must name 1 to 10000"),
        (None, Some(count)) if !(1..=10_000).contains(&count) => wrong("/count", "must be 1 to 10000"),
        (Some(_), None) | (None, Some(_)) => {}
        _ => wrong("/count", "either codes or count must be given"),
    }
    let mut named = HashSet::new();
    for (at, code) in body.codes.iter().flatten().enumerate() {
        if !named.insert(code) {
            wrong(&format!("/codes/{at}"), "the code is named twice");
        }
    }
    if body.max_uses.is_some_and(|uses| !(1..=1_000_000_000).contains(&uses)) {
        wrong("/max_uses", "must be 1 to 1000000000");
    }
    entries(faults)
}

/// Create coupons of a promotion
///
/// Codes that customers show for a promotion with `needs_coupon`: those that are named, or random ones. All or none.
#[utoipa::path(
    tag = "catalog", operation_id = "createCoupons", request_body = CreateCoupons, params(OptionalKey),
    responses(
        (status = 201, body = MadeCoupons, description = "The coupons"),
        (status = 409, description = "A code is in use"),
        (status = 422, description = "The promotion applies without a coupon"),
    ),
    extensions(("x-permission" = json!("prices:write"))),
)]
#[post("/v1/promotions/{promotion_id}/coupons", wrap = "Gate")]
async fn create(
    db: web::Data<Db>,
    id: PathOf<PromotionId>,
    request: Change<CreateCoupons>,
) -> Result<Located<MadeCoupons>> {
    let CreateCoupons { codes, count, max_uses } = request.value;
    let count = usize::try_from(count.unwrap_or(0)).unwrap_or(0);
    let asked = CouponsAsked { promotion: id.0, codes: codes.unwrap_or_default(), count, max_uses };
    Ok(making::create(&db, request.caller, asked).await?.under("/v1/promotions"))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct CouponsQuery {
    /// Only those of this promotion.
    #[param(value_type = Option<String>, format = "uuid")]
    promotion_id: Option<PromotionId>,
    /// Only the one with this code, in whatever case.
    #[param(inline)]
    code: Option<CouponCode>,
    /// Rows in a page.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before; the first page, if absent.
    cursor: Option<String>,
}

/// List coupons
///
/// By code, with how often each has been used.
#[utoipa::path(
    tag = "catalog", operation_id = "listCoupons", params(CouponsQuery),
    responses((status = 200, body = Listed<Coupon>, description = "A page of coupons")),
    extensions(("x-permission" = json!("prices:write"))),
)]
#[get("/v1/coupons", wrap = "Gate")]
async fn list(actor: Actor, db: web::Data<Db>, query: Params<CouponsQuery>) -> Result<HttpResponse> {
    actor.require_everywhere(Permission::PricesWrite)?;
    let CouponsQuery { promotion_id: promotion, code, limit, cursor } = query.0;
    let name = format!("{LIST} {promotion:?} {code:?}");
    let page = page_of::<CouponKey>(limit, cursor.as_deref(), &name)?;
    let filter = CouponFilter { promotion, code };
    let page = db.read(move |db| read::coupons(db, &filter, &page));
    listed(page.await?, &name, |coupon: &Coupon| (coupon.code.clone(), coupon.id))
}

/// The change of a coupon.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangeCoupon {
    /// True if no order may use it any more.
    disabled: bool,
}

/// Disable a coupon
///
/// Or let it be used again. Orders that have used it keep their discounts.
#[utoipa::path(
    tag = "catalog", operation_id = "changeCoupon", request_body = ChangeCoupon, params(MustMatch, OptionalKey),
    responses(
        (status = 200, body = Coupon, description = "The coupon"),
        (status = 412, description = "Stale version"),
        (status = 428, description = "If-Match is missing"),
    ),
    extensions(("x-permission" = json!("prices:write"))),
)]
#[patch("/v1/coupons/{coupon_id}", wrap = "Gate")]
async fn change(
    db: web::Data<Db>,
    id: PathOf<CouponId>,
    request: Change<ChangeCoupon, OptionalKey, MustMatch>,
) -> Result<Recorded<Coupon>> {
    making::set_disabled(&db, request.caller, id.0, request.value.disabled).await
}

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.service(create).service(list).service(change);
}
