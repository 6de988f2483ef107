//! The parts of a bundle: fixed ones, and those that customers choose.
use crate::{
    catalog::{
        bundles::NewChoice,
        cache::Catalog,
        model::{NewComponent, NewParts},
        read::VariantView,
        sell,
    },
    kernel::{Result, VariantId},
    platform::{
        db::Db,
        http::{Change, Gate, IfMatch, OptionalKey, PathOf, fault},
        idempotency::Recorded,
    },
};
use actix_web::{put, web};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = is_a_share))]
struct SetComponents {
    /// The variants that one bundle consists of, with their units.
    #[validate(length(max = 50, message = "a bundle has at most 50 parts"))]
    #[schema(max_items = 50)]
    #[serde(deserialize_with = "crate::kernel::strict_json::list")]
    components: Vec<NewComponent>,
    /// Parts that the customer chooses, beside these; an order names what is chosen in the `choices` of its line. Empty
    /// for none; absent, it has those that it had.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::optional_list")]
    #[validate(length(max = 10, message = "a bundle has at most 10 choices"))]
    #[schema(max_items = 10)]
    choices: Option<Vec<NewChoice>>,
    /// Millionths off the sum of the parts' prices, which is then the price of the bundle in each channel and currency
    /// in which all parts have one; 0 for the sum itself. Null gives it prices of its own, beginning with those that it
    /// has; absent, it is priced as before. Of a bundle that costs the sum, before or afterwards, the parts are set by
    /// those with `prices:write`.
    #[serde(default, deserialize_with = "crate::catalog::model::clearable")]
    #[schema(value_type = Option<i32>, minimum = 0, maximum = 1_000_000)]
    sum_discount_ppm: Option<Option<i32>>,
}

fn is_a_share(body: &SetComponents) -> std::result::Result<(), ValidationError> {
    match body.sum_discount_ppm.flatten() {
        Some(discount) if !(0..=1_000_000).contains(&discount) => {
            fault("/sum_discount_ppm", "must be 0 to 1000000 millionths")
        }
        _ => Ok(()),
    }
}

/// Set the components of a bundle
///
/// Selling the bundle takes its parts from stock, with those that its customer chooses. Its price is its own, or the
/// sum of its parts' less a discount, which follows each change of theirs.
#[utoipa::path(
    tag = "catalog", operation_id = "setComponents", request_body = SetComponents, params(IfMatch, OptionalKey),
    responses((status = 200, body = VariantView, description = "The bundle")),
    extensions(("x-permission" = json!("catalog:write"))),
)]
#[put("/v1/variants/{variant_id}/components", wrap = "Gate")]
pub async fn set_components(
    db: web::Data<Db>,
    catalog: web::Data<Catalog>,
    id: PathOf<VariantId>,
    request: Change<SetComponents, OptionalKey, IfMatch>,
) -> Result<Recorded<VariantView>> {
    let SetComponents { components, choices, sum_discount_ppm } = request.value;
    let parts = NewParts { components, sum_discount_ppm, choices };
    sell::set_components(&db, &catalog, request.caller, id.0, parts).await
}
