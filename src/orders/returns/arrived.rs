//! The part of each line of a return that arrived, in whole units or in parts of bundles, and what did not.
use super::model::{ComponentBack, Return, ReturnLine};
use crate::{
    kernel::{Code, Fault, Refusal, Result},
    orders::{
        model::BundleComponent,
        returns::model::{LineArrived, of_order},
        store::{OrderLine, OrderRow},
    },
};

/// Writes down how much of each line arrived; all that is wrong is told at once.
pub fn note(back: &mut Return, row: &OrderRow, arrived: &[LineArrived]) -> Result<()> {
    let mut faults = vec![];
    for (at, came) in arrived.iter().enumerate() {
        let pointer = |field: &str| format!("/lines/{at}/{field}");
        let number = &back.number;
        match back.lines.iter().find(|line| line.line_no == came.line_no) {
            None => faults.push(Fault::at(
                &pointer("line_no"),
                Code::NotOnDocument.as_str(),
                format!("return {number} has no line {}", came.line_no),
            )),
            Some(line) => faults.extend(faults_of(line, of_order(row, line.line_no)?, came, &pointer)),
        }
    }
    if let Some(first) = faults.first() {
        let is_unknown = first.code == Code::NotOnDocument.as_str();
        let code = if is_unknown { Code::NotOnDocument } else { Code::NothingToReturn };
        return Err(Refusal::new(code, first.detail.clone()).with_faults(faults).into());
    }
    for line in &mut back.lines {
        let of_order = of_order(row, line.line_no)?;
        let came = arrived.iter().find(|came| came.line_no == line.line_no);
        match (arrived.is_empty(), came) {
            (true, _) => all(line),
            (false, None) => nothing(line),
            (false, Some(came)) => some(line, of_order, came),
        }
    }
    Ok(())
}

/// The fault of what is said to have arrived of a line.
fn faults_of(
    line: &ReturnLine,
    of_order: &OrderLine,
    came: &LineArrived,
    pointer: &impl Fn(&str) -> String,
) -> Vec<Fault> {
    let mut faults = vec![];
    let (no, code) = (line.line_no, Code::NothingToReturn.as_str());
    if came.units.is_some() && !line.components.is_empty() {
        let said = format!("parts of line {no} were to come back: say which have, as components");
        faults.push(Fault::at(&pointer("quantity"), code, said));
    }
    if let Some(units) = came.units.filter(|units| *units > line.quantity) {
        let said = format!("{units} of line {no}: {} were to come back", line.quantity);
        faults.push(Fault::at(&pointer("quantity"), code, said));
    }
    let expected = expected(line, of_order);
    for (at, (variant, units)) in came.parts.iter().enumerate() {
        let at = |field: &str| pointer(&format!("components/{at}/{field}"));
        match expected.iter().find(|part| part.variant_id == *variant) {
            Some(part) if of_order.is_bundle() => {
                if *units > part.quantity {
                    let said = format!("{units} of a part of line {no}: {} were to come back", part.quantity);
                    faults.push(Fault::at(&at("quantity"), code, said));
                }
            }
            _ => {
                let said = format!("no part {variant} of line {no} ({}) was to come back", of_order.sku);
                faults.push(Fault::at(&at("variant_id"), Code::NotOnDocument.as_str(), said));
            }
        }
    }
    faults
}

/// The parts of a line that are to come back: those that were asked for, or all of so many bundles.
fn expected(line: &ReturnLine, of_order: &OrderLine) -> Vec<ComponentBack> {
    if !line.components.is_empty() {
        return line.components.clone();
    }
    let part = |part: BundleComponent| ComponentBack {
        variant_id: part.variant_id,
        quantity: part.quantity.saturating_mul(line.quantity),
        received: None,
        worth_minor: 0,
    };
    of_order.parts().into_iter().map(part).collect()
}

fn all(line: &mut ReturnLine) {
    line.received = Some(line.quantity);
    line.components.iter_mut().for_each(|part| part.received = Some(part.quantity));
}

fn nothing(line: &mut ReturnLine) {
    line.received = Some(0);
    line.components.iter_mut().for_each(|part| part.received = Some(0));
}

fn some(line: &mut ReturnLine, of_order: &OrderLine, came: &LineArrived) {
    line.received = came.units.or(Some(line.quantity));
    if came.parts.is_empty() {
        return;
    }
    let arrived = |part: &ComponentBack| {
        let units = came.parts.iter().find(|(variant, _)| *variant == part.variant_id).map_or(0, |(_, units)| *units);
        ComponentBack { received: Some(units), ..part.clone() }
    };
    let parts: Vec<_> = expected(line, of_order).iter().map(arrived).collect();
    let is_all = parts.iter().all(|part| part.units() == part.quantity);
    if !(is_all && line.components.is_empty()) {
        line.components = parts;
    }
}

/// The part of a line that did not arrive, if any.
pub fn rest(line: &ReturnLine, of_order: &OrderLine) -> Option<ReturnLine> {
    if line.components.is_empty() {
        let quantity = line.quantity - line.whole_units();
        return (quantity > 0).then(|| {
            let mut rest = ReturnLine { quantity, received: None, ..line.clone() };
            rest.price(of_order, &of_order.units_back());
            rest
        });
    }
    let missing =
        |part: &ComponentBack| ComponentBack { quantity: part.quantity - part.units(), received: None, ..part.clone() };
    let components: Vec<_> = line.components.iter().map(missing).filter(|part| part.quantity > 0).collect();
    if components.is_empty() {
        return None;
    }
    let mut rest = ReturnLine { received: None, components, ..line.clone() };
    rest.quantity = bundles_of(&rest, of_order);
    let before = of_order.units_back();
    rest.price(of_order, &before);
    Some(rest)
}

/// The number of bundles that the parts of a line are of.
pub fn bundles_of(line: &ReturnLine, of_order: &OrderLine) -> i32 {
    let mut bundles = 0;
    for part in of_order.parts() {
        for back in line.components.iter().filter(|back| back.variant_id == part.variant_id) {
            bundles = bundles.max((back.quantity + part.quantity - 1) / part.quantity.max(1));
        }
    }
    bundles
}
