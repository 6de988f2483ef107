//! Choices of bundles: of a gift set "with a lipstick of your choice" the customer names the lipstick. A line that has
//! chosen is sold as an offer whose parts are the fixed ones and the chosen ones; nothing behind it knows the
//! difference.
use super::values::{BundleChoice, ChosenPart, NewChoice};
use crate::catalog::bundles::rules::part_of;
use crate::{
    catalog::{
        classification::Category,
        model::Offer,
        store::{Component, Variant},
    },
    kernel::{Code, Error, Faults, Result, Typed, VariantId},
    platform::db::Json,
};
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
};

/// The most units that are chosen for one bundle.
const MOST_PICKS: i32 = 20;

/// The most parts that are named for a line.
const MOST_CHOSEN: usize = 200;

/// Checks choices of a bundle: each named once, with at least two options that are sold and no bundles themselves.
pub fn choices(new: &[NewChoice], offers: &HashMap<Typed, Arc<Offer>>) -> Result<Vec<BundleChoice>> {
    let mut faults = Faults::default();
    let mut made: Vec<BundleChoice> = vec![];
    for (at, choice) in new.iter().enumerate() {
        let NewChoice { code, name, picks, skus } = choice;
        let place = |field: &str| format!("/choices/{at}/{field}");
        if made.iter().any(|other| other.code == code.as_str()) {
            faults.add(Code::InvalidBundle, &place("code"), format!("another choice is called {}", code.as_str()));
        }
        if picks.get() > MOST_PICKS {
            faults.add(Code::InvalidBundle, &place("picks"), format!("at most {MOST_PICKS} are chosen for a bundle"));
        }
        if !(2..=100).contains(&skus.len()) {
            faults.add(Code::InvalidBundle, &place("skus"), "a choice has 2 to 100 options");
        }
        let mut option_ids = vec![];
        for (no, sku) in skus.iter().enumerate() {
            match part_of(sku, offers) {
                Ok(id) if option_ids.contains(&id) => {
                    let said = format!("{sku} is named twice");
                    faults.add(Code::InvalidBundle, &place(&format!("skus/{no}")), said);
                }
                Ok(id) => option_ids.push(id),
                Err(why) => faults.add_refusal(&place(&format!("skus/{no}")), why)?,
            }
        }
        let (code, name) = (code.as_str().to_owned(), String::from(name.clone()));
        made.push(BundleChoice { code, name, picks: picks.get(), option_ids });
    }
    faults.require_none()?;
    Ok(made)
}

/// Refuses a bundle of nothing, one whose parts and options overlap, and one that costs the sum of parts which nobody
/// knows before they are chosen.
pub fn require_priced(components: &[Component], choices: &[BundleChoice], sum_discount_ppm: Option<i32>) -> Result<()> {
    let refused = |pointer, said| Err(Error::at(Code::InvalidBundle, pointer, said));
    let mut seen: HashSet<_> = components.iter().map(|part| part.variant_id).collect();
    for (at, choice) in choices.iter().enumerate() {
        if let Some(no) = choice.option_ids.iter().position(|id| !seen.insert(*id)) {
            let said = "it is a part of the bundle already, or an option of another choice: raise that one's picks";
            return refused(&format!("/choices/{at}/skus/{no}"), said);
        }
    }
    match (components, choices, sum_discount_ppm) {
        ([], [], _) => refused("/components", "a bundle has parts, or choices of them"),
        (_, [_, ..], Some(_)) => {
            refused("/sum_discount_ppm", "a bundle with choices has prices of its own: set it to null")
        }
        _ => Ok(()),
    }
}

fn require_few(parts: &[ChosenPart], pointer: &str) -> Result<()> {
    match parts.len() > MOST_CHOSEN {
        true => {
            Err(Error::at(Code::InvalidChoice, pointer, format!("at most {MOST_CHOSEN} parts are named for a line")))
        }
        false => Ok(()),
    }
}

impl Variant {
    /// The parts that a customer chooses; none of what has no choices.
    pub fn choices(&self) -> &[BundleChoice] {
        self.choices.as_ref().map_or(&[], |Json(choices)| choices)
    }
}

/// The goods that selling one of something takes from stock.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BundleNeeds {
    /// Variants with their units.
    pub parts: Vec<(VariantId, i32)>,
    /// Units that are chosen, each with the variants among which they are.
    pub choices: Vec<(i32, Vec<VariantId>)>,
}

impl BundleNeeds {
    /// The variants that are looked at.
    pub fn variants(&self) -> impl Iterator<Item = VariantId> + '_ {
        let options = self.choices.iter().flat_map(|(_, options)| options.iter().copied());
        self.parts.iter().map(|part| part.0).chain(options)
    }

    /// The same while some variants are not sold: they are no options, and nothing can be made of a part that is not.
    pub fn without(mut self, retired: &HashSet<VariantId>) -> Self {
        if self.parts.iter().any(|(variant, _)| retired.contains(variant)) {
            return Self::default();
        }
        self.choices.iter_mut().for_each(|(_, options)| options.retain(|id| !retired.contains(id)));
        self
    }

    /// Whole ones that can be made of what is here: as many as the scarcest part allows, and of each choice its options
    /// together.
    pub fn sets(&self, here: &HashMap<VariantId, i32>) -> i32 {
        let units = |variant: &VariantId| here.get(variant).copied().unwrap_or(0);
        let of_parts = self.parts.iter().map(|(variant, per)| units(variant) / (*per).max(1));
        let together = |options: &[VariantId]| options.iter().map(units).fold(0_i32, i32::saturating_add);
        let of_choices = self.choices.iter().map(|(picks, options)| together(options) / (*picks).max(1));
        of_parts.chain(of_choices).min().unwrap_or(0)
    }
}

impl Offer {
    /// The goods that selling one of it takes from stock, with what may be chosen.
    pub fn needs(&self) -> BundleNeeds {
        let parts = match self.product.category {
            Category::Bundle => self.components.iter().map(|part| (part.variant_id, part.quantity)).collect(),
            _ => vec![(self.variant.id, 1)],
        };
        let choices = self.variant.choices().iter();
        BundleNeeds { parts, choices: choices.map(|choice| (choice.picks, choice.option_ids.clone())).collect() }
    }

    /// The offer with the parts that are chosen for it among `known` offers; all that is wrong is refused at once.
    /// Nothing is to be named for what has no choices.
    pub fn chosen(
        self: &Arc<Self>,
        parts: &[ChosenPart],
        known: &HashMap<VariantId, Arc<Offer>>,
        pointer: &str,
    ) -> Result<Arc<Self>> {
        let (choices, sku) = (self.variant.choices(), &self.variant.sku);
        if choices.is_empty() && parts.is_empty() {
            return Ok(self.clone());
        }
        require_few(parts, pointer)?;
        let mut faults = Faults::default();
        let mut units = self.fixed_units();
        for (at, part) in parts.iter().enumerate() {
            let mut wrong =
                |field: &str, said| faults.add(Code::InvalidChoice, &format!("{pointer}/{at}/{field}"), said);
            let Some(choice) = choices.iter().find(|choice| choice.code == part.choice.as_str()) else {
                wrong("choice", format!("{sku} has no choice {}", part.choice.as_str()));
                continue;
            };
            let is_it =
                |id: &&VariantId| known.get(*id).is_some_and(|of| Typed::of(&of.variant.sku) == *part.sku.key());
            match choice.option_ids.iter().find(is_it) {
                Some(id) => *units.entry(*id).or_default() += part.quantity.get(),
                None => wrong("sku", format!("{} is no option of the choice {}", part.sku, choice.code)),
            }
        }
        for choice in choices {
            let named = parts.iter().filter(|part| part.choice.as_str() == choice.code);
            let picked: i64 = named.map(|part| i64::from(part.quantity.get())).sum();
            if picked != i64::from(choice.picks) {
                let said = format!("choose {} of {} for each {sku}, not {picked}", choice.picks, choice.code);
                faults.add(Code::InvalidChoice, pointer, said);
            }
        }
        faults.require_none()?;
        Ok(self.made_of(units))
    }

    /// The offer with the parts that were handed over for it, whatever its choices say by now: they have left the shop.
    /// True if they are not chosen as it says. Without any it was a bundle of its fixed parts.
    pub fn handed_over(
        self: &Arc<Self>,
        parts: &[ChosenPart],
        known: &HashMap<Typed, Arc<Offer>>,
        pointer: &str,
    ) -> Result<(Arc<Self>, bool)> {
        let choices = self.variant.choices();
        if parts.is_empty() && choices.is_empty() {
            return Ok((self.clone(), false));
        }
        require_few(parts, pointer)?;
        let mut faults = Faults::default();
        let mut units = self.fixed_units();
        for (at, part) in parts.iter().enumerate() {
            let said = match known.get(part.sku.key()) {
                _ if self.product.category != Category::Bundle => format!("{} is no bundle", self.variant.sku),
                None => format!("there is no SKU {}", part.sku),
                Some(offer) if offer.product.category == Category::Bundle => format!("{} is a bundle itself", part.sku),
                Some(offer) => {
                    *units.entry(offer.variant.id).or_default() += part.quantity.get();
                    continue;
                }
            };
            faults.add(Code::InvalidChoice, &format!("{pointer}/{at}/sku"), said);
        }
        if parts.is_empty() && units.is_empty() {
            faults.add(Code::InvalidChoice, pointer, format!("name the parts of {} that left", self.variant.sku));
        }
        faults.require_none()?;
        let is_option = |choice: &BundleChoice, part: &ChosenPart| {
            let id = known.get(part.sku.key()).map(|of| of.variant.id);
            part.choice.as_str() == choice.code && id.is_some_and(|id| choice.option_ids.contains(&id))
        };
        let picked = |choice: &BundleChoice| -> i64 {
            parts.iter().filter(|part| is_option(choice, part)).map(|part| i64::from(part.quantity.get())).sum()
        };
        let all: i64 = parts.iter().map(|part| i64::from(part.quantity.get())).sum();
        let picks: i64 = choices.iter().map(|choice| i64::from(choice.picks)).sum();
        let is_as_said = all == picks && choices.iter().all(|choice| picked(choice) == i64::from(choice.picks));
        Ok((self.made_of(units), !is_as_said))
    }

    fn fixed_units(&self) -> BTreeMap<VariantId, i32> {
        self.components.iter().map(|part| (part.variant_id, part.quantity)).collect()
    }

    /// The same made of other parts, with nothing to choose.
    pub fn made_of(&self, units: BTreeMap<VariantId, i32>) -> Arc<Self> {
        let bundle_id = self.variant.id;
        let component = |(variant_id, quantity)| Component { bundle_id, variant_id, quantity };
        let variant = Variant { choices: None, ..self.variant.clone() };
        let components = units.into_iter().map(component).collect();
        Arc::new(Self { variant, components, ..self.clone() })
    }

    /// Refuses to sell a bundle of which nothing has been chosen.
    pub fn require_chosen(&self) -> Result<()> {
        match self.variant.choices() {
            [] => Ok(()),
            [first, ..] => {
                let said = format!("{} is sold with choices: name the parts of {}", self.variant.sku, first.code);
                Err(Error::refused(Code::InvalidChoice, said))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scarcest_part_or_choice_limits_a_set() {
        let [a, b, c, d] = [(); 4].map(|()| VariantId::new());
        let here = HashMap::from([(a, 7), (b, 5), (c, 3)]);
        let sets = |parts: &[(VariantId, i32)], choices: &[(i32, Vec<VariantId>)]| {
            BundleNeeds { parts: parts.to_vec(), choices: choices.to_vec() }.sets(&here)
        };
        assert_eq!(sets(&[(a, 2), (b, 1)], &[]), 3);
        assert_eq!(sets(&[(a, 1), (d, 1)], &[]), 0);
        assert_eq!(sets(&[], &[]), 0);
        assert_eq!(sets(&[(a, 1)], &[(2, vec![b, c])]), 4, "five and three, two for each set");
        assert_eq!(sets(&[], &[(1, vec![c, d])]), 3);
        let needs = BundleNeeds { parts: vec![(a, 1)], choices: vec![(1, vec![b, c])] };
        assert_eq!(needs.clone().without(&HashSet::from([b])).sets(&here), 3, "an option that is not sold any more");
        assert_eq!(needs.without(&HashSet::from([a])).sets(&here), 0, "a part that is not sold any more");
    }
}
