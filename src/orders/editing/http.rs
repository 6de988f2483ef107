//! Changing orders.
use super::{authorize_increase as amending, edit::Edit};
use crate::{
    kernel::{OrderId, Quantity, Result, Sku, Text},
    orders::{
        model::Customer,
        payment::{Pay, ToldTender},
        read::OrderView,
        service::Services,
    },
    payments::{GatewayKind, TenderTold},
    platform::{
        http::{Change, Gate, MustMatch, OptionalKey, PathOf, each_once, entries},
        idempotency::Recorded,
    },
};
use actix_web::{patch, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::{Validate, ValidationError};

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangeOrder {
    /// All lines as they shall be, each SKU once; as they are, if absent.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::optional_list")]
    #[validate(length(min = 1, max = 500, message = "must have 1 to 500 lines"), custom(function = each_sku_once))]
    #[schema(min_items = 1, max_items = 500)]
    lines: Option<Vec<WantedLine>>,
    /// The customer and the address, whole; as they are, if absent.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::optional")]
    #[validate(nested)]
    customer: Option<Customer>,
    /// In your own words.
    reason: Option<Text<200>>,
    /// The payment of what more is due, of an order that is paid already.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::optional")]
    payment: Option<ExtraPayment>,
}

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WantedLine {
    /// The SKU of the variant.
    sku: Sku,
    /// Units.
    quantity: Quantity,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ExtraPayment {
    /// The gateway that moves the money.
    gateway: GatewayKind,
    /// The gateway's token for what the payer pays with.
    method: Option<Text<200>>,
    /// The till's or payer's own reference, of money taken by hand.
    reference: Option<Text<200>>,
    /// The way in which the money was handed over, of money taken by hand: cash is rounded to the coins of the
    /// location's country, and its change is told.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::optional")]
    tender: Option<TenderTold>,
}

fn each_sku_once(lines: &[WantedLine]) -> std::result::Result<(), ValidationError> {
    let skus: Vec<_> = lines.iter().map(|line| line.sku.key()).collect();
    entries(each_once(&skus, "sku", "each SKU is named once"))
}

/// Change an order
///
/// Before anything of it has left: its lines are sourced anew and its money follows, or nothing changes. Units that are
/// kept keep their price; units that are added are sold at today's. What less it costs is given back; what more is due
/// of a paid order is promised first, by the payment that is named.
#[utoipa::path(
    tag = "orders", operation_id = "changeOrder", request_body = ChangeOrder, params(MustMatch, OptionalKey),
    responses(
        (status = 200, body = OrderView, description = "The order"),
        (status = 402, description = "More is due, or the payer's bank says no"),
        (status = 409, description = "Not enough stock, or a part has left"),
    ),
    extensions(("x-permission" = json!("orders:place"))),
)]
#[patch("/v1/orders/{order_id}", wrap = "Gate")]
async fn change(
    services: web::Data<Services>,
    id: PathOf<OrderId>,
    request: Change<ChangeOrder, OptionalKey, MustMatch>,
) -> Result<Recorded<OrderView>> {
    let ChangeOrder { lines, customer, reason, payment } = request.value;
    let lines = lines.map(|lines| lines.into_iter().map(|line| (line.sku, line.quantity)).collect());
    let edit = Edit { lines, customer, reason: reason.map(String::from), by_hand: None };
    let payer = match payment {
        None => None,
        Some(ExtraPayment { gateway, method, reference, tender }) => {
            let told = ToldTender { gateway, told: tender, pointer: "/payment/tender" };
            Some(Pay {
                gateway,
                amount_minor: None,
                currency: None,
                reference: reference.map(String::from),
                method: method.map(String::from),
                tender: told.in_coins(&services, &request.caller.actor, id.0).await?,
                most_minor: None,
            })
        }
    };
    amending::amend(&services, request.caller, id.0, edit, payer).await
}

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.service(change);
}
