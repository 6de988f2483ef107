//! The stock of one instance: its group commit, and what is done to the unit of work of a lane.
use super::{index::Index, locations::Zones, lots::ShelfLife};
use crate::{
    catalog::Catalog,
    inventory::{dry_run::Rehearsed, unmet::model::Unmet},
    kernel::{Actor, Code, Error, Result, actor::Permission},
    platform::{
        config,
        db::Db,
        group_commit::{Command, GroupCommit, Refused},
        idempotency::{Once, Recorded},
    },
};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Looks for locations in the tables at once: more would only slow each other and, after a start, the reading of the
/// index, which makes them needless.
const LOOKS: usize = 4;

/// Tries of a job whose records change all the time.
const TRIES: usize = 24;

/// The stock of one instance; cheap to clone.
#[derive(Clone)]
pub struct Inventory {
    /// The one way by which stock changes.
    pub group_commit: GroupCommit,
    /// For looking.
    pub db: Db,
    /// The goods that are kept.
    pub catalog: Catalog,
    /// The settings of stock.
    pub settings: Arc<config::Inventory>,
    /// The days for which goods must still be good, by channel.
    pub shelf_life: ShelfLife,
    /// The business days of locations.
    pub zones: Zones,
    /// The units that each location seems to be able to promise.
    pub(super) index: Index,
    /// Lets few at a time look for locations in the tables.
    pub(super) looks: Arc<Semaphore>,
    /// The demand that was not met, until it is written.
    pub(super) unmet: Unmet,
    /// Nothing that is handed in by `execute` is done.
    pub(super) is_rehearsal: bool,
}

impl Inventory {
    /// Stock in a database, changed by a group commit.
    pub fn new(
        db: Db,
        catalog: Catalog,
        group_commit: GroupCommit,
        settings: &config::Inventory,
        index: Index,
    ) -> Self {
        let (zones, looks, unmet) = (Zones::default(), Arc::new(Semaphore::new(LOOKS)), Unmet::default());
        let (shelf_life, settings) = (settings.into(), Arc::new(settings.clone()));
        Self { group_commit, db, catalog, settings, shelf_life, zones, index, looks, unmet, is_rehearsal: false }
    }

    /// The same stock, of which whatever is handed in by `execute` is decided and not done.
    #[must_use]
    pub fn rehearsal(&self) -> Self {
        Self { is_rehearsal: true, ..self.clone() }
    }

    /// Has what is remembered of locations read anew, because one has changed.
    pub fn forget_locations(&self) {
        self.zones.expire();
        self.index.forget_places();
    }

    /// Submits a command that was prepared from records as they were read; when they have changed before its turn, it
    /// is prepared anew.
    pub async fn execute<C: Command>(
        &self,
        actor: Actor,
        permission: Permission,
        key: impl Into<Option<Once>>,
        prepare: impl AsyncFn() -> Result<C>,
    ) -> Result<Recorded<C::Output>> {
        let key = key.into();
        for _ in 1..TRIES {
            match self.try_once(&actor, permission, key.clone(), &prepare).await {
                Err(error) if error.code() == Code::Conflict => {}
                done => return done,
            }
        }
        self.try_once(&actor, permission, key, &prepare).await
    }

    async fn try_once<C: Command>(
        &self,
        actor: &Actor,
        permission: Permission,
        key: Option<Once>,
        prepare: &impl AsyncFn() -> Result<C>,
    ) -> Result<Recorded<C::Output>> {
        match prepare().await {
            Ok(command) if self.is_rehearsal => {
                self.group_commit.submit(actor.clone(), permission, None, Rehearsed(command)).await
            }
            Ok(command) => self.group_commit.submit(actor.clone(), permission, key, command).await,
            // A retry of what was done before is answered from its key, whatever has become of the records.
            Err(Error::Refused(why)) if key.is_some() => {
                self.group_commit.submit(actor.clone(), permission, key, Refused::new(Error::Refused(why))).await
            }
            Err(error) => Err(error),
        }
    }
}
