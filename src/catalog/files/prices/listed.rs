//! Prices of price lists, one after the other.
use crate::{
    catalog::{
        files::rows::{PriceRow, refuse},
        price_lists::{self, NewListPrice, Replacing},
    },
    kernel::{Code, Error, PrincipalId, Quantity, Result, Typed, VariantId},
    platform::db::Write,
};
use std::collections::HashMap;

/// A fault of what the row says, as rows tell it.
fn of_row(error: Error) -> Error {
    match error {
        Error::Refused(why) if why.code == Code::InvalidBody => Error::refused(Code::InvalidRow, why.detail),
        other => other,
    }
}

/// Sets a price in a list, in place of those whose time it overlaps; false if the list has it so.
pub fn set(tx: &mut Write, of: (PrincipalId, &str), known: &HashMap<Typed, VariantId>, row: &PriceRow) -> Result<bool> {
    let (by, code) = of;
    let unknown = || Error::refused(Code::NotFound, format!("there is no price list {code}"));
    let list = price_lists::lock_named(tx, code)?.ok_or_else(unknown)?;
    if let Some(currency) = row.currency.filter(|currency| *currency != list.currency) {
        return refuse(format!("the prices of {code} are in {}, not in {currency}", list.currency));
    }
    if row.tax_included.is_some_and(|included| included != list.tax_included) {
        let are = if list.tax_included { "with" } else { "without" };
        return refuse(format!("the prices of {code} are {are} tax: tax_included says otherwise"));
    }
    let price = NewListPrice {
        sku: row.sku.clone(),
        min_quantity: row.min_quantity.unwrap_or(Quantity::ONE),
        amount_minor: row.amount_minor,
        compare_at_minor: row.compare_at_minor.unwrap_or_default(),
        starts_at: row.starts_at,
        ends_at: row.ends_at,
    };
    let replacing = Replacing { price, keeps_compare: row.compare_at_minor.is_none(), by };
    price_lists::replace(tx, list, known, replacing).map_err(of_row)
}
