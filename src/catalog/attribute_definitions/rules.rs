//! The attributes of a product fit their definitions.
use super::{
    model::Told,
    store::AttributeDefinition,
    values::{AttributeKind, AttributeValue, Attributes},
};
use crate::{
    catalog::{classification::Category, store::Product},
    kernel::{Code, Faults, GroupId, Result, Text},
};
use std::collections::HashSet;

/// A key as a part of a JSON pointer (RFC 6901 §3).
fn pointer(code: &str) -> String {
    format!("/attributes/{}", code.replace('~', "~0").replace('/', "~1"))
}

/// The attributes of a product as they are kept; refused where one is not defined for it, has a value that its
/// definition does not allow, or is missing though it is required. `categories` are the product's own category and
/// those above it.
pub fn checked(
    definitions: &[AttributeDefinition],
    product: &Product,
    categories: &[GroupId],
    attributes: &Attributes,
) -> Result<Attributes> {
    let (mut faults, mut kept) = (Faults::default(), Attributes::new());
    let has = |one: &AttributeDefinition| one.applies_to(product.category, categories);
    for (code, value) in attributes {
        match definitions.iter().find(|one| one.code == *code) {
            None => faults.add(Code::UnknownAttribute, &pointer(code), format!("there is no attribute {code}")),
            Some(one) if !has(one) => {
                let said = format!("the attribute {code} is not defined for the category of {}", product.name);
                faults.add(Code::UnknownAttribute, &pointer(code), said);
            }
            Some(one) => match one.read(value) {
                Ok(value) => drop(kept.insert(code.clone(), value)),
                Err(why) => faults.add(Code::InvalidAttribute, &pointer(code), format!("{code} {why}")),
            },
        }
    }
    for one in definitions.iter().filter(|one| one.is_required && has(one) && !attributes.contains_key(&one.code)) {
        let said = format!("the attribute {} is required for the category of {}", one.code, product.name);
        faults.add(Code::InvalidAttribute, &pointer(&one.code), said);
    }
    faults.require_none()?;
    Ok(kept)
}

impl AttributeDefinition {
    /// True if products of a kind have it that stand in these categories: their own and those above it.
    pub fn applies_to(&self, kind: Category, categories: &[GroupId]) -> bool {
        self.category.is_none_or(|of| of == kind) && self.category_id.is_none_or(|of| categories.contains(&of))
    }

    /// A value as it is kept, or the reason for which it may not have it. Texts and options are compared and kept as
    /// all texts are: composed, without spaces around them.
    fn read(&self, value: &AttributeValue) -> std::result::Result<AttributeValue, String> {
        use AttributeKind as K;
        use AttributeValue as V;
        let option = |text: &String| {
            let kept = text.parse::<Text<100>>().map(String::from).unwrap_or_default();
            match self.options.0.contains(&kept) {
                true => Ok(kept),
                false => Err(format!("has no option {text:?}: it is one of {}", self.options.0.join(", "))),
            }
        };
        match (self.kind, value) {
            (K::Text, V::Text(text)) => Ok(V::Text(text.parse::<Text<500>>()?.into())),
            (K::Number, V::Number(number)) => {
                self.allows_number(number.as_f64().unwrap_or(f64::NAN))?;
                Ok(value.clone())
            }
            (K::Boolean, V::Flag(_)) => Ok(value.clone()),
            (K::Choice, V::Text(text)) => option(text).map(V::Text),
            (K::Choices, V::Choices(all)) => {
                let kept = all.iter().map(option).collect::<std::result::Result<Vec<_>, _>>()?;
                let mut seen = HashSet::new();
                match kept.iter().find(|text| !seen.insert(*text)) {
                    _ if kept.is_empty() => Err("names one option at least; leave it out for none".into()),
                    Some(twice) => Err(format!("names {twice:?} twice")),
                    None => Ok(V::Choices(kept)),
                }
            }
            (kind, _) => Err(format!("must be {}", kind.said())),
        }
    }

    fn allows_number(&self, number: f64) -> std::result::Result<(), String> {
        if !number.is_finite() {
            return Err("is a number beyond all bounds".into());
        }
        if let Some(least) = self.minimum.filter(|least| number < *least) {
            return Err(format!("must be {least} or more"));
        }
        if let Some(most) = self.maximum.filter(|most| number > *most) {
            return Err(format!("must be {most} or less"));
        }
        Ok(())
    }
}

impl AttributeKind {
    fn said(self) -> &'static str {
        match self {
            Self::Text => "a text of 1 to 500 characters",
            Self::Number => "a number",
            Self::Boolean => "true or false",
            Self::Choice => "the text of one option",
            Self::Choices => "a list of options",
        }
    }

    /// True if products are filtered and counted by it: its values are few.
    pub fn is_counted(self) -> bool {
        matches!(self, Self::Boolean | Self::Choice | Self::Choices)
    }
}

/// The faults of a definition: options belong to choices, unit and bounds to numbers.
pub fn check_definition(kind: AttributeKind, told: &Told) -> Result<()> {
    let mut faults = Faults::default();
    let is_choice = matches!(kind, AttributeKind::Choice | AttributeKind::Choices);
    if is_choice == told.options.is_empty() {
        let said = if is_choice { "a choice has options" } else { "only a choice has options" };
        faults.add(Code::InvalidBody, "/options", said);
    }
    let mut seen = HashSet::new();
    for (at, option) in told.options.iter().enumerate().filter(|(_, option)| !seen.insert(option.to_lowercase())) {
        faults.add(Code::InvalidBody, &format!("/options/{at}"), format!("the option {option} is named twice"));
    }
    let is_number = kind == AttributeKind::Number;
    for (name, is_said) in
        [("/unit", told.unit.is_some()), ("/minimum", told.minimum.is_some()), ("/maximum", told.maximum.is_some())]
    {
        if is_said && !is_number {
            faults.add(Code::InvalidBody, name, "only a number has it");
        }
    }
    if told.minimum.zip(told.maximum).is_some_and(|(least, most)| least > most) {
        faults.add(Code::InvalidBody, "/maximum", "must not be less than minimum");
    }
    faults.require_none()
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
