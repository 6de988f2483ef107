//! How long goods must still be good for when they are sold, by channel.
use crate::{kernel::words::Channel, platform::config};

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

    /// What the least demanding channel asks for.
    pub fn least(&self) -> u32 {
        [self.web, self.mobile, self.pos, self.marketplace].into_iter().min().unwrap_or(0)
    }
}
