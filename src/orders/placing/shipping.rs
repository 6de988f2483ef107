//! The shipping of an order before it is placed: the method that it names or the default one, and the charge.
use crate::{
    catalog::{
        CartShipping, Component, Discounts, Offer, OfferLines, ShippedGoods, ShippingMethod, ShippingMethods,
        ShippingVerdict, TaxClass,
    },
    kernel::{Code, Error, Money, Quantity, Result},
    orders::{
        model::{NewOrder, ShippingCharge},
        pricing::Pricing,
        rules,
    },
};
use std::sync::Arc;

/// All, in millionths: a marketplace that gives an order back gives its shipping back.
const WHOLE_PPM: i32 = 1_000_000;

/// The shipping methods as they are remembered, and the one by which an order is sent.
pub struct ChosenShipping {
    pub methods: Arc<ShippingMethods>,
    pub method: Option<Arc<ShippingMethod>>,
    /// The goods that are sent, without their price.
    pub goods: ShippedGoods,
}

impl ChosenShipping {
    /// The method of an order; none of what is not sent, of exchanges, and where there is no default.
    pub fn of(methods: Arc<ShippingMethods>, new: &NewOrder, offers: &OfferLines, pricing: &Pricing) -> Result<Self> {
        let method = match &new.shipping_method {
            _ if !new.is_sent() || new.is_settled_outside => None,
            Some(code) => Some(methods.by_code(code.as_str()).cloned().ok_or_else(|| {
                let said = format!("there is no shipping method {}", code.as_str());
                Error::at(Code::UnknownShippingMethod, "/shipping_method", said)
            })?),
            None if new.exchange_for.is_some() || pricing.to.country.is_none() => None,
            None => methods.default_for(&pricing.to).cloned(),
        };
        let goods = goods_of(offers, new.lines.iter().map(|(_, quantity)| *quantity));
        Ok(Self { methods, method, goods })
    }

    /// The same for promotions, which may pay for it.
    pub fn of_cart(&self) -> Option<CartShipping<'_>> {
        self.method.as_deref().map(|method| CartShipping { method, goods: self.goods })
    }

    /// The charge for goods of a price after discounts; refused if the method does not carry them.
    pub fn charge(&self, price: Money, discounts: &Discounts, pricing: &Pricing) -> Result<Option<ShippingCharge>> {
        let Some(method) = &self.method else { return Ok(None) };
        let goods = ShippedGoods { price_minor: price.amount_minor, ..self.goods };
        let charge_minor = method.charge(&pricing.to, goods).map_err(|verdict| {
            let others = self.methods.list.iter().filter(|other| other.charge(&pricing.to, goods).is_ok());
            let others: Vec<_> = others.map(|other| other.code.as_str()).collect();
            let said = match others.as_slice() {
                [] => "no other method carries them either".to_owned(),
                others => format!("these do: {}", others.join(", ")),
            };
            unavailable(method, verdict, &said)
        })?;
        let of_shipping = discounts.applied.iter().filter(|of| of.shipping_minor > 0);
        Ok(Some(ShippingCharge {
            method_id: Some(method.id),
            code: Some(method.code.clone()),
            name: Some(method.name.clone()),
            charge_minor,
            discounts: of_shipping.map(|of| rules::discount_of(of, of.shipping_minor)).collect(),
            tax: pricing.tax_of(method.tax_class)?,
            refund_rate_ppm: method.refund_rate_ppm,
        }))
    }
}

fn unavailable(method: &ShippingMethod, verdict: ShippingVerdict, others: &str) -> Error {
    let said = format!("the shipping method {} does not carry the goods ({verdict}); {others}", method.code);
    Error::at(Code::ShippingUnavailable, "/shipping_method", said)
}

/// The charge that a marketplace has settled.
pub fn settled(new: &NewOrder, pricing: &Pricing) -> Result<Option<ShippingCharge>> {
    let Some(charge_minor) = new.shipping_minor else { return Ok(None) };
    Ok(Some(ShippingCharge {
        method_id: None,
        code: None,
        name: None,
        charge_minor,
        discounts: vec![],
        tax: pricing.tax_of(TaxClass::Standard)?,
        refund_rate_ppm: WHOLE_PPM,
    }))
}

/// The weight of lines, and true if one of them is dangerous; of a bundle, that of its parts where it has none itself.
fn goods_of(offers: &OfferLines, units: impl Iterator<Item = Quantity>) -> ShippedGoods {
    let mut goods = ShippedGoods::default();
    for (offer, units) in offers.lines.iter().zip(units) {
        let parts = || offer.components.iter().filter_map(|part| Some((part, offers.known.get(&part.variant_id)?)));
        let of_parts = || -> i64 {
            let weight = |(part, offer): (&Component, &Arc<Offer>)| {
                i64::from(offer.variant.weight_grams.unwrap_or(0)) * i64::from(part.quantity)
            };
            parts().map(weight).sum()
        };
        let grams = offer.variant.weight_grams.map_or_else(of_parts, i64::from);
        goods.grams += grams * i64::from(units.get());
        goods.is_dangerous |= offer.variant.dangerous_goods.is_some();
        goods.is_dangerous |= parts().any(|(_, part)| part.variant.dangerous_goods.is_some());
    }
    goods
}
