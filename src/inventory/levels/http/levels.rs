//! Stock levels: list and adjust.
use crate::{
    inventory::{
        ledger::{AsOf, PastLevel, history},
        levels::{
            adjust::{self as adjusting, Booking, LevelChange, VariantName},
            store::Thresholds,
        },
        lots::ChannelOffer,
        model::State,
        read::{self, LevelView, LevelsAt, levels_at},
        service::Inventory,
    },
    kernel::{
        Actor, Channel, Code, Error, LocationId, Moment, Note, Page, Result, Sku, Text, VariantId, actor::Permission,
        quantity::whole_number,
    },
    platform::{
        config::Config,
        db::Read,
        http::{self, Gate, IfMatch, Listed, OptionalKey, Params, PathOf, fault, listed, page_of},
        idempotency::Recorded,
    },
};
use actix_web::{HttpResponse, get, patch, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::{Validate, ValidationError};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ListQuery {
    /// Only this SKU.
    #[param(inline)]
    sku: Option<Sku>,
    /// The channel that asks: `quantity_available` is then what it may be promised, without what expires too soon for
    /// it and what it leaves to others.
    #[param(inline)]
    channel: Option<Channel>,
    /// The units that were there at a moment of the past, or at the end of a business day of the location, by when
    /// things happened; the rows are then those of `PastLevel`.
    #[param(inline)]
    as_of: Option<Moment>,
    /// As far as it had been written down by this moment or the end of this business day; without it, all that is known
    /// now. Alone, it shows what the books said then.
    #[param(inline)]
    known_at: Option<Moment>,
    /// Rows in a page.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before; the first page, if absent.
    cursor: Option<String>,
}

/// A page of levels as they are, or as they were.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "describes the answer")]
enum LevelPage {
    Now(Listed<LevelView>),
    Past(Listed<PastLevel>),
}

/// List stock levels of a location
///
/// Every variant with its states, in a fixed order. With `as_of`, what was physically there at that moment, told from
/// the ledger: sales that were told later count when they happened. With `known_at`, as the books knew it then.
#[utoipa::path(
    tag = "inventory", operation_id = "listInventory", params(ListQuery),
    responses((status = 200, body = LevelPage, description = "A page of stock levels, as they are or as they were")),
    extensions(("x-permission" = json!("inventory:read"))),
)]
#[get("/v1/locations/{location_id}/inventory", wrap = "Gate")]
pub async fn list(
    actor: Actor,
    inventory: web::Data<Inventory>,
    config: web::Data<Config>,
    location: PathOf<LocationId>,
    query: Params<ListQuery>,
) -> Result<HttpResponse> {
    actor.require_at(Permission::InventoryRead, location.0, "location")?;
    let (ListQuery { sku, channel, as_of, known_at, limit, cursor }, location) = (query.0, location.0);
    let (db, catalog) = (inventory.db.clone(), inventory.catalog.clone());
    let (offer, now) = (ChannelOffer::to(&config, channel), db.clock().now());
    let name = format!("inventory {location} {sku:?} {channel:?} {as_of:?} {known_at:?}");
    let page = page_of::<VariantId>(limit, cursor.as_deref(), &name)?;
    let places = actor.places(Permission::InventoryRead);
    let only = move |db: &mut Read| -> Result<Option<Vec<VariantId>>> {
        let found = sku.map(|sku| catalog.offers_by_sku(db, &[sku])).transpose()?;
        Ok(found.map(|found| found.values().map(|offer| offer.variant.id).collect()))
    };
    if let Some(moment) = as_of.or(known_at) {
        let past = db.read(move |db| {
            let zone = read::require_location(db, location)?.time_zone.parse().ok();
            let (moment, known_at) = (moment.end_in(zone, now), known_at.map_or(now, |at| at.end_in(zone, now)));
            history::require_past("as_of", moment, now)?;
            history::require_past("known_at", known_at, now)?;
            let only = only(db)?;
            history::levels_as_of(db, location, only, &page, AsOf { moment, known_at })
        });
        return listed(past.await?, &name, |level| level.variant_id);
    }
    let page = db.read(move |db| {
        read::require_location(db, location)?;
        let only = only(db)?;
        let levels = levels_at(db, &places, LevelsAt { locations: &[location], only: only.as_deref(), now }, &page)?;
        let Page { rows, has_more } = Page::of(levels, page.limit);
        Ok(Page { rows: read::with_skus(db, rows, offer)?, has_more })
    });
    listed(page.await?, &name, |level| level.variant_id)
}

/// An adjustment: either `delta`, or `set`, or thresholds.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = one_kind))]
struct Adjust {
    /// Units more (positive) or fewer (negative). Needs no `If-Match`.
    #[serde(default, deserialize_with = "units")]
    #[validate(range(min = -1_000_000, max = 1_000_000, message = "must be -1000000 to 1000000"))]
    #[schema(minimum = -1_000_000, maximum = 1_000_000, nullable = false)]
    delta: Option<i64>,
    /// Exactly so many units: of the state, or, without one, of everything that is here, damaged and held units
    /// included. Needs `If-Match`.
    #[serde(default, deserialize_with = "units")]
    #[validate(range(min = 0, max = 1_000_000_000, message = "must be 0 to 1000000000"))]
    #[schema(minimum = 0, maximum = 1_000_000_000, nullable = false)]
    set: Option<i64>,
    /// Which state; `on_hand` if absent.
    state: Option<State>,
    /// Why, as on the list of reasons (`/v1/reasons`); needed with `delta` and `set`.
    reason: Option<Text<32>>,
    /// The lot of the units, where they have one.
    lot: Option<Text<20>>,
    /// In your own words.
    note: Option<Note>,
    /// Kept back from sale. Thresholds need `If-Match`.
    #[serde(default, deserialize_with = "units")]
    #[validate(range(min = 0, max = 1_000_000_000, message = "must be 0 to 1000000000"))]
    #[schema(minimum = 0, maximum = 1_000_000_000, nullable = false)]
    safety_stock: Option<i64>,
    /// Order more when available falls to this.
    #[serde(default, deserialize_with = "units")]
    #[validate(range(min = 0, max = 1_000_000_000, message = "must be 0 to 1000000000"))]
    #[schema(minimum = 0, maximum = 1_000_000_000, nullable = false)]
    reorder_threshold: Option<i64>,
    /// The units to order then.
    #[serde(default, deserialize_with = "units")]
    #[validate(range(min = 0, max = 1_000_000_000, message = "must be 0 to 1000000000"))]
    #[schema(minimum = 0, maximum = 1_000_000_000, nullable = false)]
    reorder_quantity: Option<i64>,
    /// The units that may be promised below zero.
    #[serde(default, deserialize_with = "units")]
    #[validate(range(min = 0, max = 1_000_000_000, message = "must be 0 to 1000000000"))]
    #[schema(minimum = 0, maximum = 1_000_000_000, nullable = false)]
    backorder_limit: Option<i64>,
}

fn units<'de, D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Option<i64>, D::Error> {
    whole_number(deserializer).map(Some)
}

impl Adjust {
    fn thresholds(&self) -> [Option<i64>; 4] {
        [self.safety_stock, self.reorder_threshold, self.reorder_quantity, self.backorder_limit]
    }

    fn has_words(&self) -> bool {
        self.reason.is_some() || self.state.is_some() || self.note.is_some() || self.lot.is_some()
    }

    fn change(self) -> Result<LevelChange> {
        let small =
            |n: i64| i32::try_from(n).map_err(|_| Error::refused(Code::QuantityOverflow, format!("{n} is too large")));
        let limits = self.thresholds().map(|limit| limit.map(small).transpose());
        let state = self.state.unwrap_or(State::OnHand);
        let (note, lot) = (self.note, self.lot.map(String::from));
        let booking = |units, reason: Text<32>| Booking { units, state, reason: reason.into(), note, lot };
        match (self.delta, self.set, self.reason) {
            (Some(delta), _, Some(reason)) => Ok(LevelChange::By(booking(small(delta)?, reason))),
            (_, Some(set), Some(reason)) => Ok(LevelChange::To(booking(small(set)?, reason))),
            _ => {
                let [safety_stock, reorder_threshold, reorder_quantity, backorder_limit] = limits;
                Ok(LevelChange::Thresholds(Thresholds {
                    safety_stock: safety_stock?,
                    reorder_threshold: reorder_threshold?,
                    reorder_quantity: reorder_quantity?,
                    backorder_limit: backorder_limit?,
                }))
            }
        }
    }
}

fn one_kind(body: &Adjust) -> std::result::Result<(), ValidationError> {
    let has_limits = body.thresholds().iter().any(Option::is_some);
    match (body.delta, body.set, has_limits) {
        (Some(0), ..) => fault("/delta", "delta must not be 0"),
        (Some(_), None, false) | (None, Some(_), false) if body.reason.is_none() => {
            fault("/reason", "delta and set need a reason")
        }
        (Some(_), None, false) | (None, Some(_), false) => Ok(()),
        (None, None, true) if !body.has_words() => Ok(()),
        _ => fault("", "send either delta with state and reason, or set with state and reason, or thresholds"),
    }
}

/// Adjust stock or set thresholds
///
/// Without a `state`, units come to what may be sold or leave it: `on_hand` changes by as many. With one, such as
/// `damaged`, units that are here change their state: `on_hand` stays, and what may be sold changes. With a reason that
/// goes out, such as `write_off`, units of a state leave the books. Nothing of a lot that is held back or expired is
/// put on sale.
///
/// A `delta` needs no version, since two deltas add up: send an `Idempotency-Key`, or a retry counts twice. `set` and
/// thresholds send the level's version in `If-Match`: 428 without, 412 when it is stale; a level that was never stocked
/// has version 0. Stock never falls below what is promised.
#[utoipa::path(
    tag = "inventory", operation_id = "adjustInventory", request_body = Adjust,
    params(
        ("product_id" = String, Path, description = "A variant's SKU or id (not a product's)"),
        IfMatch,
        OptionalKey,
    ),
    responses(
        (status = 200, body = LevelView, description = "The level"),
        (status = 409, description = "Below zero or below what is promised"),
        (status = 412, description = "Stale version"),
        (status = 428, description = "If-Match is missing"),
    ),
    extensions(("x-permission" = json!("inventory:adjust"))),
)]
#[patch("/v1/locations/{location_id}/inventory/{product_id}", wrap = "Gate")]
pub async fn adjust(
    inventory: web::Data<Inventory>,
    path: PathOf<(LocationId, String)>,
    request: http::Change<Adjust, OptionalKey, IfMatch>,
) -> Result<Recorded<LevelView>> {
    let (location, name) = path.0;
    let named = VariantName::read(&name)?;
    let condition = request.require_condition();
    let change = request.value.change()?;
    if !change.is_relative() {
        condition?;
    }
    adjusting::adjust(&inventory, request.caller, location, named, change).await
}
