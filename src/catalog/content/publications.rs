//! Publication: the channels in which a product is shown and sold, and the times between which it is.
use crate::kernel::{Channel, Code, Faults, LAST_YEAR, Result};
use chrono::{DateTime, Datelike, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The publication of a product in a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Publication {
    /// The channel in which it is published; each is named once.
    pub channel: Channel,
    /// The moment from which it is published, such as that of a launch; null if it always was.
    #[serde(default)]
    pub starts_at: Option<DateTime<Utc>>,
    /// The moment from which it is published no more; null for none.
    #[serde(default)]
    pub ends_at: Option<DateTime<Utc>>,
}

impl Publication {
    /// True if it is in force in a channel at a moment.
    pub fn holds(&self, channel: Channel, at: DateTime<Utc>) -> bool {
        let is_begun = self.starts_at.is_none_or(|start| start <= at);
        self.channel == channel && is_begun && self.ends_at.is_none_or(|end| at < end)
    }

    /// True if one of some publications is in force; null publications are in force everywhere and always.
    pub fn is_published(all: Option<&[Self]>, channel: Channel, at: DateTime<Utc>) -> bool {
        all.is_none_or(|all| all.iter().any(|one| one.holds(channel, at)))
    }

    /// Refuses publications of which two are in one channel, or one ends before it starts.
    pub fn check(all: &[Self]) -> Result<()> {
        let mut faults = Faults::default();
        for (at, one) in all.iter().enumerate() {
            if all.iter().take(at).any(|before| before.channel == one.channel) {
                let said = format!("{} is named before: a channel has one publication", one.channel);
                faults.add(Code::InvalidBody, &format!("/publications/{at}/channel"), said);
            }
            for (name, moment) in [("starts_at", one.starts_at), ("ends_at", one.ends_at)] {
                if moment.is_some_and(|moment| !(1..=LAST_YEAR).contains(&moment.year())) {
                    let pointer = format!("/publications/{at}/{name}");
                    faults.add(Code::InvalidBody, &pointer, "must be of the years 1 to 9999");
                }
            }
            if one.starts_at.zip(one.ends_at).is_some_and(|(start, end)| end <= start) {
                let pointer = format!("/publications/{at}/ends_at");
                faults.add(Code::InvalidBody, &pointer, "a publication ends after it starts");
            }
        }
        faults.require_none()
    }
}
