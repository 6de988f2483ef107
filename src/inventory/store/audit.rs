//! The audit's queries, each a statement of its own and so of one instant.
use diesel::{prelude::*, sql_query, sql_types::Text};

/// A row that differs from what it should be.
#[derive(QueryableByName)]
pub struct Difference {
    #[diesel(sql_type = Text)]
    pub invariant: String,
    #[diesel(sql_type = Text)]
    pub subject: String,
    #[diesel(sql_type = Text)]
    pub detail: String,
}

pub fn differences(conn: &mut PgConnection) -> QueryResult<Vec<Difference>> {
    let mut found = vec![];
    for query in [
        include_str!("../sql/audit_ledger.sql"),
        include_str!("../sql/audit_promises.sql"),
        include_str!("../sql/audit_holds.sql"),
    ] {
        found.extend(sql_query(query).load::<Difference>(conn)?);
    }
    Ok(found)
}
