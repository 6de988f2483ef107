//! Prices of price lists, one after the other.
use crate::{
    catalog::{
        cache::Catalog,
        files::rows::{PriceRow, refuse},
        price_lists::{self, NewListPrice},
    },
    kernel::{Code, Error, PrincipalId, Quantity, Result},
    platform::db::Write,
};

/// Sets a price in a list, in place of those whose time it overlaps; false if the list has it so.
pub fn set(tx: &mut Write, catalog: &Catalog, of: (PrincipalId, &str), row: &PriceRow) -> Result<bool> {
    let (by, code) = of;
    let unknown = || Error::refused(Code::NotFound, format!("there is no price list {code}"));
    let list = price_lists::lock_named(tx, code)?.ok_or_else(unknown)?;
    if let Some(currency) = row.currency.filter(|currency| *currency != list.currency) {
        return refuse(format!("the prices of {code} are in {}, not in {currency}", list.currency));
    }
    let price = NewListPrice {
        sku: row.sku.clone(),
        min_quantity: row.min_quantity.unwrap_or(Quantity::ONE),
        amount_minor: row.amount_minor,
        compare_at_minor: row.compare_at_minor.flatten(),
        starts_at: row.starts_at,
        ends_at: row.ends_at,
    };
    price_lists::replace(tx, catalog, (list, by), price)
}
