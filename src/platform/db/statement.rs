//! A statement of a `.sql` file with its values. Unlike diesel's `sql_query` it is prepared once per connection, and
//! several of them can be sent as one: on the hot path a round trip costs more than the rows it carries.
use super::errors::violated;
use crate::kernel::{Code, Error, Result};
use diesel::{
    QueryResult, RunQueryDsl,
    internal::derives::as_expression::Bound,
    pg::{Pg, PgConnection},
    query_builder::{AstPass, Query, QueryFragment, QueryId},
    serialize::ToSql,
    sql_types::{HasSqlType, SingleValue, Untyped},
};
use std::borrow::Cow;

/// SQL with `$1`, `$2` … each of which stands in it once, and their values.
pub struct Statement {
    sql: Cow<'static, str>,
    values: Vec<Box<dyn QueryFragment<Pg> + Send>>,
}

impl Statement {
    /// The text, without values yet.
    pub fn new(sql: &'static str) -> Self {
        Self { sql: Cow::Borrowed(sql), values: vec![] }
    }

    /// The next value.
    pub fn bind<ST, U>(mut self, value: U) -> Self
    where
        ST: SingleValue + Send + 'static,
        U: ToSql<ST, Pg> + Send + 'static,
        Pg: HasSqlType<ST>,
        Bound<ST, U>: QueryFragment<Pg>,
    {
        self.values.push(Box::new(Bound::<ST, U>::new(value)));
        self
    }
}

impl QueryFragment<Pg> for Statement {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let mut pieces = self.sql.split('$');
        out.push_sql(pieces.next().unwrap_or_default());
        for piece in pieces {
            let digits = piece.bytes().take_while(u8::is_ascii_digit).count();
            let (number, rest) = piece.split_at(digits);
            match number.parse::<usize>().ok().and_then(|n| self.values.get(n.checked_sub(1)?)) {
                Some(value) => value.walk_ast(out.reborrow())?,
                None => out.push_sql("$"),
            }
            out.push_sql(rest);
        }
        Ok(())
    }
}

impl QueryId for Statement {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for Statement {
    type SqlType = Untyped;
}

impl RunQueryDsl<PgConnection> for Statement {}

/// Makes the commit of a transaction that writes nothing else wait for the disk and for standbys.
pub const BARRIER: &str = "select pg_logical_emit_message(true, 'barrier', '')";

/// Changes of several tables, to be sent as one statement. Each part returns a row for each row that it changed.
#[derive(Default)]
pub struct Bulk {
    parts: Vec<(&'static str, Statement, usize)>,
}

impl Bulk {
    /// Adds a part that must change exactly so many rows; nothing is added if that is none. Later parts may read what
    /// it returns under its name.
    pub fn add(&mut self, name: &'static str, rows: usize, part: impl FnOnce() -> Statement) {
        if rows > 0 {
            self.parts.push((name, part(), rows));
        }
    }

    /// Makes the commit wait for the disk and for standbys even if nothing else is written.
    pub fn barrier(&mut self) {
        self.add("barrier", 1, || Statement::new(BARRIER));
    }

    /// True if there is nothing to send.
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// Runs all parts in one round trip, each seeing the tables as they were before. A part that changes fewer or more
    /// rows than it must is a broken assumption, told as an error so that the transaction rolls back.
    pub fn run(self, conn: &mut PgConnection) -> Result<()> {
        if self.is_empty() {
            return Ok(());
        }
        let (mut parts, mut counts, mut values, mut wanted) = (vec![], vec![], vec![], vec![]);
        for (name, part, rows) in self.parts {
            parts.push(format!("{name} as ({})", renumbered(&part.sql, values.len())));
            counts.push(format!("(select count(*) from {name})"));
            values.extend(part.values);
            wanted.push(i64::try_from(rows).map_err(anyhow::Error::from)?);
        }
        let sql = format!("with {} select array[{}]::bigint[] as changed", parts.join(", "), counts.join(", "));
        let changed = Statement { sql: Cow::Owned(sql), values }.get_result::<Changed>(conn).map_err(told)?.changed;
        match changed == wanted {
            true => Ok(()),
            false => Err(Error::Internal(Unexpected { wanted, changed }.into())),
        }
    }
}

/// A key that is there already was written by someone else a moment ago: the same work will find it. A violated check
/// is a fault of ours, for the rules have let it pass.
fn told(error: diesel::result::Error) -> Error {
    match violated(&error) {
        Some(constraint) if constraint.0.ends_with("_pkey") || constraint.0.ends_with("_key") => {
            Error::refused(Code::Conflict, "another change came in between; try again")
        }
        Some(constraint) => anyhow::anyhow!("{} refused what the rules allowed", constraint.0).into(),
        None => error.into(),
    }
}

/// Some part changed other rows than it was sure to change.
#[derive(Debug, thiserror::Error)]
#[error("the parts of a write changed {changed:?} rows and not {wanted:?}")]
pub struct Unexpected {
    wanted: Vec<i64>,
    changed: Vec<i64>,
}

#[derive(diesel::QueryableByName)]
struct Changed {
    #[diesel(sql_type = diesel::sql_types::Array<diesel::sql_types::BigInt>)]
    changed: Vec<i64>,
}

/// The same text with its values counted from `first` on.
fn renumbered(sql: &str, first: usize) -> String {
    let mut pieces = sql.split('$');
    let mut parts = vec![pieces.next().unwrap_or_default().to_owned()];
    for piece in pieces {
        let digits = piece.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = piece.split_at(digits);
        let number = number.parse::<usize>().map(|n| (n + first).to_string()).unwrap_or_default();
        parts.push(format!("${number}{rest}"));
    }
    parts.concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use diesel::sql_types::{Integer, Text};

    #[test]
    fn values_stand_where_the_text_names_them() {
        let statement = Statement::new("select $1::text || $2").bind::<Text, _>("a".to_owned()).bind::<Integer, _>(2);
        let shown = diesel::debug_query::<Pg, _>(&statement).to_string();
        assert!(shown.starts_with("select $1::text || $2"), "{shown}");
        assert_eq!(renumbered("values ($1, $2) -- $", 10), "values ($11, $12) -- $");
    }
}
