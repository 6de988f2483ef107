//! Sentences for people: ids in a refusal become the names that people use.
use crate::kernel::{Error, Refusal, Result};
use futures_util::future::BoxFuture;
use std::collections::HashMap;
use uuid::Uuid;

/// Knows what people call the records that ids stand for: a SKU, a code.
pub trait Namer: Send + Sync {
    /// The names of some ids; those without one are left out.
    fn names_of(&self, ids: Vec<Uuid>) -> BoxFuture<'_, Result<HashMap<Uuid, String>>>;
}

/// Length of an id as text.
const LENGTH: usize = 36;

/// The ids that a text holds.
fn ids_in(text: &str) -> impl Iterator<Item = (usize, Uuid)> + '_ {
    text.match_indices('-').filter_map(|(dash, _)| {
        let start = dash.checked_sub(8)?;
        Some((start, Uuid::try_parse(text.get(start..start + LENGTH)?).ok()?))
    })
}

fn renamed(text: &str, names: &HashMap<Uuid, String>) -> String {
    let (mut out, mut done) = (String::with_capacity(text.len()), 0);
    for (start, id) in ids_in(text).filter(|(_, id)| names.contains_key(id)) {
        out.push_str(text.get(done..start).unwrap_or_default());
        out.push_str(names.get(&id).map_or("", String::as_str));
        done = start + LENGTH;
    }
    out.push_str(text.get(done..).unwrap_or_default());
    out
}

/// The refusal with names in place of ids; none if its sentences hold no id that has a name.
pub async fn named(error: &Error, namer: &dyn Namer) -> Option<Refusal> {
    let Error::Refused(refusal) = error else { return None };
    let texts = std::iter::once(&*refusal.detail).chain(refusal.faults.iter().map(|fault| &*fault.detail));
    let ids: Vec<_> = texts.flat_map(ids_in).map(|(_, id)| id).collect();
    if ids.is_empty() {
        return None;
    }
    let names = namer.names_of(ids).await.ok().filter(|names| !names.is_empty())?;
    let mut told = (**refusal).clone();
    told.detail = renamed(&told.detail, &names);
    told.faults.iter_mut().for_each(|fault| fault.detail = renamed(&fault.detail, &names));
    Some(told)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_id_that_has_a_name_is_replaced_and_nothing_else() {
        let (known, unknown) = (Uuid::from_u128(7), Uuid::from_u128(8));
        let names = HashMap::from([(known, "LIP-1".to_owned())]);
        let text = format!("{known}: asked for 3 of {known}, not-an-id, {unknown} \u{20ac}");
        assert_eq!(renamed(&text, &names), format!("LIP-1: asked for 3 of LIP-1, not-an-id, {unknown} \u{20ac}"));
    }
}
