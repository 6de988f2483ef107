//! `coffret seed`: a realistic brand for demonstrations and benchmarks.
use super::{database::Database, progress::Progress};
use crate::{
    catalog,
    inventory::{self, Profile},
    kernel::{Locations, PageRequest},
    orders,
    platform::{config::Config, db::Db},
};
use anyhow::bail;
use std::process::ExitCode;

/// Fills an empty database.
pub async fn run(config: &Config, profile: Profile) -> anyhow::Result<ExitCode> {
    let database = Database::join(config)?.migrated()?;
    let db = database.pool(config)?;
    if !is_empty(&db).await? {
        bail!("the database is not empty: seed a fresh one, so that nothing real is mixed with made-up data");
    }
    fill(&db, profile).await?;
    tracing::info!(variants = profile.variants, locations = profile.locations, "the brand is seeded");
    Ok(ExitCode::SUCCESS)
}

/// True if there is no location yet.
pub async fn is_empty(db: &Db) -> anyhow::Result<bool> {
    let first = PageRequest { limit: 1, after: None };
    let filter = inventory::LocationFilter::default();
    let found = db.read(move |db| inventory::locations(db, &Locations::Everywhere, &filter, &first)).await?;
    Ok(found.rows.is_empty())
}

/// Makes the brand, all or nothing.
pub async fn fill(db: &Db, profile: Profile) -> anyhow::Result<()> {
    let progress = Progress::new();
    progress.step("seeding the catalog, stock and past orders");
    db.write(move |tx| {
        catalog::seed(tx, profile.variants)?;
        inventory::seed(tx, &profile)?;
        orders::seed(tx, &profile)
    })
    .await?;
    progress.step("letting PostgreSQL learn what the tables hold");
    db.analyze().await?;
    progress.done();
    Ok(())
}
