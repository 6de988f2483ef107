//! An edit is prepared: the offers of its SKUs, and the lines as they are to be.
use super::chosen;
use super::{Edit, EditCommand};
use crate::{
    catalog::{Offer, Purpose},
    inventory::{Demand, Inventory, Reach},
    kernel::{
        Actor, Code, Error, Expected, Faults, LocationId, Money, OrderId, Quantity, Result, Sku, Typed, VariantId,
        actor::Permission,
    },
    orders::{
        bundles,
        placing::goods_of,
        pricing::{Pricing, SaleTerms, pricing_of},
        read::{lines_of, orders_by_id},
        rules::Priced,
        store::{self, Order, OrderLine, SoldLine},
    },
};
use std::{collections::HashMap, sync::Arc};

/// The lines as they shall be.
pub(super) struct PreparedEdit {
    /// As they stood when the change was prepared, and as they stand after it.
    pub(super) before: Vec<OrderLine>,
    pub(super) after: Vec<OrderLine>,
    /// One for each SKU that is named, with its units.
    pub(super) lines: Vec<(Arc<Offer>, i32)>,
    /// All offers that its prices come from.
    pub(super) offers: Vec<Arc<Offer>>,
    pub(super) total_minor: i64,
    pub(super) demand: Demand,
    /// The order's locations, and others that could fill it.
    pub(super) own: Vec<LocationId>,
    pub(super) places: Vec<LocationId>,
    /// Days for which goods that are added must be good.
    pub(super) good_for_days: i64,
    /// That by which units are priced that it adds.
    pub(super) pricing: Pricing,
}

/// Prices what is added and looks for locations.
pub async fn prepared(
    inventory: &Inventory,
    actor: &Actor,
    id: OrderId,
    edit: Edit,
    expected: Expected,
) -> Result<EditCommand> {
    let catalog = &inventory.catalog;
    let methods = catalog.shipping_methods(&inventory.db).await?;
    let by_region = methods.list.iter().flat_map(|method| &method.zones).any(|zone| !zone.regions.is_empty());
    let Some(named) = edit.lines.clone() else {
        return Ok(EditCommand { id, edit, wanted: None, expected, by_region });
    };
    let (places, memory) = (actor.places(Permission::OrdersPlace), catalog.clone());
    let found = inventory.db.read(move |db| {
        let order = orders_by_id(db, &places, &[id])?.pop().ok_or_else(|| Error::not_found("order"))?;
        let before = lines_of(db, &[id])?;
        let skus: Vec<_> = named.iter().map(|(sku, _)| sku.clone()).collect();
        let mut offers = memory.offers_by_sku(db, &skus)?;
        chosen::as_ordered(&named, &before, &mut offers)?;
        let lines = named_offers(&named, &offers)?;
        let mut known = memory.with_parts(db, offers.into_values())?;
        // The parts of bundles as they were sold, which may be others by now, are weighed.
        let sold: Vec<_> = before.iter().flat_map(OrderLine::parts).map(|part| part.variant_id).collect();
        for (id, offer) in memory.offers(db, &sold)? {
            known.entry(id).or_insert(offer);
        }
        Ok((order, before, lines, known))
    });
    let (order, before, lines, known) = found.await?;
    actor.require_channel(order.channel)?;
    let to = edit.customer.clone().unwrap_or_else(|| order.customer().clone());
    let terms = SaleTerms::of_order(&order, &to, inventory.db.clock().now());
    let pricing = pricing_of(inventory, terms).await?;
    let after = lines_after(order.id, &before, &lines, &Added { known: &known, pricing: &pricing })?;
    let total_minor = after.iter().try_fold(order.shipping_minor, |sum, line| sum.checked_add(line.total_minor));
    let total_minor = total_minor.ok_or_else(|| Error::refused(Code::AmountOverflow, "the lines cost too much"))?;
    Money::new(total_minor, order.currency())?;
    if has_more(&before, &after) {
        require_carried(inventory, &order, &after, &known).await?;
    }
    let mut demand = Demand::default();
    for line in &after {
        line.goods(line.quantity)?
            .iter()
            .filter(|(_, units)| *units > 0)
            .try_for_each(|(v, units)| demand.add(v, units))?;
    }
    let mut places = vec![];
    let reach = inventory.reach(Some((actor, Permission::OrdersPlace)), order.channel, to.country());
    let reach = Reach { by_tables: true, ..reach };
    let good_for_days = reach.good_for_days;
    if !order.is_pickup {
        places = inventory.candidates(&demand, reach.clone()).await?;
        if places.is_empty() {
            places = inventory.sources(&demand, reach).await?.locations;
        }
    }
    let own = order.locations().collect();
    let offers = known.into_values().collect();
    let wanted =
        PreparedEdit { before, after, lines, offers, total_minor, demand, own, places, good_for_days, pricing };
    let wanted = Some(wanted);
    Ok(EditCommand { id, edit, wanted, expected, by_region })
}

/// True if there are more units of a variant than before.
fn has_more(before: &[OrderLine], after: &[OrderLine]) -> bool {
    let units = |lines: &[OrderLine], variant| -> i32 {
        lines.iter().filter(|line| line.variant_id == variant).map(|line| line.quantity).sum()
    };
    after.iter().any(|line| units(after, line.variant_id) > units(before, line.variant_id))
}

/// Refuses lines that the shipping method of the order does not carry: too heavy ones, or dangerous goods.
async fn require_carried(
    inventory: &Inventory,
    order: &Order,
    after: &[OrderLine],
    known: &HashMap<VariantId, Arc<Offer>>,
) -> Result<()> {
    let Some(id) = order.shipping().and_then(|charge| charge.method_id) else { return Ok(()) };
    let methods = inventory.catalog.shipping_methods(&inventory.db).await?;
    let Some(method) = methods.list.iter().find(|method| method.id == id) else { return Ok(()) };
    let as_sold = |line: &OrderLine| {
        let offer = known.get(&line.variant_id)?;
        let parts = || line.parts().into_iter().map(|part| (part.variant_id, part.quantity)).collect();
        Some((if line.is_bundle() { offer.made_of(parts()) } else { Arc::clone(offer) }, line.quantity))
    };
    let sent: Vec<_> = after.iter().filter_map(as_sold).collect();
    let sent = sent.iter().map(|(offer, units)| (&**offer, *units));
    let address = order.customer().address.as_ref();
    let (country, region) = (address.map(|of| &of.country), address.and_then(|of| of.region.as_ref()));
    match method.obstacle(country, region, goods_of(sent, known)) {
        Some(verdict) => {
            let said = format!("the shipping method {} does not carry these goods ({verdict})", method.code);
            Err(Error::at(Code::ShippingUnavailable, "/lines", said))
        }
        None => Ok(()),
    }
}

/// The offers of the SKUs that are named, all unknown ones refused at once.
pub(super) fn named_offers(
    named: &[(Sku, Quantity)],
    offers: &HashMap<Typed, Arc<Offer>>,
) -> Result<Vec<(Arc<Offer>, i32)>> {
    let mut faults = Faults::default();
    for (at, (sku, _)) in named.iter().enumerate().filter(|(_, (sku, _))| !offers.contains_key(sku.key())) {
        faults.add(Code::UnknownSku, &format!("/lines/{at}/sku"), format!("there is no SKU {sku}"));
    }
    faults.require_none()?;
    Ok(named.iter().filter_map(|(sku, units)| Some((offers.get(sku.key())?.clone(), units.get()))).collect())
}

/// The lines as they are after a change. Units that are kept keep the price that was agreed for them, and what a bundle
/// was made of then; units that are added are sold at today's price, on a line of their own where it differs. What is
/// taken out stays as given up.
pub(super) fn lines_after(
    order: OrderId,
    before: &[OrderLine],
    wanted: &[(Arc<Offer>, i32)],
    added: &Added<'_>,
) -> Result<Vec<OrderLine>> {
    let mut lines = before.to_vec();
    for line in &mut lines {
        if !wanted.iter().any(|(offer, _)| offer.variant.id == line.variant_id) {
            line.cancel(line.quantity);
        }
    }
    for (at, (offer, units)) in wanted.iter().enumerate() {
        let variant = offer.variant.id;
        let is_it = |line: &&mut OrderLine| line.variant_id == variant;
        let had: i32 = lines.iter_mut().filter(is_it).map(|line| line.quantity).sum();
        let mut too_many = (had - units).max(0);
        for line in lines.iter_mut().rev().filter(is_it) {
            let some = line.quantity.min(too_many);
            line.cancel(some);
            too_many -= some;
        }
        if *units > had {
            let sold = added.units(order, &mut lines, offer, Units { more: units - had, all: *units });
            if let Err(Error::Refused(why)) = sold {
                return Err(Error::at(why.code, &format!("/lines/{at}/sku"), why.detail));
            }
            sold?;
        }
    }
    Ok(lines)
}

/// The offers and circumstances by which units are sold that are added to an order.
pub(super) struct Added<'a> {
    /// The offers of the SKUs and of bundles' parts.
    pub(super) known: &'a HashMap<VariantId, Arc<Offer>>,
    pub(super) pricing: &'a Pricing,
}

/// Units that are added to a line, and all that it has afterwards, which decide about the price.
#[derive(Clone, Copy)]
struct Units {
    more: i32,
    all: i32,
}

impl Added<'_> {
    fn units(&self, order: OrderId, lines: &mut Vec<OrderLine>, offer: &Offer, units: Units) -> Result<()> {
        let Units { more, all } = units;
        if offer.variant.purpose != Purpose::Sale {
            let said = format!("{} is a {} and not for sale", offer.variant.sku, offer.variant.purpose);
            return Err(Error::refused(Code::NotForSale, said));
        }
        if !offer.is_sold() {
            return Err(Error::refused(Code::VariantRetired, format!("{} is retired", offer.variant.sku)));
        }
        let mut parts = offer.components.iter().filter_map(|part| self.known.get(&part.variant_id));
        if let Some(part) = parts.find(|part| !part.is_sold()) {
            let said = format!("{}, a part of the bundle {}, is retired", part.variant.sku, offer.variant.sku);
            return Err(Error::refused(Code::VariantRetired, said));
        }
        offer.require_published(self.pricing.to.channel, self.pricing.to.at)?;
        let price = offer.require_price(&self.pricing.to, all)?;
        let (unit, tax_included) = (price.amount, price.tax_included);
        let tax = self.pricing.tax(offer)?;
        let parts = bundles::parts_of(offer, self.known, self.pricing.to.channel, unit);
        let is_same = |line: &&mut OrderLine| {
            line.variant_id == offer.variant.id
                && line.unit_minor == unit.amount_minor
                && line.tax_included == tax_included
                && line.discount_minor == 0
                && line.parts == parts
                && line.tax() == tax.as_ref()
        };
        if let Some(line) = lines.iter_mut().find(is_same) {
            line.quantity += more;
            line.total_minor = line.with_tax(unit.times(line.quantity)?.amount_minor);
        } else {
            let no = lines.iter().map(|line| line.line_no).max().unwrap_or(0) + 1;
            let quantity = Quantity::new(more.into()).map_err(|why| Error::refused(Code::InvalidBody, why))?;
            let priced = Priced::of(unit, tax_included, tax, quantity)?;
            lines.push(store::new_line(order, no, SoldLine { offer, quantity, priced: &priced, parts }));
        }
        Ok(())
    }
}
