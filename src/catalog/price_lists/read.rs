//! Price lists as clients read them.
use super::{
    model::{ListPriceRecord, PriceList},
    store::{
        self, PriceListKey,
        entries::{self, EntryFilter, EntryKey},
    },
};
use crate::{
    catalog::store as catalog,
    kernel::{Error, Page, PageRequest, PriceListId, Result, Sku},
    platform::db::Read,
};
use chrono::{DateTime, Utc};

/// A price list.
pub fn price_list(db: &mut Read, id: PriceListId) -> Result<PriceList> {
    store::by_id(db.conn(), &[id])?.pop().ok_or_else(|| Error::not_found("price list"))
}

/// A page of the price lists, by code.
pub fn price_lists(db: &mut Read, page: &PageRequest<PriceListKey>) -> Result<Page<PriceList>> {
    Ok(Page::of(store::page(db.conn(), page)?, page.limit))
}

/// The prices of a list that are asked for.
#[derive(Debug, Clone)]
pub struct PricesOf {
    pub list: PriceListId,
    /// Of this SKU alone.
    pub sku: Option<Sku>,
    /// Only those that hold then or later; all if none.
    pub after: Option<DateTime<Utc>>,
}

/// A page of the prices of a list that exists, in the order in which they were set.
pub fn prices(db: &mut Read, of: &PricesOf, page: &PageRequest<EntryKey>) -> Result<Page<ListPriceRecord>> {
    price_list(db, of.list)?;
    let variant = match &of.sku {
        None => None,
        Some(sku) => match catalog::ids_of_skus(db.conn(), &[sku.key()])?.pop() {
            Some((_, id)) => Some(id),
            None => return Ok(Page::of(vec![], page.limit)),
        },
    };
    let filter = EntryFilter { list: of.list, variant, after: of.after };
    Ok(Page::of(entries::page(db.conn(), filter, page)?, page.limit))
}
