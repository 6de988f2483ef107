//! Gift cards as others find them.
use super::{
    model::{GiftCard, GiftCardCode},
    store,
};
use crate::{
    kernel::{Code, Error, GiftCardId, Result},
    platform::db::Db,
};

/// A gift card that is to pay.
#[derive(Debug, Clone, Copy)]
pub struct Payer {
    pub card: GiftCardId,
    /// The amount that can be paid with, in minor units.
    pub available_minor: i64,
}

/// The card with a code.
pub async fn by_code(db: &Db, code: GiftCardCode, pointer: &'static str) -> Result<GiftCard> {
    let found = db.read(move |db| store::by_code(db.conn(), &code)).await?;
    found.ok_or_else(|| Error::at(Code::UnknownGiftCard, pointer, "there is no gift card with this code"))
}

/// The card that is to pay, by its code, which stands at a place in the request.
pub async fn payer(db: &Db, code: &str, pointer: &'static str) -> Result<Payer> {
    let code = code.parse::<GiftCardCode>().map_err(|why| Error::at(Code::UnknownGiftCard, pointer, why))?;
    let card = by_code(db, code, pointer).await?;
    Ok(Payer { card: card.id, available_minor: card.available.amount_minor })
}
