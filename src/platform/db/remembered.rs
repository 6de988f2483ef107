//! Records that every server keeps in memory. They change under a lock that no one else holds, and each change is
//! counted: a batch that decides by what was remembered holds the lock until its commit and knows if it still is so.
use super::{Read, Write, statement::Statement};
use crate::kernel::Result;
use diesel::{prelude::*, sql_types::BigInt};

#[derive(QueryableByName)]
struct Changes {
    #[diesel(sql_type = BigInt)]
    changes: i64,
}

/// Keeps everyone else from relying on what is remembered, before a transaction changes it.
pub fn lock(tx: &mut Write) -> Result<()> {
    Statement::new("select lock_remembered()").execute(tx.conn())?;
    Ok(())
}

/// Counts a change that is certain. The lock is held.
pub fn count_change(tx: &mut Write) -> Result<()> {
    Statement::new("select change_remembered() as changes").get_result::<Changes>(tx.conn())?;
    Ok(())
}

/// The number of changes so far: all of them are seen by what is read afterwards. Negative while one is in progress.
pub fn changes(db: &mut Read) -> Result<i64> {
    let query = Statement::new("select look_at_remembered() as changes");
    Ok(query.get_result::<Changes>(db.conn())?.changes)
}
