//! The moving average of what goods cost: purely, what arrivals and departures make of it.
//!
//! Goods that come in at a cost move the average, weighted by units; goods that leave do not. Units of which no cost is
//! known leave first. Returns and finds come in at the average, once there is one; what comes from a supplier or from
//! another location without a cost stays without one. This is the average cost method of the field (AVCO, IAS 2.25
//! "weighted average cost").
use super::unit::UnitCost;
use crate::kernel::{Code, Error, Result, money::MAX_MINOR};

/// Units that lie somewhere, and what those of a known cost have cost on average.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Layer {
    pub on_hand: i32,
    /// Units of a known cost.
    pub costed: i32,
    /// Kept when the last unit has left.
    pub average: Option<UnitCost>,
}

/// Units that move together at one cost; none is known where it is absent.
pub type Valued = (i32, Option<UnitCost>);

impl Layer {
    /// Takes units in and tells at which cost they came in.
    pub fn arrive(&mut self, units: i32, cost: Option<UnitCost>) -> Result<Option<UnitCost>> {
        self.arrive_plain(units)?;
        if let Some(cost) = cost {
            self.average = Some(match self.average {
                Some(average) if self.costed > 0 => average.blended(self.costed, cost, units)?,
                _ => cost,
            });
        }
        let at = cost.or(self.average);
        if at.is_some() {
            self.costed += units;
        }
        self.require_worth()?;
        Ok(at)
    }

    /// Refuses goods that would be worth more than an amount can tell.
    pub fn require_worth(&self) -> Result<()> {
        let worth = self.average.map_or(0, |average| average.of_units(self.costed));
        match worth > MAX_MINOR {
            true => Err(Error::refused(
                Code::AmountOverflow,
                format!("{} units would be worth more than {MAX_MINOR} minor units", self.costed),
            )),
            false => Ok(()),
        }
    }

    /// Takes in units of which no cost is known and none is to be assumed.
    pub fn arrive_plain(&mut self, units: i32) -> Result<()> {
        let on_hand = self.on_hand.checked_add(units);
        let refused = || Error::refused(Code::QuantityOverflow, format!("stock cannot grow by {units}"));
        self.on_hand = on_hand.ok_or_else(refused)?;
        Ok(())
    }

    /// Lets units go: those without a cost first, the others at the average.
    pub fn leave(&mut self, units: i32) -> Vec<Valued> {
        let plain = (self.on_hand - self.costed).clamp(0, units);
        let valued = (units - plain).min(self.costed);
        self.on_hand -= units;
        self.costed -= valued;
        let parts = [(plain, None), (valued, self.average), (units - plain - valued, None)];
        parts.into_iter().filter(|(units, _)| *units > 0).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cost(minor: i64) -> UnitCost {
        UnitCost::of_minor(minor)
    }

    #[test]
    fn the_documented_example_of_average_cost_comes_out() {
        // Odoo, "Inventory valuation": 8 units at 10.00 and 4 at 16.00 are worth 12.00 each, and stay so when 10 leave.
        let mut layer = Layer::default();
        layer.arrive(8, Some(cost(1000))).unwrap();
        assert_eq!(layer.average, Some(cost(1000)));
        layer.arrive(4, Some(cost(1600))).unwrap();
        assert_eq!(layer.average, Some(cost(1200)));
        assert_eq!(layer.leave(10), [(10, Some(cost(1200)))]);
        assert_eq!(layer, Layer { on_hand: 2, costed: 2, average: Some(cost(1200)) });
        layer.arrive(2, Some(cost(600))).unwrap();
        assert_eq!(layer.average, Some(cost(900)));
    }

    #[test]
    fn units_without_a_cost_leave_first_and_returns_come_in_at_the_average() {
        let mut layer = Layer { on_hand: 5, costed: 0, average: None };
        assert_eq!(layer.arrive(1, None).unwrap(), None);
        layer.arrive(4, Some(cost(250))).unwrap();
        assert_eq!(layer.leave(8), [(6, None), (2, Some(cost(250)))]);
        assert_eq!(layer.leave(2), [(2, Some(cost(250)))]);
        assert_eq!(layer.arrive(1, None).unwrap(), Some(cost(250)), "the last average is remembered");
    }

    #[test]
    fn goods_are_never_worth_more_than_an_amount_can_tell() {
        let dear = cost(super::super::unit::MOST_MINOR);
        let mut layer = Layer::default();
        layer.arrive(900_000, Some(dear)).unwrap();
        assert_eq!(layer.arrive(1_000_000, Some(dear)).unwrap_err().code(), Code::AmountOverflow);
    }

    proptest! {
        /// The average is the exact one, rounded at each receipt by half a ten-thousandth of a minor unit at most.
        #[test]
        fn the_average_is_what_was_paid(
            steps in prop::collection::vec((any::<bool>(), 1..500i32, 0..100_000i64), 1..60),
        ) {
            let (mut layer, mut value, mut bound) = (Layer::default(), 0f64, 1e-6);
            for (comes, units, minor) in steps {
                if comes {
                    layer.arrive(units, Some(cost(minor))).unwrap();
                    #[expect(clippy::cast_precision_loss, reason = "an oracle of its own, in floating point")]
                    let paid = minor as f64 * f64::from(units);
                    value += paid;
                    bound += 0.000_05 * f64::from(layer.on_hand);
                } else {
                    let units = units.min(layer.on_hand);
                    let before = layer.average;
                    if layer.on_hand > 0 {
                        value -= value * f64::from(units) / f64::from(layer.on_hand);
                    }
                    layer.leave(units);
                    prop_assert_eq!(layer.average, before);
                }
                prop_assert_eq!(layer.on_hand, layer.costed);
                let booked = layer.average.map_or(0.0, UnitCost::minor) * f64::from(layer.on_hand);
                prop_assert!((booked - value).abs() <= bound, "{} is not {}", booked, value);
            }
        }
    }
}
