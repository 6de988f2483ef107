//! The assortment of a supplier: which variants it delivers, under which number, in which packs, and at which cost.
use super::{
    Purchase,
    read::{Skus, skus_of},
    store::{self, ItemFilter, SupplierItem},
};
use crate::{
    inventory::{service::Inventory, skus::goods_of},
    kernel::{
        Actor, Code, Error, Faults, Money, Page, PageRequest, Result, Sku, SupplierId, VariantId, actor::Permission,
        money::Currency,
    },
    platform::{
        db::{Read, Write},
        idempotency::{Caller, Outcome, Recorded, write_once},
    },
};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

/// A variant that a supplier delivers, and on which terms.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SupplierItemView {
    /// Identifies the supplier.
    pub supplier_id: SupplierId,
    /// Identifies the variant.
    pub variant_id: VariantId,
    /// The SKU of the variant.
    pub sku: String,
    /// The supplier's own number for it.
    pub supplier_sku: Option<String>,
    /// It is ordered in multiples of so many units.
    pub pack_size: i32,
    /// Units that a line of an order must have at least.
    pub minimum_units: i32,
    /// Days until it arrives; null where those of the supplier hold.
    pub lead_days: Option<i32>,
    /// The cost of a unit; null if that is not known, and for who may not read costs.
    pub unit_cost: Option<Money>,
    /// True for the supplier from whom it is bought first; one supplier of each variant at most.
    pub is_preferred: bool,
    /// True while it may still be bought there.
    pub is_active: bool,
    /// The number of its changes; send it back in `If-Match`.
    pub version: i64,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

impl SupplierItemView {
    fn of(item: SupplierItem, skus: &Skus, who: &Actor) -> Self {
        let shows = who.require_anywhere(Permission::CostsRead).is_ok();
        Self {
            supplier_id: item.supplier_id,
            variant_id: item.variant_id,
            sku: skus.get(&item.variant_id).cloned().unwrap_or_default(),
            supplier_sku: item.supplier_sku,
            pack_size: item.pack_size,
            minimum_units: item.minimum_units,
            lead_days: item.lead_days,
            unit_cost: Money::known(item.unit_cost_minor, item.currency.as_deref()).filter(|_| shows),
            is_preferred: item.is_preferred,
            is_active: item.is_active,
            version: item.version,
            created_at: item.created_at,
            updated_at: item.updated_at,
        }
    }
}

/// The terms on which a supplier delivers a variant.
#[derive(Debug, Clone)]
pub struct ItemTerms {
    pub supplier_sku: Option<String>,
    pub pack_size: i32,
    pub minimum_units: i32,
    pub lead_days: Option<i32>,
    pub unit_cost_minor: Option<i64>,
    pub currency: Option<Currency>,
    pub is_preferred: bool,
    pub is_active: bool,
}

/// Sets on which terms a supplier delivers a SKU.
pub(super) async fn set(
    inventory: &Inventory,
    caller: Caller,
    supplier: SupplierId,
    sku: Sku,
    terms: ItemTerms,
) -> Result<Recorded<SupplierItemView>> {
    let Caller { actor, key, expected } = caller;
    let (db, catalog) = (&inventory.db, &inventory.catalog);
    actor.require_everywhere(Permission::SuppliersWrite)?;
    match (terms.unit_cost_minor, terms.currency) {
        (Some(_), None) => {
            let mut faults = Faults::default();
            faults.add(Code::CostWithoutCurrency, "/currency", "say in which currency the cost is, such as \"EUR\"");
            faults.require_none()?;
        }
        (Some(_), Some(_)) => actor.require_everywhere(Permission::CostsWrite)?,
        (None, _) => {}
    }
    let catalog = catalog.clone();
    write_once(db, actor, Permission::SuppliersWrite, key, move |tx, actor| {
        let found = store::suppliers_by_id(tx.conn(), &[supplier])?.pop();
        found.ok_or_else(|| Error::not_found("supplier"))?;
        let good = goods_of(tx, &catalog, std::slice::from_ref(&sku)).map_err(|error| match error.code() {
            Code::UnknownSku => Error::not_found("variant"),
            _ => error,
        })?;
        let variant = good.first().ok_or_else(|| Error::not_found("variant"))?.variant;
        // One after the other, also where there is nothing to lock yet.
        store::lock_supplier(tx.conn(), supplier)?;
        let (before, now) = (store::lock_item(tx.conn(), (supplier, variant))?, tx.now());
        expected.check("the item of the supplier", before.as_ref().map_or(0, |item| item.version))?;
        let mut terms = terms.clone();
        let mut currency = terms.unit_cost_minor.and(terms.currency).map(|currency| currency.code().to_owned());
        // Who may not say costs leaves them as they are.
        if let (None, Some(before)) = (terms.unit_cost_minor, &before)
            && actor.require_everywhere(Permission::CostsWrite).is_err()
        {
            (terms.unit_cost_minor, currency) = (before.unit_cost_minor, before.currency.clone());
        }
        let item = SupplierItem {
            supplier_id: supplier,
            variant_id: variant,
            supplier_sku: terms.supplier_sku,
            pack_size: terms.pack_size,
            minimum_units: terms.minimum_units,
            lead_days: terms.lead_days,
            unit_cost_minor: terms.unit_cost_minor,
            currency,
            is_preferred: terms.is_preferred,
            is_active: terms.is_active,
            version: before.as_ref().map_or(1, |item| item.version + 1),
            created_at: before.map_or(now, |item| item.created_at),
            updated_at: now,
        };
        store::save_item(tx.conn(), &item)?;
        let (skus, version) = (skus_of(tx, &[variant])?, item.version);
        Ok(Outcome::changed(version, None, SupplierItemView::of(item, &skus, actor)))
    })
    .await
}

/// A page of what suppliers deliver.
pub(super) fn items(
    db: &mut Read,
    who: &Actor,
    filter: &ItemFilter,
    page: &PageRequest<(SupplierId, VariantId)>,
) -> Result<Page<SupplierItemView>> {
    let page = Page::of(store::items(db.conn(), filter, page)?, page.limit);
    let skus = skus_of(db, &page.rows.iter().map(|item| item.variant_id).collect::<Vec<_>>())?;
    Ok(page.map(|item| SupplierItemView::of(item, &skus, who)))
}

/// Refuses an order whose lines are below what the supplier delivers of a variant at least, or no multiple of its pack.
/// The items of its lines otherwise.
pub(super) fn require_fit(tx: &mut Write, purchase: &Purchase) -> Result<Vec<SupplierItem>> {
    let variants: Vec<_> = purchase.lines.iter().map(|line| line.variant_id).collect();
    let items = store::items_of(tx.conn(), &[purchase.head.supplier_id], &variants)?;
    let (skus, mut faults) = (skus_of(tx, &variants)?, Faults::default());
    for (at, line) in purchase.lines.iter().enumerate() {
        let Some(item) = items.iter().find(|item| item.variant_id == line.variant_id) else { continue };
        let sku = skus.get(&line.variant_id).map_or("", String::as_str);
        let pointer = format!("/lines/{at}/quantity");
        if !item.is_active {
            faults.add(Code::SupplierInactive, &pointer, format!("the supplier no longer delivers {sku}"));
        } else if line.ordered < item.minimum_units {
            let said = format!("{sku} is delivered from {} units on, not {}", item.minimum_units, line.ordered);
            faults.add(Code::BelowMinimumOrder, &pointer, said);
        } else if line.ordered % item.pack_size != 0 {
            let said =
                format!("{sku} is delivered in packs of {}, which {} is no multiple of", item.pack_size, line.ordered);
            faults.add(Code::NotAPackMultiple, &pointer, said);
        }
    }
    faults.require_none().map(|()| items)
}

/// The days until all lines of an order have arrived: those of the slowest item, and those of the supplier for a line
/// of which no others are known.
pub(super) fn longest_lead(purchase: &Purchase, items: &[SupplierItem], of_supplier: i32) -> i32 {
    let of_line = |line: &super::store::PurchaseLine| {
        let item = items.iter().find(|item| item.variant_id == line.variant_id);
        item.and_then(|item| item.lead_days).unwrap_or(of_supplier)
    };
    purchase.lines.iter().map(of_line).max().unwrap_or(of_supplier)
}
