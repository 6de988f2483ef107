//! Numbers that people use for documents.
use crate::platform::db::{Statement, Write};
use diesel::{
    prelude::*,
    sql_types::{BigInt, Text},
};

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// A fresh number of a table's documents; no other document gets it.
pub fn next_number(tx: &mut Write, table: &str) -> QueryResult<i64> {
    let query = Statement::new("select nextval(pg_get_serial_sequence($1, 'number')) as number");
    let found: Number = query.bind::<Text, _>(table.to_owned()).get_result(tx.conn())?;
    Ok(found.number)
}
