//! Gift cards and their codes, as they are kept and as they are shown.
use crate::{
    kernel::{Currency, GiftCardId, GiftCardMoveId, Money, OrderId, PaymentId, PrincipalId},
    platform::group_commit::Versioned,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize};
use sha2::{Digest, Sha256};
use std::str::FromStr;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        ObjectBuilder, RefOr,
        schema::{Schema, Type},
    },
};

/// The most that is on a gift card, in minor units: what comes back on it stays exact.
pub const MOST_MINOR: i64 = 1_000_000_000_000;

/// The code of a gift card: 12 to 32 letters and digits, in whatever case and with whatever hyphens and spaces it is
/// typed.
#[derive(Clone, PartialEq, Eq)]
pub struct GiftCardCode(String);

impl GiftCardCode {
    /// The letters and digits alone, in capital letters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The digest by which the card is found.
    pub fn digest(&self) -> Vec<u8> {
        Sha256::digest(format!("gift card {}", self.0).as_bytes()).to_vec()
    }

    /// Its last four letters, by which people tell cards apart.
    pub fn last_letters(&self) -> String {
        self.0.chars().skip(self.0.len() - 4).collect()
    }
}

impl FromStr for GiftCardCode {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let is_letter = |c: &char| !c.is_whitespace() && *c != '-';
        let code: String = text.chars().filter(is_letter).map(|c| c.to_ascii_uppercase()).collect();
        let is_code = (12..=32).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_alphanumeric());
        match is_code {
            true => Ok(Self(code)),
            false => Err("no code of a gift card: 12 to 32 letters and digits".into()),
        }
    }
}

impl<'de> Deserialize<'de> for GiftCardCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl PartialSchema for GiftCardCode {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .pattern(Some("^[A-Za-z0-9]([ -]*[A-Za-z0-9]){11,31}$"))
            .examples([serde_json::json!("7KQF-2M9X-PW3R-HD6T")])
            .into()
    }
}
impl ToSchema for GiftCardCode {}

/// A gift card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct GiftCard {
    /// Identifies the gift card.
    pub id: GiftCardId,
    /// The last letters of its code.
    pub last_letters: String,
    /// The amount on it, held or not.
    pub balance: Money,
    /// The part of that which orders have been authorized for and have not taken yet.
    pub held: Money,
    /// The part that no order holds: what can be paid with while the card is neither disabled nor has expired.
    pub available: Money,
    /// The moment from which it cannot be paid with any more; null for none.
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was disabled; null while it may be paid with.
    pub disabled_at: Option<DateTime<Utc>>,
    /// Someone's own words about it.
    pub note: Option<String>,
    /// The number of its changes; send it back in `If-Match`.
    pub version: i64,
    /// The user who issued it.
    pub created_by: PrincipalId,
    /// When it was issued.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

impl Versioned for GiftCard {
    fn version(&self) -> i64 {
        self.version
    }
}

impl GiftCard {
    /// The reason for which it does not pay an amount now; none if it does.
    pub fn obstacle(&self, amount: Money, now: DateTime<Utc>) -> Option<&'static str> {
        if self.disabled_at.is_some() {
            return Some("gift_card_disabled");
        }
        if self.expires_at.is_some_and(|end| end <= now) {
            return Some("gift_card_expired");
        }
        if self.balance.currency != amount.currency {
            return Some("gift_card_currency");
        }
        (self.available.amount_minor < amount.amount_minor).then_some("insufficient_balance")
    }
}

crate::text_enum! {
    /// The kind of a change of a gift card.
    GiftCardMoveKind {
        /// It was issued.
        Issue = "issue",
        /// An order was authorized: the amount is held.
        Authorize = "authorize",
        /// An order has taken what was held for it, or a part.
        Capture = "capture",
        /// The amount that was held and not taken can be paid with again.
        Release = "release",
        /// An order has given back what it had taken, or a part.
        Refund = "refund",
        /// Someone has put an amount on it or taken it off.
        Adjust = "adjust",
    }
}

/// A change of a gift card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct GiftCardMove {
    /// Identifies the move.
    pub id: GiftCardMoveId,
    /// The kind of the move.
    #[schema(inline)]
    pub kind: GiftCardMoveKind,
    /// The change of the balance, in minor units.
    pub amount_minor: i64,
    /// The change of what is held, in minor units.
    pub held_minor: i64,
    /// Identifies the payment; null of what is no payment.
    pub payment_id: Option<PaymentId>,
    /// Identifies the order; null of what is no payment.
    pub order_id: Option<OrderId>,
    /// Why, in someone's words.
    pub reason: Option<String>,
    /// The user who did it; null of a payment's moves.
    pub actor_id: Option<PrincipalId>,
    /// When it happened.
    pub created_at: DateTime<Utc>,
}

/// A gift card to be issued.
#[derive(Clone)]
pub struct NewGiftCard {
    pub currency: Currency,
    pub amount_minor: i64,
    /// A random one, if absent.
    pub code: Option<GiftCardCode>,
    pub expires_at: Option<DateTime<Utc>>,
    pub note: Option<String>,
}

/// The changes of a gift card; `None` leaves a field, `Some(None)` clears it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GiftCardChange {
    pub expires_at: Option<Option<DateTime<Utc>>>,
    pub is_disabled: Option<bool>,
    pub note: Option<Option<String>>,
}
