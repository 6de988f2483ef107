//! Counting: each line is compared with what the books said at the moment at which it was counted, so that what is sold
//! before or after is not subtracted twice.
use super::{
    Count, events,
    read::{CountNames, CountView, names_of},
    start::{MOST_LINES, fresh_line},
    store::{self, CountLine},
};
use crate::{
    catalog::Catalog,
    inventory::{
        documents::Documents,
        lots,
        model::LevelKey,
        service::Inventory,
        skus::{Good, goods_of},
        stock::Stock,
    },
    kernel::{Actor, Code, CountId, Error, LotId, PrincipalId, Result, Sku, Typed, VariantId, actor::Permission},
    platform::{
        db::Read,
        group_commit::{Command, UnitOfWork},
        idempotency::{Caller, Outcome, Recorded},
    },
};
use chrono::{DateTime, Duration, Utc};
use std::collections::{BTreeSet, HashSet};

/// The units that were found of a SKU, or of a lot of it.
#[derive(Debug, Clone)]
pub struct CountEntry {
    pub sku: Sku,
    pub lot: Option<String>,
    pub quantity: i32,
    /// When the shelf was counted; now, if absent.
    pub counted_at: Option<DateTime<Utc>>,
}

/// Everything that happened longer ago than this is in the books: no lane works on a batch for so long.
const SETTLED: Duration = Duration::seconds(10);

/// A line to be recorded; `expected` is known already where it was counted some time ago.
#[derive(Debug, Clone, Copy)]
struct Found {
    variant: VariantId,
    lot: Option<LotId>,
    quantity: i32,
    counted_at: Option<DateTime<Utc>>,
    expected: Option<i32>,
}

struct Record {
    before: Count,
    names: CountNames,
    found: Vec<Found>,
}

/// Lines of a count that are recorded at a moment.
struct Recording {
    count: CountId,
    lines: Vec<CountEntry>,
    now: DateTime<Utc>,
}

/// Records what was counted and answers with the count and these lines of it.
pub async fn record(
    inventory: &Inventory,
    caller: Caller,
    id: CountId,
    lines: Vec<CountEntry>,
) -> Result<Recorded<CountView>> {
    let Caller { actor, key, .. } = caller;
    let catalog = &inventory.catalog;
    actor.require_anywhere(Permission::InventoryCount)?;
    let prepare = async || {
        let (catalog, lines, now) = (catalog.clone(), lines.clone(), inventory.db.clock().now());
        let who = actor.clone();
        inventory.db.read(move |db| prepared(db, &catalog, &who, Recording { count: id, lines, now })).await
    };
    inventory.execute(actor.clone(), Permission::InventoryCount, key, prepare).await
}

fn prepared(db: &mut Read, catalog: &Catalog, who: &Actor, recording: Recording) -> Result<Record> {
    let Recording { count: id, lines, now } = recording;
    let before = store::count(db.conn(), id)?.ok_or_else(|| Error::not_found("count"))?;
    who.require_at(Permission::InventoryCount, before.head.location_id, "count")?;
    let skus: Vec<_> = lines.iter().map(|line| line.sku.clone()).collect();
    let goods = goods_of(db, catalog, &skus)?;
    let mut found = vec![];
    for (line, good) in lines.iter().zip(&goods) {
        require_time(&before, line, now)?;
        let lot = line.lot.as_ref().map(|code| lot_of(db, good, code)).transpose()?;
        // A moment ago is now: what happened just before it may not be in the books yet.
        let counted_at = line.counted_at.filter(|at| *at < now - SETTLED);
        found.push(Found { variant: good.variant, lot, quantity: line.quantity, counted_at, expected: None });
    }
    let at = |line: &Found| line.counted_at.map(|at| (line.variant, line.lot, at));
    let points: Vec<_> = found.iter().filter_map(at).collect();
    let mut booked = store::booked_at(db.conn(), before.head.location_id, &points)?.into_iter();
    found.iter_mut().filter(|line| line.counted_at.is_some()).for_each(|line| line.expected = booked.next());
    let extra: Vec<_> = found.iter().map(|line| fresh_line(id, line.variant, line.lot, 0)).collect();
    let names = names_of(db, &[before.lines.clone(), extra].concat())?;
    Ok(Record { before, names, found })
}

fn require_time(count: &Count, line: &CountEntry, now: DateTime<Utc>) -> Result<()> {
    match line.counted_at {
        Some(at) if at < count.head.created_at || at > now + SETTLED => {
            let detail =
                format!("{} was counted at {at}: the count was started at {}", line.sku, count.head.created_at);
            Err(Error::refused(Code::InvalidBody, detail))
        }
        _ => Ok(()),
    }
}

fn lot_of(db: &mut Read, good: &Good, code: &str) -> Result<LotId> {
    let prints = BTreeSet::from([(good.variant, Typed::of(code))]);
    let found = lots::lock_lots(db.conn(), &BTreeSet::new(), &prints, None)?.pop();
    let unknown = || Error::refused(Code::UnknownLot, format!("there is no lot {code} of {}", good.sku));
    found.map(|lot| lot.id).ok_or_else(unknown)
}

impl Record {
    fn level_key(&self, line: &Found) -> LevelKey {
        (self.before.head.location_id, line.variant)
    }

    fn line(&self, stock: &Stock, line: &Found, by: PrincipalId, now: DateTime<Utc>) -> Result<CountLine> {
        let (level_key, lot) = (self.level_key(line), line.lot);
        let expected = match line.expected {
            Some(expected) => expected,
            None => stock.booked(level_key, lot)?,
        };
        let known = self.before.lines.iter().find(|l| l.variant_id == line.variant && l.lot_id == lot).copied();
        let known = known.unwrap_or_else(|| fresh_line(self.before.head.id, line.variant, lot, 0));
        Ok(CountLine {
            expected: Some(expected),
            counted: Some(line.quantity),
            counted_at: Some(line.counted_at.unwrap_or(now)),
            counted_by: Some(by),
            ..known
        })
    }
}

impl Command for Record {
    type Output = CountView;

    fn lock(&self, uow: &mut UnitOfWork) -> Result<()> {
        uow.of::<Documents>()?.want().count(self.before.head.id);
        let stock = uow.of::<Stock>()?;
        self.found.iter().for_each(|line| stock.want_goods(self.level_key(line)));
        Ok(())
    }

    fn decide(&self, uow: &mut UnitOfWork, who: &Actor) -> Result<Outcome<CountView>> {
        let (head, now) = (&self.before.head, uow.now);
        who.require_at(Permission::InventoryCount, head.location_id, "count")?;
        uow.of::<Documents>()?.require_fresh(head.id.0, head.version)?;
        let after = head.counted(now)?;
        let stock = uow.of::<Stock>()?;
        let mut changed: Vec<CountLine> = vec![];
        for line in &self.found {
            let line = self.line(stock, line, who.id, now)?;
            // Counted twice in one request: what is said last holds.
            changed.retain(|earlier| (earlier.variant_id, earlier.lot_id) != (line.variant_id, line.lot_id));
            changed.push(line);
        }
        let known: HashSet<_> = self.before.lines.iter().map(|line| line.id).collect();
        if known.len() + changed.iter().filter(|line| !known.contains(&line.id)).count() > MOST_LINES {
            return Err(Error::refused(Code::NothingToCount, format!("a count has {MOST_LINES} lines at most")));
        }
        let answer = Count { head: after.clone(), lines: changed.clone() };
        events::changed(&mut uow.outbox, &after, now)?;
        uow.of::<Documents>()?.save_count(Count { head: after, lines: changed });
        let view = CountView::of(&answer, &self.names);
        Ok(Outcome::changed(view.head.version, Some(head.location_id), view))
    }
}
