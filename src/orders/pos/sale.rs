//! One sale, told whole: priced as the till did, paid, handed over. The till's own id makes it exist once.
use crate::{
    catalog::{Catalog, Offer},
    inventory::{Demand, Inventory, NewHold, Stock},
    kernel::{
        Actor, Code, Currency, Error, LocationId, Money, OrderId, Quantity, Result, Sku, actor::Permission,
        words::Channel,
    },
    orders::{
        Register,
        model::{Customer, NewOrder},
        read::OrderView,
        rules::{Move, Priced},
        store::{self, NewShipment, Opening, Order},
        timeline::By,
    },
    payments::{GatewayKind, NewPayment, Sums},
    platform::{
        idempotency::{Answer, Once},
        intake::{Books, Job},
    },
};
use chrono::{DateTime, Utc};
use std::sync::Arc;

/// A sale as the till tells it.
#[derive(Debug, Clone)]
pub struct Sale {
    pub location: LocationId,
    /// The till's own id of it.
    pub client_id: String,
    pub occurred_at: DateTime<Utc>,
    pub currency: Currency,
    pub customer: Customer,
    /// With the price of one that the till took, if it says so; otherwise the price of the channel.
    pub lines: Vec<(Sku, Quantity, Option<i64>)>,
    /// The terminal's or the till's own reference.
    pub payment_reference: Option<String>,
}

struct SaleJob {
    sale: Sale,
    offers: Vec<Arc<Offer>>,
    priced: Vec<Priced>,
    total: Money,
    demand: Demand,
    names: Arc<[(crate::kernel::VariantId, String)]>,
}

/// Seconds by which a till's clock may run ahead.
const AHEAD: i64 = 300;

/// Records a sale that is over. One that is known by its client id is answered as before.
pub async fn sell(
    (inventory, catalog): (&Inventory, &Catalog),
    actor: Actor,
    sale: Sale,
    key: impl Into<Option<Once>>,
) -> Result<Answer> {
    for permission in [Permission::OrdersPlace, Permission::OrdersPay, Permission::OrdersFulfil] {
        actor.demand_at(permission, sale.location, "location")?;
    }
    let prepare = async || prepared(inventory, catalog, sale.clone()).await;
    inventory.settle(actor.clone(), Permission::OrdersPlace, key, prepare).await
}

async fn prepared(inventory: &Inventory, catalog: &Catalog, sale: Sale) -> Result<SaleJob> {
    inventory.demand_location(sale.location).await?;
    if sale.occurred_at > inventory.db.clock().now() + chrono::Duration::seconds(AHEAD) {
        let detail = format!("a sale of {} has not happened yet", sale.occurred_at.to_rfc3339());
        return Err(Error::refused(Code::InvalidBody, detail));
    }
    let skus: Vec<_> = sale.lines.iter().map(|(sku, ..)| sku.clone()).collect();
    let (memory, wanted) = (catalog.clone(), skus.clone());
    // Also what is sold no longer: it has left the shop.
    let known = inventory.db.read(move |db| memory.offers_by_sku(db, &wanted)).await?;
    let offer = |sku: &Sku| {
        let unknown = || Error::refused(Code::UnknownSku, format!("there is no SKU {sku}"));
        known.get(sku.as_str()).cloned().ok_or_else(unknown)
    };
    let offers: Vec<_> = skus.iter().map(offer).collect::<Result<_>>()?;
    let (mut priced, mut total) = (vec![], Money::new(0, sale.currency)?);
    for (offer, (_, quantity, told)) in offers.iter().zip(&sale.lines) {
        let unit = match told {
            Some(minor) => Money::new(*minor, sale.currency)?,
            None => offer.demand_price(Channel::Pos, sale.currency)?,
        };
        let line = unit.times(quantity.get())?;
        total = total.plus(line)?;
        priced.push(Priced { unit, total: line });
    }
    let demand = Demand::of(offers.iter().map(AsRef::as_ref).zip(sale.lines.iter().map(|line| line.1.get())))?;
    let names = offers.iter().map(|offer| (offer.variant.id, offer.variant.sku.clone())).collect();
    Ok(SaleJob { sale, offers, priced, total, demand, names })
}

impl Job for SaleJob {
    fn ask(&self, books: &mut Books) -> Result<()> {
        let register = books.of::<Register>()?;
        register.want_number();
        register.want_ref(Channel::Pos, &self.sale.client_id);
        let stock = books.of::<Stock>()?;
        self.demand.variants().into_iter().for_each(|variant| stock.want_goods((self.sale.location, variant)));
        Ok(())
    }

    fn decide(&self, books: &mut Books, who: &Actor) -> Result<Answer> {
        let at = self.sale.location;
        for permission in [Permission::OrdersPlace, Permission::OrdersPay, Permission::OrdersFulfil] {
            who.demand_at(permission, at, "location")?;
        }
        if let Some(known) = books.of::<Register>()?.known_ref(Channel::Pos, &self.sale.client_id)? {
            if known.order.location_id != at {
                let detail = format!("the client id {} is that of another sale", self.sale.client_id);
                return Err(Error::refused(Code::ExternalRefTaken, detail));
            }
            let view = OrderView::from(known);
            return Answer::ok(&view, view.version, Some(at));
        }
        let id = OrderId::new();
        let order = self.write_down(books, who, id)?;
        let view = self.hand_over(books, who, order)?;
        Answer::created(&view, view.version, Some(at), format!("/v1/orders/{id}"))
    }

    fn rows(&self) -> Vec<u64> {
        crate::inventory::rows_of(self.sale.location, &self.demand)
    }
}

impl SaleJob {
    fn write_down(&self, books: &mut Books, who: &Actor, id: OrderId) -> Result<Order> {
        let (sale, now) = (&self.sale, books.now);
        let hold = NewHold {
            location: sale.location,
            demand: self.demand.clone(),
            names: self.names.clone(),
            reference: None,
            order: Some(id),
            principal: who.id,
            expires_at: now,
        };
        let held = books.sell(&hold, who.id, sale.occurred_at)?;
        let number = books.of::<Register>()?.number()?;
        let new = NewOrder {
            channel: Channel::Pos,
            currency: sale.currency,
            location: Some(sale.location),
            customer: sale.customer.clone(),
            lines: sale.lines.iter().map(|(sku, quantity, _)| (sku.clone(), *quantity)).collect(),
            exchange_for: None,
            external_ref: Some(sale.client_id.clone()),
            is_pickup: false,
            is_settled_outside: false,
        };
        let opening = Opening { id, number, new: &new, held: &[held], total: self.total, by: who.id };
        let order = Order::open(opening)?;
        let lines = self.offers.iter().zip(&sale.lines).zip(&self.priced);
        let lines: Vec<_> = (1..)
            .zip(lines)
            .map(|(no, ((offer, (_, quantity, _)), priced))| store::new_line(id, no, offer, *quantity, priced))
            .collect();
        crate::orders::events::placed(&mut books.outbox, &order, &lines, now)?;
        let by = By::of(who).for_reason(Some("sold at a till"));
        books.of::<Register>()?.add(by, order.clone(), lines);
        Ok(order)
    }

    fn hand_over(&self, books: &mut Books, who: &Actor, order: Order) -> Result<OrderView> {
        let (id, by, at) = (order.id, By::of(who), self.sale.occurred_at);
        let paid = self.total.amount_minor;
        if paid > 0 {
            let told = self.sale.payment_reference.clone();
            let of = (id, self.sale.location);
            books.record_payment(&NewPayment::taken(of, GatewayKind::Manual, self.total, told))?;
        }
        let sums = Sums { captured: paid, ..Sums::default() };
        books.move_order(by, (id, Move::Confirm), |order| order.take(sums))?;
        books.move_order(by, (id, Move::Process), |_| {})?;
        let mut parcel = NewShipment::of((&order, self.sale.location, &self.demand), None, None, at);
        parcel.0.delivered_at = Some(at);
        books.ship_order(by, id, vec![parcel], (true, sums))?;
        let row = books.move_order(by, (id, Move::Deliver), |_| {})?;
        Ok(OrderView::from(&row))
    }
}
