//! Every refusal Coffret can give, with its lasting code, HTTP status and title. REST shows the code in
//! `code` and in `type` (`/problems/<code>`); GraphQL shows the same code in `extensions.code`.

macro_rules! codes {
    ($($variant:ident = $status:literal $code:literal $title:literal;)*) => {
        /// A lasting reason for a refusal. Codes are never renamed or reused.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code { $(#[doc = $title] $variant),* }

        impl Code {
            /// All codes, in order of status.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The lasting snake_case code.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code),* }
            }

            /// The HTTP status that goes with the code.
            pub fn status(self) -> u16 {
                match self { $(Self::$variant => $status),* }
            }

            /// A short title, the same for every occurrence.
            pub fn title(self) -> &'static str {
                match self { $(Self::$variant => $title),* }
            }
        }
    };
}

codes! {
    MalformedRequest = 400 "malformed_request" "The request could not be read";
    MalformedJson = 400 "malformed_json" "The body is not valid JSON";
    InvalidPath = 400 "invalid_path" "A part of the path is not valid";
    InvalidQuery = 400 "invalid_query" "A query parameter is not valid";
    InvalidHeader = 400 "invalid_header" "A header is not valid";
    InvalidCursor = 400 "invalid_cursor" "The cursor is not valid here";
    IdempotencyKeyMissing = 400 "idempotency_key_missing" "This call needs an Idempotency-Key";
    IdempotencyKeyInvalid = 400 "idempotency_key_invalid" "The Idempotency-Key is not valid";
    GraphqlInvalid = 400 "graphql_invalid" "The GraphQL document is not valid";
    GraphqlTooComplex = 400 "graphql_too_complex" "The GraphQL document asks for too much";
    InvalidSignature = 400 "invalid_signature" "The signature does not fit";
    Unauthenticated = 401 "unauthenticated" "Sign in to do this";
    InvalidToken = 401 "invalid_token" "The access token is not valid";
    PaymentRequired = 402 "payment_required" "More is due than is paid or promised";
    PaymentDeclined = 402 "payment_declined" "The payment was declined";
    Forbidden = 403 "forbidden" "You may not do this";
    GrantBeyondOwn = 403 "grant_beyond_own" "You do not hold all that this gives";
    ChannelNotAllowed = 403 "channel_not_allowed" "The key sells through another channel";
    NotFound = 404 "not_found" "There is nothing here";
    MethodNotAllowed = 405 "method_not_allowed" "This method is not allowed here";
    NotAcceptable = 406 "not_acceptable" "No acceptable representation";
    RequestTimeout = 408 "request_timeout" "The request took too long to arrive";
    OutOfStock = 409 "out_of_stock" "Not enough stock";
    NegativeStock = 409 "negative_stock" "Stock cannot fall below zero";
    NotOnHand = 409 "not_on_hand" "The units are promised but not here";
    BelowPromised = 409 "below_promised" "Stock cannot fall below what is promised";
    SkuTaken = 409 "sku_taken" "The SKU is in use";
    GtinTaken = 409 "gtin_taken" "The GTIN is in use";
    TaxRateBegun = 409 "tax_rate_begun" "The tax rate holds already";
    TaxPlaceFixed = 409 "tax_place_fixed" "The goods are taxed where they were to go";
    TaxRateOverlap = 409 "tax_rate_overlap" "A tax rate overlaps another one in time";
    PriceListCodeTaken = 409 "price_list_code_taken" "The price list code is in use";
    PromotionCodeTaken = 409 "promotion_code_taken" "The promotion code is in use";
    PromotionBegun = 409 "promotion_begun" "The promotion has begun";
    PromotionNotBegun = 409 "promotion_not_begun" "The promotion has not begun";
    PromotionEnded = 409 "promotion_ended" "The promotion has ended";
    PromotionUsedUp = 409 "promotion_used_up" "The promotion has been used as often as it may be";
    BudgetSpent = 409 "budget_spent" "The budget of the promotion is spent";
    QuoteExpired = 409 "quote_expired" "The quote has expired";
    GiftCardCodeTaken = 409 "gift_card_code_taken" "The gift card code is in use";
    GiftCardOverdrawn = 409 "gift_card_overdrawn" "The gift card has less than that";
    ShippingMethodCodeTaken = 409 "shipping_method_code_taken" "The shipping method code is in use";
    ShippingPlaceFixed = 409 "shipping_place_fixed" "The shipping was charged for where the goods were to go";
    CouponCodeTaken = 409 "coupon_code_taken" "The coupon code is in use";
    CouponUsed = 409 "coupon_used" "The coupon cannot be used any more";
    PriceOverlap = 409 "price_overlap" "A price overlaps another one in time";
    PriceEnded = 409 "price_ended" "The price has ended";
    PriceListBegun = 409 "price_list_begun" "The price list has begun";
    PriceListEnded = 409 "price_list_ended" "The price list has ended";
    SlugTaken = 409 "slug_taken" "The slug is in use";
    NameTaken = 409 "name_taken" "The name is in use";
    EmailTaken = 409 "email_taken" "The e-mail address is in use";
    GrantExists = 409 "grant_exists" "The user holds the role there at that time already";
    RoleExists = 409 "role_exists" "There is a role with this code";
    RoleBuiltIn = 409 "role_built_in" "Built-in roles do not change";
    RoleInUse = 409 "role_in_use" "Users have grants of the role";
    LocationGroupExists = 409 "location_group_exists" "There is a location group with this code";
    LocationGroupInUse = 409 "location_group_in_use" "Users have grants for the location group";
    ApiKeyRevoked = 409 "api_key_revoked" "The API key is revoked";
    ApiKeySecrets = 409 "api_key_secrets" "An API key has one or two secrets";
    LastAdmin = 409 "last_admin" "One admin must be left";
    UserDisabled = 409 "user_disabled" "The user may not sign in";
    LocationNotEmpty = 409 "location_not_empty" "Something is left at the location";
    LocationClosed = 409 "location_closed" "The location is closed";
    LocationCodeTaken = 409 "location_code_taken" "The location code is in use";
    NotForSale = 409 "not_for_sale" "The variant is not for sale";
    AttributeCodeTaken = 409 "attribute_code_taken" "The attribute code is in use";
    AttributeInUse = 409 "attribute_in_use" "Products have the attribute";
    PriceIsSummed = 409 "price_is_summed" "The bundle costs the sum of its parts";
    NotPublished = 409 "not_published" "The product is not published in the channel";
    NotRetired = 409 "not_retired" "It is sold already";
    VariantRetired = 409 "variant_retired" "The variant is retired";
    ProductRetired = 409 "product_retired" "The product is retired";
    LotShort = 409 "lot_short" "Not enough of the lot";
    LotBlocked = 409 "lot_blocked" "The lot may not be sold";
    LotMismatch = 409 "lot_mismatch" "The lot is known with other dates";
    LotRecalled = 409 "lot_recalled" "The lot was recalled";
    LotNotQuarantined = 409 "lot_not_quarantined" "The lot is not in quarantine";
    ShelfLifeTooShort = 409 "shelf_life_too_short" "What is here expires too soon";
    TransferNotDraft = 409 "transfer_not_draft" "The transfer is no longer a draft";
    TransferNotReady = 409 "transfer_not_ready" "The transfer is not ready to be shipped";
    TransferNotShipped = 409 "transfer_not_shipped" "Nothing of the transfer is on its way";
    TransferAlreadyShipped = 409 "transfer_already_shipped" "The transfer has been shipped";
    TransferClosed = 409 "transfer_closed" "The transfer is closed";
    MoreThanRequested = 409 "more_than_requested" "More than was asked for";
    MoreThanOrdered = 409 "more_than_ordered" "More than is ordered";
    MoreThanShipped = 409 "more_than_shipped" "More than is on its way";
    PurchaseOrderNotDraft = 409 "purchase_order_not_draft" "The purchase order is no longer a draft";
    PurchaseOrderNotOpen = 409 "purchase_order_not_open" "The purchase order is not open for receipts";
    PurchaseOrderReceived = 409 "purchase_order_received" "Goods of the purchase order have arrived";
    BelowMinimumOrder = 409 "below_minimum_order" "The supplier's minimum order is not reached";
    NotAPackMultiple = 409 "not_a_pack_multiple" "The quantity is no multiple of the pack";
    OverDelivery = 409 "over_delivery" "More has arrived than was ordered";
    SupplierCodeTaken = 409 "supplier_code_taken" "The supplier code is in use";
    SupplierInactive = 409 "supplier_inactive" "Nothing is bought from the supplier any more";
    CountInProgress = 409 "count_in_progress" "The location is being counted";
    CountNotOpen = 409 "count_not_open" "The count is not open for counting";
    CountNotInReview = 409 "count_not_in_review" "The count is not in review";
    CountIncomplete = 409 "count_incomplete" "Not everything has been counted";
    OwnCount = 409 "own_count" "Someone else must approve the count";
    ReasonCodeTaken = 409 "reason_code_taken" "The reason is on the list already";
    ReasonInactive = 409 "reason_inactive" "The reason is no longer used";
    ImportFinished = 409 "import_finished" "The import has ended";
    ExportFinished = 409 "export_finished" "The export has ended";
    ExportNotFinished = 409 "export_not_finished" "The export has no whole file";
    ReservationNotActive = 409 "reservation_not_active" "The reservation is no longer active";
    ReservationBelongsToOrder = 409 "reservation_belongs_to_order" "The reservation belongs to an order";
    TooMuchFound = 409 "too_much_found" "The books lack far too much of it";
    ExternalRefTaken = 409 "external_ref_taken" "The channel has an order of this name";
    OrderNotPending = 409 "order_not_pending" "The order is no longer pending";
    OrderNotPaid = 409 "order_not_paid" "The order is not paid";
    OrderNotShipped = 409 "order_not_shipped" "The order is not shipped";
    OrderAlreadyShipped = 409 "order_already_shipped" "The order has been shipped";
    OrderAlreadyDelivered = 409 "order_already_delivered" "The order has been delivered";
    ReturnInProgress = 409 "return_in_progress" "A return of these goods is open";
    ShipmentClosed = 409 "shipment_closed" "The parcel is lost or comes back";
    OrderReturned = 409 "order_returned" "The order has come back";
    OrderCanceled = 409 "order_canceled" "The order is canceled";
    OrderNotProcessing = 409 "order_not_processing" "The order has not been picked";
    OrderAlreadyProcessing = 409 "order_already_processing" "The order is being processed already";
    NotAPickup = 409 "not_a_pickup" "The order is sent to its customer";
    OrderIsPickup = 409 "order_is_pickup" "The order is fetched by its customer";
    PickupNotReady = 409 "pickup_not_ready" "The order is not ready to be fetched";
    PickupReady = 409 "pickup_ready" "The order is ready already";
    WrongPickupCode = 409 "wrong_pickup_code" "This is not the order's code";
    PickupLocked = 409 "pickup_locked" "Too many wrong codes were said";
    ReturnNotOpen = 409 "return_not_open" "The return is not at this step";
    NothingToReview = 409 "nothing_to_review" "There is nothing to look at";
    NothingToReturn = 409 "nothing_to_return" "More than has left and not come back";
    DispositionNotAllowed = 409 "disposition_not_allowed" "Such goods may not be disposed of so";
    InspectionIncomplete = 409 "inspection_incomplete" "An inspection tells of every unit";
    ReturnlessLimit = 409 "returnless_limit" "Too dear to be refunded without the goods";
    PaymentExceedsTotal = 409 "payment_exceeds_total" "The payment is more than what is due";
    PaymentInProgress = 409 "payment_in_progress" "A payment is being made already";
    NothingToRetry = 409 "nothing_to_retry" "Nothing has failed that could be tried again";
    IdempotencyInFlight = 409 "idempotency_in_flight" "The same request is still being worked on";
    Conflict = 409 "conflict" "The change conflicts with another";
    PositionGone = 410 "position_gone" "The feed cannot be read from this position any more";
    StaleVersion = 412 "stale_version" "The record has changed since you read it";
    BodyTooLarge = 413 "body_too_large" "The body is too large";
    UriTooLong = 414 "uri_too_long" "The address is too long";
    UnsupportedMediaType = 415 "unsupported_media_type" "The body's media type is not supported";
    UnsupportedEncoding = 415 "unsupported_encoding" "Encoded bodies are not supported";
    InvitationInvalid = 422 "invitation_invalid" "The invitation does not work";
    WrongPassword = 422 "wrong_password" "The password is wrong";
    InvalidScan = 422 "invalid_scan" "The scan could not be read";
    ExpiryBeforeManufacture = 422 "expiry_before_manufacture" "It cannot expire before it was made";
    InvalidBody = 422 "invalid_body" "The body has faults";
    IdempotencyKeyReused = 422 "idempotency_key_reused" "The Idempotency-Key was used for another request";
    CostWithoutCurrency = 422 "cost_without_currency" "A cost needs its currency";
    ExchangeRateRequired = 422 "exchange_rate_required" "The exchange rate into the book currency is missing";
    CostDiffers = 422 "cost_differs" "Lines of one SKU have different costs";
    UnknownSku = 422 "unknown_sku" "There is no such SKU";
    UnknownLot = 422 "unknown_lot" "There is no such lot";
    UnknownReason = 422 "unknown_reason" "There is no such reason";
    UnknownSupplier = 422 "unknown_supplier" "There is no such supplier";
    LotRequired = 422 "lot_required" "The lot must be named";
    ExpiryRequired = 422 "expiry_required" "The expiry date must be named";
    UnknownAttribute = 422 "unknown_attribute" "The product has no such attribute";
    InvalidAttribute = 422 "invalid_attribute" "The attribute does not allow this value";
    InvalidTender = 422 "invalid_tender" "The tender does not pay the amount";
    UnknownBrand = 422 "unknown_brand" "There is no such brand";
    UnknownCollection = 422 "unknown_collection" "There is no such collection";
    UnknownQuote = 422 "unknown_quote" "There is no such quote";
    QuoteMismatch = 422 "quote_mismatch" "The quote is of another cart";
    ShippingUnavailable = 422 "shipping_unavailable" "The shipping method does not carry the goods";
    UnknownGiftCard = 422 "unknown_gift_card" "There is no such gift card";
    UnknownShippingMethod = 422 "unknown_shipping_method" "There is no such shipping method";
    UnknownCoupon = 422 "unknown_coupon" "There is no such coupon";
    CouponNotApplicable = 422 "coupon_not_applicable" "The coupon takes nothing off this order";
    UnknownCategory = 422 "unknown_category" "There is no such category";
    UnknownProduct = 422 "unknown_product" "There is no such product";
    InvalidCategory = 422 "invalid_category" "The category may not stand there";
    TransferToItself = 422 "transfer_to_itself" "A transfer needs two locations";
    NotOnDocument = 422 "not_on_document" "The document has no such line";
    NothingToCount = 422 "nothing_to_count" "The scope names nothing to count";
    InvalidRow = 422 "invalid_row" "A row of the file cannot be read";
    UnknownRole = 422 "unknown_role" "There is no such role";
    UnknownLocationGroup = 422 "unknown_location_group" "There is no such location group";
    UnknownLocation = 422 "unknown_location" "There is no such location";
    NoTaxRate = 422 "no_tax_rate" "There is no rate of tax for this country and class of goods";
    NoPrice = 422 "no_price" "There is no price for this channel and currency";
    CurrencyMismatch = 422 "currency_mismatch" "The currencies differ";
    AmountOverflow = 422 "amount_overflow" "The amount is too large";
    AmountNotRepresentable = 422 "amount_not_representable" "The gateway cannot take this amount";
    QuantityOverflow = 422 "quantity_overflow" "The quantity is too large";
    InvalidBundle = 422 "invalid_bundle" "The bundle is not valid";
    InvalidChoice = 422 "invalid_choice" "The parts of the bundle are not chosen as it says";
    UnsupportedGateway = 422 "unsupported_gateway" "There is no such payment gateway";
    PreconditionRequired = 428 "precondition_required" "This change needs an If-Match header";
    RateLimited = 429 "rate_limited" "Too many requests";
    Internal = 500 "internal" "Something went wrong on our side";
    Busy = 503 "busy" "The service is busy";
    DatabaseUnavailable = 503 "database_unavailable" "The database cannot be reached";
    OutcomeUnknown = 503 "outcome_unknown" "It is not known whether the change was made";
    Draining = 503 "draining" "The service is shutting down";
}

#[cfg(test)]
mod tests {
    use super::Code;
    use std::collections::BTreeSet;

    #[test]
    fn codes_are_unique_snake_case_and_have_error_statuses() {
        let codes: BTreeSet<_> = Code::ALL.iter().map(|c| c.as_str()).collect();
        assert_eq!(codes.len(), Code::ALL.len());
        for code in Code::ALL {
            assert!(code.as_str().chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{}", code.as_str());
            assert!((400..=599).contains(&code.status()));
        }
    }
}
