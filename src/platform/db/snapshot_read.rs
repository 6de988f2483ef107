//! A long look at everything: on a connection of its own, without a limit in time, all of it at one moment.
use super::{Db, Read, blocking, pool};
use crate::kernel::{Code, Refusal, Result};
use diesel::connection::SimpleConnection;

impl Db {
    /// Runs `work` on one snapshot. The pool is for short work and is left to it; one survey runs at a time.
    pub async fn snapshot_read<T, F>(&self, work: F) -> Result<T>
    where
        F: FnOnce(&mut Read) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let db = self.clone();
        blocking(move || {
            let Ok(_one) = db.surveying.try_lock() else {
                return Err(Refusal::new(Code::Busy, "another survey is running; try again").retry_after(10).into());
            };
            let mut conn = pool::open_plain(&db.url, &db.session)?;
            conn.batch_execute("begin isolation level repeatable read read only")?;
            work(&mut Read { conn: &mut conn })
        })
        .await
    }
}
