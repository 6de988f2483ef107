//! The price of a cart: exactly what an order of the same goods would be charged at this moment.
use super::{
    quote::{self, Quote},
    rules::Quoted,
};
use crate::{
    catalog::{
        Judged, Offer, PriceContext, PromotionVerdict, ShippedGoods, ShippingMethod, ShippingVerdict,
        ShippingVerdict as V,
    },
    inventory::{self, ChannelOffer},
    kernel::{Actor, Locations, Money, OrderId, PromotionId, Result, ShippingMethodId, actor::Permission},
    orders::{
        bundles,
        model::NewOrder,
        placing::{PricedOrder, alone_at, priced},
        read::{OrderLineView, OrderTotals, ShippingView},
        rules,
        service::Services,
        store::{self, OrderLine, SoldLine},
    },
};
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// The price of a cart.
#[derive(Debug, Serialize, ToSchema)]
pub struct CartView {
    /// The currency of all its amounts (ISO 4217).
    pub currency: String,
    /// The lines, in the order in which they were sent.
    pub lines: Vec<CartLineView>,
    /// The charge for shipping; null if nothing is sent, there is no default method, or that one does not carry the
    /// goods: an order of them must name another one of the options.
    pub shipping: Option<ShippingView>,
    /// The shipping methods of the channel and currency, with what each would charge before promotions that pay for
    /// shipping; none while the country is not known, or where nothing is sent.
    pub shipping_options: Vec<ShippingOption>,
    /// The total with its discount and the tax that is within it.
    pub totals: OrderTotals,
    /// The promotions that apply, and those of these circumstances that do not with the reason. Nothing is told of
    /// promotions for other channels, places, customers or times, or that need a coupon which is not shown.
    pub promotions: Vec<CartPromotion>,
    /// The quote that keeps these prices; null if none was asked for.
    pub quote: Option<Quote>,
}

/// A line of a cart.
#[derive(Debug, Serialize, ToSchema)]
pub struct CartLineView {
    #[serde(flatten)]
    pub line: OrderLineView,
    /// Units that can be promised now where the order would be filled; of a bundle, whole sets. Lines of one SKU share
    /// them.
    pub quantity_available: i32,
}

/// A shipping method with what it would charge for a cart.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShippingOption {
    /// Identifies the shipping method.
    pub shipping_method_id: ShippingMethodId,
    /// The code to name as `shipping_method`.
    pub code: String,
    /// The name that customers read.
    pub name: String,
    /// Working days until the goods arrive, at least; null if nothing is promised.
    pub min_days: Option<i32>,
    /// Working days until the goods arrive, at most; null if nothing is promised.
    pub max_days: Option<i32>,
    /// The charge; null if the method does not carry the goods.
    pub charge: Option<Money>,
    /// The reason for which it does not carry them; null if it does.
    #[schema(inline)]
    pub reason: Option<ShippingVerdict>,
}

/// A promotion with what it does for a cart.
#[derive(Debug, Serialize, ToSchema)]
pub struct CartPromotion {
    /// Identifies the promotion.
    pub promotion_id: PromotionId,
    /// The code of the promotion.
    pub code: String,
    /// The name on receipts.
    pub name: String,
    /// The amount off the cart; null if it does not apply.
    pub amount: Option<Money>,
    /// The reason for which it does not apply; null if it does.
    #[schema(inline)]
    pub reason: Option<PromotionVerdict>,
}

/// Prices a cart, and keeps its prices for a while if that is asked.
pub async fn price(services: &Services, actor: &Actor, new: NewOrder, is_quoted: bool) -> Result<CartView> {
    let inventory = &services.inventory;
    actor.require_anywhere(Permission::OrdersPlace)?;
    actor.require_channel(new.channel)?;
    if let Some(location) = new.location {
        actor.require_at(Permission::OrdersPlace, location, "location")?;
        inventory.require_open_location(location).await?;
    }
    let order = priced(services, &new, alone_at(actor)).await?;
    let places = match new.location {
        Some(location) => Locations::Only([location].into()),
        None => actor.places(Permission::OrdersPlace),
    };
    let available = available(services, &new, places, &order.offers.lines).await?;
    let quote = match is_quoted {
        true => Some(
            quote::keep(&inventory.db, actor, Quoted::of(&new, &order.pricing.to, &order.lines, order.charge.clone()))
                .await?,
        ),
        false => None,
    };
    Ok(view(&new, &order, &available, quote))
}

async fn available(services: &Services, new: &NewOrder, places: Locations, offers: &[Arc<Offer>]) -> Result<Vec<i32>> {
    let inventory = &services.inventory;
    let (offers, now) = (offers.to_vec(), inventory.db.clock().now());
    let buffer = inventory::buffer_of(&services.settings, new.channel);
    let to = ChannelOffer { good_for_days: inventory.shelf_life.days(new.channel), buffer };
    let found = inventory.db.read(move |db| inventory::availability_of_each(db, &places, &offers, to, now)).await?;
    let sum = |rows: Vec<inventory::Availability>| {
        rows.iter().fold(0_i32, |sum, row| sum.saturating_add(row.quantity_available))
    };
    Ok(found.into_iter().map(sum).collect())
}

fn options(order: &PricedOrder, lines: &[OrderLine]) -> Vec<ShippingOption> {
    let (to, shipping) = (&order.pricing.to, &order.shipping);
    let price_minor = lines.iter().map(|line| line.total_minor).sum();
    let goods = ShippedGoods { price_minor, ..shipping.goods };
    let is_elsewhere =
        |verdict| matches!(verdict, V::Retired | V::OtherCurrency | V::OtherChannel) || to.country.is_none();
    let option = |method: &Arc<ShippingMethod>| {
        let charge = method.charge(to, goods);
        let is_told = charge.is_ok() || charge.is_err_and(|verdict| !is_elsewhere(verdict));
        is_told.then(|| ShippingOption {
            shipping_method_id: method.id,
            code: method.code.clone(),
            name: method.name.clone(),
            min_days: method.min_days,
            max_days: method.max_days,
            charge: charge.ok().map(|amount_minor| Money { amount_minor, currency: to.currency }),
            reason: charge.err(),
        })
    };
    shipping.methods.list.iter().filter_map(option).collect()
}

fn view(new: &NewOrder, order: &PricedOrder, available: &[i32], quote: Option<Quote>) -> CartView {
    let PriceContext { currency, channel, .. } = order.pricing.to;
    let sold = new.lines.iter().zip(&order.offers.lines).zip(&order.lines);
    let line = |(no, (((_, quantity), offer), priced)): (i32, ((&(_, _), &Arc<Offer>), &rules::Priced))| {
        let parts = bundles::parts_of(offer, &order.offers.known, channel, priced.unit);
        store::new_line(OrderId::new(), no, SoldLine { offer, quantity: *quantity, priced, parts })
    };
    let lines: Vec<OrderLine> = (1..).zip(sold).map(line).collect();
    let told = |(line, available): (&OrderLine, &i32)| CartLineView {
        line: OrderLineView::of(line, currency),
        quantity_available: *available,
    };
    let judged = order.discounts.judged.iter();
    let judged = judged.filter(|(promotion, judged)| match judged {
        // A coupon that is shown applies, or the cart is refused; one for shipping may wait for a charge.
        Ok(_) | Err(PromotionVerdict::NoShippingCharge) => true,
        Err(verdict) => !promotion.needs_coupon && !verdict.is_about_circumstances(),
    });
    let promotion = |(promotion, judged): &Judged| CartPromotion {
        promotion_id: promotion.id,
        code: promotion.code.clone(),
        name: promotion.name.to_string(),
        amount: judged.as_ref().ok().map(|of| Money { amount_minor: of.total_minor(), currency }),
        reason: judged.as_ref().err().copied(),
    };
    CartView {
        currency: currency.to_string(),
        shipping: order.charge.as_ref().map(|charge| ShippingView::of(charge, currency)),
        shipping_options: if new.is_sent() { options(order, &lines) } else { vec![] },
        totals: OrderTotals::of(currency, &lines, order.charge.as_ref()),
        lines: lines.iter().zip(available).map(told).collect(),
        promotions: judged.map(promotion).collect(),
        quote,
    }
}
