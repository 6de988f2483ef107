//! Words and records of orders.
mod shipping;
mod states;
mod told_price;
pub use shipping::{GoodsBack, ShippingCharge};
pub use states::{
    FulfillmentState, Mark, OrderEventKind, OrderStatus, ParcelProblem, ParcelStatus, PaymentState, Sort,
};
pub use told_price::ToldPrice;

use crate::{
    catalog::{ChosenPart, CouponCode, Slug},
    kernel::{
        Channel, Country, CouponId, Currency, Email, LocationId, OrderId, PromotionId, Quantity, QuoteId, Region,
        ReservationId, ReturnId, Sku, Text, VariantId,
    },
    platform::http::entries,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

/// The customer of an order. Kept with the order, never told in events.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Customer {
    /// The caller's own id of the customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Text<100>>,
    /// The name that people read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Text<200>>,
    /// The e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Email>,
    /// As the customer gives it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Text<32>>,
    /// The delivery address.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::kernel::strict_json::optional"
    )]
    #[validate(nested)]
    pub address: Option<Address>,
    /// The groups to which the customer belongs, such as `vip`: price lists may be for some of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[validate(length(max = 10, message = "at most 10 groups"))]
    #[schema(max_items = 10)]
    pub groups: Vec<Slug>,
}

impl Customer {
    /// The country where their goods go.
    pub fn country(&self) -> Option<String> {
        self.address.as_ref().map(|address| address.country.to_string())
    }

    /// The point where they go, if it is known: latitude and longitude.
    pub fn point(&self) -> Option<(f64, f64)> {
        self.address.as_ref().and_then(|address| Some((address.latitude?, address.longitude?)))
    }
}

/// The destination of an order.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = is_a_place))]
pub struct Address {
    /// Street and number.
    pub line1: Text<200>,
    /// More of the address, such as a floor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line2: Option<Text<200>>,
    /// The city.
    pub city: Text<100>,
    /// The postal code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<Text<20>>,
    /// The country (ISO 3166-1 alpha-2).
    pub country: Country,
    /// The part of the country (ISO 3166-2), where taxes or shipping depend on it; the postal code is not
    /// looked at. Overseas departments of France, for one, are regions such as `FR-974`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<Region>,
    /// Degrees north, with `longitude`, for finding the nearest location.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(range(min = -90.0, max = 90.0, message = "must be -90 to 90 degrees"))]
    #[schema(minimum = -90, maximum = 90)]
    pub latitude: Option<f64>,
    /// Degrees east.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(range(min = -180.0, max = 180.0, message = "must be -180 to 180 degrees"))]
    #[schema(minimum = -180, maximum = 180)]
    pub longitude: Option<f64>,
}

fn is_a_place(address: &Address) -> std::result::Result<(), ValidationError> {
    if address.region.as_ref().is_some_and(|region| !region.is_in(&address.country)) {
        return entries([("/region".to_owned(), "the region is no part of the country".to_owned())]);
    }
    let missing = match (address.latitude, address.longitude) {
        (Some(_), None) => "/longitude",
        (None, Some(_)) => "/latitude",
        _ => return Ok(()),
    };
    entries([(missing.to_owned(), "latitude and longitude are told together".to_owned())])
}

/// An order to be placed.
#[derive(Debug, Clone)]
pub struct NewOrder {
    pub channel: Channel,
    pub currency: Currency,
    pub location: Option<LocationId>,
    pub customer: Customer,
    pub lines: Vec<(Sku, Quantity)>,
    /// The parts that are chosen for each line; empty if for none.
    pub choices: Vec<Vec<ChosenPart>>,
    /// The lot that a till has read for each line; empty if for none.
    pub lots: Vec<Option<String>>,
    /// The price of one of each line, in minor units, where it was settled elsewhere.
    pub unit_prices: Vec<Option<ToldPrice>>,
    /// The return in whose place it is made.
    pub exchange_for: Option<ReturnId>,
    /// A reservation of the caller's that becomes the order's own.
    pub reservation: Option<ReservationId>,
    /// The name by which its channel knows it.
    pub external_ref: Option<String>,
    /// True if the customer fetches it.
    pub is_pickup: bool,
    /// True if a marketplace settles its price with the brand.
    pub is_settled_outside: bool,
    /// The coupons that the customer shows.
    pub coupons: Vec<CouponCode>,
    /// The quote whose prices it is charged.
    pub quote: Option<QuoteId>,
    /// True if nothing is placed or kept: what an order must name may be missing.
    pub is_mere_cart: bool,
    /// The code of the shipping method; the default one, if absent.
    pub shipping_method: Option<Slug>,
    /// The charge for shipping, in minor units, where it was settled elsewhere.
    pub shipping_minor: Option<i64>,
}

impl NewOrder {
    /// True if it is sent to its customer.
    pub fn is_sent(&self) -> bool {
        !self.is_pickup && self.channel != Channel::Pos
    }

    /// The digest by which promotions know the customer: of their id, or else of their e-mail address in whatever case.
    pub fn customer_digest(&self) -> Option<Vec<u8>> {
        let id = self.customer.id.as_deref().map(|id| format!("id {id}"));
        let known = id.or_else(|| self.customer.email.as_ref().map(|email| format!("email {}", email.to_lowercase())));
        known.map(|known| Sha256::digest(known.as_bytes()).to_vec())
    }
}

/// Which orders.
#[derive(Debug, Clone, Default)]
pub struct OrderFilter {
    /// Filled here.
    pub location: Option<LocationId>,
    /// With one of these; any if empty.
    pub statuses: Vec<OrderStatus>,
    /// From here.
    pub channel: Option<Channel>,
    /// Placed at or after.
    pub from: Option<DateTime<Utc>>,
    /// Placed before.
    pub to: Option<DateTime<Utc>>,
    /// Of this business day or later.
    pub from_date: Option<NaiveDate>,
    /// Of an earlier business day.
    pub to_date: Option<NaiveDate>,
    /// With this number.
    pub number: Option<i64>,
    /// Known to its channel by this name.
    pub external_ref: Option<String>,
    /// Of the customer whom the caller knows by this id.
    pub customer_id: Option<String>,
    /// Of the customer with this e-mail address, in whatever case.
    pub email: Option<String>,
    /// That someone must look at, or need not.
    pub needs_review: Option<bool>,
}

/// An order's place in the list: by time, then id.
pub type OrderKey = (DateTime<Utc>, OrderId);

/// A part of a bundle, as it was when the line was sold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundleComponent {
    /// The variant.
    pub variant_id: VariantId,
    /// Units of it in one bundle.
    pub quantity: i32,
    /// Its share of the price of one bundle, in minor units, for all of these units. Bundles that were sold before
    /// shares were kept have none: their price is shared evenly among units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share_minor: Option<i64>,
}

/// An amount off the price of a line, or off the charge for shipping.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
pub struct LineDiscount {
    /// Identifies the promotion that took it off.
    pub promotion_id: PromotionId,
    /// The name of the promotion.
    #[schema(value_type = String)]
    pub name: Arc<str>,
    /// True if the promotion counts its uses.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_counted: bool,
    /// Identifies the coupon that was shown for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coupon_id: Option<CouponId>,
    /// The code of that coupon.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub coupon: Option<Arc<str>>,
    /// The amount off the charge, or off all units that the line ever had, in minor units.
    pub amount_minor: i64,
}
