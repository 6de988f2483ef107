//! The limits of promotions: how often and up to which amount they apply, and from when until when.
use super::{Promotion, PromotionChange, Promotions, PromotionsNow, Target, Usage};
use crate::kernel::{Code, Currency, Error, Faults, Result};
use chrono::{DateTime, Utc};
use std::collections::HashMap;

crate::text_enum! {
    /// The reason for which a promotion does not apply.
    PromotionVerdict {
        /// It is in another currency.
        OtherCurrency = "other_currency",
        /// It is for other channels.
        OtherChannel = "other_channel",
        /// It is for other locations.
        OtherLocation = "other_location",
        /// It is for other countries.
        OtherCountry = "other_country",
        /// It is for customers of other groups.
        OtherCustomerGroup = "other_customer_group",
        /// It does not apply yet.
        NotYet = "not_yet",
        /// It applies no more.
        Ended = "ended",
        /// A coupon must be shown for it.
        NoCoupon = "no_coupon",
        /// Another promotion or coupon has applied, and both do not apply together.
        NotCombinable = "not_combinable",
        /// None of its goods are in the cart, or too few.
        NoGoods = "no_goods",
        /// It is about packs of some lots, and no lot of its goods is told or known to expire in time.
        NoLot = "no_lot",
        /// It takes nothing off: its goods cost nothing any more, or no more than with it.
        NothingOff = "nothing_off",
        /// Nothing is charged for shipping, or not by one of its methods.
        NoShippingCharge = "no_shipping_charge",
        /// Its goods cost too little.
        SpendTooLow = "spend_too_low",
        /// As many orders as may have used it.
        UsedUp = "used_up",
        /// The customer has used it as often as they may.
        CustomerLimit = "customer_limit",
        /// It is limited for each customer, and the cart names neither an id nor an e-mail address of one.
        CustomerUnknown = "customer_unknown",
        /// Its budget does not suffice.
        BudgetSpent = "budget_spent",
    }
}

impl PromotionVerdict {
    /// True if it would not apply to any goods in these circumstances.
    pub fn is_about_circumstances(self) -> bool {
        match self {
            Self::OtherCurrency
            | Self::OtherChannel
            | Self::OtherLocation
            | Self::OtherCountry
            | Self::OtherCustomerGroup
            | Self::NotYet
            | Self::Ended => true,
            Self::NoCoupon
            | Self::NotCombinable
            | Self::NoGoods
            | Self::NoLot
            | Self::NothingOff
            | Self::NoShippingCharge
            | Self::SpendTooLow
            | Self::UsedUp
            | Self::CustomerLimit
            | Self::CustomerUnknown
            | Self::BudgetSpent => false,
        }
    }
}

/// The uses of a promotion so far.
#[derive(Debug, Clone, Copy)]
pub struct CountedUses {
    pub usage: Usage,
    /// Orders of the customer that have used it; none if the customer is not known.
    pub by_customer: Option<i64>,
}

impl Promotion {
    /// True if its uses are counted.
    pub fn is_counted(&self) -> bool {
        let has_limit = self.max_uses.is_some() || self.max_uses_per_customer.is_some();
        self.needs_coupon || has_limit || self.budget_minor.is_some()
    }

    /// The reason for which an amount may not be taken off, by its uses so far.
    pub fn limit(&self, counted: &CountedUses, amount: i64) -> Option<PromotionVerdict> {
        let CountedUses { usage, by_customer } = counted;
        if usage.uses_left.is_some_and(|left| left < 1) {
            return Some(PromotionVerdict::UsedUp);
        }
        if let Some(most) = self.max_uses_per_customer {
            let Some(uses) = by_customer else { return Some(PromotionVerdict::CustomerUnknown) };
            if *uses >= i64::from(most) {
                return Some(PromotionVerdict::CustomerLimit);
            }
        }
        usage.budget_left_minor.is_some_and(|left| left < amount).then_some(PromotionVerdict::BudgetSpent)
    }

    /// True if it applies no more.
    pub fn has_ended(&self, now: DateTime<Utc>) -> bool {
        self.ends_at.is_some_and(|end| end <= now)
    }

    /// Refuses a promotion that is over.
    pub fn require_open(&self, now: DateTime<Utc>) -> Result<()> {
        match self.ends_at.filter(|end| *end <= now) {
            None => Ok(()),
            Some(end) => {
                let said = format!("the promotion {} has ended at {end}; create another one", self.code);
                Err(Error::refused(Code::PromotionEnded, said))
            }
        }
    }

    /// Refuses limits below what has been used, and limits of what has not been counted so far.
    pub fn require_room_for(&self, change: &PromotionChange, usage: Usage, now: DateTime<Utc>, faults: &mut Faults) {
        let Usage { used_count, spent_minor, .. } = usage;
        let limits = [
            ("/max_uses", change.max_uses.flatten(), used_count, "orders have used it"),
            ("/budget_minor", change.budget_minor.flatten(), spent_minor, "minor units are spent"),
        ];
        for (pointer, limit, used, said) in limits.into_iter().filter_map(|(p, l, u, s)| Some((p, l?, u, s))) {
            if limit < used {
                faults.add(Code::InvalidBody, pointer, format!("{used} {said}: not below that"));
            }
            if !self.is_counted() && self.starts_at <= now {
                let said = "its uses were not counted so far: end it and create another one with the limit";
                faults.add(Code::InvalidBody, pointer, said);
            }
        }
        let drops_one = change.max_uses == Some(None) || change.budget_minor == Some(None);
        let after = Self {
            max_uses: change.max_uses.unwrap_or(self.max_uses),
            budget_minor: change.budget_minor.unwrap_or(self.budget_minor),
            ..self.clone()
        };
        if drops_one && self.is_counted() && !after.is_counted() {
            let said = "it is the only limit of the promotion: raise it instead";
            let pointer = if change.max_uses == Some(None) { "/max_uses" } else { "/budget_minor" };
            faults.add(Code::InvalidBody, pointer, said);
        }
    }
}

impl Promotions {
    /// True if these are the promotions of a currency and the groups of now, but for promotions that have ended
    /// meanwhile.
    pub fn are_as(&self, is: &PromotionsNow, currency: Currency) -> bool {
        let none = HashMap::new();
        let versions = is.versions.get(&currency).unwrap_or(&none);
        let mut alive = self.list.iter().map(|of| &of.promotion).filter(|promotion| promotion.currency == currency);
        let mut count = 0;
        let are_same = alive.all(|promotion| {
            let has_ended = promotion.ends_at.is_some_and(|end| end <= is.at);
            count += usize::from(!has_ended);
            has_ended || versions.get(&promotion.id) == Some(&promotion.version)
        });
        let names_groups = self.list.iter().map(|of| &of.promotion.target).any(Target::names_groups);
        are_same && count == versions.len() && (self.groups == is.groups || !names_groups)
    }

    /// True if one of them in a currency begins or ends between two moments, whichever is the earlier.
    pub fn turn(&self, currency: Currency, one: DateTime<Utc>, other: DateTime<Utc>) -> bool {
        let (after, until) = (one.min(other), one.max(other));
        let of_currency = self.list.iter().filter(|of| of.promotion.currency == currency);
        let moments = of_currency.flat_map(|of| [Some(of.promotion.starts_at), of.promotion.ends_at]);
        moments.flatten().any(|moment| after < moment && moment <= until)
    }
}
