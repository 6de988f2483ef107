//! Changes of gift cards by people: when they expire, whether they pay, and what is on them.
use super::{
    model::{GiftCard, GiftCardChange, GiftCardMove, GiftCardMoveKind, MOST_MINOR},
    store,
};
use crate::{
    kernel::{Code, Error, GiftCardId, GiftCardMoveId, Result, actor::Permission},
    platform::{
        db::Db,
        idempotency::{Caller, Outcome, Recorded, write_once},
    },
};

/// Changes when a card expires, disables it or offers it again.
pub async fn change(db: &Db, caller: Caller, id: GiftCardId, change: GiftCardChange) -> Result<Recorded<GiftCard>> {
    let Caller { actor, key, expected } = caller;
    actor.require_everywhere(Permission::GiftCardsWrite)?;
    write_once(db, actor, Permission::GiftCardsWrite, key, move |tx, _| {
        let before = store::lock(tx, id)?;
        expected.check("the gift card", before.version)?;
        let now = tx.now();
        let after = GiftCard {
            expires_at: change.expires_at.unwrap_or(before.expires_at),
            disabled_at: match change.is_disabled {
                Some(true) => before.disabled_at.or(Some(now)),
                Some(false) => None,
                None => before.disabled_at,
            },
            note: change.note.clone().unwrap_or(before.note),
            version: before.version + 1,
            updated_at: now,
            ..before
        };
        store::save(tx, &after)?;
        Ok(Outcome::changed(after.version, None, after))
    })
    .await
}

/// Puts an amount on a card or takes it off, in minor units; never below what orders hold of it.
pub async fn adjust(
    db: &Db,
    caller: Caller,
    id: GiftCardId,
    delta_minor: i64,
    reason: String,
) -> Result<Recorded<GiftCard>> {
    let Caller { actor, key, expected } = caller;
    let by = actor.id;
    actor.require_everywhere(Permission::GiftCardsWrite)?;
    write_once(db, actor, Permission::GiftCardsWrite, key, move |tx, _| {
        let card = store::lock(tx, id)?;
        expected.check("the gift card", card.version)?;
        let (balance, available) = (card.balance, card.available.amount_minor);
        if available.saturating_add(delta_minor) < 0 {
            let said = format!("take {} off: {available} minor units are available", -delta_minor);
            return Err(Error::at(Code::GiftCardOverdrawn, "/delta_minor", said));
        }
        if delta_minor > 0 && balance.amount_minor.saturating_add(delta_minor) > MOST_MINOR {
            let said = format!("a gift card has at most {MOST_MINOR} minor units");
            return Err(Error::at(Code::AmountOverflow, "/delta_minor", said));
        }
        let step = GiftCardMove {
            id: GiftCardMoveId::new(),
            kind: GiftCardMoveKind::Adjust,
            amount_minor: delta_minor,
            held_minor: 0,
            payment_id: None,
            order_id: None,
            reason: Some(reason.clone()),
            actor_id: Some(by),
            created_at: tx.now(),
        };
        let card = store::add_move(tx, id, &step)?;
        Ok(Outcome::changed(card.version, None, card))
    })
    .await
}
