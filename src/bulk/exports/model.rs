//! Exports, and the kinds of rows that they write.
use crate::{
    catalog::CatalogRows,
    kernel::{
        Actor, Channel, Code, Error, ExportId, Faults, LocationId, Locations, PrincipalId, Result, Text,
        actor::Permission,
    },
    platform::files::Format,
};
use chrono::{DateTime, Datelike, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

crate::text_enum! {
    /// The kind of rows in a file.
    ExportKind {
        /// Products, a row for each variant.
        Products = "products",
        /// Prices of channels and of price lists.
        Prices = "prices",
        /// Names and descriptions of products in other languages.
        Translations = "translations",
        /// Pictures and films of products.
        Media = "media",
        /// Orders, a row for each line.
        Orders = "orders",
        /// Moves of stock.
        Moves = "moves",
    }
}

crate::text_enum! {
    /// The status of an export.
    ExportStatus {
        /// Nothing of it is written yet.
        Queued = "queued",
        /// Being written.
        Running = "running",
        /// The file is whole.
        Finished = "finished",
        /// It could not be written.
        Failed = "failed",
        /// Given up.
        Canceled = "canceled",
    }
}

/// The rows that are wanted; those of the catalog are always all.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportFilter {
    /// Only orders that are filled here, or moves of here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location_id: Option<LocationId>,
    /// Only orders of this channel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// Only orders or moves written down at or after a moment. Moves need it: the ledger has no end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<DateTime<Utc>>,
    /// Only orders or moves written down before a moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<DateTime<Utc>>,
    /// Only orders of the customer whom you know by this id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_id: Option<Text<100>>,
    /// Only orders of the customer with this e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Text<254>>,
}

/// A file that is written in the background.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Export {
    /// Identifies the export.
    pub id: ExportId,
    /// The kind of its rows.
    pub kind: ExportKind,
    /// The format of the file.
    pub format: Format,
    /// The rows that are wanted.
    pub filter: ExportFilter,
    /// The state that it is in.
    pub status: ExportStatus,
    /// Rows that are written.
    pub rows: i64,
    /// Bytes that are written.
    pub bytes: i64,
    #[serde(skip)]
    pub parts: i32,
    /// The place up to which it is written.
    #[serde(skip)]
    pub cursor: Option<String>,
    /// Why it failed; null if it did not.
    pub detail: Option<String>,
    /// The places whose rows are in it at most.
    #[serde(skip)]
    pub places: Locations,
    /// The places whose costs are in it at most.
    #[serde(skip)]
    pub costs: Locations,
    /// Times in a row that a part of it could not be read.
    #[serde(skip)]
    pub tries: i32,
    /// The user who created it.
    pub created_by: PrincipalId,
    /// The number of its changes; send it back in `If-Match`.
    pub version: i64,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// When the file was whole, or it was given up.
    pub finished_at: Option<DateTime<Utc>>,
}

/// Rows by the module that reads them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportSource {
    Catalog(CatalogRows),
    Orders,
    Moves,
}

impl ExportKind {
    /// The module that reads its rows.
    pub fn source(self) -> ExportSource {
        match self {
            Self::Products => ExportSource::Catalog(CatalogRows::Products),
            Self::Prices => ExportSource::Catalog(CatalogRows::Prices),
            Self::Translations => ExportSource::Catalog(CatalogRows::Translations),
            Self::Media => ExportSource::Catalog(CatalogRows::Media),
            Self::Orders => ExportSource::Orders,
            Self::Moves => ExportSource::Moves,
        }
    }

    /// The permission to read its rows.
    pub fn permission(self) -> Permission {
        match self.source() {
            ExportSource::Catalog(_) => Permission::CatalogRead,
            ExportSource::Orders => Permission::OrdersRead,
            ExportSource::Moves => Permission::InventoryRead,
        }
    }

    /// The locations whose rows someone may read; refused if there are none, or if another one is wanted.
    pub fn places(self, actor: &Actor, filter: &ExportFilter) -> Result<Locations> {
        actor.require_anywhere(self.permission())?;
        match filter.location_id {
            Some(location) => {
                actor.require_at(self.permission(), location, "location")?;
                Ok(Locations::Only([location].into()))
            }
            None => Ok(actor.places(self.permission())),
        }
    }

    /// Refuses a filter that rows of this kind do not have, and one that they need and that is missing.
    pub fn require_filter(self, filter: &ExportFilter) -> Result<()> {
        let ExportFilter { location_id, channel, from, to, customer_id, email } = filter;
        let (is_orders, is_catalog) = (self == Self::Orders, matches!(self.source(), ExportSource::Catalog(_)));
        let said = [
            ("location_id", location_id.is_some(), !is_catalog),
            ("from", from.is_some(), !is_catalog),
            ("to", to.is_some(), !is_catalog),
            ("channel", channel.is_some(), is_orders),
            ("customer_id", customer_id.is_some(), is_orders),
            ("email", email.is_some(), is_orders),
        ];
        let mut faults = Faults::default();
        for (name, is_said, has) in said {
            if is_said && !has {
                faults.add(Code::InvalidBody, &format!("/filter/{name}"), format!("{self} are not filtered by {name}"));
            }
        }
        for (name, moment) in [("from", from), ("to", to)] {
            if moment.is_some_and(|moment| !(1..=9_999).contains(&moment.year())) {
                faults.add(Code::InvalidBody, &format!("/filter/{name}"), "must be of the years 1 to 9999".to_owned());
            }
        }
        if self == Self::Moves && from.is_none() {
            faults.add(Code::InvalidBody, "/filter/from", "moves need the moment from which they are wanted");
        }
        if let (Some(from), Some(to)) = (from, to)
            && from >= to
        {
            faults.add(Code::InvalidBody, "/filter/to", "to must be after from");
        }
        faults.require_none()
    }
}

impl Export {
    /// The places whose rows, and whose costs, someone may have in it now.
    pub fn scope(&self, actor: &Actor) -> Result<(Locations, Locations)> {
        let places = self.kind.places(actor, &self.filter)?;
        Ok((self.places.common(&places), self.costs.common(&actor.places(Permission::CostsRead))))
    }

    /// Refuses to give the file of one that is not finished, or that holds rows which someone may not read any more.
    pub fn require_file(&self, actor: &Actor) -> Result<()> {
        if self.scope(actor)? != (self.places.clone(), self.costs.clone()) {
            let detail = "the file holds rows or costs that you may not read any more: start another export";
            return Err(Error::refused(Code::Forbidden, detail));
        }
        match self.status {
            ExportStatus::Finished => Ok(()),
            status => Err(Error::refused(Code::ExportNotFinished, format!("the export is {status}"))),
        }
    }

    /// The name under which the file is kept.
    pub fn file_name(&self) -> String {
        format!("{}-{}.{}", self.kind, self.created_at.format("%Y-%m-%d"), self.format)
    }
}
