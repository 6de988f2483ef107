//! Records that every server keeps in memory. They change under a lock that no one else holds, and each change is counted:
//! a batch that decides by what was remembered holds the lock until its commit and knows if it still is so.
use super::{Read, Statement, Write};
use crate::kernel::Result;
use diesel::{prelude::*, sql_types::BigInt};

/// Stands for a number of changes that is not known.
pub const UNKNOWN: i64 = -1;

#[derive(QueryableByName)]
struct Changes {
    #[diesel(sql_type = BigInt)]
    changes: i64,
}

/// Says that the transaction changes such records: before it locks any row, for batches that hold the lock may wait for rows.
pub fn change(tx: &mut Write) -> Result<()> {
    Statement::new("select change_remembered() as changes").get_result::<Changes>(tx.conn())?;
    Ok(())
}

/// How many changes there have been: all of them are seen by what is read afterwards. Unknown while one is in progress.
pub fn changes(db: &mut Read) -> Result<i64> {
    let query = Statement::new("select look_at_remembered() as changes");
    Ok(query.get_result::<Changes>(db.conn())?.changes)
}
