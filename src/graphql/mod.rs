//! Nested reads across modules. A resolver picks a field, asks a loader, or asks for a page; a nested read costs
//! a fixed number of queries at any page size, and every edge shows only what the caller may see.
mod connection;
mod context;
mod enums;
mod errors;
pub mod http;
mod ids;
mod limits;
mod loaders;
mod query;
mod scalars;
mod types;

use crate::platform::config;
use async_graphql::{EmptyMutation, EmptySubscription, MergedObject, Schema};

/// The schema: queries only; REST does all writes.
pub type CoffretSchema = Schema<Root, EmptyMutation, EmptySubscription>;

/// All reads.
#[derive(Default, MergedObject)]
#[graphql(name = "Query")]
pub struct Root(
    query::Query,
    types::PaymentQuery,
    query::SupplyQuery,
    query::SearchQuery,
    query::SellingQuery,
    types::GroupQuery,
);

/// Builds the schema with its limits.
pub fn schema(settings: &config::Graphql) -> CoffretSchema {
    Schema::build(Root::default(), EmptyMutation, EmptySubscription)
        .limit_depth(settings.max_depth)
        .limit_complexity(settings.max_complexity)
        .limit_directives(20)
        .disable_suggestions()
        .finish()
}

/// The schema as SDL.
pub fn sdl(settings: &config::Graphql) -> String {
    let mut sdl = schema(settings).sdl();
    if !sdl.ends_with('\n') {
        sdl.push('\n');
    }
    sdl
}
