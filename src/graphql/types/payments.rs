//! Payments, and the list of those that need a person.
use super::orders::Order;
use crate::{
    graphql::{
        connection,
        connection::{Connected, connection, request},
        context::{loaders, places, read},
        enums::PaymentStatus,
        errors::shared,
        ids,
        loaders::OrderById,
        scalars::Money,
    },
    kernel::{self, OrderId, PaymentId, actor::Permission},
    payments,
};
use async_graphql::{ComplexObject, Context, Enum, ID, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};

/// The means by which money is handed over at a till.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "payments::TenderKind")]
enum TenderKind {
    Cash,
    Card,
    Other,
}

/// The way in which money was handed over at a till.
#[derive(SimpleObject)]
struct Tender {
    /// The means.
    kind: TenderKind,
    /// The coins and notes that were handed over; null of other means.
    tendered: Option<Money>,
    /// The amount added to the payment, or taken off if negative, so that it can be paid in coins of the country.
    rounding: Money,
    /// The tip.
    tip: Money,
    /// The amount that was given back in coins and notes.
    change: Money,
}

/// A payment towards an order.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct Payment {
    #[graphql(skip)]
    global: ID,
    /// The gateway that took the money.
    gateway: String,
    /// The status.
    status: PaymentStatus,
    /// The amount that was asked for; the status tells if it was authorized.
    authorized: Money,
    /// The amount taken.
    captured: Money,
    /// The amount given back.
    refunded: Money,
    /// The payer's or till's own reference.
    reference: Option<String>,
    /// The way in which the money was handed over at a till; null where it was not told.
    tender: Option<Tender>,
    /// Why something of it failed, so that someone must look at it; null if nothing has.
    failure: Option<String>,
    /// When it was recorded.
    created_at: DateTime<Utc>,
    #[graphql(skip)]
    of: OrderId,
    #[graphql(skip)]
    id: PaymentId,
}

#[ComplexObject]
impl Payment {
    /// Its global id.
    pub async fn id(&self) -> ID {
        self.global.clone()
    }

    /// The id that REST uses.
    async fn payment_id(&self) -> String {
        self.id.to_string()
    }

    /// The order that it is for, if the caller may see it.
    async fn order(&self, ctx: &Context<'_>) -> Result<Option<Order>> {
        Ok(loaders(ctx).load_one(OrderById(self.of)).await.map_err(shared)?.map(Order))
    }
}

impl From<payments::Payment> for Payment {
    fn from(p: payments::Payment) -> Self {
        let money = |amount_minor| kernel::Money { amount_minor, currency: p.currency }.into();
        Self {
            global: ids::global("Payment", p.id.0),
            gateway: p.gateway.to_string(),
            status: p.status.into(),
            authorized: money(p.authorized_minor),
            captured: money(p.captured_minor),
            refunded: money(p.refunded_minor),
            reference: p.reference,
            failure: p.failure,
            tender: p.tender.map(|tender| Tender {
                kind: tender.kind.into(),
                tendered: tender.tendered_minor.map(money),
                rounding: money(tender.rounding_minor),
                tip: money(tender.tip_minor),
                change: money(tender.change_minor),
            }),
            created_at: p.created_at,
            of: p.order_id,
            id: p.id,
        }
    }
}

/// Reads of payments.
#[derive(Default)]
pub struct PaymentQuery;

/// Reads of payments.
#[Object]
impl PaymentQuery {
    /// Payments of which money could not be taken or given back, the oldest first: a person must look at them.
    #[graphql(complexity = "connection::cost(first, child_complexity)")]
    async fn failed_payments(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows in a page, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Where to go on: the end cursor of the page before.")] after: Option<String>,
    ) -> Result<Connected<Payment>> {
        let seen = places(ctx, Permission::OrdersRead)?;
        let page = request::<PaymentId>(first, after.as_deref(), "failed payments")?;
        let found = read(ctx, move |db| payments::failed_payments(db, &seen, &page)).await?;
        connection(found, "failed payments", after.is_some(), |payment| payment.id, Payment::from)
    }
}
