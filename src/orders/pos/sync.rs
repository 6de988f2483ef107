//! Sales that a till made without a network, told in one go: in the order in which they happened, each on its own.
use super::sale::{Sale, sell};
use crate::{
    kernel::{Actor, Error, Fault, OrderId, Result},
    orders::{model::Mark, read::OrderView, service::Services},
    platform::idempotency::{Caller, OutcomeKind},
};
use serde::Serialize;
use utoipa::ToSchema;

crate::text_enum! {
    /// The outcome of a sale that was reported.
    SyncOutcome {
        /// It is in the books now.
        Recorded = "recorded",
        /// It is in the books now, beside another sale of the same client id; someone must look at both.
        Conflict = "conflict",
        /// It was in the books already.
        Known = "known",
        /// It cannot be read; someone must look at it.
        Refused = "refused",
    }
}

/// The outcome of one sale.
#[derive(Debug, Serialize, ToSchema)]
pub struct Synced {
    /// Its place in the list that was sent, from 0.
    pub index: usize,
    /// The till's own id of it; null where it could not be read.
    pub client_id: Option<String>,
    /// The state that it is in.
    #[schema(inline)]
    pub status: SyncOutcome,
    /// Identifies the order.
    pub order_id: Option<OrderId>,
    /// The number that people use.
    pub number: Option<i64>,
    /// Why someone must look at it.
    pub marks: Vec<Mark>,
    /// The lasting code of why it was refused.
    pub code: Option<&'static str>,
    /// The same in words.
    pub detail: Option<String>,
    /// Each fault of it, with its place in the sale.
    pub errors: Vec<Fault>,
}

impl Synced {
    /// A sale that cannot be recorded.
    pub fn refused(index: usize, client_id: Option<String>, why: &Error) -> Self {
        let errors = match why {
            Error::Refused(refusal) => refusal.faults.clone(),
            Error::Internal(_) => vec![],
        };
        let (code, detail) = (Some(why.code().as_str()), Some(why.to_string()));
        Self {
            index,
            client_id,
            status: SyncOutcome::Refused,
            order_id: None,
            number: None,
            marks: vec![],
            code,
            detail,
            errors,
        }
    }
}

/// Records sales, the earliest first. Ends early only where the service itself cannot go on: then what is left is told
/// again later, and what was recorded is known.
pub async fn sync(services: &Services, actor: &Actor, mut sales: Vec<(usize, Sale)>) -> Result<Vec<Synced>> {
    sales.sort_by_key(|(_, sale)| sale.occurred_at);
    let mut results = vec![];
    for (index, sale) in sales {
        let client_id = Some(sale.client_id.clone());
        let synced = match sell(services, Caller::new(actor.clone(), None), sale).await {
            Ok(sold) => {
                let kind = sold.kind;
                let OrderView { id, number, marks, .. } = sold.read()?;
                let status = match kind {
                    OutcomeKind::Created if marks.contains(&Mark::ClientIdReused) => SyncOutcome::Conflict,
                    OutcomeKind::Created => SyncOutcome::Recorded,
                    _ => SyncOutcome::Known,
                };
                let (order_id, number) = (Some(id), Some(number));
                Synced { index, client_id, status, order_id, number, marks, code: None, detail: None, errors: vec![] }
            }
            Err(error) if error.code().status() >= 500 => return Err(error),
            Err(error @ Error::Refused(_)) => Synced::refused(index, client_id, &error),
            Err(error) => return Err(error),
        };
        results.push(synced);
    }
    Ok(results)
}
