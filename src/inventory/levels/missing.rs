//! Goods that someone wanted to pick and could not: they leave what may be sold, promises stay, and someone is asked to
//! count. What is only missing is held back until the count is approved.
use crate::{
    catalog,
    inventory::{
        levels::{model::PickFault, store::Level},
        lots,
        movement::Cause,
        read,
        stock::Stock,
        store::{self},
    },
    kernel::{Actor, LocationId, LotId, PrincipalId, Result, VariantId, actor::Permission},
    platform::{
        db::{Db, Read},
        events::{Event, Subject},
        group_commit::UnitOfWork,
    },
};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

/// Goods were not there, or were damaged, when they were to be picked: the variant should be counted.
#[derive(Debug, Serialize)]
pub struct CountWanted {
    pub variant_id: VariantId,
    /// Units that left what may be sold.
    pub units: i32,
    /// On hand afterwards.
    pub on_hand: i32,
    /// Units that are promised although their goods are gone.
    pub uncovered: i32,
    pub actor_id: PrincipalId,
}
impl Event for CountWanted {
    const TYPE: &'static str = "inventory.count_wanted.v1";
}

/// Sets goods aside that could not be picked: of each variant so many units.
pub fn set_aside(
    uow: &mut UnitOfWork,
    location: LocationId,
    goods: &[(VariantId, i32)],
    amiss: PickFault,
    cause: Cause,
) -> Result<()> {
    for (variant, units) in goods {
        let stock = uow.of::<Stock>()?;
        let plan = stock.amiss((location, *variant), *units, amiss)?;
        let gone = plan.movements.iter().map(|movement| movement.units).sum();
        let touched = stock.carry(&plan, cause)?;
        stock.note_missing(&plan.movements, amiss);
        for level in touched {
            publish_count_wanted(uow, &level, cause.actor, gone)?;
        }
    }
    Ok(())
}

fn publish_count_wanted(uow: &mut UnitOfWork, level: &Level, actor_id: PrincipalId, units: i32) -> Result<()> {
    let Level { variant_id, uncovered, version, location_id, counters, .. } = *level;
    let subject = Subject { aggregate: "stock_level", id: variant_id.0, version, location: Some(location_id) };
    let now = uow.now;
    uow.outbox.publish(subject, &CountWanted { variant_id, units, on_hand: counters.on_hand, uncovered, actor_id }, now)
}

/// Units of a variant that a location could not find.
#[derive(Debug, Serialize, ToSchema)]
pub struct MissingView {
    /// Identifies the variant.
    pub variant_id: VariantId,
    /// The SKU of the variant.
    pub sku: String,
    /// Identifies the lot; null for units without one.
    pub lot_id: Option<LotId>,
    /// The lot as it is printed.
    pub lot: Option<String>,
    /// Held back until a count is approved.
    pub units: i32,
    /// When the last of them could not be found.
    pub since: DateTime<Utc>,
}

/// The units that a location could not find and no count has told of yet.
pub async fn missing(db: &Db, actor: &Actor, location: LocationId) -> Result<Vec<MissingView>> {
    actor.require_at(Permission::InventoryRead, location, "location")?;
    db.read(move |db| {
        read::require_location(db, location)?;
        let rows = store::set_apart_at(db.conn(), location)?;
        named(db, rows)
    })
    .await
}

fn named(db: &mut Read, rows: Vec<store::SetApart>) -> Result<Vec<MissingView>> {
    let variants: Vec<_> = rows.iter().map(|row| row.variant_id).collect();
    let lots: Vec<_> = rows.iter().filter_map(|row| row.lot_id).collect();
    let (named, codes) = (catalog::variants_by_id(db, &variants)?, lots::lots_by_id(db, &lots)?);
    let view = |row: store::SetApart| MissingView {
        variant_id: row.variant_id,
        sku: named.iter().find(|v| v.id == row.variant_id).map(|v| v.sku.clone()).unwrap_or_default(),
        lot_id: row.lot_id,
        lot: codes.iter().find(|lot| Some(lot.id) == row.lot_id).map(|lot| lot.code.clone()),
        units: row.units,
        since: row.since,
    };
    Ok(rows.into_iter().map(view).collect())
}
