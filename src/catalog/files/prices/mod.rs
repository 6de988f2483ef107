//! Rows of prices: of channels, many in a statement, and of price lists.
mod base;
mod listed;

use super::{
    kinds::Chunk,
    rows::{PriceRow, RowOf, columns::PRICES, of_row, refuse},
    store,
};
use crate::{
    kernel::Result,
    platform::{
        db::{Write, remembered},
        files,
    },
};
use base::BasePrices;

/// Does rows in their order.
pub fn work_through(tx: &mut Write, chunk: Chunk, lines: &[String]) -> Result<Vec<RowOf>> {
    let Chunk { by, is_rehearsal, .. } = chunk;
    if !is_rehearsal {
        remembered::lock(tx)?;
        tx.renew_now();
    }
    let rows: Vec<Result<PriceRow>> = lines.iter().map(|line| files::read(&PRICES, line)).collect();
    let skus: Vec<_> = rows.iter().filter_map(|row| row.as_ref().ok()).map(|row| row.sku.key()).collect();
    let (_, variants) = store::lock(tx.conn(), &[], &skus)?;
    let mut base = BasePrices::read(tx, &variants)?;
    let mut outcomes = vec![];
    for row in rows {
        outcomes.push(match row {
            Err(why) => Err(why),
            Ok(row) => match (row.channel, row.price_list.clone()) {
                (Some(channel), None) => of_row(base.set(&row, channel))?,
                (None, Some(list)) => {
                    of_row(tx.part(|tx| listed::set(tx, (by, list.as_str()), base.variants(), &row)))?
                }
                _ => refuse("a price is of either a channel or a price_list"),
            },
        });
    }
    base.write(tx, by)?;
    if !is_rehearsal {
        remembered::count_change(tx)?;
    }
    Ok(outcomes)
}
