//! Some rows of a file, done in one transaction.
use super::{
    kinds::{CatalogRows, Chunk},
    media, prices, products,
    rows::RowOf,
    translations,
};
use crate::{
    catalog::cache::Catalog,
    kernel::Result,
    platform::db::{Db, Write},
};

/// Does rows in their order. Of a row that is refused nothing is left, and the others are done; any other error is of
/// the whole transaction.
pub fn work_through(tx: &mut Write, chunk: Chunk, lines: &[String]) -> Result<Vec<RowOf>> {
    match chunk.kind {
        CatalogRows::Products => products::work_through(tx, chunk, lines),
        CatalogRows::Prices => prices::work_through(tx, chunk, lines),
        CatalogRows::Translations => translations::work_through(tx, lines),
        CatalogRows::Media => media::work_through(tx, lines),
    }
}

impl Catalog {
    /// Writes rows of files in a transaction; what is remembered is dropped afterwards, whatever came of it.
    pub async fn write_rows<T: Send + 'static>(
        &self,
        db: &Db,
        work: impl Fn(&mut Write) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let answer = db.write(work).await;
        self.forget();
        answer
    }
}
