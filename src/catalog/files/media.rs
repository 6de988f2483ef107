//! Rows of pictures and films: each is one at its place among those of its product.
use super::{
    rows::{MediaRow, RowOf, columns::MEDIA, of_row, refuse},
    store::{self, by_slug},
};
use crate::{
    catalog::{
        content::{
            MediaKind, NewMedia,
            store::{media_of, put_media},
        },
        events,
        store::{Variant, variants_of},
    },
    kernel::{Code, Error, ProductId, Result, Typed, VariantId},
    platform::{db::Write, files},
};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Pictures and films of a product at most.
const MOST: usize = 100;

/// A picture or film with the variant that it shows.
type Shown = (NewMedia, Option<VariantId>);

/// The media of products, as they are after the rows before.
struct Gallery {
    media: BTreeMap<ProductId, Vec<Shown>>,
    variants: HashMap<(ProductId, Typed), Variant>,
}

/// Does rows in their order.
pub fn work_through(tx: &mut Write, lines: &[String]) -> Result<Vec<RowOf>> {
    let rows: Vec<Result<MediaRow>> = lines.iter().map(|line| files::read(&MEDIA, line)).collect();
    let slugs: Vec<_> = rows.iter().filter_map(|row| row.as_ref().ok()).map(|row| row.product.as_str()).collect();
    let (products, _) = store::lock(tx.conn(), &slugs, &[])?;
    let products = by_slug(&products);
    let mut gallery = Gallery::read(tx, products.values().copied().collect())?;
    let mut changed = BTreeSet::new();
    let mut outcomes = vec![];
    for row in rows {
        let outcome = of_row(row.and_then(|row| {
            let unknown = || Error::refused(Code::NotFound, format!("there is no product {}", row.product));
            let product = *products.get(row.product.as_str()).ok_or_else(unknown)?;
            Ok((product, gallery.set(product, row)?))
        }))?;
        outcomes.push(outcome.map(|(product, is_set)| {
            changed.extend(is_set.then_some(product));
            is_set
        }));
    }
    for product in &changed {
        let media = gallery.media.get(product).map(Vec::as_slice).unwrap_or_default();
        put_media(tx, *product, media)?;
    }
    let changed: Vec<_> = changed.into_iter().collect();
    for product in store::touch_products(tx, &changed)? {
        events::product_changed(tx, &product)?;
    }
    Ok(outcomes)
}

impl Gallery {
    fn read(tx: &mut Write, ids: Vec<ProductId>) -> Result<Self> {
        let variants = variants_of(tx.conn(), &ids)?;
        let skus: HashMap<_, _> = variants.iter().map(|variant| (variant.id, variant.sku.clone())).collect();
        let mut media: BTreeMap<_, Vec<Shown>> = ids.iter().map(|id| (*id, vec![])).collect();
        for one in media_of(tx.conn(), &ids)? {
            let sku = one.variant_id.and_then(|id| skus.get(&id)).and_then(|sku| sku.parse().ok());
            let kept = NewMedia {
                url: one.url.parse().map_err(|why: String| anyhow::anyhow!(why))?,
                kind: one.kind,
                alt: one.alt.as_deref().and_then(|alt| alt.parse().ok()),
                sku,
            };
            media.entry(one.product_id).or_default().push((kept, one.variant_id));
        }
        let variants = variants.into_iter().map(|one| ((one.product_id, Typed::of(&one.sku)), one)).collect();
        Ok(Self { media, variants })
    }

    /// Puts the picture of a row at its place; false if it stands so.
    fn set(&mut self, product: ProductId, row: MediaRow) -> Result<bool> {
        let media = self.media.entry(product).or_default();
        let at = match row.position {
            Some(position) => usize::try_from(position).unwrap_or(usize::MAX),
            None => media.iter().position(|(one, _)| one.url == row.url).unwrap_or(media.len()),
        };
        let before = media.get(at);
        if at > media.len() {
            return refuse(format!("position must be 0 to {}: so many has {}", media.len(), row.product));
        }
        if at >= MOST {
            return refuse(format!("a product has at most {MOST} pictures and films"));
        }
        // What a row does not say stays, if it is of the same picture.
        let same = before.filter(|(one, _)| one.url == row.url).map(|(one, _)| one);
        let sku = row.sku.unwrap_or_else(|| same.and_then(|one| one.sku.clone()));
        let variant = sku.as_ref().map(|sku| {
            let unknown = || Error::refused(Code::UnknownSku, format!("{} has no SKU {sku}", row.product));
            self.variants.get(&(product, sku.key().clone())).map(|variant| variant.id).ok_or_else(unknown)
        });
        let shown = NewMedia {
            kind: row.kind.or(same.map(|one| one.kind)).unwrap_or(MediaKind::Image),
            alt: row.alt.unwrap_or_else(|| same.and_then(|one| one.alt.clone())),
            url: row.url,
            sku,
        };
        let variant = variant.transpose()?;
        let is_same = before.is_some_and(|(one, of)| {
            (&one.url, one.kind, &one.alt) == (&shown.url, shown.kind, &shown.alt) && *of == variant
        });
        if is_same {
            return Ok(false);
        }
        match media.get_mut(at) {
            Some(place) => *place = (shown, variant),
            None => media.push((shown, variant)),
        }
        Ok(true)
    }
}
