//! The rows of an export after a place, and the place after them.
use super::model::{Export, ExportSource};
use crate::{
    catalog,
    inventory::{self, MovesOf},
    kernel::{Actor, Result},
    orders::{self, OrderFilter},
    platform::{db::Read, files::Columns},
};
use anyhow::Context;
use chrono::{DateTime, Utc};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

/// Some rows of an export.
pub struct SomeRows {
    pub rows: Vec<Value>,
    /// The place after them; none if there are no more.
    pub next: Option<String>,
}

/// The columns of the rows.
pub fn heading(export: &Export) -> Vec<&'static str> {
    match export.kind.source() {
        ExportSource::Catalog(kind) => {
            let Columns { read, told, .. } = kind.columns();
            let told = told.iter().filter(|name| kind == catalog::CatalogRows::Products || **name != "name");
            read.iter().chain(told).copied().collect()
        }
        ExportSource::Orders => orders::EXPORT_COLUMNS.to_vec(),
        ExportSource::Moves => inventory::MOVE_COLUMNS.to_vec(),
    }
}

/// Reads the next rows with the rights that someone has now.
pub fn page(db: &mut Read, export: &Export, actor: &Actor, now: DateTime<Utc>) -> Result<SomeRows> {
    let (places, costs) = export.scope(actor)?;
    match export.kind.source() {
        ExportSource::Catalog(kind) => {
            let found = catalog::export_rows(db, kind, place(export)?, now)?;
            Ok(SomeRows { rows: found.rows, next: told(found.next)? })
        }
        ExportSource::Orders => {
            let (rows, next) = orders::export_rows(db, &places, &filter(export), place(export)?)?;
            Ok(SomeRows { rows, next: told(next)? })
        }
        ExportSource::Moves => {
            let (from, to) = (export.filter.from.unwrap_or(now), export.filter.to.unwrap_or(export.created_at));
            let of = MovesOf { places, costs, from, to: to.min(export.created_at) };
            let (rows, next) = inventory::export_moves(db, &of, place(export)?)?;
            Ok(SomeRows { rows, next: told(next)? })
        }
    }
}

/// Orders as they were asked for, of those that were there then.
fn filter(export: &Export) -> OrderFilter {
    let wanted = &export.filter;
    OrderFilter {
        location: wanted.location_id,
        channel: wanted.channel,
        from: wanted.from,
        to: Some(wanted.to.map_or(export.created_at, |to| to.min(export.created_at))),
        customer_id: wanted.customer_id.as_ref().map(ToString::to_string),
        email: wanted.email.as_ref().map(ToString::to_string),
        ..OrderFilter::default()
    }
}

fn place<T: DeserializeOwned>(export: &Export) -> Result<Option<T>> {
    let read = |text: &String| serde_json::from_str(text).context("the place of an export is JSON");
    Ok(export.cursor.as_ref().map(read).transpose()?)
}

fn told(place: Option<impl Serialize>) -> Result<Option<String>> {
    Ok(place.map(|place| serde_json::to_string(&place)).transpose().map_err(anyhow::Error::from)?)
}
