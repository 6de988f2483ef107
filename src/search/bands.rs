//! Bands of prices: few, with round borders, that cover all prices of a result.
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Bands in a result, about.
const BANDS: i64 = 5;

/// Prices from one to another, both included, in minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
pub struct PriceRange {
    /// The lowest price, in minor units.
    pub min_minor: i64,
    /// The highest price, in minor units.
    pub max_minor: i64,
}

impl PriceRange {
    /// True if a price lies in it.
    pub fn includes(&self, minor: i64) -> bool {
        (self.min_minor..=self.max_minor).contains(&minor)
    }
}

/// Bands that cover prices from the lowest to the highest of a result, each as wide as a round number of minor units:
/// 1, 2 or 5 times a power of ten.
pub fn bands(lowest: i64, highest: i64) -> Vec<PriceRange> {
    let width = round_up((highest.saturating_sub(lowest) / BANDS).max(1));
    let mut found = vec![];
    let mut from = lowest - lowest.rem_euclid(width);
    while from <= highest {
        let to = from.saturating_add(width - 1);
        found.push(PriceRange { min_minor: from, max_minor: to });
        match to.checked_add(1) {
            Some(next) => from = next,
            None => break,
        }
    }
    found
}

/// The least of 1, 2, 5, 10, 20, 50 … that is not less than a number.
fn round_up(number: i64) -> i64 {
    let mut power = 1_i64;
    loop {
        for factor in [1, 2, 5] {
            let round = power.saturating_mul(factor);
            if round >= number {
                return round;
            }
        }
        power = power.saturating_mul(10);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn bands_have_round_borders() {
        let borders =
            |lowest, highest| bands(lowest, highest).iter().map(|b| (b.min_minor, b.max_minor)).collect::<Vec<_>>();
        let wanted = [(0, 1_999), (2_000, 3_999), (4_000, 5_999), (6_000, 7_999), (8_000, 9_999)];
        assert_eq!(borders(1_290, 9_900), wanted);
        assert_eq!(borders(500, 500), [(500, 500)]);
    }

    proptest! {
        #[test]
        fn every_price_lies_in_one_band_and_there_are_few(
            prices in prop::collection::vec(0_i64..1_000_000_000_000, 1..50),
        ) {
            let (lowest, highest) = (*prices.iter().min().unwrap(), *prices.iter().max().unwrap());
            let found = bands(lowest, highest);
            prop_assert!((1..=7).contains(&found.len()), "{found:?}");
            for price in prices {
                prop_assert_eq!(found.iter().filter(|band| band.includes(price)).count(), 1);
            }
        }
    }
}
