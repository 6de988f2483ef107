//! Sales that a till made without a network, told in one go: in the order in which they happened, each on its own.
use super::sale::{Sale, sell};
use crate::{
    catalog::Catalog,
    inventory::Inventory,
    kernel::{Actor, Error, OrderId, Result},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

crate::words! {
    /// What became of a sale that was told.
    Told {
        /// It is in the books now.
        Recorded = "recorded",
        /// It was in the books already.
        Known = "known",
        /// It cannot be read; someone must look at it.
        Refused = "refused",
    }
}

/// What became of one sale.
#[derive(Debug, Serialize, ToSchema)]
pub struct Synced {
    pub client_id: String,
    #[schema(inline)]
    pub status: Told,
    pub order_id: Option<OrderId>,
    /// The number that people use.
    pub number: Option<i64>,
    /// The lasting code of why it was refused.
    pub code: Option<&'static str>,
    /// The same in words.
    pub detail: Option<String>,
}

/// Records sales, the earliest first. Ends early only where the service itself cannot go on: then what is left is told
/// again later, and what was recorded is known.
pub async fn sync(
    (inventory, catalog): (&Inventory, &Catalog),
    actor: &Actor,
    mut sales: Vec<Sale>,
) -> Result<Vec<Synced>> {
    #[derive(Deserialize)]
    struct Made {
        id: OrderId,
        number: i64,
    }
    sales.sort_by_key(|sale| sale.occurred_at);
    let mut results = vec![];
    for sale in sales {
        let client_id = sale.client_id.clone();
        let synced = match sell((inventory, catalog), actor.clone(), sale, None).await {
            Ok(answer) => {
                let made: Made = serde_json::from_str(&answer.body).map_err(anyhow::Error::from)?;
                let status = if answer.status == 201 { Told::Recorded } else { Told::Known };
                Synced {
                    client_id,
                    status,
                    order_id: Some(made.id),
                    number: Some(made.number),
                    code: None,
                    detail: None,
                }
            }
            Err(error) if error.code().status() >= 500 => return Err(error),
            Err(error @ Error::Refused(_)) => {
                let (code, detail) = (Some(error.code().as_str()), Some(error.to_string()));
                Synced { client_id, status: Told::Refused, order_id: None, number: None, code, detail }
            }
            Err(error) => return Err(error),
        };
        results.push(synced);
    }
    Ok(results)
}
