//! Gift cards that are issued, with a code that is chosen or random.
use super::{
    model::{GiftCard, GiftCardCode, GiftCardMove, GiftCardMoveKind, NewGiftCard},
    store,
};
use crate::{
    kernel::{Code, Error, GiftCardId, GiftCardMoveId, Money, PrincipalId, Result, actor::Permission},
    platform::{
        db::{Db, Write},
        idempotency::{Caller, Outcome, Recorded, write_once},
    },
};
use rand::RngExt;
use serde::Serialize;
use utoipa::ToSchema;

/// The letters of random codes: none that is taken for another one.
const LETTERS: &[u8] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/// The letters of a random code, five bits each: nobody guesses eighty.
const LENGTH: usize = 16;

/// A gift card that was issued.
#[derive(Debug, Serialize, ToSchema)]
pub struct IssuedGiftCard {
    #[serde(flatten)]
    pub card: GiftCard,
    /// The code, in groups of four; it is told here alone. Null if it was chosen.
    #[schema(value_type = Option<GiftCardCode>)]
    pub code: Option<String>,
}

/// Issues a gift card.
pub async fn issue(db: &Db, caller: Caller, new: NewGiftCard) -> Result<Recorded<IssuedGiftCard>> {
    let Caller { actor, key, .. } = caller;
    let by = actor.id;
    actor.require_everywhere(Permission::GiftCardsWrite)?;
    write_once(db, actor, Permission::GiftCardsWrite, key, move |tx, _| {
        if let Some(end) = new.expires_at.filter(|end| *end <= tx.now()) {
            let said = format!("{end} is over: name a later moment");
            return Err(Error::at(Code::InvalidBody, "/expires_at", said));
        }
        let random = match new.code {
            Some(_) => None,
            None => Some(random_code()?),
        };
        let code =
            new.code.as_ref().or(random.as_ref()).ok_or_else(|| anyhow::anyhow!("a gift card without a code"))?;
        let card = issued(tx, &new, code, by)?;
        let code = random.as_ref().map(grouped);
        Ok(Outcome::created(card.id, card.version, None, IssuedGiftCard { card, code }))
    })
    .await
}

fn issued(tx: &mut Write, new: &NewGiftCard, code: &GiftCardCode, by: PrincipalId) -> Result<GiftCard> {
    let (now, nothing) = (tx.now(), Money::new(0, new.currency)?);
    let card = GiftCard {
        id: GiftCardId::new(),
        last_letters: code.last_letters(),
        balance: nothing,
        held: nothing,
        available: nothing,
        expires_at: new.expires_at,
        disabled_at: None,
        note: new.note.clone(),
        version: 1,
        created_by: by,
        created_at: now,
        updated_at: now,
    };
    store::insert(tx, &card, code)?;
    let step = GiftCardMove {
        id: GiftCardMoveId::new(),
        kind: GiftCardMoveKind::Issue,
        amount_minor: new.amount_minor,
        held_minor: 0,
        payment_id: None,
        order_id: None,
        reason: None,
        actor_id: Some(by),
        created_at: now,
    };
    store::add_move(tx, card.id, &step)
}

fn random_code() -> Result<GiftCardCode> {
    let mut random = rand::rng();
    let letter = |_| LETTERS.get(random.random_range(0..LETTERS.len())).copied().unwrap_or(b'X');
    let code: String = (0..LENGTH).map(letter).map(char::from).collect();
    code.parse().map_err(|why: String| anyhow::anyhow!(why).into())
}

fn grouped(code: &GiftCardCode) -> String {
    let letters: Vec<_> = code.as_str().chars().collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}
