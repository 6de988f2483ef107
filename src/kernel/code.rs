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
    Unauthenticated = 401 "unauthenticated" "Sign in to do this";
    InvalidToken = 401 "invalid_token" "The access token is not valid";
    Forbidden = 403 "forbidden" "You may not do this";
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
    EmailTaken = 409 "email_taken" "The e-mail address is in use";
    LocationCodeTaken = 409 "location_code_taken" "The location code is in use";
    VariantRetired = 409 "variant_retired" "The variant is retired";
    ProductRetired = 409 "product_retired" "The product is retired";
    ReservationNotActive = 409 "reservation_not_active" "The reservation is no longer active";
    ReservationBelongsToOrder = 409 "reservation_belongs_to_order" "The reservation belongs to an order";
    OrderNotPending = 409 "order_not_pending" "The order is no longer pending";
    OrderNotPaid = 409 "order_not_paid" "The order is not paid";
    OrderNotShipped = 409 "order_not_shipped" "The order is not shipped";
    OrderAlreadyShipped = 409 "order_already_shipped" "The order has been shipped";
    OrderAlreadyDelivered = 409 "order_already_delivered" "The order has been delivered";
    OrderCanceled = 409 "order_canceled" "The order is canceled";
    OrderNotProcessing = 409 "order_not_processing" "The order has not been picked";
    OrderAlreadyProcessing = 409 "order_already_processing" "The order is being processed already";
    PaymentExceedsTotal = 409 "payment_exceeds_total" "The payment is more than what is due";
    IdempotencyInFlight = 409 "idempotency_in_flight" "The same request is still being worked on";
    Conflict = 409 "conflict" "The change conflicts with another";
    StaleVersion = 412 "stale_version" "The record has changed since you read it";
    BodyTooLarge = 413 "body_too_large" "The body is too large";
    UriTooLong = 414 "uri_too_long" "The address is too long";
    UnsupportedMediaType = 415 "unsupported_media_type" "The body's media type is not supported";
    UnsupportedEncoding = 415 "unsupported_encoding" "Encoded bodies are not supported";
    InvalidScan = 422 "invalid_scan" "The scan could not be read";
    ExpiryBeforeManufacture = 422 "expiry_before_manufacture" "It cannot expire before it was made";
    InvalidBody = 422 "invalid_body" "The body has faults";
    IdempotencyKeyReused = 422 "idempotency_key_reused" "The Idempotency-Key was used for another request";
    UnknownSku = 422 "unknown_sku" "There is no such SKU";
    UnknownLocation = 422 "unknown_location" "There is no such location";
    NoPrice = 422 "no_price" "There is no price for this channel and currency";
    CurrencyMismatch = 422 "currency_mismatch" "The currencies differ";
    AmountOverflow = 422 "amount_overflow" "The amount is too large";
    QuantityOverflow = 422 "quantity_overflow" "The quantity is too large";
    InvalidBundle = 422 "invalid_bundle" "The bundle is not valid";
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
