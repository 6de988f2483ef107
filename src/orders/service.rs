//! The services that orders need: stock with its catalog, payments, and the settings of orders.
use super::payment::PaymentService;
use crate::{inventory::Inventory, platform::config};
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
