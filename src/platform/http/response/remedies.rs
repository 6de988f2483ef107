//! A cause and a remedy for each refusal, as the page of its code tells people.
mod access;

use crate::kernel::Code;

/// Plain sentences: why it comes, and what to do.
#[expect(clippy::too_many_lines, reason = "a line for each code")]
pub fn remedy(code: Code) -> &'static str {
    match code {
        Code::Unauthenticated
        | Code::InvalidToken
        | Code::Forbidden
        | Code::GrantBeyondOwn
        | Code::ChannelNotAllowed
        | Code::ApiKeyRevoked
        | Code::ApiKeySecrets
        | Code::EmailTaken
        | Code::GrantExists
        | Code::UserDisabled
        | Code::LastAdmin
        | Code::InvitationInvalid
        | Code::WrongPassword
        | Code::RoleExists
        | Code::RoleBuiltIn
        | Code::RoleInUse
        | Code::LocationGroupExists
        | Code::LocationGroupInUse
        | Code::UnknownRole
        | Code::UnknownLocationGroup => access::remedy(code),
        Code::MalformedRequest => {
            "The bytes do not form an HTTP request. Check the client library; proxies may also have cut the request."
        }
        Code::MalformedJson => {
            "The body does not parse as JSON. The detail names the line and column; send it through a JSON checker."
        }
        Code::InvalidPath => {
            "A part of the address has the wrong form, such as an id that is no UUID. Take ids from earlier answers."
        }
        Code::InvalidQuery => {
            "A query parameter is unknown or has a value that it cannot have. The detail names it; the document lists \
             all of them."
        }
        Code::InvalidHeader => "A header has a value that it cannot have. The detail names it and shows a valid one.",
        Code::InvalidCursor => {
            "Cursors belong to one list with the same filters. Begin the list anew without a cursor."
        }
        Code::IdempotencyKeyMissing => {
            "Without a key this call could not be retried safely. Send a new Idempotency-Key, such as a UUID, with \
             each new intention."
        }
        Code::IdempotencyKeyInvalid => "A key has 1 to 255 visible ASCII characters. Send a UUID.",
        Code::GraphqlInvalid => {
            "The document does not fit the schema. The errors show where; the playground checks while you type."
        }
        Code::GraphqlTooComplex => {
            "The document asks for more than one request may. Ask for fewer fields, smaller pages, or split it."
        }
        Code::InvalidSignature => {
            "The message was not signed with the secret that is set here. Compare the webhook secret at the gateway \
             with the settings."
        }
        Code::PaymentRequired => {
            "The change makes more due than is paid or promised. Name a payment for the rest in the same request."
        }
        Code::PaymentDeclined => {
            "The payer's bank or the gateway said no. Ask the payer for another way to pay; the order is still held."
        }
        Code::NotFound => "It does not exist, or not at a location that you may see. Check the id and your locations.",
        Code::MethodNotAllowed => "The address exists with other methods, which the Allow header lists.",
        Code::NotAcceptable => {
            "The answer cannot be had in the media type that was asked for. Accept application/json."
        }
        Code::RequestTimeout => {
            "The request did not arrive in time. Send it again over a better connection, under the same key."
        }
        Code::OutOfStock => {
            "Not enough can be promised to this channel. The errors say which lines are short and what is available; \
             take less or another location."
        }
        Code::NegativeStock => {
            "More would be taken out than is there. Count the level, then adjust by what is really missing."
        }
        Code::NotOnHand => {
            "The units are promised to orders but are not here yet. Receive or transfer them first, or ship from \
             elsewhere."
        }
        Code::BelowPromised => "The units are promised to orders. Give those orders up or source them elsewhere first.",
        Code::SkuTaken => "Another variant has this SKU, perhaps in another case. Use another, or change that variant.",
        Code::GtinTaken => "Another variant has this GTIN, perhaps with leading zeros. Scan the pack again.",
        Code::LocationNotEmpty => {
            "Goods, promises or open documents are left there; the detail names them. Move, cancel or finish them, \
             then close it."
        }
        Code::LocationClosed => {
            "Nothing comes to a closed location. Choose another, or open it again with closed: false."
        }
        Code::LocationCodeTaken => "Another location has this code, perhaps in another case. Use another.",
        Code::TaxRateBegun => "Only a rate that has not begun can be withdrawn. Set its end instead.",
        Code::TaxPlaceFixed => {
            "Lines keep the tax of the country and region for which they were sold. Cancel the order and place another \
             one to the new address."
        }
        Code::TaxRateOverlap => {
            "A country or region has one rate for a class of goods at a time. Set the end of the rate that holds, then \
             send the new one from that moment on."
        }
        Code::NoTaxRate => {
            "Goods go to a country without a rate of tax for their class: set one by POST /v1/tax-rates, also for \
             exports, whose rate is 0. Or the country is not known: name the address or the location."
        }
        Code::PriceListCodeTaken => {
            "Codes of price lists are unique. Choose another one, or change the list that has it."
        }
        Code::PriceOverlap => {
            "A list has one price of a SKU for the same units at a time. Choose other times, or set replace to end the \
             price that stands in the way."
        }
        Code::PriceEnded => "The price does not hold any more. List the prices of the price list to see which do.",
        Code::PriceListBegun => {
            "The priority of a list that has begun stays, so that its past can be explained. End it, and create \
             another one with the other priority."
        }
        Code::PriceListEnded => {
            "The prices that a list had stay as they were. Create another price list for the time that follows."
        }
        Code::PromotionCodeTaken => "Another promotion has the code. Send another one as `code`.",
        Code::PromotionBegun => "End the promotion with `POST /v1/promotions/{promotion_id}/end`.",
        Code::PromotionNotBegun => "Withdraw the promotion with `DELETE /v1/promotions/{promotion_id}`.",
        Code::PromotionEnded => "Create another promotion for the time that follows.",
        Code::PromotionUsedUp => {
            "As many orders, or as many of this customer, have used the promotion as may. Place the order without its \
             coupon."
        }
        Code::BudgetSpent => {
            "The promotion would take more off than its budget still has. Place the order without its coupon."
        }
        Code::GiftCardCodeTaken => {
            "Another gift card has the code. Send another one, or leave it out for a random one."
        }
        Code::GiftCardOverdrawn => {
            "A gift card never has less than nothing, and what orders hold of it stays. Look at `available` first."
        }
        Code::UnknownGiftCard => "Check the code as it was typed: 12 to 32 letters and digits.",
        Code::ShippingMethodCodeTaken => "Another shipping method has the code. Send another one as `code`.",
        Code::ShippingUnavailable => {
            "Name another method as `shipping_method`: the answer names those that carry the goods, and \
             `POST /v1/carts/price` tells what each charges."
        }
        Code::ShippingPlaceFixed => {
            "Shipping to another country may cost something else. Cancel the order and place it anew with the other \
             address."
        }
        Code::CouponCodeTaken => "Another coupon has the code. The errors say which codes are in use.",
        Code::CouponUsed => "Another order has used the coupon, or it was disabled. Place the order without it.",
        Code::QuoteExpired | Code::UnknownQuote => {
            "Price the cart anew with `POST /v1/carts/price` and show the customer the new total."
        }
        Code::QuoteMismatch => {
            "Place exactly the cart that was priced, or price the changed one anew. The errors say what differs."
        }
        Code::UnknownShippingMethod => "Name a shipping method by its code. `GET /v1/shipping-methods` lists them.",
        Code::UnknownCoupon => "Check the code as it was typed, or place the order without it.",
        Code::CouponNotApplicable => {
            "The errors say why. `POST /v1/carts/price` tells what each promotion does for a cart."
        }
        Code::UnknownCollection => "Use ids of `GET /v1/collections`. The errors say which ones are unknown.",
        Code::SlugTaken => "Another record of this kind has the slug. Send another one as `slug`.",
        Code::NameTaken => "Another record has this name. Use that one, or choose another name.",
        Code::UnknownBrand => "Create it with `POST /v1/brands` first, or use the name of one of `GET /v1/brands`.",
        Code::UnknownCategory => {
            "Use the id of one of `GET /v1/categories` that belongs to the product's kind, or create it first."
        }
        Code::UnknownProduct => "Use ids of `GET /v1/products`. The errors say which ones are unknown.",
        Code::InvalidCategory => {
            "A category stands below one of the same kind of product, not below itself, six levels deep at most."
        }
        Code::NotForSale => {
            "Samples and testers have stock and no sale. Sell another variant, or change its `purpose` to `sale`."
        }
        Code::AttributeCodeTaken => "Another attribute has the code. Use that one, or send another code.",
        Code::AttributeInUse => {
            "Products have the attribute or the option. Take it off them by `PUT /v1/products/{id}/attributes` first."
        }
        Code::UnknownAttribute => {
            "Use codes of `GET /v1/attributes` that are for the product's kind or category, or create the attribute."
        }
        Code::InvalidAttribute => {
            "Send a value that the attribute of `GET /v1/attributes` allows, and every one that it says is required."
        }
        Code::InvalidTender => {
            "Send the coins and notes that were handed over, which pay the rounded amount with the tip; the amounts of \
             several tenders add up to the total. Only money taken by hand has a tender."
        }
        Code::PriceIsSummed => {
            "Change the prices of its parts or its discount, or give it prices of its own by \
             `PUT /v1/variants/{id}/components` without `sum_discount_ppm`."
        }
        Code::NotPublished => {
            "Take it off the order, sell it in another channel, or publish the product by \
             `PUT /v1/products/{id}/publications`."
        }
        Code::NotRetired => "Only what was retired can be reinstated. Read the record: it is sold already.",
        Code::VariantRetired => {
            "The variant is no longer sold. Take it off the order, or bring it back by \
             `POST /v1/variants/{id}/reinstate`."
        }
        Code::ProductRetired => {
            "The product is no longer sold. Bring it back by `POST /v1/products/{id}/reinstate`, or make a new one."
        }
        Code::LotShort => "There is less of the lot here than was asked for. Pick the rest from another lot.",
        Code::LotBlocked => {
            "The lot has expired, is quarantined or recalled. Pick another lot; release it first if it is good."
        }
        Code::LotMismatch => {
            "The lot is known with other dates than were told. Read the pack again, or correct the lot."
        }
        Code::LotRecalled => "Recalled goods stay recalled. Send them to the vendor or destroy them.",
        Code::LotNotQuarantined => "Only a lot in quarantine can be released. Read how it stands.",
        Code::ShelfLifeTooShort => {
            "What is here is not good for long enough for this channel. Ship from a location with fresher goods."
        }
        Code::TransferNotDraft => "Lines change while the transfer is a draft. Cancel it and write another.",
        Code::TransferNotReady => "Mark the transfer as ready before it is shipped.",
        Code::TransferNotShipped => "Nothing is on its way that could be received. Ship the transfer first.",
        Code::TransferAlreadyShipped => {
            "The goods have left. Receive them at the other end, or send them back by another transfer."
        }
        Code::TransferClosed => "The transfer is over. Write another for what is still to be moved.",
        Code::MoreThanRequested => {
            "More units than the transfer asks for. Ship at most what was requested, or change the draft."
        }
        Code::MoreThanOrdered => "More units than the document orders. Correct the number or the document.",
        Code::MoreThanShipped => {
            "More units than are on their way. Count again; what is surplus is booked by an adjustment."
        }
        Code::PurchaseOrderNotDraft => "Lines change while the purchase order is a draft. Cancel it and write another.",
        Code::PurchaseOrderNotOpen => {
            "Goods are received against purchase orders that were sent and not closed. Send it first, or receive \
             without one."
        }
        Code::PurchaseOrderReceived => "Goods of it have arrived, so it cannot be canceled. Close it instead.",
        Code::BelowMinimumOrder => "The supplier takes no smaller order. Add units, or wait.",
        Code::NotAPackMultiple => "The supplier delivers whole packs. Order a multiple of the pack size.",
        Code::OverDelivery => {
            "More arrived than the tolerance allows. Reject the surplus at the door, or change the purchase order."
        }
        Code::SupplierCodeTaken => "Another supplier has this code, perhaps in another case. Use another.",
        Code::SupplierInactive => {
            "Nothing is bought from this supplier any more. Name another, or make it active again."
        }
        Code::CountInProgress => "One count at a time covers these goods. Finish or cancel the other one.",
        Code::CountNotOpen => "The count has been submitted, approved or canceled. Start another.",
        Code::CountNotInReview => "Only a submitted count can be approved. Submit it first.",
        Code::CountIncomplete => "Some goods of the scope were not counted. Count them, or submit with skip_uncounted.",
        Code::OwnCount => "Whoever counted may not approve. Ask a colleague with the permission.",
        Code::ReasonCodeTaken => "The list has a reason of this code. Change that one, or use another code.",
        Code::ReasonInactive => "The reason is no longer used. Choose another from the list.",
        Code::ExportFinished => "The export has ended. Its file stays until it is deleted for its age.",
        Code::ExportNotFinished => {
            "Ask for the export again after the seconds in Retry-After, until its status is finished. One that failed \
             or was canceled has no file: start another."
        }
        Code::ImportFinished => "The import has ended. Start another with the rows that failed.",
        Code::ReservationNotActive => "The reservation has expired, was released, or became an order's. Reserve again.",
        Code::ReservationBelongsToOrder => "Goods of an order are given back by canceling the order.",
        Code::TooMuchFound => {
            "The sale takes far more than the books know of. Check the number of units; someone with inventory:adjust \
             can book it."
        }
        Code::ExternalRefTaken => {
            "The channel told of this order before. Read it by external_ref; it is not placed twice."
        }
        Code::OrderNotPending => "The order waits for no payment. Read how it stands.",
        Code::OrderNotPaid => "The order is not confirmed yet. Take its payment first.",
        Code::OrderNotShipped => "Nothing of the order has left. Fulfill it first.",
        Code::OrderAlreadyShipped => "Goods of the order have left. They come back by a return.",
        Code::ReturnInProgress => {
            "A return that was asked for holds the goods. Reject it, or finish it, before the parcel is reported."
        }
        Code::ShipmentClosed => {
            "The parcel was reported as lost or as coming back. Its return says what became of its goods and its money."
        }
        Code::OrderAlreadyDelivered => "The order or the parcel was delivered before. Nothing more is to be done.",
        Code::OrderReturned => "All of the order has come back. Place another.",
        Code::OrderCanceled => "The order was canceled and its goods were given back. Place another.",
        Code::OrderNotProcessing => "Begin to pick the order first.",
        Code::OrderAlreadyProcessing => "Someone is picking the order. Ship it, or give units up.",
        Code::NotAPickup => "The order is sent to its customer. Fulfill and deliver it.",
        Code::OrderIsPickup => {
            "The order is fetched by its customer. Make it ready, then hand it over against the code."
        }
        Code::PickupReady => "The goods wait at the store already. Hand them over to whoever says the code.",
        Code::PickupNotReady => "The goods are not ready at the store. Make the order ready first.",
        Code::WrongPickupCode => "The code is not this order's. Ask the customer to show the message again.",
        Code::PickupLocked => {
            "Too many wrong codes were said. Check who fetches it; a manager can cancel or make it ready again."
        }
        Code::ReturnNotOpen => "The return is at another step. Read its status: requested, approved, received, closed.",
        Code::NothingToReview => "The order is not marked, or someone has looked at it already.",
        Code::NothingToReturn => {
            "More units than have left and not come back. Check the order's lines and other returns."
        }
        Code::DispositionNotAllowed => {
            "Hygiene decides what may become of goods in this condition. Choose another disposition."
        }
        Code::InspectionIncomplete => "Tell of every unit that came in, by variant and lot, exactly once.",
        Code::ReturnlessLimit => "The price is above the limit for refunds without goods. Let the goods come back.",
        Code::PaymentExceedsTotal => {
            "The amount is more than what is due, or was taken. Read the order and send at most that."
        }
        Code::PaymentInProgress => "All that is due is being paid already. Wait for the outcome.",
        Code::NothingToRetry => "No operation of the payment was refused. Read how it stands.",
        Code::IdempotencyInFlight => {
            "The same request is being worked on. Wait a second and send it again under the same key."
        }
        Code::Conflict => "Another change came first. Read the record again and repeat the request.",
        Code::PositionGone => {
            "The events after it were deleted for their age, the database was restored, or it is from another \
             service. Note the last_position of the feed, read the records that you follow anew, and go on after that \
                position."
        }
        Code::StaleVersion => {
            "The record has changed since you read it. Read it again, look at the change, and send its new version in \
             If-Match."
        }
        Code::BodyTooLarge => "The body has more bytes than the route takes. Split it into several requests.",
        Code::UriTooLong => "The address is too long. Send fewer filters.",
        Code::UnsupportedMediaType => "Send the media type that the route names, such as application/json.",
        Code::UnsupportedEncoding => "Send the body without a Content-Encoding.",
        Code::InvalidScan => "The text is no GS1 element string, GTIN or SKU. Scan again, or type the SKU.",
        Code::ExpiryBeforeManufacture => "The dates are probably swapped. Read the pack again.",
        Code::InvalidBody => "One or more fields have faults. Each has its pointer in errors; nothing was written.",
        Code::IdempotencyKeyReused => "The key belongs to another request. Send a new key with each new intention.",
        Code::UnknownSku => "No variant has this SKU. Look for it by name or scan the pack.",
        Code::UnknownLot => "No lot of this variant has this code. Read the pack again, or receive the lot first.",
        Code::UnknownReason => "The list of reasons has no such code. Read the list.",
        Code::UnknownSupplier => "There is no supplier of this id or code. Add it first.",
        Code::LotRequired => "The goods are kept by lot. Name the lot that is printed on the pack.",
        Code::ExpiryRequired => "The goods are kept by expiry date. Name the date that is printed on the pack.",
        Code::TransferToItself => "Both ends of the transfer are one location. Name another.",
        Code::NotOnDocument => "The document has no such line. Read its lines and their numbers.",
        Code::NothingToCount => "Nothing of the scope is at this location. Choose another scope.",
        Code::InvalidRow => "A row of the file cannot be read. The outcome names its number as in the file.",
        Code::UnknownLocation => "There is no location of this id or code. Read the list of locations.",
        Code::NoPrice => {
            "The variant has no price for the channel and currency. Set one; a till may tell the `unit_price_minor` \
             that it took instead."
        }
        Code::CostWithoutCurrency => "Send the currency of the costs with them.",
        Code::ExchangeRateRequired => {
            "The costs are in another currency than the books. Send how many units of the book currency one unit of \
             it is."
        }
        Code::CostDiffers => "Name one cost for each SKU, or put the other on a document of its own.",
        Code::CurrencyMismatch => "The amount is in another currency than the order. Send the order's.",
        Code::AmountOverflow => "The amount is beyond 2^53 - 1 minor units. Split the order.",
        Code::AmountNotRepresentable => {
            "The gateway's smallest unit is larger than the amount's. Round it as the gateway does."
        }
        Code::QuantityOverflow => "The units add up to more than can be counted. Split the request.",
        Code::InvalidChoice => {
            "A bundle with choices is sold with the parts that its customer has chosen. Read the `choices` of the \
             variant, and name for each as many units of its options as its `picks` say."
        }
        Code::InvalidBundle => {
            "A bundle is made of one or more variants that are no bundles, each named once, fixed or as options of a \
             choice; one with choices has prices of its own."
        }
        Code::UnsupportedGateway => "The gateway is not set up here, or not for this kind of order. Use another.",
        Code::PreconditionRequired => {
            "Send the version that you have read in If-Match, so that no other change is overwritten."
        }
        Code::RateLimited => "Too many requests of this kind. Wait as long as Retry-After says.",
        Code::Internal => {
            "The fault is ours and has been logged under the request's id. Send the request again; tell us the id if \
             it stays."
        }
        Code::Busy => {
            "The service has more to do than it can. Wait as long as Retry-After says and send it again under the \
             same key."
        }
        Code::DatabaseUnavailable => {
            "The database cannot be reached just now. Send the request again under the same key."
        }
        Code::OutcomeUnknown => {
            "The connection was lost while the change was committed. Send the same request again under the same key: \
             it tells."
        }
        Code::Draining => "This instance is shutting down. Send the request again; another one answers.",
    }
}
