//! The background jobs of the service. Each job is a plain function in one list: production repeats all of them, tests
//! run them once.
use super::server::Parts;
use crate::{
    access::{self, Access},
    bulk,
    inventory::{self, Inventory},
    kernel::Result,
    orders::{self, Services},
    platform::{
        config::{Config, Retention},
        db::{Db, Write, clock_guard::ClockGuard},
        events::{self, Follower},
        group_commit::GroupCommit,
        idempotency, jobs, retention,
    },
    search::Search,
};
use chrono::{DateTime, Utc};
use futures_util::{FutureExt, future::LocalBoxFuture};
use std::time::Duration;
use tokio::sync::watch;

/// Pause between two rounds of what has to do with days.
const DAILY: Duration = Duration::from_secs(60);

/// The services that background jobs need.
#[derive(Clone)]
pub struct Jobs {
    db: Db,
    services: Services,
    pace: ClockGuard,
    follower: Follower,
    grace: chrono::Duration,
    access: Access,
    search: Search,
    retention: Retention,
}

/// The pause between rounds.
enum Pause {
    /// As the feed is looked at.
    Follow,
    /// As expired reservations are ended.
    Sweep,
    Daily,
}

type Round = fn(Jobs) -> LocalBoxFuture<'static, Result<usize>>;

/// Every job: its name, its pause, one round of it, which returns how much ended by itself.
const JOBS: [(&str, Pause, Round); 22] = [
    ("follow_feed", Pause::Follow, |jobs| async move { jobs.follow().await }.boxed_local()),
    ("keep_index", Pause::Follow, |jobs| async move { jobs.keep_index().await.map(|_| 0) }.boxed_local()),
    ("keep_search", Pause::Follow, |jobs| async move { jobs.search.keep().await.map(|_| 0) }.boxed_local()),
    ("write_unmet_demand", Pause::Daily, |jobs| {
        async move { jobs.services.inventory.flush_unmet().await.map(|_| 0) }.boxed_local()
    }),
    ("close_days", Pause::Daily, |jobs| {
        async move { inventory::close_days(&jobs.db, &jobs.pace).await.map(|_| 0) }.boxed_local()
    }),
    ("redate_levels", Pause::Daily, |jobs| {
        async move { inventory::redate_levels(&jobs.services.inventory).await }.boxed_local()
    }),
    ("retire_lots", Pause::Daily, |jobs| {
        async move {
            inventory::retire_lots(&jobs.services.inventory, &jobs.pace, jobs.services.inventory.shelf_life.least())
                .await
        }
        .boxed_local()
    }),
    ("expire_holds", Pause::Sweep, |jobs| {
        async move { inventory::expire_due(&jobs.services.inventory, &jobs.pace, jobs.grace).await }.boxed_local()
    }),
    ("cancel_lapsed_orders", Pause::Sweep, |jobs| {
        async move { orders::expire_unpaid_orders(&jobs.services, &jobs.pace).await }.boxed_local()
    }),
    ("expire_pickups", Pause::Sweep, |jobs| {
        async move { orders::expire_pickups(&jobs.services.inventory, &jobs.pace).await }.boxed_local()
    }),
    ("cover_shortfalls", Pause::Sweep, |jobs| {
        async move { orders::pos::cover_shortfalls(&jobs.services.inventory, &jobs.pace).await }.boxed_local()
    }),
    ("settle_payments", Pause::Sweep, |jobs| {
        async move { orders::finish_due_operations(&jobs.services, &jobs.pace).await }.boxed_local()
    }),
    ("work_through_imports", Pause::Sweep, |jobs| async move { jobs.import().await.map(|_| 0) }.boxed_local()),
    ("write_exports", Pause::Sweep, |jobs| async move { jobs.export().await.map(|_| 0) }.boxed_local()),
    ("delete_old_imports", Pause::Daily, |jobs| {
        async move { jobs.sweep(jobs.retention.files_days, bulk::delete_imports_before).await }.boxed_local()
    }),
    ("delete_old_exports", Pause::Daily, |jobs| {
        async move { jobs.sweep(jobs.retention.files_days, bulk::delete_exports_before).await }.boxed_local()
    }),
    ("delete_old_answers", Pause::Daily, |jobs| {
        async move { jobs.sweep(jobs.retention.answers_days, idempotency::delete_before).await }.boxed_local()
    }),
    ("delete_old_events", Pause::Daily, |jobs| {
        async move { jobs.sweep(jobs.retention.events_days, events::delete_before).await }.boxed_local()
    }),
    ("delete_old_decisions", Pause::Daily, |jobs| {
        async move { jobs.sweep(jobs.retention.decisions_days, orders::delete_decisions_before).await }.boxed_local()
    }),
    ("delete_expired_quotes", Pause::Daily, |jobs| {
        async move { jobs.sweep(1, orders::delete_quotes_before).await }.boxed_local()
    }),
    ("delete_expired_tokens", Pause::Daily, |jobs| {
        async move { jobs.sweep(jobs.retention.refresh_tokens_days, access::delete_expired_before).await }.boxed_local()
    }),
    ("delete_old_unmet_demand", Pause::Daily, |jobs| {
        async move { jobs.sweep(jobs.retention.unmet_demand_days, inventory::delete_unmet_before).await }.boxed_local()
    }),
];

impl Jobs {
    pub(super) fn new(db: &Db, retention: &Retention, parts: Parts, follower: Follower) -> Self {
        let Parts { services, access, search } = parts;
        let grace = chrono::Duration::seconds(services.inventory.settings.grace_seconds);
        let (db, pace, retention) = (db.clone(), ClockGuard::default(), retention.clone());
        Self { db, services, pace, follower, grace, access, search, retention }
    }

    /// Repeats all of them until it is told to stop.
    pub(super) fn start(&self, config: &Config, stopped: &watch::Receiver<bool>) {
        // Orders without a location are slow until the index is read.
        let first = self.clone();
        actix_web::rt::spawn(async move {
            if let Err(error) = first.keep_index().await {
                tracing::warn!(error = %error, "the index of what is available could not be read yet");
            }
        });
        let (last, mut ended) = (self.clone(), stopped.clone());
        actix_web::rt::spawn(async move {
            let is_ended = ended.wait_for(|is_ended| *is_ended).await.is_ok();
            if is_ended && let Err(error) = last.services.inventory.flush_unmet().await {
                tracing::warn!(error = %error, "unmet demand of the last minute is lost");
            }
        });
        for (name, pause, round) in JOBS {
            let pause = match pause {
                Pause::Follow => Duration::from_millis(config.catalog.follow_ms),
                Pause::Sweep => Duration::from_secs(config.inventory.sweep_seconds),
                Pause::Daily => DAILY,
            };
            let jobs = self.clone();
            actix_web::rt::spawn(jobs::repeat(name, pause, stopped.clone(), move || round(jobs.clone())));
        }
    }

    /// Works through the files that wait, and returns how many rows were done or refused.
    pub async fn import(&self) -> Result<usize> {
        bulk::run_imports(&self.services.inventory, async |id| self.access.actor(id).await).await
    }

    /// Writes the files that wait, and returns how many parts were written.
    pub async fn export(&self) -> Result<usize> {
        bulk::run_exports(&self.db, async |id| self.access.actor(id).await).await
    }

    async fn sweep(&self, days: u32, round: fn(&mut Write, DateTime<Utc>, i64) -> Result<usize>) -> Result<usize> {
        retention::sweep(&self.db, &self.pace, days, round).await
    }

    /// The group commit, for what tests ask of it.
    pub fn group_commit(&self) -> &GroupCommit {
        &self.services.inventory.group_commit
    }

    /// Drops what is remembered of records that another instance has changed.
    pub async fn follow(&self) -> Result<usize> {
        let changes = self.follower.changed(&self.db).await?;
        self.services.inventory.catalog.hear(&changes);
        if changes.concern(&["location"]) {
            self.services.inventory.forget_locations();
        }
        Ok(0)
    }

    /// Brings the index of what is available up to the feed; how many levels were read for it.
    pub async fn keep_index(&self) -> Result<usize> {
        self.services.inventory.keep_index().await
    }

    /// The stock, for what tests ask of it.
    pub fn inventory(&self) -> &Inventory {
        &self.services.inventory
    }

    /// Runs each job once, now, and returns how much ended by itself; for tests, which may run on machines that are
    /// suspended meanwhile: the database's clock is trusted as it stands.
    pub async fn run(&self) -> Result<usize> {
        let trusting = Self { pace: ClockGuard::default(), ..self.clone() };
        let mut ended = 0;
        for (_, _, round) in JOBS {
            ended += round(trusting.clone()).await?;
        }
        Ok(ended)
    }
}
