//! Goods that move: a whole plan or none of it, with its rows in the ledger, lot by lot.
use crate::{
    inventory::{
        ledger::LedgerMove,
        levels::store::Level,
        lots::{
            Lot, LotLocation, Pickable, Taken, fefo,
            model::{LotPiece, Print},
        },
        model::{LevelKey, State},
        movement::{self, Cause, Endpoint, Guard, Movement, Plan},
        stock::working_set::Stock,
    },
    kernel::{Code, Error, LocationId, LotId, OrderId, Result, Typed, VariantId},
};
use chrono::NaiveDate;
use std::collections::BTreeMap;

impl Stock {
    /// Asks for a stock row and the lots at it.
    pub fn want_goods(&mut self, level_key: LevelKey) {
        self.want_level(level_key);
        self.lots.want();
    }

    /// Asks for what is promised to an order, and the lots of it.
    pub fn want_goods_of(&mut self, order: OrderId) {
        self.want_order(order);
        self.lots.want();
    }

    /// Asks for a lot, locked: neither its state nor where it is changes meanwhile.
    pub fn want_lot(&mut self, id: LotId) {
        self.lots.want_id(id);
    }

    /// The same, and for all locations where it is.
    pub fn want_whole_lot(&mut self, id: LotId) {
        self.lots.want_whole(id);
    }

    /// Asks for a lot by what is printed on it.
    pub fn want_print(&mut self, variant: VariantId, code: &str) {
        self.lots.want_print((variant, Typed::of(code)));
    }

    /// A lot, if there is one.
    pub fn lot(&self, id: LotId) -> Result<Option<&Lot>> {
        self.lots.lot(id)
    }

    /// A lot by what is printed on it.
    pub fn printed(&self, print: &Print) -> Result<Option<&Lot>> {
        self.lots.printed(print)
    }

    /// Notes a new lot.
    pub fn make_lot(&mut self, lot: Lot) {
        self.lots.make(lot);
        self.noted += 1;
    }

    /// Notes a lot's new state.
    pub fn change_lot(&mut self, lot: Lot) {
        self.lots.change(lot);
        self.noted += 1;
    }

    /// Has the days of a level's goods written anew from its lots.
    pub fn redate(&mut self, level_key: LevelKey) -> Result<()> {
        if self.level(level_key)?.is_some() {
            self.lots.redate(level_key);
            self.apply(&[crate::inventory::model::Delta::none(level_key)]);
        }
        Ok(())
    }

    /// A lot that was asked for by what is printed on it, or a refusal.
    pub fn require_printed(&self, variant: VariantId, code: &str) -> Result<&Lot> {
        let found = self.lots.printed(&(variant, Typed::of(code)))?;
        found.ok_or_else(|| Error::refused(Code::UnknownLot, format!("there is no lot {code}")))
    }

    /// The lots of so many units that may be sold, first expired first; what is missing is taken as without a lot, and
    /// refused as such.
    pub fn first_expired(&self, level_key: LevelKey, units: i32, today: NaiveDate) -> Result<Vec<Taken>> {
        let unlotted = self.unlotted(level_key, State::OnHand)?;
        Ok(fefo(&self.pickable(level_key, State::OnHand), unlotted, units, today)
            .unwrap_or_else(|_| vec![(None, units)]))
    }

    /// The rows at which the units of a lot lie that was asked for by id. Refused when some lie where no row was asked
    /// for: the request was made from what has changed since.
    pub fn pieces_of(&self, lot: LotId) -> Result<Vec<(LotPiece, i32)>> {
        let of_lot = self.lots.pieces.iter().filter(|(piece, units)| piece.lot == lot && **units > 0);
        let pieces: Vec<_> = of_lot.map(|(piece, units)| (*piece, *units)).collect();
        for (piece, _) in &pieces {
            let is_kept = self.level((piece.location, piece.variant))?.is_some();
            is_kept
                .then_some(())
                .ok_or_else(|| Error::refused(Code::Conflict, "the lot has come to another location"))?;
        }
        Ok(pieces)
    }

    /// The rows of a lot that was asked for whole, as it is now.
    pub fn places_of(&self, lot: LotId) -> Vec<LotLocation> {
        let mut locations = BTreeMap::new();
        for (piece, units) in self.lots.pieces.iter().filter(|(piece, units)| piece.lot == lot && **units > 0) {
            let location_id = piece.location;
            let none = LotLocation { location_id, sellable: 0, damaged: 0, quality_hold: 0, returned: 0, expired: 0 };
            let place = locations.entry(location_id).or_insert(none);
            *match piece.state {
                State::OnHand => &mut place.sellable,
                State::Damaged => &mut place.damaged,
                State::QualityHold => &mut place.quality_hold,
                State::Returned => &mut place.returned,
                State::Expired => &mut place.expired,
            } += units;
        }
        locations.into_values().collect()
    }

    /// The units of a lot at a row.
    pub fn of_lot(&self, level_key: LevelKey, lot: LotId) -> impl Iterator<Item = (&LotPiece, i32)> {
        self.lots.at(level_key).filter(move |(piece, _)| piece.lot == lot)
    }

    /// The units in the books of a lot at a row, in all states; of what came without a lot, if none is named.
    pub fn booked(&self, level_key: LevelKey, lot: Option<LotId>) -> Result<i32> {
        if let Some(lot) = lot {
            return Ok(self.of_lot(level_key, lot).map(|(_, units)| units).sum());
        }
        let on_hand = self.level(level_key)?.map_or(0, |level| level.on_hand);
        Ok(on_hand - self.lots.at(level_key).map(|(_, units)| units).sum::<i32>())
    }

    /// Units at a row in a state that came without a lot.
    pub fn unlotted(&self, level_key: LevelKey, state: State) -> Result<i32> {
        let here = self.level(level_key)?.map_or(0, |level| level.units(state));
        Ok(here
            - self.lots.at(level_key).filter(|(piece, _)| piece.state == state).map(|(_, units)| units).sum::<i32>())
    }

    /// Tells if a location is closed where goods may move.
    pub(super) fn is_closed(&self, location: LocationId) -> bool {
        self.closed_places.contains(&location)
    }

    /// Refuses goods that come to a closed location and stay there. What a till has sold has been there, whatever the
    /// books say.
    fn require_open(&self, plan: &Plan, cause: Cause) -> Result<()> {
        let comes = |movement: &Movement| match (movement.from, movement.to) {
            (Endpoint::At(from, _), Endpoint::At(to, _)) => (from != to).then_some(to),
            (Endpoint::Away(_), Endpoint::At(to, _)) => Some(to),
            _ => None,
        };
        let is_sale = cause.of.0 == "order" && plan.movements.iter().any(|movement| movement.reason == "found");
        let is_free = is_sale || plan.passes_through;
        let mut arrivals = plan.movements.iter().filter(|_| !is_free).filter_map(comes);
        match arrivals.find(|to| self.is_closed(*to)) {
            None => Ok(()),
            Some(to) => Err(Error::refused(Code::LocationClosed, format!("location {to} is closed"))),
        }
    }

    /// Makes all moves of a plan, or refuses and changes nothing; the levels it touched, as they are now.
    pub fn carry(&mut self, plan: &Plan, cause: Cause) -> Result<Vec<Level>> {
        self.require_open(plan, cause)?;
        let mut levels = BTreeMap::new();
        for (level_key, delta) in plan.deltas()? {
            let now = self.level(level_key)?.copied().unwrap_or_else(|| Level::empty(level_key.0, level_key.1));
            let after = movement::carried(&now, &delta, plan.guard).map_err(|error| of_variant(error, level_key.1))?;
            levels.insert(level_key, after);
        }
        let (layers, valued) = self.valued(plan)?;
        for (level_key, layer) in layers {
            levels.entry(level_key).and_modify(|level| level.set_layer(&layer));
        }
        let pieces = self.pieces_after(plan)?;
        for piece in pieces.keys() {
            levels.entry((piece.location, piece.variant)).and_modify(|level| level.has_lots = true);
        }
        for (level_key, level) in &levels {
            self.require_lots_fit(*level_key, level, &pieces)?;
        }
        for (level_key, level) in &levels {
            self.put(*level_key, *level);
        }
        for (piece, units) in pieces {
            self.lots.set(piece, units);
        }
        self.note_let_go(&plan.movements)?;
        let moved = |carry: Movement| LedgerMove {
            carry,
            cause: cause.of,
            actor: cause.actor,
            occurred_at: cause.now,
            note: cause.note.map(str::to_owned),
        };
        self.moves.extend(valued.into_iter().map(moved));
        Ok(levels.into_values().collect())
    }

    fn pieces_after(&self, plan: &Plan) -> Result<BTreeMap<LotPiece, i32>> {
        let mut after = BTreeMap::new();
        for movement in &plan.movements {
            let Some(lot) = movement.lot else { continue };
            for (end, units) in [(movement.from, -movement.units), (movement.to, movement.units)] {
                if let Endpoint::At(location, state) = end {
                    let piece = LotPiece { location, variant: movement.variant, lot, state };
                    let now = after.entry(piece).or_insert_with(|| self.lots.pieces.get(&piece).copied().unwrap_or(0));
                    *now += units;
                }
            }
        }
        match after.iter().find(|(_, units)| **units < 0) {
            None => Ok(after),
            Some((piece, units)) => {
                let (here, code) = (self.lots.pieces.get(piece).copied().unwrap_or(0), self.code_of(piece.lot));
                let detail = format!("{} of lot {code} are to be taken, but only {here} are here", here - units);
                Err(Error::refused(Code::LotShort, detail))
            }
        }
    }

    /// The units that are left without a lot must not be less than nothing.
    fn require_lots_fit(&self, level_key: LevelKey, level: &Level, pieces: &BTreeMap<LotPiece, i32>) -> Result<()> {
        if !level.has_lots {
            return Ok(());
        }
        for state in State::ALL {
            let known =
                self.lots.at(level_key).filter(|(piece, _)| piece.state == *state && !pieces.contains_key(piece));
            let new = pieces.iter().filter(|(p, _)| (p.location, p.variant) == level_key && p.state == *state);
            let in_lots: i32 = known.map(|(_, units)| units).chain(new.map(|(_, units)| *units)).sum();
            if in_lots > level.units(*state) {
                let detail = format!("{in_lots} units that are {} belong to lots: name the lot", state.condition());
                return Err(Error::refused(Code::LotRequired, detail));
            }
        }
        Ok(())
    }

    pub(super) fn code_of(&self, lot: LotId) -> String {
        self.lots.lot(lot).ok().flatten().map_or_else(|| lot.to_string(), |lot| lot.code.clone())
    }

    pub(super) fn pickable(&self, level_key: LevelKey, state: State) -> Vec<Pickable<'_>> {
        let of_state = self.lots.at(level_key).filter(|(piece, units)| piece.state == state && *units > 0);
        of_state.filter_map(|(piece, units)| Some((self.lots.lot(piece.lot).ok()??, units))).collect()
    }
}

/// A refusal that says of which variant it is.
fn of_variant(error: Error, variant: VariantId) -> Error {
    let Error::Refused(mut refusal) = error else { return error };
    refusal.detail = format!("{variant}: {}", refusal.detail);
    Error::Refused(refusal)
}

/// A plan of one move.
pub fn single(movement: Movement, guard: Guard) -> Plan {
    Plan { movements: vec![movement], guard, ..Plan::default() }
}
