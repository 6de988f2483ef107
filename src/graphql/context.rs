//! The services that every resolver gets from the request: the database, the actor, the loaders.
use super::{errors::coded, loaders::Loaders};
use crate::{
    kernel::{Actor, Locations, Result as Outcome, actor::Permission},
    platform::db::{Db, Read},
};
use async_graphql::{Context, Result};

/// The loaders of this request.
pub fn loaders<'a>(ctx: &Context<'a>) -> &'a Loaders {
    ctx.data_unchecked::<Loaders>()
}

/// The locations at which the caller holds a permission; an error if nowhere.
pub fn places(ctx: &Context<'_>, permission: Permission) -> Result<Locations> {
    let actor = ctx.data_unchecked::<Actor>();
    actor.require_anywhere(permission).map_err(coded)?;
    Ok(actor.places(permission))
}

/// Runs a read for a resolver.
pub async fn read<T: Send + 'static>(
    ctx: &Context<'_>,
    work: impl FnOnce(&mut Read) -> Outcome<T> + Send + 'static,
) -> Result<T> {
    ctx.data_unchecked::<Db>().read(work).await.map_err(coded)
}
