//! The coins in which money that people take is counted.
use crate::{
    kernel::{Actor, Code, Country, Error, OrderId, Result, actor::Permission},
    orders::{read::orders_by_id, service::Services},
    payments::{GatewayKind, TenderTold, cash_step},
};

/// The way in which the money of a payment was handed over, as it is told.
pub struct ToldTender {
    pub gateway: GatewayKind,
    pub told: Option<TenderTold>,
    /// Its place in the request.
    pub pointer: &'static str,
}

impl ToldTender {
    /// The same with the least coin, in minor units, of the country where the order is filled; refused of gateways that
    /// tell it themselves.
    pub async fn in_coins(self, services: &Services, actor: &Actor, id: OrderId) -> Result<Option<(TenderTold, i64)>> {
        let Some(told) = self.told else { return Ok(None) };
        if self.gateway != GatewayKind::Manual {
            let said = format!("{} tells itself how the money was handed over", self.gateway);
            return Err(Error::at(Code::InvalidTender, self.pointer, said));
        }
        let (inventory, places) = (&services.inventory, actor.places(Permission::OrdersPay));
        let found = inventory.db.read(move |db| orders_by_id(db, &places, &[id])).await?.pop();
        let order = found.ok_or_else(|| Error::not_found("order"))?;
        let country = inventory.country_of(order.location_id).await?;
        Ok(Some((told, cash_step(country.as_ref().map(Country::as_str), order.currency()))))
    }
}
