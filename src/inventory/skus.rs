//! Goods named by SKU in documents: each must be known and must be one that is kept in stock itself.
use crate::{
    catalog::{self, Catalog, Category, LotControl},
    kernel::{Code, Error, Faults, Quantity, Result, Sku, VariantId},
    platform::db::Read,
};

/// The variant of a SKU, or a refusal.
pub fn variant_of(db: &mut Read, sku: &Sku) -> Result<VariantId> {
    let found = catalog::variant_by_sku(db, sku.as_str())?;
    found.map(|variant| variant.id).ok_or_else(|| Error::refused(Code::UnknownSku, format!("there is no SKU {sku}")))
}

/// A variant that a document names.
#[derive(Debug, Clone)]
pub struct Good {
    pub variant: VariantId,
    pub sku: String,
    pub lot_control: LotControl,
    /// Days from manufacture to expiry, if the catalog knows them.
    pub shelf_life_days: Option<i32>,
}

/// The variants of the SKUs, in their order; refused with all that are unknown or bundles. Retired ones are moved,
/// counted and received like others.
pub fn goods_of(db: &mut Read, catalog: &Catalog, skus: &[Sku]) -> Result<Vec<Good>> {
    goods_at(db, catalog, skus, |at| format!("/lines/{at}/sku"))
}

/// The same for SKUs that stand elsewhere in a body, each at its pointer.
pub fn goods_at(
    db: &mut Read,
    catalog: &Catalog,
    skus: &[Sku],
    pointer: impl Fn(usize) -> String,
) -> Result<Vec<Good>> {
    let found = catalog.offers_by_sku(db, skus)?;
    let (mut goods, mut faults) = (vec![], Faults::default());
    for (at, sku) in skus.iter().enumerate() {
        let pointer = pointer(at);
        let Some(offer) = found.get(sku.key()) else {
            faults.add(Code::UnknownSku, &pointer, format!("there is no SKU {sku}"));
            continue;
        };
        if offer.product.category == Category::Bundle {
            let said = format!("{sku} is a bundle: name its parts, which are what is kept in stock");
            faults.add(Code::InvalidBundle, &pointer, said);
        }
        let (variant, sku) = (offer.variant.id, offer.variant.sku.clone());
        let catalog::Variant { lot_control, shelf_life_days, .. } = offer.variant;
        goods.push(Good { variant, sku, lot_control, shelf_life_days });
    }
    faults.require_none().map(|()| goods)
}

/// Lines of a document as they are sent.
pub type SkuQuantities = Vec<(Sku, Quantity)>;

/// The variants and units of lines; those of one SKU add up.
pub fn lines_of(db: &mut Read, catalog: &Catalog, asked: &SkuQuantities) -> Result<Vec<(VariantId, i32)>> {
    let skus: Vec<_> = asked.iter().map(|(sku, _)| sku.clone()).collect();
    let goods = goods_of(db, catalog, &skus)?;
    summed(goods.iter().map(|good| good.variant).zip(asked.iter().map(|(_, quantity)| quantity.get())))
}

/// Units summed per variant, in the order in which they were first named; refused when they add up to too much.
pub fn summed(lines: impl Iterator<Item = (VariantId, i32)>) -> Result<Vec<(VariantId, i32)>> {
    let mut sums: Vec<(VariantId, i32)> = vec![];
    for (variant, units) in lines {
        match sums.iter_mut().find(|sum| sum.0 == variant) {
            None => sums.push((variant, units)),
            Some(sum) => {
                let added = sum.1.checked_add(units).filter(|sum| *sum <= 1_000_000_000);
                sum.1 =
                    added.ok_or_else(|| Error::refused(Code::QuantityOverflow, "the quantities add up to too much"))?;
            }
        }
    }
    Ok(sums)
}

/// A refusal of the stock's, with the SKU in place of the variant's id.
pub fn told(error: Error, sku_of: impl Fn(VariantId) -> Option<String>) -> Error {
    let Error::Refused(mut refusal) = error else { return error };
    if let Some((id, rest)) = refusal.detail.split_once(": ")
        && let Some(sku) = id.parse().ok().and_then(sku_of)
    {
        refusal.detail = format!("{sku}: {rest}");
    }
    Error::Refused(refusal)
}
