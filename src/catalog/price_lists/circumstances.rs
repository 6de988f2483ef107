//! The circumstances in which price lists and promotions apply, as they are named in requests.
use super::{model::AppliesTo, store};
use crate::{
    catalog::attributes::Slug,
    kernel::{Channel, Code, Country, Faults, LAST_YEAR, LocationId, Result},
    platform::db::Write,
};
use chrono::{DateTime, Datelike, Utc};
use serde::Deserialize;
use utoipa::ToSchema;

/// The circumstances in which a new price list or promotion applies; what is absent means any.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AppliesOnlyTo {
    /// Sales in one of these channels.
    #[schema(min_items = 1, max_items = 4)]
    channels: Option<Vec<Channel>>,
    /// Sales at the till of one of these locations, and orders that are fetched there.
    #[schema(min_items = 1, max_items = 500)]
    location_ids: Option<Vec<LocationId>>,
    /// Goods that go to one of these countries (ISO 3166-1 alpha-2); at tills and for pickups, the country of the
    /// location.
    #[schema(min_items = 1, max_items = 250)]
    countries: Option<Vec<Country>>,
    /// Customers of one of these groups.
    #[schema(min_items = 1, max_items = 100)]
    customer_groups: Option<Vec<Slug>>,
}

impl From<AppliesOnlyTo> for AppliesTo {
    fn from(only: AppliesOnlyTo) -> Self {
        Self {
            channels: only.channels.unwrap_or_default(),
            location_ids: only.location_ids.unwrap_or_default(),
            countries: only.countries.unwrap_or_default(),
            customer_groups: only.customer_groups.unwrap_or_default(),
        }
    }
}

impl AppliesOnlyTo {
    /// Lists that are empty or too long, each at its place.
    pub fn faults(&self) -> Vec<(String, String)> {
        let Self { channels, location_ids, countries, customer_groups } = self;
        let lists = [
            ("channels", channels.as_ref().map(Vec::len), 4),
            ("location_ids", location_ids.as_ref().map(Vec::len), 500),
            ("countries", countries.as_ref().map(Vec::len), 250),
            ("customer_groups", customer_groups.as_ref().map(Vec::len), 100),
        ];
        let odd = lists.into_iter().filter(|(_, count, most)| count.is_some_and(|count| !(1..=*most).contains(&count)));
        let said = |most| format!("must name 1 to {most}; leave it out to mean all");
        odd.map(|(name, _, most)| (format!("/applies_to/{name}"), said(most))).collect()
    }
}

/// Adds a fault for each location that does not exist.
pub fn require_circumstances(tx: &mut Write, faults: &mut Faults, to: &AppliesTo) -> Result<()> {
    let unknown = store::unknown_locations(tx, &to.location_ids)?;
    for (at, id) in to.location_ids.iter().enumerate().filter(|(_, id)| unknown.contains(id)) {
        let pointer = format!("/applies_to/location_ids/{at}");
        faults.add(Code::UnknownLocation, &pointer, format!("there is no location {id}"));
    }
    Ok(())
}

/// Refuses a moment that is over: a price that was charged never becomes another afterwards.
pub fn require_ahead(faults: &mut Faults, pointer: &str, moment: Option<DateTime<Utc>>, now: DateTime<Utc>) {
    if moment.is_some_and(|moment| moment.year() > LAST_YEAR) {
        faults.add(Code::InvalidBody, pointer, "must be before the year 10000");
    }
    if let Some(moment) = moment.filter(|moment| *moment < now) {
        let said = format!("{moment} is over: name a later moment");
        faults.add(Code::InvalidBody, pointer, said);
    }
}
