//! Names that people use for the records that ids stand for.
use crate::{
    catalog, inventory,
    kernel::{Result, VariantId},
    platform::{db::Db, http::Namer},
};
use futures_util::future::BoxFuture;
use std::collections::HashMap;
use uuid::Uuid;

/// Names as the modules know them.
pub struct CodeNames(pub Db);

impl Namer for CodeNames {
    fn names_of(&self, ids: Vec<Uuid>) -> BoxFuture<'_, Result<HashMap<Uuid, String>>> {
        Box::pin(self.0.read(move |db| {
            let variants: Vec<_> = ids.iter().copied().map(VariantId).collect();
            let mut names: HashMap<_, _> = catalog::variants_by_id(db, &variants)?
                .into_iter()
                .map(|variant| (variant.id.0, variant.sku))
                .collect();
            names.extend(inventory::names_of(db, &ids)?);
            Ok(names)
        }))
    }
}
