//! Documents of products in PostgreSQL.
use super::{
    documents::Passage,
    model::{Facts, TextMatch},
};
use crate::{
    catalog::schema::{product_documents, product_facts as f, stale_documents},
    kernel::{ProductId, VariantId},
    platform::db::{Json, Statement},
};
use diesel::{
    dsl::exists,
    prelude::*,
    sql_query,
    sql_types::{Array, BigInt, Bool, Float, Jsonb, Text, Uuid as SqlUuid},
};

#[derive(QueryableByName)]
struct Answer {
    #[diesel(sql_type = Bool)]
    is_so: bool,
}

#[derive(QueryableByName)]
struct ProductRow {
    #[diesel(sql_type = SqlUuid)]
    product_id: ProductId,
}

#[derive(QueryableByName)]
struct MatchRow {
    #[diesel(sql_type = SqlUuid)]
    product_id: ProductId,
    #[diesel(sql_type = Float)]
    rank: f32,
}

/// A word of a document that is like one that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct Correction {
    #[diesel(sql_type = Text)]
    pub asked: String,
    #[diesel(sql_type = Text)]
    pub word: String,
}

/// True if a document waits to be written anew.
pub fn has_stale(conn: &mut PgConnection) -> QueryResult<bool> {
    diesel::select(exists(stale_documents::table.select(stale_documents::id))).get_result(conn)
}

/// Keeps other instances from writing documents until the transaction ends, so that revisions commit in their order;
/// false if one does already.
pub fn lock_documents(conn: &mut PgConnection) -> QueryResult<bool> {
    let lock = "select pg_try_advisory_xact_lock(hashtext('product_documents')) as is_so";
    Ok(sql_query(lock).get_result::<Answer>(conn)?.is_so)
}

/// Takes so many of the oldest products whose documents are stale off their list.
pub fn take_stale(conn: &mut PgConnection, most: i64) -> QueryResult<Vec<ProductId>> {
    let rows: Vec<ProductRow> =
        Statement::new(include_str!("sql/take_stale.sql")).bind::<BigInt, _>(most).load(conn)?;
    let mut ids: Vec<_> = rows.into_iter().map(|row| row.product_id).collect();
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}

/// Writes documents, made of their passages, with the facts of the products.
pub fn write(conn: &mut PgConnection, passages: Vec<Passage>, facts: &[Facts]) -> QueryResult<()> {
    let ids: Vec<_> = facts.iter().map(|facts| facts.id).collect();
    diesel::delete(product_documents::table.filter(product_documents::product_id.eq_any(&ids))).execute(conn)?;
    let plain = passages.iter().filter(|passage| passage.configuration == "simple");
    let plain: Vec<_> = plain.map(|passage| passage.text.clone()).collect();
    Statement::new(include_str!("sql/write_words.sql")).bind::<Array<Text>, _>(plain).execute(conn)?;
    Statement::new(include_str!("sql/write_documents.sql"))
        .bind::<Array<SqlUuid>, _>(passages.iter().map(|passage| passage.product).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(passages.iter().map(|passage| passage.configuration).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(passages.iter().map(|passage| passage.weight).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(passages.into_iter().map(|passage| passage.text).collect::<Vec<_>>())
        .execute(conn)?;
    Statement::new(include_str!("sql/write_facts.sql"))
        .bind::<Array<SqlUuid>, _>(ids)
        .bind::<Array<Jsonb>, _>(facts.iter().cloned().map(Json).collect::<Vec<_>>())
        .execute(conn)?;
    Ok(())
}

/// Counts units that were sold, by variant, and returns of how many products the number changed.
pub fn count_sales(conn: &mut PgConnection, sold: Vec<(VariantId, i64)>) -> QueryResult<usize> {
    let (variants, units): (Vec<_>, Vec<_>) = sold.into_iter().unzip();
    Statement::new(include_str!("sql/count_sales.sql"))
        .bind::<Array<SqlUuid>, _>(variants)
        .bind::<Array<BigInt>, _>(units)
        .execute(conn)
}

/// Facts that are newer than a revision, in order of theirs, so many at most.
pub fn facts_since(conn: &mut PgConnection, revision: i64, most: i64) -> QueryResult<Vec<(i64, Facts)>> {
    let rows: Vec<(i64, Json<Facts>, i64)> = f::table
        .filter(f::revision.gt(revision))
        .order(f::revision)
        .limit(most)
        .select((f::revision, f::facts, f::popularity))
        .load(conn)?;
    let row = |(revision, Json(facts), popularity): (i64, Json<Facts>, i64)| (revision, Facts { popularity, ..facts });
    Ok(rows.into_iter().map(row).collect())
}

/// Folded words that a document must have.
#[derive(Debug, Clone, Copy)]
pub struct AskedWords<'a> {
    pub words: &'a [String],
    /// True if they are the parts of one code, such as a SKU: all but the last are whole words then, where otherwise
    /// each may be the beginning of one.
    pub is_code: bool,
    /// The configuration of PostgreSQL that reads their stems.
    pub configuration: &'static str,
}

/// The products that have all of some words.
pub fn matches(conn: &mut PgConnection, asked: AskedWords<'_>) -> QueryResult<Vec<TextMatch>> {
    let AskedWords { words, is_code, configuration } = asked;
    let last = words.len().saturating_sub(1);
    let begun =
        |(at, word): (usize, &String)| if is_code && at < last { format!("'{word}'") } else { format!("'{word}':*") };
    let begun = words.iter().enumerate().map(begun).collect::<Vec<_>>().join(" & ");
    let rows: Vec<MatchRow> = Statement::new(include_str!("sql/matches.sql"))
        .bind::<Text, _>(begun)
        .bind::<Text, _>(configuration)
        .bind::<Text, _>(words.join(" "))
        .load(conn)?;
    Ok(rows.into_iter().map(|row| TextMatch { product: row.product_id, rank: row.rank }).collect())
}

/// Words of documents that are like words which no document has.
pub fn corrections(conn: &mut PgConnection, words: Vec<String>) -> QueryResult<Vec<Correction>> {
    Statement::new(include_str!("sql/corrections.sql")).bind::<Array<Text>, _>(words).load(conn)
}

/// Forgets words that no document has any more.
pub fn forget_words(conn: &mut PgConnection) -> QueryResult<usize> {
    Statement::new(include_str!("sql/forget_words.sql")).execute(conn)
}

/// True if the server has the extension by which typing errors are found.
pub fn can_correct(conn: &mut PgConnection) -> QueryResult<bool> {
    let is_there = "select exists (select from pg_extension where extname = 'pg_trgm') as is_so";
    Ok(sql_query(is_there).get_result::<Answer>(conn)?.is_so)
}
