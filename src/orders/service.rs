//! The services that orders need: stock with its catalog, payments, and the settings of orders.
use crate::{
    inventory::Inventory,
    payments::Gateways,
    platform::config::{self, Config},
};
use chrono::Duration;
use std::sync::Arc;

/// The services of one instance; cheap to clone.
#[derive(Clone)]
pub struct Services {
    /// Stock, with the catalog and the group commit.
    pub inventory: Inventory,
    /// The gateways that move money.
    pub money: PaymentService,
    /// The settings of orders.
    pub settings: Arc<config::Orders>,
}

impl Services {
    /// The services with the settings of orders.
    pub fn new(inventory: Inventory, money: PaymentService, settings: &config::Orders) -> Self {
        Self { inventory, money, settings: Arc::new(settings.clone()) }
    }
}

/// The services that payments need: the gateways, and how long to wait for them.
#[derive(Clone)]
pub struct PaymentService {
    /// The gateways that are asked.
    pub gateways: Gateways,
    /// The time for which an order whose reservation has expired waits for a gateway that has not said yet.
    pub patience: Duration,
    /// The time for which an order's goods are held while it waits for payment.
    pub hold: Duration,
}

impl PaymentService {
    /// As the settings say.
    pub fn new(config: &Config, gateways: Gateways) -> Self {
        let patience = Duration::seconds(config.payments.patience_seconds);
        Self { gateways, patience, hold: Duration::seconds(config.orders.hold_seconds) }
    }
}
