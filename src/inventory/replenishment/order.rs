//! Turning suggestions into documents: chosen ones become drafts of purchase orders and transfers, all of them or none.
use crate::{
    inventory::{
        costs::CostTerms,
        purchasing::{self, NewPurchase, Purchase},
        service::Inventory,
        skus::{goods_at, summed},
        transfers::{self, NewTransfer, Transfer},
    },
    kernel::{
        Actor, Error, LocationId, PurchaseOrderId, Quantity, Result, Sku, SupplierId, TransferId, VariantId,
        actor::Permission,
    },
    platform::idempotency::{Caller, Outcome, OutcomeKind, Recorded, write_once},
};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// From where goods are to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum From {
    Supplier(SupplierId),
    Place(LocationId),
}

/// So many units for a location.
#[derive(Debug, Clone)]
pub struct ReplenishmentChoice {
    pub location: LocationId,
    pub sku: Sku,
    pub quantity: Quantity,
    pub from: From,
}

/// The drafts that were written.
#[derive(Debug, Serialize, ToSchema)]
pub struct Drafts {
    /// One for each supplier and location.
    pub purchase_order_ids: Vec<PurchaseOrderId>,
    /// One for each pair of locations.
    pub transfer_ids: Vec<TransferId>,
}

/// Writes the drafts.
pub(super) async fn order(
    inventory: &Inventory,
    caller: Caller,
    choices: Vec<ReplenishmentChoice>,
) -> Result<Recorded<Drafts>> {
    let Caller { actor, key, .. } = caller;
    let (db, catalog, book) = (&inventory.db, &inventory.catalog, inventory.settings.cost_currency);
    actor.require_anywhere(Permission::InventoryRead)?;
    choices.iter().try_for_each(|choice| require_right(&actor, choice))?;
    let catalog = catalog.clone();
    write_once(db, actor, Permission::InventoryRead, key, move |tx, actor| {
        let skus: Vec<_> = choices.iter().map(|choice| choice.sku.clone()).collect();
        let goods = goods_at(tx, &catalog, &skus, |at| format!("/choices/{at}/sku"))?;
        let mut grouped: BTreeMap<(LocationId, From), Group> = BTreeMap::new();
        for (at, (choice, good)) in choices.iter().zip(&goods).enumerate() {
            let line = (good.variant, choice.quantity.get());
            let group = grouped.entry((choice.location, choice.from)).or_insert_with(|| Group { at, lines: vec![] });
            group.lines.push(line);
        }
        let mut drafts = Drafts { purchase_order_ids: vec![], transfer_ids: vec![] };
        for ((location, from), Group { at, lines }) in grouped {
            let (lines, reference, expected_on) = (summed(lines.into_iter())?, Some("replenishment".to_owned()), None);
            match from {
                From::Supplier(supplier) => {
                    let lines = lines.into_iter().map(|(variant, units)| (variant, units, None)).collect();
                    let terms = CostTerms::default();
                    let new = NewPurchase { supplier, location, reference, expected_on, terms, lines };
                    let made = purchasing::create_in(tx, actor.id, book, new);
                    let Purchase { head, .. } = made.map_err(|error| of_choice(error, at))?;
                    drafts.purchase_order_ids.push(head.id);
                }
                From::Place(place) => {
                    let new = NewTransfer { from: place, to: location, reference, expected_on, lines };
                    let made = transfers::create_in(tx, actor.id, new);
                    let Transfer { head, .. } = made.map_err(|error| of_choice(error, at))?;
                    drafts.transfer_ids.push(head.id);
                }
            }
        }
        Ok(Outcome::of(OutcomeKind::Created, None, drafts))
    })
    .await
}

/// The lines of one draft.
struct Group {
    /// The first choice among them, where faults of the draft are told.
    at: usize,
    lines: Vec<(VariantId, i32)>,
}

/// A refusal of a draft, told at the choice that asks for it.
fn of_choice(error: Error, at: usize) -> Error {
    let Error::Refused(mut refusal) = error else { return error };
    for fault in &mut refusal.faults {
        let field = match fault.pointer.as_str() {
            "#/to_location_id" => "from_location_id",
            pointer => pointer.trim_start_matches("#/"),
        };
        fault.pointer = format!("#/choices/{at}/{field}");
    }
    Error::Refused(refusal)
}

/// Whoever buys for a location must buy there; who moves goods must be at one of the ends.
fn require_right(actor: &Actor, choice: &ReplenishmentChoice) -> Result<()> {
    match choice.from {
        From::Supplier(_) => actor.require_at(Permission::PurchasesWrite, choice.location, "location"),
        From::Place(place) => {
            actor.require_anywhere(Permission::InventoryTransfer)?;
            let locations = actor.places(Permission::InventoryTransfer);
            match locations.include(choice.location) || locations.include(place) {
                true => Ok(()),
                false => Err(Error::not_found("location")),
            }
        }
    }
}
