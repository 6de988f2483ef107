//! Lines of orders and their components.
use crate::graphql::types::{orders::totals::LineTax, variants::Variant};
use crate::{
    graphql::{context::loaders, errors::shared, loaders::VariantById, scalars::Money},
    kernel::VariantId,
    orders,
};
use async_graphql::{ComplexObject, Context, Result, SimpleObject};

/// A line of an order.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct OrderLine {
    /// Its place in the order, from 1.
    pub(super) line_no: i32,
    /// The SKU as ordered.
    pub(super) sku: String,
    /// The name as ordered.
    pub(super) name: String,
    /// Units that are ordered, less those that were canceled line by line; a canceled order keeps the last number.
    pub(super) quantity: i32,
    /// Units that were given up.
    pub(super) canceled: i32,
    /// Units that came back, whole.
    pub(super) returned: i32,
    /// The components of one unit, if it is a bundle.
    pub(super) components: Vec<LineComponent>,
    /// The price of one, when it was ordered.
    pub(super) unit_price: Money,
    /// False if the unit price and the discount are without tax, as those of a net price list; the total never is.
    pub(super) tax_included: bool,
    /// The amount off the price of its units.
    pub(super) discount: Money,
    /// The same by what took it off.
    pub(super) discounts: Vec<LineDiscount>,
    /// The price of all, less the discount, with tax.
    pub(super) total: Money,
    /// The tax within it; null where no rate was known.
    pub(super) tax: Option<LineTax>,
    #[graphql(skip)]
    pub(super) of: VariantId,
}

/// An amount off the units of a line that are still ordered, or off the charge for shipping.
#[derive(SimpleObject)]
pub struct LineDiscount {
    /// The id of the promotion that REST uses.
    promotion_id: String,
    /// The name of the promotion.
    name: String,
    /// The code of the coupon that was shown for it.
    coupon: Option<String>,
    /// The amount.
    amount: Money,
}

impl From<orders::LineDiscountView> for LineDiscount {
    fn from(of: orders::LineDiscountView) -> Self {
        let orders::LineDiscountView { promotion_id, name, coupon, amount } = of;
        let (name, coupon) = (name.to_string(), coupon.as_deref().map(str::to_owned));
        Self { promotion_id: promotion_id.to_string(), name, coupon, amount: amount.into() }
    }
}

#[ComplexObject]
impl OrderLine {
    /// The variant as it is now.
    async fn variant(&self, ctx: &Context<'_>) -> Result<Option<Variant>> {
        Ok(loaders(ctx).load_one(VariantById(self.of)).await.map_err(shared)?.map(Variant))
    }
}

/// A part of a bundle that was ordered.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct LineComponent {
    /// Units of it in one bundle.
    quantity: i32,
    /// Units of it that came back, alone or with the whole bundle.
    returned: i32,
    #[graphql(skip)]
    of: VariantId,
}

#[ComplexObject]
impl LineComponent {
    /// The variant as it is now.
    async fn variant(&self, ctx: &Context<'_>) -> Result<Option<Variant>> {
        Ok(loaders(ctx).load_one(VariantById(self.of)).await.map_err(shared)?.map(Variant))
    }
}

impl From<orders::LineComponent> for LineComponent {
    fn from(part: orders::LineComponent) -> Self {
        Self { quantity: part.quantity, returned: part.returned, of: part.variant_id }
    }
}
