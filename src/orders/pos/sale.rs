//! One sale, told whole: priced as the till did, paid, handed over. The till's own id makes it exist once; another sale
//! under the same id is recorded all the same, for its goods have left the shop, and marked for someone to look at.
mod goods;
mod money;
mod write;

use crate::{
    catalog::{ChosenPart, CurrentOffers, Offer, Promotions, TaxRates},
    inventory::{Demand, Stock, Zones, rows_of},
    kernel::{
        Actor, Channel, Code, Currency, Error, LocationId, Money, OrderId, Quantity, Result, Sku, VariantId,
        actor::Permission,
    },
    orders::{
        model::{Customer, NewOrder, ToldPrice},
        read::OrderView,
        rules::{self, Priced},
        service::Services,
        store::Order,
        working_set::Orders,
    },
    payments::{Tender, TenderTold},
    platform::{
        group_commit::{Command, UnitOfWork},
        idempotency::{Caller, Outcome, Recorded},
    },
};
use chrono::{DateTime, Duration, Utc};
use goods::SoldGoods;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::{collections::HashMap, sync::Arc};

/// A sale as the till tells it.
#[derive(Debug, Clone)]
pub struct Sale {
    pub location: LocationId,
    /// The till's own id of it.
    pub client_id: String,
    pub occurred_at: DateTime<Utc>,
    pub currency: Currency,
    pub customer: Customer,
    pub lines: Vec<SaleLine>,
    /// The terminal's or the till's own reference.
    pub payment_reference: Option<String>,
    /// The ways in which it was paid; none if the till does not say.
    pub tenders: Vec<SaleTender>,
}

/// A part of a sale's payment.
#[derive(Debug, Clone)]
pub struct SaleTender {
    pub told: TenderTold,
    /// The amount that it pays of the total, in minor units.
    pub amount_minor: i64,
    pub reference: Option<String>,
}

/// A line of a sale.
#[derive(Debug, Clone, Serialize)]
pub struct SaleLine {
    pub sku: Sku,
    pub quantity: Quantity,
    /// The price of one that the till took, if it says so; otherwise the price that holds there.
    pub unit_price_minor: Option<i64>,
    /// False if that price is without tax; true, if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tax_included: Option<bool>,
    /// The lot that the till has read.
    pub lot: Option<String>,
    /// The parts that its customer chose, of a bundle with choices.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<ChosenPart>,
    /// The reason for which it took another price than the one of the channel.
    #[serde(skip)]
    pub price_reason: Option<String>,
}

impl SaleLine {
    fn told_price(&self) -> Option<ToldPrice> {
        self.unit_price_minor.map(|minor| ToldPrice::of(minor, self.tax_included))
    }
}

/// A part of the payment that is to be recorded.
struct NewTender {
    amount: Money,
    tender: Option<Tender>,
    reference: Option<String>,
}

struct SaleCommand {
    sale: Sale,
    fingerprint: Vec<u8>,
    offers: Vec<Arc<Offer>>,
    priced: Vec<Priced>,
    total: Money,
    /// The payments, with the way in which each was handed over.
    payments: Vec<NewTender>,
    /// The reason for which the tenders that the till told do not count.
    tender_fault: Option<String>,
    /// True if goods went for far less than their price.
    is_far_below: bool,
    /// Parts of a set are not chosen as it says.
    choices_differ: bool,
    taxes: Arc<TaxRates>,
    promotions: Arc<Promotions>,
    /// True if there are rates of tax, and none for some of it.
    is_tax_unknown: bool,
    demand: Demand,
    names: Arc<[(VariantId, String)]>,
    zones: Zones,
    most_found: i32,
    /// The offers and those of bundles' parts.
    known: HashMap<VariantId, Arc<Offer>>,
}

/// The time by which a till's clock may run ahead before the sale is marked.
const AHEAD: Duration = Duration::seconds(60);

impl Sale {
    /// When it was made, and if the till's clock was wrong: ahead of ours, or before the location was there. Then it
    /// counts as made now.
    fn dated(&self, zones: &Zones, now: DateTime<Utc>) -> (DateTime<Utc>, bool) {
        let told = self.occurred_at;
        let is_before_opening = zones.opened_at(self.location).is_some_and(|opened| told < opened);
        match is_before_opening || told > now {
            true => (now, is_before_opening || told > now + AHEAD),
            false => (told, false),
        }
    }

    /// The same as an order that its till knows by a name.
    fn as_order(&self, name: String) -> NewOrder {
        NewOrder {
            channel: Channel::Pos,
            currency: self.currency,
            location: Some(self.location),
            customer: self.customer.clone(),
            lines: self.lines.iter().map(|line| (line.sku.clone(), line.quantity)).collect(),
            choices: vec![],
            lots: vec![],
            unit_prices: vec![],
            exchange_for: None,
            reservation: None,
            external_ref: Some(name),
            is_pickup: false,
            is_settled_outside: false,
            coupons: vec![],
            quote: None,
            is_mere_cart: false,
            shipping_method: None,
            shipping_minor: None,
        }
    }

    /// A digest of what was sold, where, when and for how much: the same for every telling of one sale.
    fn fingerprint(&self) -> Result<Vec<u8>> {
        let in_order =
            |line: &SaleLine| SaleLine { choices: ChosenPart::in_order(line.choices.clone()), ..line.clone() };
        let lines: Vec<_> = self.lines.iter().map(in_order).collect();
        let said = (&self.location, &self.occurred_at, self.currency.code(), &lines);
        Ok(Sha256::digest(serde_json::to_vec(&said).map_err(anyhow::Error::from)?).to_vec())
    }
}

/// Records a sale that is over. One that is known by its client id is answered as before.
pub async fn sell(services: &Services, caller: Caller, sale: Sale) -> Result<Recorded<OrderView>> {
    let Caller { actor, key, .. } = caller;
    let inventory = &services.inventory;
    actor.require_channel(Channel::Pos)?;
    let needed = [Permission::OrdersPlace, Permission::OrdersPay, Permission::OrdersFulfill];
    actor.require_each_at(&needed, sale.location, "location")?;
    let prepare = async || prepared(services, sale.clone()).await;
    inventory.execute(actor.clone(), Permission::OrdersPlace, key, prepare).await
}

async fn prepared(services: &Services, sale: Sale) -> Result<SaleCommand> {
    let (inventory, most_found) = (&services.inventory, services.settings.most_found_units);
    inventory.require_location(sale.location).await?;
    let SoldGoods { offers, known: all, choices_differ } = goods::sold(inventory, &sale).await?;
    let settled = sale.lines.iter().map(SaleLine::told_price);
    let lines = offers.iter().map(AsRef::as_ref).zip(sale.lines.iter().map(|line| line.quantity)).zip(settled);
    let pricing = money::pricing(inventory, &sale).await?;
    let (mut priced, _) = rules::price(lines, &pricing)?;
    let discounts = money::discounts(inventory, &sale, (&offers, &priced), &pricing).await?;
    rules::discount(&mut priced, &discounts)?;
    let total = rules::total_of(&priced, sale.currency)?;
    let (payments, tender_fault) = money::payments_of(inventory, &sale, total).await?;
    let is_far_below = money::is_far_below(services, &sale, &offers, &pricing).await?;
    let units = sale.lines.iter().map(|line| line.quantity.get());
    let demand = Demand::of(offers.iter().map(AsRef::as_ref).zip(units))?;
    let names = offers.iter().map(|offer| (offer.variant.id, offer.variant.sku.clone())).collect();
    let is_tax_unknown = rules::is_tax_unknown(&pricing, &priced, None);
    let (fingerprint, zones) = (sale.fingerprint()?, inventory.zones.clone());
    Ok(SaleCommand {
        sale,
        fingerprint,
        offers,
        priced,
        total,
        payments,
        tender_fault,
        is_far_below,
        choices_differ,
        taxes: pricing.taxes,
        promotions: discounts.promotions,
        is_tax_unknown,
        demand,
        names,
        zones,
        most_found,
        known: all,
    })
}

impl Command for SaleCommand {
    type Output = OrderView;

    fn lock(&self, uow: &mut UnitOfWork) -> Result<()> {
        let current = uow.of::<CurrentOffers>()?;
        current.want(self.known.values());
        current.want_taxes(&self.taxes);
        current.want_promotions(&self.promotions, self.sale.currency);
        let register = uow.of::<Orders>()?;
        register.want_number();
        register.want_ref(Channel::Pos, &self.sale.client_id);
        register.want_ref(Channel::Pos, &self.other_name());
        let stock = uow.of::<Stock>()?;
        self.demand.variants().into_iter().for_each(|variant| stock.want_goods((self.sale.location, variant)));
        for (offer, line) in self.offers.iter().zip(&self.sale.lines) {
            if let Some(code) = &line.lot {
                stock.want_print(offer.variant.id, code);
            }
        }
        Ok(())
    }

    fn decide(&self, uow: &mut UnitOfWork, who: &Actor) -> Result<Outcome<OrderView>> {
        let at = self.sale.location;
        for permission in [Permission::OrdersPlace, Permission::OrdersPay, Permission::OrdersFulfill] {
            who.require_at(permission, at, "location")?;
        }
        let register = uow.of::<Orders>()?;
        let first = register.known_ref(Channel::Pos, &self.sale.client_id)?;
        let is_same = |order: &Order| order.sale_fingerprint.as_ref().is_none_or(|known| *known == self.fingerprint);
        let known = match first {
            Some(row) if is_same(&row.order) && row.order.location_id == at => Some(row),
            Some(_) => register.known_ref(Channel::Pos, &self.other_name())?,
            None => None,
        };
        if let Some(known) = known {
            let view = OrderView::from(known);
            return Ok(Outcome::changed(view.version, Some(at), view));
        }
        let other = first.map(|row| (row.order.id, row.order.location_id));
        if uow.of::<CurrentOffers>()?.is_stale(self.known.values(), &self.taxes, (&self.promotions, self.sale.currency))
        {
            return Err(Error::refused(
                Code::Conflict,
                "a price, promotion or rate of tax has just changed; try again",
            ));
        }
        let id = OrderId::new();
        let order = self.write_down(uow, who, id, other)?;
        let view = self.hand_over(uow, who, order)?;
        Ok(Outcome::created(id, view.version, Some(at), view))
    }

    fn contended_rows(&self) -> Vec<u64> {
        rows_of(self.sale.location, &self.demand)
    }
}
