//! `coffret audit`: the proof of the books, and their repair.
use super::database::Database;
use crate::{
    app,
    inventory::{self, Repair},
    kernel::audit::Violation,
    platform::config::Config,
};
use std::{io::Write, process::ExitCode};

/// Prints every row that breaks an invariant, as JSON lines; exits 1 if there is one. With `repair`, first rebuilds
/// the counters of the stock from the ledger, and exits 1 without a change if the ledger contradicts itself.
pub async fn run(config: &Config, repair: bool) -> anyhow::Result<ExitCode> {
    let database = Database::existing(config)?;
    let db = database.pool(config)?;
    if repair {
        match db.write(inventory::repair).await? {
            Repair::Mended(mended) => print(&mended, "no counter had to be mended")?,
            Repair::Refused(why) => {
                print(&why, "")?;
                tracing::error!(contradictions = why.len(), "nothing was mended: the ledger itself must be looked at");
                return Ok(ExitCode::FAILURE);
            }
        }
    }
    let found = app::audit(&db).await?;
    print(&found, "every invariant holds")?;
    if found.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    tracing::error!(violations = found.len(), "the audit found rows that break invariants");
    Ok(ExitCode::FAILURE)
}

fn print(rows: &[Violation], if_none: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    for row in rows {
        writeln!(out, "{}", serde_json::to_string(row)?)?;
    }
    if rows.is_empty() {
        writeln!(out, "{if_none}")?;
    }
    Ok(())
}
