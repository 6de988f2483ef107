//! Gift cards as a gateway. Every request locks its card and finds what was done for its payment before, so that asking
//! again answers alike; the payment's `method` is the id of the card.
use super::{Gateway, GatewayOutcome, GatewayRequest};
use crate::{
    kernel::{GiftCardId, GiftCardMoveId, Money, Result},
    payments::{
        gift_cards::{
            model::{GiftCardMove, GiftCardMoveKind as Kind},
            store,
        },
        status::OperationKind,
        store::Payment,
    },
    platform::db::{Db, Write},
};
use futures_util::{FutureExt, future::BoxFuture};

/// The gift cards of a database.
pub struct GiftCards {
    db: Db,
}

/// The amounts of a payment on its card, in minor units.
#[derive(Debug, Clone, Copy, Default)]
struct OnCard {
    held: i64,
    taken: i64,
    is_authorized: bool,
    is_released: bool,
}

impl OnCard {
    fn of(moves: &[GiftCardMove]) -> Self {
        moves.iter().fold(Self::default(), |sum, step| Self {
            held: sum.held + step.held_minor,
            taken: sum.taken - step.amount_minor,
            is_authorized: sum.is_authorized || step.kind == Kind::Authorize,
            is_released: sum.is_released || step.kind == Kind::Release,
        })
    }
}

/// Something that is asked of a card for a payment.
struct Asked {
    payment: Payment,
    card: GiftCardId,
    key: GiftCardMoveId,
    kind: OperationKind,
    amount: i64,
    is_final: bool,
}

impl GiftCards {
    /// On a database.
    pub fn new(db: Db) -> Self {
        Self { db }
    }

    async fn call(&self, kind: OperationKind, request: GatewayRequest<'_>) -> GatewayOutcome {
        let card = request.payment.method.as_deref().and_then(|id| id.parse().ok());
        let Some(card) = card else {
            return GatewayOutcome::Refused { why: "no_such_gift_card".into(), reference: None };
        };
        let asked = Asked {
            payment: request.payment.clone(),
            card,
            key: GiftCardMoveId(request.key.0),
            kind,
            amount: request.amount_minor,
            is_final: request.is_final,
        };
        match self.db.write(move |tx| asked.answer(tx)).await {
            Ok(outcome) => outcome,
            Err(error) => GatewayOutcome::Unknown(error.to_string()),
        }
    }
}

impl Asked {
    fn answer(&self, tx: &mut Write) -> Result<GatewayOutcome> {
        let refused = |why: &str| Ok(GatewayOutcome::Refused { why: why.into(), reference: Some(self.reference()) });
        let card = store::lock(tx, self.card)?;
        let moves = store::moves_of_payment(tx.conn(), self.payment.id)?;
        let stands = OnCard::of(&moves);
        if moves.iter().any(|step| step.id == self.key) {
            return Ok(self.done());
        }
        match self.kind {
            OperationKind::Authorize if stands.is_released => return refused("given_up"),
            OperationKind::Authorize if stands.is_authorized => {}
            OperationKind::Authorize => {
                let amount = Money { amount_minor: self.amount, currency: self.payment.currency };
                if let Some(obstacle) = card.obstacle(amount, tx.now()) {
                    return refused(obstacle);
                }
                self.add(tx, self.key, Kind::Authorize, [0, self.amount])?;
            }
            OperationKind::Capture if self.amount > stands.held => return refused("amount_too_large"),
            OperationKind::Capture => {
                self.add(tx, self.key, Kind::Capture, [-self.amount, -self.amount])?;
                let rest = stands.held - self.amount;
                if self.is_final && rest > 0 {
                    self.add(tx, GiftCardMoveId::new(), Kind::Release, [0, -rest])?;
                }
            }
            // Whatever may still be on its way finds it given up.
            OperationKind::Void => self.add(tx, self.key, Kind::Release, [0, -stands.held])?,
            OperationKind::Refund if self.amount > stands.taken => return refused("amount_too_large"),
            OperationKind::Refund => self.add(tx, self.key, Kind::Refund, [self.amount, 0])?,
        }
        Ok(self.done())
    }

    fn reference(&self) -> String {
        self.payment.id.to_string()
    }

    fn done(&self) -> GatewayOutcome {
        GatewayOutcome::Done { reference: Some(self.reference()) }
    }

    /// Changes the balance of the card and what is held of it by two amounts, in minor units.
    fn add(&self, tx: &mut Write, id: GiftCardMoveId, kind: Kind, by: [i64; 2]) -> Result<()> {
        let [amount_minor, held_minor] = by;
        let step = GiftCardMove {
            id,
            kind,
            amount_minor,
            held_minor,
            payment_id: Some(self.payment.id),
            order_id: Some(self.payment.order_id),
            reason: None,
            actor_id: None,
            created_at: tx.now(),
        };
        store::add_move(tx, self.card, &step).map(|_| ())
    }
}

impl Gateway for GiftCards {
    fn authorize<'a>(&'a self, request: GatewayRequest<'a>) -> BoxFuture<'a, GatewayOutcome> {
        self.call(OperationKind::Authorize, request).boxed()
    }

    fn capture<'a>(&'a self, request: GatewayRequest<'a>) -> BoxFuture<'a, GatewayOutcome> {
        self.call(OperationKind::Capture, request).boxed()
    }

    fn void<'a>(&'a self, request: GatewayRequest<'a>) -> BoxFuture<'a, GatewayOutcome> {
        self.call(OperationKind::Void, request).boxed()
    }

    fn refund<'a>(&'a self, request: GatewayRequest<'a>) -> BoxFuture<'a, GatewayOutcome> {
        self.call(OperationKind::Refund, request).boxed()
    }

    fn captures_once(&self) -> bool {
        false
    }
}
