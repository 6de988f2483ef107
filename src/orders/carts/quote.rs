//! Quotes: the prices of a cart that an order is charged until the quote expires.
use super::{rules::Quoted, store};
use crate::{
    catalog::{Discounts, PriceContext, Promotions},
    kernel::{Actor, Code, Error, QuoteId, Result},
    orders::{
        model::{NewOrder, ShippingCharge},
        rules::Priced,
    },
    platform::db::{Db, Write},
};
use chrono::{DateTime, Duration, Utc};
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// The time for which a quote is honored.
const VALID_FOR: Duration = Duration::minutes(15);

/// A quote: name it as `quote_id` in an order of the same cart.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct Quote {
    /// Identifies the quote.
    pub id: QuoteId,
    /// The moment until which orders are charged these prices.
    pub expires_at: DateTime<Utc>,
}

/// Keeps the prices of a cart.
pub async fn keep(db: &Db, actor: &Actor, quoted: Quoted) -> Result<Quote> {
    let (id, by) = (QuoteId::new(), actor.id);
    db.write(move |tx| {
        let quote = Quote { id, expires_at: tx.now() + VALID_FOR };
        store::insert(tx, quote.id, &quoted, (by, quote.expires_at))?;
        Ok(quote)
    })
    .await
}

/// The prices that a quote keeps for an order.
pub struct Honored {
    pub lines: Vec<Priced>,
    pub discounts: Discounts,
    pub charge: Option<ShippingCharge>,
}

/// The prices that a quote keeps for an order; refused if it has expired or is of another cart.
pub async fn honored(
    db: &Db,
    id: QuoteId,
    new: &NewOrder,
    to: &PriceContext,
    promotions: Arc<Promotions>,
) -> Result<Honored> {
    let (quoted, expires_at) = db.read(move |db| Ok(store::by_id(db.conn(), id)?)).await?.ok_or_else(|| {
        Error::at(Code::UnknownQuote, "/quote_id", format!("there is no quote {id}, or it has long expired"))
    })?;
    if expires_at <= to.at {
        let said = format!("the quote was valid until {expires_at}: price the cart anew");
        return Err(Error::at(Code::QuoteExpired, "/quote_id", said));
    }
    let lines = quoted.lines_for(new, to)?;
    let discounts = quoted.discounts(promotions, new)?;
    Ok(Honored { lines, discounts, charge: quoted.charge })
}

/// Deletes at most `most` quotes that expired before a time, and returns how many.
pub fn delete_quotes_before(tx: &mut Write, before: DateTime<Utc>, most: i64) -> Result<usize> {
    Ok(store::delete_before(tx.conn(), before, most)?)
}
