//! Writing a purchase order and what may be done to it before and after goods arrive. No stock is touched.
use super::{
    Purchase, PurchaseStatus, costs, events, items,
    read::{PurchaseView, skus_of},
    store::{self, PurchaseHead, PurchaseLine, Supplier},
};
use crate::{
    catalog::Catalog,
    inventory::{
        costs::{CostTerms, ExchangeRate},
        documents::next_number,
        purchasing::model::{Bought, OrderedLine},
        read::hold_open_location,
        service::Inventory,
    },
    kernel::{
        Actor, Code, Error, LocationId, PrincipalId, PurchaseOrderId, Result, SupplierId, actor::Permission,
        money::Currency,
    },
    platform::{
        db::{Bulk, Write},
        idempotency::{Caller, Outcome, Recorded, write_once},
    },
};
use chrono::NaiveDate;

/// A purchase order to be written.
#[derive(Debug, Clone)]
pub struct NewPurchase {
    pub supplier: SupplierId,
    pub location: LocationId,
    pub reference: Option<String>,
    pub expected_on: Option<NaiveDate>,
    pub terms: CostTerms,
    pub lines: Vec<OrderedLine>,
}

fn require_supplier(tx: &mut Write, id: SupplierId) -> Result<Supplier> {
    let found = store::suppliers_by_id(tx.conn(), &[id])?.pop();
    let unknown = || Error::at(Code::UnknownSupplier, "/supplier_id", format!("there is no supplier {id}"));
    let supplier = found.ok_or_else(unknown)?;
    if supplier.is_active {
        return Ok(supplier);
    }
    let said = format!("nothing is bought from {} any more", supplier.code);
    Err(Error::at(Code::SupplierInactive, "/supplier_id", said))
}

/// Writes a draft, inside a transaction.
pub fn create_in(tx: &mut Write, by: PrincipalId, book: Currency, new: NewPurchase) -> Result<Purchase> {
    let NewPurchase { supplier, location, reference, expected_on, terms, lines } = new;
    require_supplier(tx, supplier)?;
    hold_open_location(tx, location)?;
    terms.require_whole(lines.iter().any(|line| line.2.is_some()), book)?;
    let (terms, lines) = costs::priced(tx, supplier, terms, lines, book)?;
    let (id, now) = (PurchaseOrderId::new(), tx.now());
    let head = PurchaseHead {
        id,
        supplier_id: supplier,
        location_id: location,
        status: PurchaseStatus::Draft,
        reference,
        expected_on,
        created_by: by,
        version: 1,
        created_at: now,
        updated_at: now,
        ordered_at: None,
        closed_at: None,
        number: next_number(tx, "purchase_orders")?,
        currency: terms.currency.map(|currency| currency.code().to_owned()),
        exchange_rate: terms.rate.map(ExchangeRate::billionths),
    };
    let purchase = Purchase { head, lines: lines_of(id, lines) };
    store::insert(tx.conn(), &purchase)?;
    events::changed(tx.outbox(), &purchase, now)?;
    Ok(purchase)
}

fn lines_of(purchase_order_id: PurchaseOrderId, lines: Vec<OrderedLine>) -> Vec<PurchaseLine> {
    let line = |(variant_id, ordered, unit_cost_minor)| PurchaseLine {
        purchase_order_id,
        variant_id,
        ordered,
        received: 0,
        rejected: 0,
        unit_cost_minor,
    };
    lines.into_iter().map(line).collect()
}

fn view(tx: &mut Write, purchase: &Purchase, who: &Actor) -> Result<PurchaseView> {
    let skus = skus_of(tx, &purchase.lines.iter().map(|line| line.variant_id).collect::<Vec<_>>())?;
    Ok(PurchaseView::of(purchase, &skus, &who.places(Permission::CostsRead)))
}

/// Refuses costs from somebody who may not say them at the location.
fn require_cost_right(who: &Actor, location: LocationId, terms: &CostTerms, lines: &[Bought]) -> Result<()> {
    let says = *terms != CostTerms::default() || lines.iter().any(|line| line.unit_cost_minor.is_some());
    if says { who.require_at(Permission::CostsWrite, location, "location") } else { Ok(()) }
}

/// Writes a draft for a location.
pub(super) async fn create(
    inventory: &Inventory,
    caller: Caller,
    new: NewPurchase,
    lines: Vec<Bought>,
) -> Result<Recorded<PurchaseView>> {
    let Caller { actor, key, .. } = caller;
    let (db, catalog, book) = (&inventory.db, &inventory.catalog, inventory.settings.cost_currency);
    actor.require_at(Permission::PurchasesWrite, new.location, "location")?;
    let catalog = catalog.clone();
    write_once(db, actor, Permission::PurchasesWrite, key, move |tx, actor| {
        require_cost_right(actor, new.location, &new.terms, &lines)?;
        let lines = costs::lines_of(tx, &catalog, &lines)?;
        let purchase = create_in(tx, actor.id, book, NewPurchase { lines, ..new.clone() })?;
        Ok(Outcome::created(purchase.head.id, 1, Some(new.location), view(tx, &purchase, actor)?))
    })
    .await
}

/// The changes of a draft; what is absent stays.
#[derive(Debug, Clone, Default)]
pub struct PurchaseRewrite {
    pub reference: Option<String>,
    pub expected_on: Option<NaiveDate>,
    pub terms: CostTerms,
    pub lines: Option<Vec<Bought>>,
}

/// The steps of a purchase order.
#[derive(Debug, Clone)]
pub enum PurchaseStep {
    PurchaseRewrite(PurchaseRewrite),
    /// Hands it to the supplier.
    Order,
    Close,
    Cancel,
}

/// Does a step.
pub(super) async fn step(
    inventory: &Inventory,
    caller: Caller,
    id: PurchaseOrderId,
    step: PurchaseStep,
) -> Result<Recorded<PurchaseView>> {
    let Caller { actor, key, expected } = caller;
    let (db, catalog, book) = (&inventory.db, &inventory.catalog, inventory.settings.cost_currency);
    actor.require_anywhere(Permission::PurchasesWrite)?;
    let catalog = catalog.clone();
    write_once(db, actor, Permission::PurchasesWrite, key, move |tx, actor| {
        let found = store::lock(tx.conn(), id)?.ok_or_else(|| Error::not_found("purchase order"))?;
        actor.require_at(Permission::PurchasesWrite, found.head.location_id, "purchase order")?;
        expected.check("the purchase order", found.head.version)?;
        let now = tx.now();
        let after = match &step {
            PurchaseStep::PurchaseRewrite(rewrite) => {
                let lines = rewrite.lines.as_deref().unwrap_or_default();
                require_cost_right(actor, found.head.location_id, &rewrite.terms, lines)?;
                rewritten(tx, &catalog, book, &found, rewrite)?
            }
            PurchaseStep::Order => {
                let supplier = require_supplier(tx, found.head.supplier_id)?;
                let items = items::require_fit(tx, &found)?;
                found.require_rate(book)?;
                let lead_days = items::longest_lead(&found, &items, supplier.lead_days);
                saved(tx, found.ordered(supplier.minimum_units, lead_days, now)?)?
            }
            PurchaseStep::Close => saved(tx, found.closed(now)?)?,
            PurchaseStep::Cancel => saved(tx, found.canceled(now)?)?,
        };
        events::changed(tx.outbox(), &after, now)?;
        Ok(Outcome::changed(after.head.version, Some(after.head.location_id), view(tx, &after, actor)?))
    })
    .await
}

fn saved(tx: &mut Write, purchase: Purchase) -> Result<Purchase> {
    let mut bulk = Bulk::default();
    store::save(&mut bulk, std::slice::from_ref(&purchase));
    bulk.run(tx.conn())?;
    Ok(purchase)
}

fn rewritten(
    tx: &mut Write,
    catalog: &Catalog,
    book: Currency,
    found: &Purchase,
    rewrite: &PurchaseRewrite,
) -> Result<Purchase> {
    found.require_draft()?;
    let mut after = found.clone();
    let PurchaseRewrite { reference, expected_on, terms, lines } = rewrite.clone();
    after.head.reference = reference.or(after.head.reference);
    after.head.expected_on = expected_on.or(after.head.expected_on);
    let has_new_lines = lines.is_some();
    let kept = found.lines.iter().map(|line| (line.variant_id, line.ordered, line.unit_cost_minor)).collect();
    let mut lines: Vec<OrderedLine> = match lines {
        Some(asked) => costs::lines_of(tx, catalog, &asked)?,
        None => kept,
    };
    let before = found.terms()?;
    let is_other = terms.currency.is_some() && before.currency.is_some() && terms.currency != before.currency;
    for line in &mut lines {
        let kept = found.lines.iter().find(|kept| kept.variant_id == line.0).and_then(|kept| kept.unit_cost_minor);
        line.2 = match is_other {
            // A number of one currency says nothing in another.
            true => line.2.filter(|_| has_new_lines),
            // Who changes quantities need not know the costs.
            false => line.2.or(kept),
        };
    }
    let says_terms = terms != CostTerms::default();
    let terms = match is_other {
        // Another currency comes with its own rate.
        true => terms,
        false => CostTerms { currency: terms.currency.or(before.currency), rate: terms.rate.or(before.rate) },
    };
    let lacks_rate = before.currency.is_some_and(|currency| currency != book) && before.rate.is_none();
    if says_terms || !lacks_rate {
        terms.require_whole(lines.iter().any(|line| line.2.is_some()), book)?;
    }
    let (terms, lines) = costs::priced(tx, found.head.supplier_id, terms, lines, book)?;
    after.lines = lines_of(found.head.id, lines);
    after.head.currency = terms.currency.map(|currency| currency.code().to_owned());
    after.head.exchange_rate = terms.rate.map(ExchangeRate::billionths);
    (after.head.version, after.head.updated_at) = (found.head.version + 1, tx.now());
    store::rewrite(tx.conn(), &after)?;
    Ok(after)
}
