//! The shipping of an order before it is placed: the method that it names or the default one, and the charge.
use crate::{
    catalog::{
        CartShipping, Component, Discounts, LineTax, Offer, OfferLines, ShippedGoods, ShippingMethod, ShippingMethods,
        ShippingVerdict, TaxClass,
    },
    kernel::{Code, Error, Money, Result, VariantId},
    orders::{
        model::{NewOrder, ShippingCharge},
        pricing::Pricing,
        rules,
    },
};
use std::{collections::HashMap, sync::Arc};

/// All, in millionths: a marketplace that gives an order back gives its shipping back.
const WHOLE_PPM: i32 = 1_000_000;

/// The shipping methods as they are remembered, and the one by which an order is sent.
pub struct ChosenShipping {
    pub methods: Arc<ShippingMethods>,
    pub method: Option<Arc<ShippingMethod>>,
    /// The goods that are sent, without their price.
    pub goods: ShippedGoods,
    /// True if the default method is no more than a proposal.
    may_choose: bool,
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
        let sent = offers.lines.iter().map(AsRef::as_ref).zip(new.lines.iter().map(|(_, quantity)| quantity.get()));
        let goods = goods_of(sent, &offers.known);
        Ok(Self { methods, method, goods, may_choose: new.is_mere_cart && new.shipping_method.is_none() })
    }

    /// The same for promotions, which may pay for it.
    pub fn of_cart(&self) -> Option<CartShipping<'_>> {
        self.method.as_deref().map(|method| CartShipping { method, goods: self.goods })
    }

    /// The charge for goods of a price after discounts; refused if the method does not carry them.
    pub fn charge(&self, price: Money, discounts: &Discounts, pricing: &Pricing) -> Result<Option<ShippingCharge>> {
        let Some(method) = &self.method else { return Ok(None) };
        let goods = ShippedGoods { price_minor: price.amount_minor, ..self.goods };
        let charged = method.charge(&pricing.to, goods);
        if self.may_choose && charged.is_err() {
            return Ok(None);
        }
        let charge_minor = charged.map_err(|verdict| {
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
            tax: tax_of(method, pricing)?,
            refund_rate_ppm: method.refund_rate_ppm,
        }))
    }
}

/// The tax within the charge of a method.
fn tax_of(method: &ShippingMethod, pricing: &Pricing) -> Result<Option<LineTax>> {
    pricing.tax_of(method.tax_class).map_err(|error| {
        let (code, class) = (&method.code, method.tax_class);
        match error.code() {
            Code::NoTaxRate => {
                let said = format!("there is no rate of tax for {class} services, such as the shipping method {code}");
                Error::at(Code::NoTaxRate, "/shipping_method", said)
            }
            _ => error,
        }
    })
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

/// The weight of units of offers, and true if one of them is dangerous; of a bundle, that of its parts where it has
/// none itself.
pub fn goods_of<'a>(
    sent: impl Iterator<Item = (&'a Offer, i32)>,
    known: &HashMap<VariantId, Arc<Offer>>,
) -> ShippedGoods {
    let mut goods = ShippedGoods::default();
    for (offer, units) in sent {
        let parts = || offer.components.iter().filter_map(|part| Some((part, known.get(&part.variant_id)?)));
        let of_parts = || -> i64 {
            let weight = |(part, offer): (&Component, &Arc<Offer>)| {
                i64::from(offer.variant.weight_grams.unwrap_or(0)) * i64::from(part.quantity)
            };
            parts().map(weight).sum()
        };
        let grams = offer.variant.weight_grams.map_or_else(of_parts, i64::from);
        goods.grams += grams * i64::from(units);
        goods.is_dangerous |= offer.variant.dangerous_goods.is_some();
        goods.is_dangerous |= parts().any(|(_, part)| part.variant.dangerous_goods.is_some());
    }
    goods
}
