//! The heads of papers, locked.
mod numbers;
use crate::{
    kernel::{CountId, PurchaseOrderId, TransferId},
    platform::{db::Statement, group_commit::Patience},
};
use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Uuid as SqlUuid},
};
pub use numbers::next_number;
use std::collections::BTreeSet;
use uuid::Uuid;

/// Papers that a batch needs.
#[derive(Debug, Clone, Default)]
pub struct Heads {
    transfers: BTreeSet<TransferId>,
    purchases: BTreeSet<PurchaseOrderId>,
    counts: BTreeSet<CountId>,
}

impl Heads {
    pub fn transfer(&mut self, id: TransferId) {
        self.transfers.insert(id);
    }

    pub fn purchase(&mut self, id: PurchaseOrderId) {
        self.purchases.insert(id);
    }

    pub fn count(&mut self, id: CountId) {
        self.counts.insert(id);
    }

    pub fn is_empty(&self) -> bool {
        self.transfers.is_empty() && self.purchases.is_empty() && self.counts.is_empty()
    }
}

#[derive(QueryableByName)]
struct Head {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = BigInt)]
    version: i64,
}

/// The locks of all kinds in one statement, each kind in order of id.
macro_rules! lock_heads {
    ($wait:literal) => {
        concat!(
            "with t as (select id, version from transfers where id = any ($1) order by id for no key update ",
            $wait,
            "), p as (select id, version from purchase_orders where id = any ($2) order by id for no key update ",
            $wait,
            "), c as (select id, version from stock_counts where id = any ($3) order by id for no key update ",
            $wait,
            ") select * from t union all select * from p union all select * from c"
        )
    };
}

/// Locks papers and tells their versions.
pub fn lock_heads(conn: &mut PgConnection, wanted: &Heads, patience: Patience) -> QueryResult<Vec<(Uuid, i64)>> {
    let sql = match patience {
        Patience::Wait => lock_heads!(""),
        Patience::SkipLocked => lock_heads!("skip locked"),
    };
    let rows: Vec<Head> = Statement::new(sql)
        .bind::<Array<SqlUuid>, _>(wanted.transfers.iter().copied().collect::<Vec<_>>())
        .bind::<Array<SqlUuid>, _>(wanted.purchases.iter().copied().collect::<Vec<_>>())
        .bind::<Array<SqlUuid>, _>(wanted.counts.iter().copied().collect::<Vec<_>>())
        .load(conn)?;
    Ok(rows.into_iter().map(|row| (row.id, row.version)).collect())
}
