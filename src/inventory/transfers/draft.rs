//! Writing a transfer, before any goods move: create, rewrite, make ready, cancel. No stock is touched.
use super::{
    Transfer, TransferStatus, events,
    read::{TransferView, names_of},
    store::{self, Head, TransferLine},
};
use crate::{
    catalog::Catalog,
    inventory::{
        documents::next_number,
        read::hold_open_location,
        service::Inventory,
        skus::{self, SkuQuantities},
    },
    kernel::{Actor, Code, Error, LocationId, PrincipalId, Result, TransferId, VariantId, actor::Permission},
    platform::{
        db::{Bulk, Write},
        idempotency::{Caller, Outcome, Recorded, write_once},
    },
};
use chrono::{DateTime, NaiveDate, Utc};

/// A transfer to be written.
#[derive(Debug, Clone)]
pub struct NewTransfer {
    pub from: LocationId,
    pub to: LocationId,
    pub reference: Option<String>,
    pub expected_on: Option<NaiveDate>,
    pub lines: Vec<(VariantId, i32)>,
}

/// Writes a draft, inside a transaction.
pub fn create_in(tx: &mut Write, by: PrincipalId, new: NewTransfer) -> Result<Transfer> {
    let NewTransfer { from, to, reference, expected_on, lines } = new;
    if from == to {
        let said = "a transfer goes from one location to another";
        return Err(Error::at(Code::TransferToItself, "/to_location_id", said));
    }
    for location in [from, to] {
        hold_open_location(tx, location)?;
    }
    let (id, now) = (TransferId::new(), tx.now());
    let head = Head {
        id,
        from_location_id: from,
        to_location_id: to,
        status: TransferStatus::Draft,
        reference,
        expected_on,
        is_shipped_whole: false,
        created_by: by,
        version: 1,
        created_at: now,
        updated_at: now,
        shipped_at: None,
        closed_at: None,
        number: next_number(tx, "transfers")?,
    };
    let transfer = Transfer { head, lines: lines_of(id, lines), lots: vec![] };
    store::insert(tx.conn(), &transfer)?;
    events::changed(tx.outbox(), &transfer, now)?;
    Ok(transfer)
}

fn lines_of(transfer_id: TransferId, lines: Vec<(VariantId, i32)>) -> Vec<TransferLine> {
    let line = |(variant_id, requested)| TransferLine {
        transfer_id,
        variant_id,
        requested,
        shipped: 0,
        received: 0,
        damaged: 0,
        lost: 0,
    };
    lines.into_iter().map(line).collect()
}

/// Writes a draft; either end may ask for it.
pub(super) async fn create(
    inventory: &Inventory,
    caller: Caller,
    new: NewTransfer,
    lines: SkuQuantities,
) -> Result<Recorded<TransferView>> {
    let Caller { actor, key, .. } = caller;
    let (db, catalog) = (&inventory.db, &inventory.catalog);
    require_an_end(&actor, new.from, new.to)?;
    let catalog = catalog.clone();
    write_once(db, actor, Permission::InventoryTransfer, key, move |tx, actor| {
        let lines = skus::lines_of(tx, &catalog, &lines)?;
        let transfer = create_in(tx, actor.id, NewTransfer { lines, ..new.clone() })?;
        let names = names_of(tx, &[&transfer])?;
        Ok(Outcome::created(
            transfer.head.id,
            1,
            Some(end_of(actor, &transfer.head)),
            TransferView::of(&transfer, &names),
        ))
    })
    .await
}

/// The changes of a draft; what is absent stays.
#[derive(Debug, Clone, Default)]
pub struct TransferRewrite {
    pub reference: Option<Option<String>>,
    pub expected_on: Option<Option<NaiveDate>>,
    pub lines: Option<SkuQuantities>,
}

/// The steps of a transfer before goods move.
#[derive(Debug, Clone)]
pub enum TransferStep {
    TransferRewrite(TransferRewrite),
    Ready,
    Cancel,
}

/// Does a step; either end may.
pub(super) async fn step(
    inventory: &Inventory,
    caller: Caller,
    id: TransferId,
    step: TransferStep,
) -> Result<Recorded<TransferView>> {
    let Caller { actor, key, expected } = caller;
    let (db, catalog) = (&inventory.db, &inventory.catalog);
    actor.require_anywhere(Permission::InventoryTransfer)?;
    let catalog = catalog.clone();
    write_once(db, actor, Permission::InventoryTransfer, key, move |tx, actor| {
        let found = store::lock(tx.conn(), id)?.ok_or_else(|| Error::not_found("transfer"))?;
        require_an_end(actor, found.head.from_location_id, found.head.to_location_id)
            .map_err(|error| if error.code() == Code::NotFound { Error::not_found("transfer") } else { error })?;
        expected.check("the transfer", found.head.version)?;
        let now = tx.now();
        let after = match &step {
            TransferStep::TransferRewrite(rewrite) => rewritten(tx, &catalog, &found, rewrite)?,
            TransferStep::Ready => saved(tx, found.readied(now)?)?,
            TransferStep::Cancel => saved(tx, found.canceled(now)?)?,
        };
        events::changed(tx.outbox(), &after, now)?;
        let names = names_of(tx, &[&after])?;
        Ok(Outcome::changed(after.head.version, Some(end_of(actor, &after.head)), TransferView::of(&after, &names)))
    })
    .await
}

fn saved(tx: &mut Write, transfer: Transfer) -> Result<Transfer> {
    let mut bulk = Bulk::default();
    store::save(&mut bulk, std::slice::from_ref(&transfer));
    bulk.run(tx.conn())?;
    Ok(transfer)
}

fn rewritten(tx: &mut Write, catalog: &Catalog, found: &Transfer, rewrite: &TransferRewrite) -> Result<Transfer> {
    found.require_draft()?;
    let (mut after, now): (_, DateTime<Utc>) = (found.clone(), tx.now());
    let TransferRewrite { reference, expected_on, lines } = rewrite.clone();
    after.head.reference = reference.unwrap_or(after.head.reference);
    after.head.expected_on = expected_on.unwrap_or(after.head.expected_on);
    if let Some(asked) = lines {
        after.lines = lines_of(found.head.id, skus::lines_of(tx, catalog, &asked)?);
    }
    (after.head.version, after.head.updated_at) = (found.head.version + 1, now);
    store::rewrite(tx.conn(), &after)?;
    Ok(after)
}

/// Refuses unless the caller may transfer at one end at least; the other end then need not be theirs.
fn require_an_end(actor: &Actor, from: LocationId, to: LocationId) -> Result<()> {
    actor.require_at(Permission::InventoryTransfer, from, "location").or_else(|refusal| {
        match actor.require_at(Permission::InventoryTransfer, to, "location") {
            Ok(()) => Ok(()),
            Err(_) => Err(refusal),
        }
    })
}

/// The end at which the caller's right is checked again on a retry.
fn end_of(actor: &Actor, head: &Head) -> LocationId {
    let locations = actor.places(Permission::InventoryTransfer);
    if locations.include(head.from_location_id) { head.from_location_id } else { head.to_location_id }
}
