//! The contents of a quote, and the order that it is for.
use crate::{
    catalog::{AppliedPromotion, ChosenPart, Discounts, LineTax, PriceContext, Promotions, ShownCoupon},
    kernel::{Channel, Code, Country, Currency, Error, Faults, LocationId, Money, Region, Result, Typed, strict_json},
    orders::{
        model::{LineDiscount, NewOrder, ShippingCharge},
        rules::Priced,
    },
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A quote as it is kept: the cart that was priced, and its prices.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Quoted {
    asked: Asked,
    lines: Vec<QuotedLine>,
    /// The charge for shipping; none in quotes from before it was kept.
    #[serde(default)]
    pub charge: Option<ShippingCharge>,
}

/// All that the prices of a cart depend on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Asked {
    channel: Channel,
    currency: String,
    location: Option<LocationId>,
    country: Option<Country>,
    region: Option<String>,
    groups: Vec<String>,
    customer: Option<Vec<u8>>,
    coupons: Vec<String>,
    lines: Vec<(String, i32)>,
    #[serde(default)]
    shipping_method: Option<String>,
    /// The parts that are chosen for each line: choice, SKU and units, in order; empty if for none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    choices: Vec<Vec<(String, String, i32)>>,
    /// The lot that a till has read for each line; empty if for none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    lots: Vec<Option<String>>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct QuotedLine {
    unit_minor: i64,
    total_minor: i64,
    tax: Option<LineTax>,
    discounts: Vec<LineDiscount>,
    #[serde(default = "strict_json::yes", skip_serializing_if = "strict_json::is_yes")]
    tax_included: bool,
}

impl Asked {
    fn of(new: &NewOrder, to: &PriceContext) -> Self {
        Self {
            channel: new.channel,
            currency: new.currency.to_string(),
            location: to.location,
            country: to.country.clone(),
            region: to.region.as_ref().map(|region| Region::as_str(region).to_owned()),
            groups: to.groups.iter().map(|group| group.as_str().to_owned()).collect(),
            customer: new.customer_digest(),
            coupons: new.coupons.iter().map(|coupon| coupon.as_str().to_owned()).collect(),
            lines: new.lines.iter().map(|(sku, units)| (sku.key().as_str().to_owned(), units.get())).collect(),
            shipping_method: new.shipping_method.as_ref().map(|code| code.as_str().to_owned()),
            choices: new.choices.iter().map(|parts| chosen(parts)).collect(),
            lots: new.lots.iter().map(|lot| lot.as_deref().map(|lot| Typed::of(lot).as_str().to_owned())).collect(),
        }
    }

    /// Refuses a quote of another cart, each difference at its place in the order.
    fn require_same(&self, order: &Self) -> Result<()> {
        let differences = [
            ("/channel", self.channel != order.channel),
            ("/currency", self.currency != order.currency),
            ("/location_id", self.location != order.location),
            ("/customer/address", self.country != order.country || self.region != order.region),
            ("/customer/groups", self.groups != order.groups),
            ("/customer", self.customer != order.customer),
            ("/coupons", self.coupons != order.coupons),
            ("/lines", self.lines != order.lines || self.choices != order.choices || self.lots != order.lots),
            ("/shipping_method", self.shipping_method != order.shipping_method),
        ];
        let mut faults = Faults::default();
        for (pointer, _) in differences.into_iter().filter(|(_, differs)| *differs) {
            faults.add(Code::QuoteMismatch, pointer, "the quote is of another cart: price this one anew");
        }
        faults.require_none()
    }
}

fn chosen(parts: &[ChosenPart]) -> Vec<(String, String, i32)> {
    let part =
        |part: ChosenPart| (part.choice.as_str().to_owned(), part.sku.key().as_str().to_owned(), part.quantity.get());
    ChosenPart::in_order(parts.to_vec()).into_iter().map(part).collect()
}

impl QuotedLine {
    fn priced(&self, currency: Currency) -> Result<Priced> {
        Ok(Priced {
            unit: Money::new(self.unit_minor, currency)?,
            tax_included: self.tax_included,
            total: Money::new(self.total_minor, currency)?,
            tax: self.tax.clone(),
            discounts: self.discounts.clone(),
        })
    }
}

impl Quoted {
    /// The prices of an order in its circumstances.
    pub fn of(new: &NewOrder, to: &PriceContext, lines: &[Priced], charge: Option<ShippingCharge>) -> Self {
        let line = |line: &Priced| QuotedLine {
            unit_minor: line.unit.amount_minor,
            total_minor: line.total.amount_minor,
            tax: line.tax.clone(),
            discounts: line.discounts.clone(),
            tax_included: line.tax_included,
        };
        Self { asked: Asked::of(new, to), lines: lines.iter().map(line).collect(), charge }
    }

    /// The prices for an order, refused if it is another one than was priced.
    pub fn lines_for(&self, new: &NewOrder, to: &PriceContext) -> Result<Vec<Priced>> {
        self.asked.require_same(&Asked::of(new, to))?;
        self.lines.iter().map(|line| line.priced(new.currency)).collect()
    }

    /// The promotions that the order uses, so that they are counted; one that is forgotten is honored no more.
    pub fn discounts(&self, promotions: Arc<Promotions>, new: &NewOrder) -> Result<Discounts> {
        let mut applied: Vec<Arc<AppliedPromotion>> = vec![];
        let of_lines = self.lines.iter().enumerate();
        let of_lines = of_lines.flat_map(|(at, line)| line.discounts.iter().map(move |of| (Some(at), of)));
        let of_shipping = self.charge.iter().flat_map(|charge| charge.discounts.iter().map(|of| (None, of)));
        for (at, of) in of_lines.chain(of_shipping) {
            let is_it = |applied: &AppliedPromotion| applied.promotion.id == of.promotion_id;
            if !applied.iter().any(|applied| is_it(applied)) {
                applied.push(self.used(of, &promotions)?.into());
            }
            let Some(applied) = applied.iter_mut().find(|applied| is_it(applied)) else { continue };
            let applied = Arc::make_mut(applied);
            let amount = match at {
                Some(at) => applied.amounts.get_mut(at),
                None => Some(&mut applied.shipping_minor),
            };
            if let Some(amount) = amount {
                *amount += of.amount_minor;
            }
        }
        Ok(Discounts { applied, judged: vec![], promotions, customer: new.customer_digest() })
    }

    /// A promotion that is used, with nothing off any line yet.
    fn used(&self, of: &LineDiscount, promotions: &Promotions) -> Result<AppliedPromotion> {
        let remembered = promotions.list.iter().find(|known| known.promotion.id == of.promotion_id);
        let promotion = remembered.map(|known| known.promotion.clone());
        let promotion = promotion
            .ok_or_else(|| Error::at(Code::QuoteExpired, "/quote_id", format!("the promotion {} is over", of.name)))?;
        let coupon = of.coupon_id.zip(of.coupon.clone());
        let coupon = coupon.map(|(id, code)| ShownCoupon { id, code, promotion_id: promotion.id });
        Ok(AppliedPromotion { promotion, coupon, amounts: vec![0; self.lines.len()], shipping_minor: 0 })
    }
}
