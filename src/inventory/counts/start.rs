//! Starting a count, handing it in, sending it back, giving it up. No stock is touched.
use super::{
    AbcClass, Count, CountStatus, events,
    read::{CountView, names_of},
    store::{self, CountHead, CountLine},
};
use crate::{
    catalog::{self, Catalog, Category},
    inventory::{documents::next_number, read::hold_open_location, service::Inventory, skus::goods_at},
    kernel::{Code, CountId, Error, LocationId, LotId, Result, Sku, VariantId, actor::Permission},
    platform::{
        db::{Bulk, Db, Write},
        idempotency::{Caller, Outcome, Recorded, write_once},
    },
};
use chrono::Duration;
use uuid::Uuid;

/// The scope of the count.
#[derive(Debug, Clone)]
pub enum Scope {
    All,
    Category(Category),
    Class(AbcClass),
    Skus(Vec<Sku>),
}

/// Lines of a count at most: it is approved and booked as a whole.
pub(super) const MOST_LINES: usize = 2_000;

/// Days over which sales make the classes.
const CLASS_DAYS: i64 = 90;

impl Scope {
    fn told(&self) -> String {
        match self {
            Self::All => "all".to_owned(),
            Self::Category(category) => format!("category {category}"),
            Self::Class(class) => format!("class {class}"),
            Self::Skus(skus) => format!("{} SKUs", skus.len()),
        }
    }

    fn variants(&self, tx: &mut Write, catalog: &Catalog, location: LocationId) -> Result<Option<Vec<VariantId>>> {
        let since = tx.now() - Duration::days(CLASS_DAYS);
        Ok(match self {
            Self::All => None,
            Self::Category(category) => Some(catalog::variants_in(tx, *category)?),
            Self::Class(class) => Some(store::of_class(tx.conn(), location, *class, since)?),
            Self::Skus(skus) => Some(
                goods_at(tx, catalog, skus, |at| format!("/skus/{at}"))?.into_iter().map(|good| good.variant).collect(),
            ),
        })
    }
}

/// Starts a count of a location.
pub(super) async fn start(
    inventory: &Inventory,
    caller: Caller,
    location: LocationId,
    scope: Scope,
    is_blind: bool,
) -> Result<Recorded<CountView>> {
    let Caller { actor, key, .. } = caller;
    let (db, catalog) = (&inventory.db, &inventory.catalog);
    actor.require_at(Permission::InventoryCount, location, "location")?;
    let catalog = catalog.clone();
    write_once(db, actor, Permission::InventoryCount, key, move |tx, actor| {
        hold_open_location(tx, location)?;
        let only = scope.variants(tx, &catalog, location)?;
        let most = i64::try_from(MOST_LINES + 1).unwrap_or(i64::MAX);
        let booked = store::sheet(tx.conn(), location, only, most)?;
        if booked.is_empty() || booked.len() > MOST_LINES {
            let detail = match booked.is_empty() {
                true => "there is nothing to count in this scope".to_owned(),
                false => format!("there are more than {MOST_LINES} lines to count: narrow the scope"),
            };
            return Err(Error::refused(Code::NothingToCount, detail));
        }
        let (id, now) = (CountId::new(), tx.now());
        let head = CountHead {
            id,
            location_id: location,
            status: CountStatus::Counting,
            scope: scope.told(),
            is_blind,
            started_by: actor.id,
            submitted_by: None,
            approved_by: None,
            version: 1,
            created_at: now,
            updated_at: now,
            closed_at: None,
            number: next_number(tx, "stock_counts")?,
        };
        let line = |booked: store::Booked| fresh_line(id, booked.variant_id, booked.lot_id, booked.units);
        let count = Count { head, lines: booked.into_iter().map(line).collect() };
        store::insert(tx.conn(), &count)?;
        events::changed(tx.outbox(), &count.head, now)?;
        let names = names_of(tx, &count.lines)?;
        Ok(Outcome::created(id, 1, Some(location), CountView::of(&count, &names)))
    })
    .await
}

/// A line that no one has counted yet.
pub(super) fn fresh_line(count_id: CountId, variant_id: VariantId, lot_id: Option<LotId>, at_start: i32) -> CountLine {
    CountLine {
        id: Uuid::now_v7(),
        count_id,
        variant_id,
        lot_id,
        at_start,
        expected: None,
        counted: None,
        counted_at: None,
        counted_by: None,
    }
}

/// The steps of a count beside counting and approving.
#[derive(Debug, Clone, Copy)]
pub enum CountStep {
    /// Hands it in; lines that no one has counted may be left alone or not.
    Submit {
        may_miss: bool,
    },
    /// Sends it back; for those who may approve.
    Reopen,
    Cancel,
}

/// Does a step.
pub(super) async fn step(db: &Db, caller: Caller, id: CountId, step: CountStep) -> Result<Recorded<CountView>> {
    let Caller { actor, key, expected } = caller;
    let permission = match step {
        CountStep::Submit { .. } | CountStep::Cancel => Permission::InventoryCount,
        CountStep::Reopen => Permission::InventoryApprove,
    };
    actor.require_anywhere(permission)?;
    write_once(db, actor, permission, key, move |tx, actor| {
        let found = store::lock(tx.conn(), id)?.ok_or_else(|| Error::not_found("count"))?;
        actor.require_at(permission, found.head.location_id, "count")?;
        expected.check("the count", found.head.version)?;
        let now = tx.now();
        let head = match step {
            CountStep::Submit { may_miss } => found.submitted(actor.id, may_miss, now)?,
            CountStep::Reopen => found.head.reopened(now)?,
            CountStep::Cancel => found.head.canceled(now)?,
        };
        let mut bulk = Bulk::default();
        store::save(&mut bulk, &[Count { head: head.clone(), lines: vec![] }]);
        bulk.run(tx.conn())?;
        events::changed(tx.outbox(), &head, now)?;
        let names = names_of(tx, &found.lines)?;
        let after = Count { head, lines: found.lines };
        Ok(Outcome::changed(after.head.version, Some(after.head.location_id), CountView::of(&after, &names)))
    })
    .await
}
