//! Rows of products: a row is a variant with what its product is, or a product alone.
mod changes;
mod known;
mod row;

use super::{
    kinds::Chunk,
    rows::{ProductRow, RowOf, columns::PRODUCTS, of_row},
    store,
};
use crate::{
    catalog::{attributes::Slug, store::touch_product},
    kernel::{Code, Error, Result, Sku},
    platform::{
        db::{Write, remembered},
        files,
    },
};
use known::KnownProducts;

/// Does rows in their order.
pub fn work_through(tx: &mut Write, chunk: Chunk, lines: &[String]) -> Result<Vec<RowOf>> {
    let rows: Vec<Result<ProductRow>> = lines.iter().map(|line| files::read(&PRODUCTS, line)).collect();
    let read = || rows.iter().filter_map(|row| row.as_ref().ok());
    // Orders that are being placed rely on what they remember of products; what is new nobody remembers.
    let slugs: Vec<_> = read().filter_map(|row| row.product.as_ref()).map(Slug::as_str).collect();
    let skus: Vec<_> = read().filter_map(|row| row.sku.as_ref()).map(Sku::key).collect();
    let has_old = !chunk.is_rehearsal && store::has_any(tx.conn(), &slugs, &skus)?;
    if has_old {
        remembered::lock(tx)?;
        tx.renew_now();
    }
    let mut known = KnownProducts::read(tx, &slugs, &skus)?;
    if !known.is_empty() && !has_old && !chunk.is_rehearsal {
        return Err(Error::refused(Code::Conflict, "some of the products were just made; they are tried again"));
    }
    let mut outcomes = vec![];
    for row in rows {
        let outcome = match row {
            Ok(row) => of_row(tx.part(|tx| row::work(tx, &known, row)))?,
            Err(why) => Err(why),
        };
        outcomes.push(outcome.map(|done| known.learn(done)));
    }
    for product in known.touched() {
        touch_product(tx, product)?;
    }
    if has_old {
        remembered::count_change(tx)?;
    }
    Ok(outcomes)
}
