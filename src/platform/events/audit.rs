//! The proof of the feed, checked against its rows.
use crate::kernel::{
    Result,
    audit::{Violation, named_in},
};
use crate::platform::db::{Read, Statement};
use diesel::{prelude::*, sql_types::Text};

const SQL: &str = include_str!("sql/audit.sql");

/// A row that differs from what it should be.
#[derive(QueryableByName)]
pub struct Difference {
    #[diesel(sql_type = Text)]
    invariant: String,
    #[diesel(sql_type = Text)]
    subject: String,
    #[diesel(sql_type = Text)]
    detail: String,
}

impl From<Difference> for Violation {
    fn from(found: Difference) -> Self {
        Self { invariant: found.invariant, subject: found.subject, detail: found.detail }
    }
}

/// Rows that break what an audit's statement checks.
pub fn differences(db: &mut Read, sql: &'static str) -> Result<Vec<Violation>> {
    let found: Vec<Difference> = Statement::new(sql).load(db.conn())?;
    Ok(found.into_iter().map(Violation::from).collect())
}

/// Every row that breaks an invariant of the feed.
pub fn audit(db: &mut Read) -> Result<Vec<Violation>> {
    differences(db, SQL)
}

/// The invariants that are checked.
pub fn invariants() -> Vec<&'static str> {
    named_in(SQL)
}
