//! The limits of the values that bodies of promotions hold.
use crate::{
    catalog::promotions::{
        model::{Benefit, BundleItem, ExpiryStep, Target, Tier},
        rules::WHOLE_PPM,
    },
    kernel::MAX_MINOR,
};

/// Faults of a body, each at its place.
pub type FaultList = Vec<(String, String)>;

/// Refuses an amount below the least or beyond what JSON numbers hold exactly.
pub fn require_minor(faults: &mut FaultList, pointer: &str, least: i64, minor: Option<i64>) {
    if minor.is_some_and(|minor| !(least..=MAX_MINOR).contains(&minor)) {
        faults.push((pointer.to_owned(), format!("must be {least} to 2^53 - 1 minor units")));
    }
}

fn require_rate(faults: &mut FaultList, pointer: &str, rate_ppm: i32) {
    if !(1..=WHOLE_PPM).contains(&rate_ppm) {
        faults
            .push((pointer.to_owned(), "must be 1 to 1000000 millionths: nothing costs less than nothing".to_owned()));
    }
}

/// Refuses a number of uses that is out of bounds.
pub fn require_uses(faults: &mut FaultList, uses: Option<i64>) {
    if uses.is_some_and(|uses| !(1..=1_000_000_000).contains(&uses)) {
        faults.push(("/max_uses".to_owned(), "must be 1 to 1000000000".to_owned()));
    }
}

/// Refuses lists of goods that are too long.
pub fn require_short(faults: &mut FaultList, target: &Target) {
    let lists = [
        ("skus", target.skus.len(), 500),
        ("brand_ids", target.brand_ids.len(), 100),
        ("category_ids", target.category_ids.len(), 100),
        ("collection_ids", target.collection_ids.len(), 100),
        ("excluded_skus", target.excluded_skus.len(), 500),
    ];
    let long = lists.into_iter().filter(|(_, count, most)| count > most);
    faults.extend(long.map(|(name, _, most)| (format!("/target/{name}"), format!("must name at most {most}"))));
}

/// Refuses amounts, rates and lists of a benefit that are out of bounds.
pub fn require_benefit(faults: &mut FaultList, benefit: &Benefit) {
    match benefit {
        Benefit::PercentOff { rate_ppm } | Benefit::BuyXGetY { rate_ppm, .. } => {
            require_rate(faults, "/benefit/rate_ppm", *rate_ppm);
        }
        Benefit::AmountOff { amount_minor } | Benefit::AmountOffEach { amount_minor } => {
            require_minor(faults, "/benefit/amount_minor", 1, Some(*amount_minor));
        }
        Benefit::GiftWithPurchase { .. } => {}
        Benefit::FreeShipping { shipping_method_ids } => {
            if shipping_method_ids.len() > 50 {
                let said = "must name at most 50; leave it out to mean any".to_owned();
                faults.push(("/benefit/shipping_method_ids".to_owned(), said));
            }
        }
        Benefit::TieredSpend { tiers } => {
            require_tiers(faults, tiers);
        }
        Benefit::NearExpiry { steps } => {
            require_steps(faults, steps);
        }
        Benefit::BundlePrice { items, price_minor } => {
            require_minor(faults, "/benefit/price_minor", 0, Some(*price_minor));
            require_items(faults, items);
        }
    }
}

fn require_tiers(faults: &mut FaultList, tiers: &[Tier]) {
    if !(1..=20).contains(&tiers.len()) {
        faults.push(("/benefit/tiers".to_owned(), "must be 1 to 20 tiers".to_owned()));
    }
    for (at, tier) in tiers.iter().enumerate() {
        require_minor(faults, &format!("/benefit/tiers/{at}/from_minor"), 1, Some(tier.from_minor));
        match (tier.rate_ppm, tier.amount_minor) {
            (Some(rate_ppm), None) => require_rate(faults, &format!("/benefit/tiers/{at}/rate_ppm"), rate_ppm),
            (None, Some(_)) => {
                require_minor(faults, &format!("/benefit/tiers/{at}/amount_minor"), 1, tier.amount_minor);
            }
            _ => {
                let said = "must have either rate_ppm or amount_minor".to_owned();
                faults.push((format!("/benefit/tiers/{at}"), said));
            }
        }
        if tiers.iter().take(at).any(|other| other.from_minor == tier.from_minor) {
            let said = "another tier begins there".to_owned();
            faults.push((format!("/benefit/tiers/{at}/from_minor"), said));
        }
    }
}

fn require_steps(faults: &mut FaultList, steps: &[ExpiryStep]) {
    if !(1..=20).contains(&steps.len()) {
        faults.push(("/benefit/steps".to_owned(), "must be 1 to 20 steps".to_owned()));
    }
    for (at, step) in steps.iter().enumerate() {
        let place = format!("/benefit/steps/{at}/within_days");
        require_rate(faults, &format!("/benefit/steps/{at}/rate_ppm"), step.rate_ppm);
        if !(0..=3_650).contains(&step.within_days) {
            faults.push((place.clone(), "must be 0 to 3650 days".to_owned()));
        }
        if steps.iter().take(at).any(|other| other.within_days == step.within_days) {
            faults.push((place, "another step ends there".to_owned()));
        }
    }
}

fn require_items(faults: &mut FaultList, items: &[BundleItem]) {
    if !(2..=20).contains(&items.len()) {
        faults.push(("/benefit/items".to_owned(), "must be 2 to 20 items".to_owned()));
    }
    for (at, item) in items.iter().enumerate() {
        if items.iter().take(at).any(|other| other.sku == item.sku) {
            faults.push((format!("/benefit/items/{at}/sku"), "the SKU is named twice".to_owned()));
        }
    }
}
