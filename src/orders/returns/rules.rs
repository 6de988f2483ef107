//! Pure decisions about returns: the table of moves, and what may become of what came back.
use super::model::{Condition, Disposition, Found, Goods, Return, ReturnLine, ReturnStatus};
use crate::{
    kernel::{Code, Error, Result, VariantId},
    orders::{
        model::GoodsBack,
        store::{OrderLine, OrderRow},
    },
};
use std::collections::{BTreeMap, HashMap};

/// Something that happens to a return.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReturnStep {
    /// It is allowed.
    Approve,
    /// It is refused.
    Reject,
    /// The goods are here.
    Receive,
    /// They were inspected, or are not wanted back.
    Close,
}

/// The table of moves; refused where there is none.
pub fn moved(number: &str, status: ReturnStatus, step: ReturnStep) -> Result<ReturnStatus> {
    use ReturnStatus as S;
    use ReturnStep as T;
    match (status, step) {
        (S::Requested, T::Approve) => Ok(S::Approved),
        (S::Requested | S::Approved, T::Reject) => Ok(S::Rejected),
        (S::Approved, T::Receive) => Ok(S::Received),
        (S::Approved | S::Received, T::Close) => Ok(S::Closed),
        _ => {
            let verb = match step {
                T::Approve => "approved",
                T::Reject => "rejected",
                T::Receive => "received",
                T::Close => "inspected",
            };
            Err(Error::refused(Code::ReturnNotOpen, format!("return {number} is {status} and cannot be {verb}")))
        }
    }
}

/// Refuses more of a line than has left and is neither back nor coming: `open` are its units that wait to be sent,
/// `before` those of its parts that are back or coming.
pub fn require_left(
    number: i64,
    line: &OrderLine,
    asked: &ReturnLine,
    open: &HashMap<VariantId, i32>,
    before: &HashMap<VariantId, i32>,
) -> Result<()> {
    let units_of = |of: &HashMap<VariantId, i32>, variant| of.get(&variant).copied().unwrap_or(0);
    let (mut whole, alone) = (i32::MAX, asked.alone());
    for part in line.parts() {
        let sold = line.quantity.saturating_mul(part.quantity);
        let (waits, before) = (units_of(open, part.variant_id), units_of(before, part.variant_id));
        let left = (sold - waits - before).max(0);
        // More of a part than the line still holds comes back as that part alone.
        whole = whole.min((sold - waits.max(0) - before).max(0) / part.quantity.max(1));
        let wanted = alone.iter().find(|(variant, _)| *variant == part.variant_id).map_or(0, |(_, units)| *units);
        if wanted > left {
            let what = format!("{wanted} of variant {}, a part of line {}", part.variant_id, line.line_no);
            let detail = format!("{what} of order {number}: {left} can come back");
            return Err(Error::refused(Code::NothingToReturn, detail));
        }
    }
    match asked.whole_units() > whole {
        true => {
            let (units, no) = (asked.whole_units(), line.line_no);
            let detail = format!("{units} of line {no} ({}) of order {number}: {whole} can come back", line.sku);
            Err(Error::refused(Code::NothingToReturn, detail))
        }
        false => Ok(()),
    }
}

/// Adds up units of a line's parts in some of its order's returns.
pub fn units_in<'a>(
    line: &OrderLine,
    returns: impl Iterator<Item = &'a ReturnLine>,
) -> Result<HashMap<VariantId, i32>> {
    let mut units = HashMap::new();
    for back in returns.filter(|back| back.line_no == line.line_no) {
        for (variant, some) in back.goods(line)?.iter() {
            *units.entry(variant).or_insert(0) += some;
        }
    }
    Ok(units)
}

/// The dispositions of goods in a condition. Hygiene decides: what was opened is not sold again nor tried by others,
/// and what has caused a reaction is kept for those who look into it.
pub fn may(condition: Condition, disposition: Disposition) -> bool {
    use Condition as C;
    use Disposition as D;
    match condition {
        C::Sealed => disposition != D::Quarantine,
        C::Opened | C::Damaged => matches!(disposition, D::Damaged | D::Destroy | D::Vendor),
        C::Reaction => disposition == D::Quarantine,
    }
}

/// The share of the charge for shipping that is given back with a return, and the tax within it, in minor units: that
/// of the goods of all closed returns and of this one, less what has been given back with those.
pub fn shipping_share(row: &OrderRow, closed: &[Return], back: &Return) -> (i64, i64) {
    let Some(charge) = row.order.shipping() else { return (0, 0) };
    let (of_goods, is_over) = (row.order.total_minor - row.order.shipping_minor, row.is_back());
    if of_goods == 0 && !is_over {
        return (0, 0);
    }
    let mut returned = GoodsBack::default();
    for line in closed.iter().chain([back]).flat_map(|of| &of.lines) {
        match line.reason.is_shops_fault() {
            true => (returned.at_fault_minor, returned.is_at_fault) = (returned.at_fault_minor + line.worth(), true),
            false => returned.other_minor += line.worth(),
        }
    }
    let before: i64 = closed.iter().map(|of| of.shipping_minor).sum();
    let share = (charge.refundable_minor(returned, of_goods) - before).max(0);
    (share, charge.tax_within(before + share) - charge.tax_within(before))
}

/// Refuses an inspection that does not tell of every unit that came, or lets something become what it may not.
pub fn require_complete(goods: &[Goods], found: &[Found]) -> Result<()> {
    if let Some(wrong) = found.iter().find(|found| !may(found.condition, found.disposition)) {
        let detail = format!("{} goods may not be disposed of as {}", wrong.condition, wrong.disposition);
        return Err(Error::refused(Code::DispositionNotAllowed, detail));
    }
    let mut left = BTreeMap::new();
    for piece in goods {
        *left.entry((piece.variant_id, piece.lot_id)).or_insert(0_i64) += i64::from(piece.quantity);
    }
    for piece in found {
        *left.entry((piece.variant_id, piece.lot_id)).or_insert(0) -= i64::from(piece.quantity);
    }
    match left.iter().find(|(_, units)| **units != 0) {
        None => Ok(()),
        Some(((variant, lot), units)) => {
            let lot = lot.map_or_else(|| "no lot".to_owned(), |lot| format!("lot {lot}"));
            let detail =
                format!("an inspection tells of every unit once: {units} of variant {variant}, {lot}, are left over");
            Err(Error::refused(Code::InspectionIncomplete, detail))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_was_opened_or_has_harmed_someone_is_never_sold_again() {
        for condition in [Condition::Opened, Condition::Damaged, Condition::Reaction] {
            assert!(!may(condition, Disposition::Restock) && !may(condition, Disposition::Tester), "{condition}");
        }
        assert!(may(Condition::Sealed, Disposition::Restock));
    }

    #[test]
    fn every_condition_has_a_way_out() {
        for condition in Condition::ALL {
            assert!(Disposition::ALL.iter().any(|disposition| may(*condition, *disposition)), "{condition}");
        }
    }

    #[test]
    fn what_is_over_stays_over() {
        for status in [ReturnStatus::Closed, ReturnStatus::Rejected] {
            for step in [ReturnStep::Approve, ReturnStep::Reject, ReturnStep::Receive, ReturnStep::Close] {
                assert_eq!(moved("1-R1", status, step).unwrap_err().code(), Code::ReturnNotOpen);
            }
        }
    }

    proptest! {
        #[test]
        fn an_inspection_is_complete_exactly_when_every_unit_is_told_of_once(
            came in prop::collection::vec(1_i32..5, 1..4), told in prop::collection::vec((0_usize..4, 1_i32..5), 0..8),
        ) {
            let variants: Vec<_> = (0..4).map(|_| VariantId::new()).collect();
            let goods: Vec<_> = came.iter().zip(&variants)
                .map(|(units, variant)| Goods { variant_id: *variant, lot_id: None, quantity: *units }).collect();
            let found: Vec<_> = told.iter().map(|(of, units)| Found {
                variant_id: variants[*of], lot_id: None, quantity: *units,
                condition: Condition::Sealed, disposition: Disposition::Restock,
            }).collect();
            let units = |variant: VariantId| {
                found.iter().filter(|f| f.variant_id == variant).map(|f| f.quantity).sum::<i32>()
            };
            let arrived = |n: usize| came.get(n).copied().unwrap_or(0);
            let is_complete = variants.iter().enumerate().all(|(n, variant)| units(*variant) == arrived(n));
            prop_assert_eq!(require_complete(&goods, &found).is_ok(), is_complete);
        }
    }
}
