//! Parts of a bundle that its customer chooses.
use super::Variant;
use crate::{
    catalog,
    graphql::{connection, context::loaders, errors::shared, loaders::VariantById},
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
    #[graphql(complexity = "connection::cost(first, child_complexity)")]
    async fn options(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 1 to 100.")] first: Option<i32>,
    ) -> Result<Vec<Variant>> {
        let most = usize::try_from(connection::request::<()>(first, None, "")?.limit).unwrap_or(usize::MAX);
        let ids: Vec<_> = self.0.option_ids.iter().copied().take(most).collect();
        let mut known = loaders(ctx).load_many(ids.iter().copied().map(VariantById)).await.map_err(shared)?;
        Ok(ids.iter().filter_map(|id| known.remove(&VariantById(*id))).map(Variant).collect())
    }
    /// The number of these.
    async fn option_count(&self) -> i32 {
        i32::try_from(self.0.option_ids.len()).unwrap_or(i32::MAX)
    }
}
