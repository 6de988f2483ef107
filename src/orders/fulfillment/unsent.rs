//! The units of each line that have not left, and the lines that a parcel holds: where two lines share a variant at
//! different prices, a parcel is credited at the price of the line that it was sent for.
use crate::{
    kernel::{Code, Error, Result, VariantId},
    orders::store::{OrderLine, OrderRow, ParcelLine, Shipment, SourcedUnits},
};
use std::collections::{BTreeMap, HashMap};

/// Units that have not left, by line and variant; of a bundle, by its parts.
pub struct Unsent(BTreeMap<(i32, VariantId), i32>);

impl Unsent {
    /// Of an order as it stands.
    pub fn of(row: &OrderRow) -> Result<Self> {
        let mut unsent = Self::all_of(&row.lines)?;
        for parcel in left_in_turn(&row.shipments) {
            unsent.leave(parcel);
        }
        Ok(unsent)
    }

    fn all_of(lines: &[OrderLine]) -> Result<Self> {
        let mut units = BTreeMap::new();
        for line in lines {
            for (variant, some) in line.goods(line.quantity)?.iter() {
                units.insert((line.line_no, variant), some);
            }
        }
        Ok(Self(units))
    }

    /// Units of a line's variant that have not left.
    pub fn left_of(&self, line_no: i32, variant: VariantId) -> i32 {
        self.0.get(&(line_no, variant)).copied().unwrap_or(0).max(0)
    }

    /// Units of a line that have not left, by variant. Negative for a part of bundles that left before the rest of them
    /// was given up: so many more have left than the line still holds.
    pub fn of_line(&self, line: &OrderLine) -> HashMap<VariantId, i32> {
        let of_line = self.0.iter().filter(|((no, _), _)| *no == line.line_no);
        let units = |units: i32| if line.is_bundle() { units } else { units.max(0) };
        of_line.map(|((_, variant), left)| (*variant, units(*left))).collect()
    }

    /// Takes a parcel out; the lines that it holds.
    fn leave(&mut self, parcel: &Shipment) -> Vec<ParcelLine> {
        let known = parcel.lines();
        if known.is_empty() {
            return self.take(parcel.goods());
        }
        for of in known {
            self.0.entry((of.line_no, of.variant_id)).and_modify(|units| *units -= of.quantity);
        }
        known.to_vec()
    }

    /// Takes goods out, of the first lines that have them. What no line has left counts for the last that sells it.
    pub fn take(&mut self, goods: &[SourcedUnits]) -> Vec<ParcelLine> {
        let mut taken = vec![];
        for SourcedUnits { variant_id, quantity } in goods {
            let mut wanted = *quantity;
            let mut of_variant: Vec<_> = self.0.iter_mut().filter(|((_, variant), _)| variant == variant_id).collect();
            let last = of_variant.len().saturating_sub(1);
            for (n, ((line_no, _), units)) in of_variant.iter_mut().enumerate() {
                let some = if n == last { wanted } else { wanted.min(**units).max(0) };
                **units -= some;
                wanted -= some;
                taken.push(ParcelLine { line_no: *line_no, variant_id: *variant_id, quantity: some });
            }
        }
        taken.retain(|of| of.quantity > 0);
        taken
    }

    /// The parts of units of lines, for a parcel that is to hold these; refused beyond what has not left of a line.
    pub fn of_lines(&self, row: &OrderRow, lines: &[(i32, i32)]) -> Result<Vec<ParcelLine>> {
        let mut held = vec![];
        for line in &row.lines {
            let Some((_, units)) = lines.iter().find(|(no, _)| *no == line.line_no) else { continue };
            for part in line.parts() {
                let left = self.left_of(line.line_no, part.variant_id);
                let quantity = units.saturating_mul(part.quantity);
                if quantity > left {
                    let (number, no) = (row.order.number, line.line_no);
                    let detail =
                        format!("{units} of line {no} of order {number}: {} still wait", left / part.quantity.max(1));
                    return Err(Error::refused(Code::MoreThanOrdered, detail));
                }
                held.push(ParcelLine { line_no: line.line_no, variant_id: part.variant_id, quantity });
            }
        }
        Ok(held)
    }
}

/// The lines that a parcel of an order holds.
pub fn lines_in(row: &OrderRow, parcel: &Shipment) -> Result<Vec<ParcelLine>> {
    let mut unsent = Unsent::all_of(&row.lines)?;
    for earlier in left_in_turn(&row.shipments) {
        let lines = unsent.leave(earlier);
        if earlier.id == parcel.id {
            return Ok(lines);
        }
    }
    Ok(parcel.lines().to_vec())
}

fn left_in_turn(parcels: &[Shipment]) -> Vec<&Shipment> {
    let mut parcels: Vec<_> = parcels.iter().collect();
    parcels.sort_by_key(|parcel| (parcel.shipped_at, parcel.id));
    parcels
}
