//! Faults of shipping methods as they are named in requests, each at its place.
use super::model::ShippingZone;
use crate::kernel::{Channel, MAX_MINOR};

/// Faults of a body, each with its pointer.
type FaultList = Vec<(String, String)>;

/// Channels that are named twice, that send nothing, or none at all.
pub fn faults_of_channels(channels: Option<&[Channel]>) -> FaultList {
    let named = channels.unwrap_or_default();
    let mut faults: FaultList = vec![];
    if channels.is_some_and(<[Channel]>::is_empty) {
        faults.push(("/channels".to_owned(), "must name at least one; leave it out to mean all".to_owned()));
    }
    for (at, channel) in named.iter().enumerate() {
        if named.iter().take(at).any(|other| other == channel) {
            faults.push((format!("/channels/{at}"), "the channel is named twice".to_owned()));
        }
        if *channel == Channel::Pos {
            faults.push((format!("/channels/{at}"), "a till hands its goods over: nothing is sent".to_owned()));
        }
    }
    faults
}

/// Zones and rates that contradict each other or pass their limits.
pub fn faults_of_zones(zones: &[ShippingZone]) -> FaultList {
    let mut faults: FaultList = vec![];
    let mut wrong = |pointer: String, why: &str| faults.push((pointer, why.to_owned()));
    if !(1..=50).contains(&zones.len()) {
        wrong("/zones".to_owned(), "must be 1 to 50 zones");
    }
    for (at, zone) in zones.iter().enumerate() {
        let before = zones.iter().take(at);
        if zone.is_for_all_others() && before.clone().any(ShippingZone::is_for_all_others) {
            wrong(format!("/zones/{at}/countries"), "another zone is for all other countries already");
        }
        for (no, region) in zone.regions.iter().enumerate() {
            let is_named = before.clone().any(|other| other.regions.contains(region));
            if is_named || zone.regions.iter().take(no).any(|other| other == region) {
                wrong(format!("/zones/{at}/regions/{no}"), "the region is named twice");
            }
        }
        if zone.regions.len() > 250 {
            wrong(format!("/zones/{at}/regions"), "must name at most 250");
        }
        for (no, country) in zone.countries.iter().enumerate() {
            let is_named = before.clone().any(|other| other.countries.contains(country));
            if is_named || zone.countries.iter().take(no).any(|other| other == country) {
                wrong(format!("/zones/{at}/countries/{no}"), "the country is named twice");
            }
        }
        if zone.countries.len() > 250 {
            wrong(format!("/zones/{at}/countries"), "must name at most 250");
        }
        if !(1..=50).contains(&zone.rates.len()) {
            wrong(format!("/zones/{at}/rates"), "must be 1 to 50 rates");
        }
        for (no, rate) in zone.rates.iter().enumerate() {
            let place = |field| format!("/zones/{at}/rates/{no}/{field}");
            if !(0..=MAX_MINOR).contains(&rate.charge_minor) {
                wrong(place("charge_minor"), "must be 0 to 2^53 - 1 minor units");
            }
            if !(0..=MAX_MINOR).contains(&rate.from_minor) {
                wrong(place("from_minor"), "must be 0 to 2^53 - 1 minor units");
            }
            if rate.up_to_grams.is_some_and(|grams| !(1..=100_000_000).contains(&grams)) {
                wrong(place("up_to_grams"), "must be 1 to 100000000 grams");
            }
        }
    }
    faults
}
