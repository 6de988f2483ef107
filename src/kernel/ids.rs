//! Identifiers: UUID v7 (RFC 9562) in newtypes, so that one kind is never taken for another.
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident,)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
        #[serde(transparent)]
        #[schema(value_type = uuid::Uuid)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new identifier, later in order than those made before.
            #[expect(clippy::new_without_default, reason = "each call gives another value")]
            pub fn new() -> Self {
                Self(Uuid::now_v7())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, uuid::Error> {
                text.parse().map(Self)
            }
        }
    )*};
}

/// Hands the list of all identifiers to a macro, so that it stands once.
#[macro_export]
macro_rules! every_id {
    ($then:ident) => {
        $then! {
            /// A user or an API key that acts.
            PrincipalId,
            /// A role that a user holds.
            GrantId,
            /// A group of locations at which roles are held.
            LocationGroupId,
            /// All that came of one sign-in.
            SessionId,
            /// One of the secrets of an API key.
            ApiKeySecretId,
            /// A product, such as a lipstick in all its shades.
            ProductId,
            /// A variant of a product: what is counted, priced and sold.
            VariantId,
            /// A brand, a category or a collection.
            GroupId,
            /// A fact that products have, such as finish or SPF.
            AttributeId,
            /// A list of prices.
            PriceListId,
            /// A price of a variant in a list.
            ListPriceId,
            /// A rate of tax.
            TaxRateId,
            /// A promotion.
            PromotionId,
            /// A gift card.
            GiftCardId,
            /// A change of a gift card.
            GiftCardMoveId,
            /// A way in which goods are sent to customers.
            ShippingMethodId,
            /// The prices of a cart that are kept for a while.
            QuoteId,
            /// A code that customers show for a promotion.
            CouponId,
            /// A store or warehouse.
            LocationId,
            /// A reservation of stock, with an expiry.
            ReservationId,
            /// An allocation of stock to an order.
            AllocationId,
            /// An order.
            OrderId,
            /// A payment towards an order.
            PaymentId,
            /// Something that is asked of a payment gateway.
            OperationId,
            /// A parcel or hand-over of an order's goods.
            ShipmentId,
            /// Goods that a customer gives back.
            ReturnId,
            /// A reaction to a product that is looked into.
            CaseId,
            /// A batch of goods that were made together.
            LotId,
            /// Goods on their way from one location to another.
            TransferId,
            /// Someone from whom goods are bought.
            SupplierId,
            /// Goods ordered from a supplier.
            PurchaseOrderId,
            /// An arrival of goods.
            ReceiptId,
            /// A count of what is really there.
            CountId,
            /// A file that is worked through in the background.
            ImportId,
            /// A file that is written in the background.
            ExportId,
        }
    };
}

every_id!(ids);
