//! The language in which a product is told: the nearest one that there is (RFC 4647 §3.4, lookup).

/// The tags to look up, the exact one first: each time the last subtag falls, and with it a single letter before it.
pub fn lookups(tag: &str) -> Vec<&str> {
    let mut found = vec![tag];
    let mut rest = tag;
    while let Some((shorter, _)) = rest.rsplit_once('-') {
        rest = match shorter.rsplit_once('-') {
            Some((before, single)) if single.len() == 1 => before,
            _ => shorter,
        };
        found.push(rest);
    }
    found
}

/// The first of the translations that fits a language; none if only the default does.
pub fn nearest<'a, T>(wanted: &str, all: &'a [T], language: impl Fn(&T) -> &str) -> Option<&'a T> {
    lookups(wanted).into_iter().find_map(|tag| all.iter().find(|one| language(one).eq_ignore_ascii_case(tag)))
}

#[cfg(test)]
mod tests {
    use super::{lookups, nearest};

    #[test]
    fn the_example_of_the_standard_is_looked_up_in_its_order() {
        // RFC 4647 §3.4.
        let wanted = ["zh-Hant-CN-x-private1-private2", "zh-Hant-CN-x-private1", "zh-Hant-CN", "zh-Hant", "zh"];
        assert_eq!(lookups("zh-Hant-CN-x-private1-private2"), wanted);
    }

    #[test]
    fn the_nearest_language_is_told_and_the_default_where_there_is_none() {
        let there = ["fr", "pt-BR", "fr-CA"];
        let told = |wanted: &str| nearest(wanted, &there, |tag| tag).copied();
        assert_eq!([told("fr-CA"), told("fr-BE"), told("FR")], [Some("fr-CA"), Some("fr"), Some("fr")]);
        assert_eq!([told("pt"), told("de")], [None, None], "a wider language does not stand for a narrower one");
    }
}
