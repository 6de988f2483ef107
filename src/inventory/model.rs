//! Words and numbers of stock.
use crate::{
    catalog::Offer,
    inventory::store::counters::Counters,
    kernel::{Code, Error, LocationId, Result, VariantId},
};
use std::{
    collections::BTreeMap,
    ops::{Deref, DerefMut},
};

crate::text_enum! {
    /// The kind of location.
    LocationKind {
        /// A shop that customers enter.
        Store = "store",
        /// A warehouse.
        Warehouse = "warehouse",
    }
}

crate::text_enum! {
    /// The status of a reservation. All but `active` are final.
    ReservationStatus {
        /// The units are held.
        Active = "active",
        /// It became an allocation to an order.
        Converted = "converted",
        /// It was given up.
        Released = "released",
        /// It expired.
        Expired = "expired",
    }
}

crate::text_enum! {
    /// The status of an allocation.
    AllocationStatus {
        /// Promised, still here.
        Open = "open",
        /// Gone to the customer.
        Shipped = "shipped",
        /// Given up.
        Released = "released",
    }
}

crate::text_enum! {
    /// The counter that an adjustment changes.
    State {
        /// Everything that is physically here.
        OnHand = "on_hand",
        /// Here, but damaged.
        Damaged = "damaged",
        /// Here, but held back for quality.
        QualityHold = "quality_hold",
        /// Here, returned and not yet inspected.
        Returned = "returned",
        /// Here, but past its date.
        Expired = "expired",
    }
}

impl State {
    /// The ledger's word for the condition of such units.
    pub fn condition(self) -> &'static str {
        match self {
            Self::OnHand => "sellable",
            other => other.as_str(),
        }
    }
}

crate::text_enum! {
    /// Which way on-hand may go for a reason.
    Direction {
        /// It grows.
        In = "in",
        /// It shrinks.
        Out = "out",
        /// Either.
        Both = "both",
    }
}

/// The units that are wanted, summed per variant: two lines of one variant are one demand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Demand {
    sums: BTreeMap<VariantId, i32>,
    #[cfg(feature = "mutants")]
    largest: BTreeMap<VariantId, i32>,
}

impl Demand {
    /// Adds units of a variant; refused when the sum is too large to be anyone's order.
    pub fn add(&mut self, variant: VariantId, units: i32) -> Result<()> {
        #[cfg(feature = "mutants")]
        self.largest.entry(variant).and_modify(|most| *most = units.max(*most)).or_insert(units);
        let wanted = self.sums.entry(variant).or_default();
        let sum = wanted.checked_add(units).filter(|sum| *sum <= 1_000_000_000);
        *wanted = sum.ok_or_else(|| Error::refused(Code::QuantityOverflow, "the quantities add up to too much"))?;
        Ok(())
    }

    /// The units that must be in stock to sell so many of each offer.
    pub fn of<'a>(lines: impl Iterator<Item = (&'a Offer, i32)>) -> Result<Self> {
        let mut demand = Self::default();
        for (offer, quantity) in lines {
            for (variant, units) in offer.exploded(quantity)? {
                demand.add(variant, units)?;
            }
        }
        Ok(demand)
    }

    /// Variants and their units, in order of variant.
    pub fn iter(&self) -> impl Iterator<Item = (VariantId, i32)> + '_ {
        self.sums.iter().map(|(variant, units)| (*variant, *units))
    }

    /// True if nothing is wanted.
    pub fn is_empty(&self) -> bool {
        self.sums.is_empty()
    }

    /// The variants, in order.
    pub fn variants(&self) -> Vec<VariantId> {
        self.sums.keys().copied().collect()
    }

    /// The largest single line of a variant: what the mutant that checks lines one by one looks at.
    pub(super) fn largest_line(&self, variant: VariantId) -> i32 {
        #[cfg(feature = "mutants")]
        return self.largest.get(&variant).copied().unwrap_or(0);
        #[cfg(not(feature = "mutants"))]
        self.sums.get(&variant).copied().unwrap_or(0)
    }
}

/// The address of a level: the key of a stock row, in the order in which rows are locked.
pub type LevelKey = (LocationId, VariantId);

/// A change of one level's counters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delta {
    pub location: LocationId,
    pub variant: VariantId,
    pub counters: Counters,
}

impl Deref for Delta {
    type Target = Counters;
    fn deref(&self) -> &Counters {
        &self.counters
    }
}

impl DerefMut for Delta {
    fn deref_mut(&mut self) -> &mut Counters {
        &mut self.counters
    }
}

impl Delta {
    /// No change yet; saving it still makes a version of the level.
    pub fn none(level_key: LevelKey) -> Self {
        Self::of(level_key, Counters::default())
    }

    /// A change by so much of each counter.
    pub fn of(level_key: LevelKey, counters: Counters) -> Self {
        let (location, variant) = level_key;
        Self { location, variant, counters }
    }

    /// The counter of a state; none for what may be sold, which is what the others leave of on-hand.
    pub fn counter(&mut self, state: State) -> Option<&mut i32> {
        match state {
            State::OnHand => None,
            State::Damaged => Some(&mut self.damaged),
            State::QualityHold => Some(&mut self.quality_hold),
            State::Returned => Some(&mut self.returned),
            State::Expired => Some(&mut self.expired),
        }
    }
}

crate::text_enum! {
    /// The endpoint of goods when they are at no location of the brand's.
    Node {
        /// With a supplier.
        Supplier = "supplier",
        /// With a customer.
        Customer = "customer",
        /// Between two locations.
        Transit = "transit",
        /// Given away, used up or thrown away.
        Scrap = "scrap",
        /// The books were wrong.
        Adjust = "adjust",
    }
}
