//! The units that a channel may be promised: goods that are good for long enough, less what it leaves to others.
use crate::{kernel::Channel, platform::config};

/// Days, by channel.
#[derive(Debug, Clone, Copy)]
pub struct ShelfLife {
    web: u32,
    mobile: u32,
    pos: u32,
    marketplace: u32,
}

impl From<&config::Inventory> for ShelfLife {
    fn from(settings: &config::Inventory) -> Self {
        let config::Inventory { shelf_days_web, shelf_days_mobile, shelf_days_pos, shelf_days_marketplace, .. } =
            settings;
        Self {
            web: *shelf_days_web,
            mobile: *shelf_days_mobile,
            pos: *shelf_days_pos,
            marketplace: *shelf_days_marketplace,
        }
    }
}

impl ShelfLife {
    /// Days that goods sold by a channel must be good for.
    pub fn days(&self, channel: Channel) -> i64 {
        i64::from(match channel {
            Channel::Web => self.web,
            Channel::Mobile => self.mobile,
            Channel::Pos => self.pos,
            Channel::Marketplace => self.marketplace,
        })
    }

    /// Days that goods must be good for when no channel is named: as the least demanding one asks.
    pub fn days_of(&self, channel: Option<Channel>) -> i64 {
        channel.map_or(self.least().into(), |channel| self.days(channel))
    }

    /// The days that the least demanding channel asks for.
    pub fn least(&self) -> u32 {
        [self.web, self.mobile, self.pos, self.marketplace].into_iter().min().unwrap_or(0)
    }
}

/// The units of a level that a channel may be promised.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct ChannelOffer {
    /// Days for which goods must still be good.
    pub good_for_days: i64,
    /// Units that it leaves to others.
    pub buffer: i32,
}

impl ChannelOffer {
    /// As the settings say for a channel; without one, what some channel may be promised.
    pub fn to(config: &config::Config, channel: Option<Channel>) -> Self {
        let good_for_days = ShelfLife::from(&config.inventory).days_of(channel);
        Self { good_for_days, buffer: channel.map_or(0, |channel| buffer_of(&config.orders, channel)) }
    }
}

/// Units of each level that orders of a channel leave alone.
pub fn buffer_of(settings: &config::Orders, channel: Channel) -> i32 {
    match channel {
        Channel::Web => settings.buffer_web,
        Channel::Mobile => settings.buffer_mobile,
        Channel::Pos => settings.buffer_pos,
        Channel::Marketplace => settings.buffer_marketplace,
    }
}
