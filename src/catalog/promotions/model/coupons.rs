//! Coupons and their codes.
use crate::{
    kernel::{CouponId, PrincipalId, PromotionId},
    platform::group_commit::Versioned,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize};
use std::str::FromStr;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        ObjectBuilder, RefOr,
        schema::{Schema, Type},
    },
};

/// The code of a coupon: 4 to 32 letters, digits and hyphens, in whatever case it is typed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct CouponCode(String);

impl CouponCode {
    /// The code, in capital letters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for CouponCode {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let code = text.trim().to_ascii_uppercase();
        let is_code = (4..=32).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        match is_code {
            true => Ok(Self(code)),
            false => Err(format!("{text:?} is no code of a coupon: 4 to 32 letters, digits and hyphens")),
        }
    }
}

impl<'de> Deserialize<'de> for CouponCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl PartialSchema for CouponCode {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .pattern(Some("^[A-Za-z0-9-]{4,32}$"))
            .examples([serde_json::json!("WELCOME-10")])
            .into()
    }
}
impl ToSchema for CouponCode {}

/// A code that customers show for a promotion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Coupon {
    /// Identifies the coupon.
    pub id: CouponId,
    /// Identifies the promotion.
    pub promotion_id: PromotionId,
    /// The code, in capital letters.
    #[schema(value_type = CouponCode)]
    pub code: String,
    /// Orders that may use it; null for any number.
    pub max_uses: Option<i64>,
    /// Orders that have used it and are not canceled.
    pub used_count: i64,
    /// When it was disabled; null while it may be used.
    pub disabled_at: Option<DateTime<Utc>>,
    /// The number of its changes; send it back in `If-Match`.
    pub version: i64,
    /// The user who created it.
    pub created_by: PrincipalId,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

impl Versioned for Coupon {
    fn version(&self) -> i64 {
        self.version
    }
}
