//! Words and records of orders.
use crate::{
    kernel::{
        Channel, Country, Currency, Email, LocationId, OrderId, Quantity, ReservationId, ReturnId, Sku, Text, VariantId,
    },
    platform::http::entries,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

crate::text_enum! {
    /// The status of an order.
    OrderStatus {
        /// Placed: its units are held, payment is awaited.
        Pending = "pending",
        /// Paid: its units are allocated.
        Confirmed = "confirmed",
        /// Being picked and packed.
        Processing = "processing",
        /// On its way.
        Shipped = "shipped",
        /// With the customer.
        Delivered = "delivered",
        /// All of it came back.
        Returned = "returned",
        /// Given up; nothing is held for it.
        Canceled = "canceled",
    }
}

crate::text_enum! {
    /// Why someone must look at an order.
    Mark {
        /// The till's clock was wrong: the sale counts as made when it was told.
        ClockSkew = "clock_skew",
        /// Goods left that were held back: recalled, expired or damaged ones.
        HeldGoods = "held_goods",
        /// The till told of another sale under the same client id before.
        ClientIdReused = "client_id_reused",
        /// The till has read a lot that is not known.
        UnknownLot = "unknown_lot",
        /// The books lacked far more than they should.
        MuchFound = "much_found",
        /// The location was closed when the sale was told.
        ClosedLocation = "closed_location",
        /// A sample or tester was sold.
        NotForSale = "not_for_sale",
    }
}

crate::text_enum! {
    /// Why a parcel does not arrive.
    ParcelProblem {
        /// The carrier has lost it.
        Lost = "lost",
        /// It comes back: refused, not fetched, or not deliverable.
        ReturnedToSender = "returned_to_sender",
    }
}

crate::text_enum! {
    /// The state of a parcel.
    ParcelStatus {
        /// On its way.
        InTransit = "in_transit",
        /// It arrived.
        Delivered = "delivered",
        /// The carrier has lost it.
        Lost = "lost",
        /// It comes back, or has.
        ReturnedToSender = "returned_to_sender",
    }
}

crate::text_enum! {
    /// The payment status of an order, derived from its payments.
    PaymentState {
        /// Nothing was paid.
        Unpaid = "unpaid",
        /// Something is still due.
        PartiallyPaid = "partially_paid",
        /// All of it is promised, nothing of it taken.
        Authorized = "authorized",
        /// All of it is promised, a part of it taken.
        PartiallyCaptured = "partially_captured",
        /// All is paid.
        Paid = "paid",
        /// A part of what was paid was given back.
        PartiallyRefunded = "partially_refunded",
        /// All that was paid was given back.
        Refunded = "refunded",
    }
}

crate::text_enum! {
    /// The kind of change of an order.
    OrderEventKind {
        /// It was placed; its units are held.
        Placed = "placed",
        /// A part of it was paid.
        PartPaid = "part_paid",
        /// Nothing more was due; its units are allocated.
        Confirmed = "confirmed",
        /// Picking began.
        Processing = "processing",
        /// A part of it left.
        PartShipped = "part_shipped",
        /// All of it, or the last part, left.
        Shipped = "shipped",
        /// It arrived.
        Delivered = "delivered",
        /// It was given up.
        Canceled = "canceled",
        /// A gateway is asked for its price.
        PaymentBegun = "payment_begun",
        /// A part of its price was promised.
        PartAuthorized = "part_authorized",
        /// The payer's bank said no.
        PaymentDeclined = "payment_declined",
        /// Money was taken.
        PaymentCaptured = "payment_captured",
        /// Money was given back.
        PaymentRefunded = "payment_refunded",
        /// A promise of money was given up.
        PaymentVoided = "payment_voided",
        /// Units of it were given up.
        PartCanceled = "part_canceled",
        /// A location could not fill its part.
        PartRejected = "part_rejected",
        /// A parcel of it arrived.
        PartDelivered = "part_delivered",
        /// A parcel of it was lost on its way.
        ParcelLost = "parcel_lost",
        /// A parcel of it comes back to where it was sent from.
        ParcelReturnedToSender = "parcel_returned_to_sender",
        /// Its lines or address were changed.
        Changed = "changed",
        /// It waits at a store.
        ReadyForPickup = "ready_for_pickup",
        /// Goods promised to it were sold to someone else.
        Short = "short",
        /// Units of it came back.
        PartReturned = "part_returned",
        /// All of it came back.
        Returned = "returned",
        /// Someone has looked at what was marked about it.
        Reviewed = "reviewed",
        /// Money could not be taken or given back: someone must look.
        PaymentFailed = "payment_failed",
    }
}

crate::text_enum! {
    /// The fulfillment status of an order, derived from what has left.
    FulfillmentState {
        /// Nothing has left.
        Unfulfilled = "unfulfilled",
        /// A part has left.
        PartiallyShipped = "partially_shipped",
        /// All has left.
        Shipped = "shipped",
        /// All has arrived.
        Delivered = "delivered",
        /// A part has come back.
        PartiallyReturned = "partially_returned",
        /// All has come back.
        Returned = "returned",
    }
}

crate::text_enum! {
    /// The order of a list of orders.
    Sort {
        /// Newest first.
        NewestFirst = "-created_at",
        /// Oldest first.
        OldestFirst = "created_at",
    }
}

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
#[validate(schema(function = is_a_point))]
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

fn is_a_point(address: &Address) -> std::result::Result<(), ValidationError> {
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
    /// The price of one of each line, in minor units, where it was settled elsewhere.
    pub unit_prices: Vec<Option<i64>>,
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

impl BundleComponent {
    /// The price of `units` of it in minor units, when `before` have been counted: whatever the order in which the
    /// units of a bundle come back, their prices add up to the bundle's.
    pub fn worth(&self, before: i32, units: i32) -> i64 {
        let share = i128::from(self.share_minor.unwrap_or(0));
        let per = i128::from(self.quantity.max(1));
        let up_to = |units: i64| (i128::from(units) / per) * share + (i128::from(units) % per) * share / per;
        let (before, after) = (i64::from(before), i64::from(before) + i64::from(units));
        i64::try_from(up_to(after) - up_to(before)).unwrap_or(i64::MAX)
    }
}
