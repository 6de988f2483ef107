//! Reads of attributes.
use super::store::{self, AttributeDefinition};
use crate::{kernel::Result, platform::db::Read};

/// All attributes, by code; a brand has some dozens.
pub fn all(db: &mut Read) -> Result<Vec<AttributeDefinition>> {
    Ok(store::all(db.conn())?)
}
