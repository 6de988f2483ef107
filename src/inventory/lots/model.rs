//! Lots as they are found, printed, and picked by hand.
use crate::{
    inventory::{lots::LotStatus, model::State},
    kernel::{LocationId, LotId, Typed, VariantId},
};
use chrono::NaiveDate;

/// Units of one lot at one location in one state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LotPiece {
    pub location: LocationId,
    pub variant: VariantId,
    pub lot: LotId,
    pub state: State,
}

/// The print on a pack: the variant and the lot's code.
pub type Print = (VariantId, Typed);

/// A lot that was taken although another expires first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Override {
    pub variant: VariantId,
    /// The lots that were taken, and those that would have been: lot codes, none for units without one.
    pub taken: Vec<(Option<String>, i32)>,
    pub proposed: Vec<(Option<String>, i32)>,
}

/// Which lots.
#[derive(Debug, Clone, Default)]
pub struct LotFilter {
    pub variant: Option<VariantId>,
    pub status: Option<LotStatus>,
    /// Its last day is before this one.
    pub expires_before: Option<NaiveDate>,
    pub code: Option<Typed>,
}
