//! Parts of a bundle that its customer chooses.
use super::Variant;
use crate::{
    catalog,
    graphql::{context::loaders, errors::shared, loaders::VariantById},
};
use async_graphql::{Context, Object, Result};

/// Parts of a bundle that the customer chooses among some variants.
pub struct BundleChoice(pub(super) catalog::BundleChoice);

/// Parts of a bundle that the customer chooses among some variants.
#[Object]
impl BundleChoice {
    /// The short name by which orders name the choice.
    async fn code(&self) -> &str {
        &self.0.code
    }
    /// The name that customers read.
    async fn name(&self) -> &str {
        &self.0.name
    }
    /// Units that are chosen for one bundle.
    async fn picks(&self) -> i32 {
        self.0.picks
    }
    /// The variants among which they are chosen.
    #[graphql(complexity = "100 * child_complexity + 1")]
    async fn options(&self, ctx: &Context<'_>) -> Result<Vec<Variant>> {
        let ids = &self.0.option_ids;
        let mut known = loaders(ctx).load_many(ids.iter().copied().map(VariantById)).await.map_err(shared)?;
        Ok(ids.iter().filter_map(|id| known.remove(&VariantById(*id))).map(Variant).collect())
    }
}
