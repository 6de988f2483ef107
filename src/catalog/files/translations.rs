//! Rows of texts in other languages.
use super::{
    rows::{RowOf, TranslationRow, columns::TRANSLATIONS, of_row},
    store::{self, by_slug},
};
use crate::{
    catalog::{
        content::{
            NewTranslation,
            store::{put_translation, translations_of},
        },
        events,
    },
    kernel::{Code, Error, ProductId, Prose, Result},
    platform::{db::Write, files},
};
use std::collections::{BTreeSet, HashMap};

/// The name and the description of a product in a language.
type Texts = (String, Option<String>);

/// Texts by product and language, as they are after the rows before.
type Standing = HashMap<(ProductId, String), Texts>;

/// Does rows in their order.
pub fn work_through(tx: &mut Write, lines: &[String]) -> Result<Vec<RowOf>> {
    let rows: Vec<Result<TranslationRow>> = lines.iter().map(|line| files::read(&TRANSLATIONS, line)).collect();
    let slugs: Vec<_> = rows.iter().filter_map(|row| row.as_ref().ok()).map(|row| row.product.as_str()).collect();
    let (products, _) = store::lock(tx.conn(), &slugs, &[])?;
    let products = by_slug(&products);
    let ids: Vec<_> = products.values().copied().collect();
    let mut standing: Standing = translations_of(tx.conn(), &ids)?
        .into_iter()
        .map(|one| ((one.product_id, one.language), (one.name, one.description)))
        .collect();
    let (mut outcomes, mut changed) = (vec![], BTreeSet::new());
    for row in rows {
        let outcome = row.and_then(|row| {
            let unknown = || Error::refused(Code::NotFound, format!("there is no product {}", row.product));
            Ok((*products.get(row.product.as_str()).ok_or_else(unknown)?, row))
        });
        outcomes.push(match outcome {
            Ok((product, row)) => {
                let done = of_row(tx.part(|tx| set(tx, &standing, product, row)))?;
                done.map(|set| set.map(|(key, texts)| standing.insert(key, texts)).is_some())
                    .inspect(|is_set| changed.extend(is_set.then_some(product)))
            }
            Err(why) => Err(why),
        });
    }
    let changed: Vec<_> = changed.into_iter().collect();
    for product in store::touch_products(tx, &changed)? {
        events::product_changed(tx, &product)?;
    }
    Ok(outcomes)
}

/// Sets the texts of a row; none if they stand so.
fn set(
    tx: &mut Write,
    standing: &Standing,
    product: ProductId,
    row: TranslationRow,
) -> Result<Option<((ProductId, String), Texts)>> {
    let key = (product, row.language.as_str().to_owned());
    let before = standing.get(&key);
    let description = match row.description {
        Some(said) => said,
        None => before.and_then(|texts| texts.1.as_deref()).and_then(|text| text.parse::<Prose<4000>>().ok()),
    };
    let texts = (row.name.to_string(), description.as_deref().map(str::to_owned));
    if before == Some(&texts) {
        return Ok(None);
    }
    put_translation(tx, product, &NewTranslation { language: row.language, name: row.name, description })?;
    Ok(Some((key, texts)))
}
