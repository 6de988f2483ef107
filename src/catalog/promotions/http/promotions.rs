//! Promotions: create, list, show, change, and their uses.
use crate::{
    catalog::{
        attributes::Slug,
        cache::Catalog,
        price_lists::AppliesOnlyTo,
        promotions::{
            change as changing, create as creating,
            http::bodies::{FaultList, require_benefit, require_minor, require_short, require_uses},
            model::{Benefit, NewPromotion, Promotion, PromotionChange, Redemption, Target, Usage},
            read,
            store::{PromotionFilter, PromotionKey},
        },
    },
    kernel::{Actor, Currency, OrderId, PromotionId, Result, Text, actor::Permission, to_micros},
    platform::{
        db::Db,
        http::{
            Change, Gate, Listed, Located, MustMatch, OptionalKey, PageQuery, Params, PathOf, RecordRead, entries,
            listed, page_of,
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

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = fits_together))]
struct CreatePromotion {
    /// The short name that systems use, unique.
    code: Slug,
    /// The name on receipts.
    name: Text<200>,
    /// The currency of its amounts (ISO 4217); it applies to sales in this currency.
    currency: Currency,
    /// The circumstances in which it applies; always, if absent.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::optional")]
    applies_to: Option<AppliesOnlyTo>,
    /// The goods that it is about; all, if absent.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::optional")]
    target: Option<Target>,
    /// The benefit.
    benefit: Benefit,
    /// The price that these goods must reach, after the promotions before it, in minor units; without tax of lines at
    /// prices without it, as all amounts of promotions.
    #[schema(minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    min_spend_minor: Option<i64>,
    /// True if a coupon must be shown for it.
    #[serde(default)]
    needs_coupon: bool,
    /// True if no other promotion applies beside it.
    #[serde(default)]
    is_exclusive: bool,
    /// The promotion with the highest priority applies first; among equal ones, in order of their codes.
    #[serde(default)]
    #[validate(range(min = -1000, max = 1000, message = "must be -1000 to 1000"))]
    #[schema(minimum = -1000, maximum = 1000)]
    priority: i32,
    /// The moment from which it applies; now, if absent.
    starts_at: Option<DateTime<Utc>>,
    /// The moment from which it applies no more; none, if absent.
    ends_at: Option<DateTime<Utc>>,
    /// Orders that may use it; any number, if absent.
    #[schema(minimum = 1, maximum = 1_000_000_000)]
    max_uses: Option<i64>,
    /// Orders of one customer that may use it; any number, if absent. Orders then need the customer's id or e-mail.
    #[validate(range(min = 1, max = 1_000_000, message = "must be 1 to 1000000"))]
    #[schema(minimum = 1, maximum = 1_000_000)]
    max_uses_per_customer: Option<i32>,
    /// The most that it takes off all orders together, in minor units, as lines tell their discounts; any amount, if
    /// absent.
    #[schema(minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    budget_minor: Option<i64>,
}

fn fits_together(body: &CreatePromotion) -> std::result::Result<(), ValidationError> {
    let mut faults: FaultList = vec![];
    require_minor(&mut faults, "/min_spend_minor", 1, body.min_spend_minor);
    require_minor(&mut faults, "/budget_minor", 1, body.budget_minor);
    require_uses(&mut faults, body.max_uses);
    if let Some(only) = &body.applies_to {
        faults.extend(only.faults());
    }
    if let Some(target) = &body.target {
        require_short(&mut faults, target);
    }
    require_benefit(&mut faults, &body.benefit);
    entries(faults)
}

/// Create a promotion
///
/// It takes something off the price of goods in orders that are placed from its start on: a percentage, an amount,
/// units for nothing, a gift, tiers by spend, a price for goods bought together, steps for packs that expire soon, or
/// free shipping. Promotions apply one
/// after the other, by priority, each to what is left of the price; an exclusive one applies alone. Limits and the
/// budget are counted in the transaction of the order and never passed.
#[utoipa::path(
    tag = "catalog", operation_id = "createPromotion", request_body = CreatePromotion, params(OptionalKey),
    responses(
        (status = 201, body = Promotion, description = "The promotion"),
        (status = 409, description = "The code is in use"),
        (status = 422, description = "An unknown SKU, group or location, or a time that is over"),
    ),
    extensions(("x-permission" = json!("prices:write"))),
)]
#[post("/v1/promotions", wrap = "Gate")]
async fn create(
    db: web::Data<Db>,
    catalog: web::Data<Catalog>,
    request: Change<CreatePromotion>,
) -> Result<Located<Promotion>> {
    let body = request.value;
    let new = NewPromotion {
        code: body.code,
        name: body.name,
        currency: body.currency,
        applies_to: body.applies_to.unwrap_or_default().into(),
        target: body.target.unwrap_or_default(),
        benefit: body.benefit,
        min_spend_minor: body.min_spend_minor,
        needs_coupon: body.needs_coupon,
        is_exclusive: body.is_exclusive,
        priority: body.priority,
        starts_at: body.starts_at.map(to_micros),
        ends_at: body.ends_at.map(to_micros),
        max_uses: body.max_uses,
        max_uses_per_customer: body.max_uses_per_customer,
        budget_minor: body.budget_minor,
    };
    Ok(creating::create(&db, &catalog, request.caller, new).await?.under("/v1/promotions"))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct PromotionsQuery {
    /// Only those that go on now, or that do not.
    is_active: Option<bool>,
    /// Only in this currency (ISO 4217).
    #[param(inline)]
    currency: Option<Currency>,
    /// Only those for which a coupon must be shown, or that need none.
    needs_coupon: Option<bool>,
    /// Rows in a page.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before; the first page, if absent.
    cursor: Option<String>,
}

/// List promotions
///
/// In order of their codes, with those that have ended unless only active ones are asked for.
#[utoipa::path(
    tag = "catalog", operation_id = "listPromotions", params(PromotionsQuery),
    responses((status = 200, body = Listed<Promotion>, description = "A page of promotions")),
    extensions(("x-permission" = json!("catalog:read"))),
)]
#[get("/v1/promotions", wrap = "Gate")]
async fn list(_: Actor, db: web::Data<Db>, query: Params<PromotionsQuery>) -> Result<HttpResponse> {
    let PromotionsQuery { is_active, currency, needs_coupon, limit, cursor } = query.0;
    let filter = PromotionFilter { is_active, currency, needs_coupon };
    let name = format!("promotions {filter:?}");
    let page = page_of::<PromotionKey>(limit, cursor.as_deref(), &name)?;
    let now = db.clock().now();
    let page = db.read(move |db| read::promotions(db, filter, now, &page));
    listed(page.await?, &name, |promotion: &Promotion| (promotion.code.clone(), promotion.id))
}

/// Get a promotion
///
/// With the circumstances, the goods and the benefit.
#[utoipa::path(
    tag = "catalog", operation_id = "getPromotion",
    responses(
        (status = 200, body = Promotion, description = "The promotion"),
        (status = 304, description = "Unchanged"),
    ),
    extensions(("x-permission" = json!("catalog:read"))),
)]
#[get("/v1/promotions/{promotion_id}", wrap = "Gate")]
async fn show(wanted: RecordRead<PromotionId>) -> Result<HttpResponse> {
    wanted.answer(Permission::CatalogRead, |db, _, id| read::promotion(db, id)).await
}

/// Get the usage of a promotion
///
/// Orders that have used it, the amount off them, and what is left of its limits. Uses are counted of promotions that
/// have a coupon, a budget or a limit; of others it tells none.
#[utoipa::path(
    tag = "catalog", operation_id = "getPromotionUsage",
    responses((status = 200, body = Usage, description = "The uses so far")),
    extensions(("x-permission" = json!("catalog:read"))),
)]
#[get("/v1/promotions/{promotion_id}/usage", wrap = "Gate")]
async fn usage(_: Actor, db: web::Data<Db>, id: PathOf<PromotionId>) -> Result<HttpResponse> {
    let usage = db.read(move |db| read::usage(db, id.0)).await?;
    Ok(HttpResponse::Ok().json(usage))
}

/// List the uses of a promotion
///
/// The orders that have used it, the newest first, with those that were canceled since.
#[utoipa::path(
    tag = "catalog", operation_id = "listPromotionRedemptions", params(PageQuery),
    responses((status = 200, body = Listed<Redemption>, description = "A page of uses")),
    extensions(("x-permission" = json!("prices:write"))),
)]
#[get("/v1/promotions/{promotion_id}/redemptions", wrap = "Gate")]
async fn redemptions(
    actor: Actor,
    db: web::Data<Db>,
    id: PathOf<PromotionId>,
    query: Params<PageQuery>,
) -> Result<HttpResponse> {
    actor.require_everywhere(Permission::PricesWrite)?;
    let PageQuery { limit, cursor } = query.0;
    let name = format!("redemptions {}", id.0);
    let page = page_of::<OrderId>(limit, cursor.as_deref(), &name)?;
    let page = db.read(move |db| read::redemptions(db, id.0, &page));
    listed(page.await?, &name, |of: &Redemption| of.order_id)
}

/// The changes of a promotion; absent fields stay, null clears.
#[derive(Default, PartialEq, Eq, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = changes_something))]
struct ChangePromotion {
    /// The name on receipts.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::present")]
    #[schema(nullable = false)]
    name: Option<Text<200>>,
    /// The moment from which it applies no more, which is not over; null for none.
    #[serde(default, deserialize_with = "crate::catalog::model::clearable")]
    #[schema(value_type = Option<DateTime<Utc>>)]
    ends_at: Option<Option<DateTime<Utc>>>,
    /// Orders that may use it, not below those that have; null for any number.
    #[serde(default, deserialize_with = "crate::catalog::model::clearable")]
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 1_000_000_000)]
    max_uses: Option<Option<i64>>,
    /// The most that it takes off all orders together, not below what it has; null for any amount.
    #[serde(default, deserialize_with = "crate::catalog::model::clearable")]
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    budget_minor: Option<Option<i64>>,
}

fn changes_something(body: &ChangePromotion) -> std::result::Result<(), ValidationError> {
    if *body == ChangePromotion::default() {
        return Err(ValidationError::new("empty").with_message("there is nothing to change".into()));
    }
    let mut faults: FaultList = vec![];
    require_minor(&mut faults, "/budget_minor", 1, body.budget_minor.flatten());
    require_uses(&mut faults, body.max_uses.flatten());
    entries(faults)
}

/// Change a promotion
///
/// A merge patch (RFC 7396) of its name, end or limits. Orders that were placed keep their discounts. Other goods or
/// another benefit are another promotion.
#[utoipa::path(
    tag = "catalog", operation_id = "changePromotion", request_body = ChangePromotion, params(MustMatch, OptionalKey),
    responses(
        (status = 200, body = Promotion, description = "The promotion"),
        (status = 409, description = "It has ended"),
        (status = 412, description = "Stale version"),
        (status = 428, description = "If-Match is missing"),
    ),
    extensions(("x-permission" = json!("prices:write"))),
)]
#[patch("/v1/promotions/{promotion_id}", wrap = "Gate")]
async fn change(
    db: web::Data<Db>,
    catalog: web::Data<Catalog>,
    id: PathOf<PromotionId>,
    request: Change<ChangePromotion, OptionalKey, MustMatch>,
) -> Result<Recorded<Promotion>> {
    let ChangePromotion { name, ends_at, max_uses, budget_minor } = request.value;
    let ends_at = ends_at.map(|end| end.map(to_micros));
    let change = PromotionChange { name, ends_at, max_uses, budget_minor };
    changing::change(&db, &catalog, request.caller, id.0, change).await
}

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.service(create).service(list).service(show).service(usage).service(redemptions).service(change);
}
