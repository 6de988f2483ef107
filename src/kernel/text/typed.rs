//! The identity of codes that people type, scan or read off a pack. Two texts are the same code if they differ only in
//! blanks around them, in compatibility forms (Unicode normal form KC) or in the case of the letters A to Z. A code is
//! kept and shown as it was first written; only comparisons go by its identity.
//!
//! The database compares the same way: `upper(normalize(code, NFKC) collate "C")` folds the letters A to Z alone.
use serde::Serialize;
use unicode_normalization::UnicodeNormalization;

/// The identity of a code.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Typed(String);

impl Typed {
    /// The identity of the code that this text writes.
    pub fn of(text: &str) -> Self {
        let composed: String = text.trim().nfkc().collect();
        Self(composed.to_ascii_uppercase())
    }

    /// The identity as text, for comparisons in SQL.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<Typed> for String {
    fn from(typed: Typed) -> Self {
        typed.0
    }
}

#[cfg(test)]
mod tests {
    use super::Typed;

    #[test]
    fn case_blanks_and_width_do_not_make_another_code() {
        for same in ["l2309b", " L2309B ", "\u{ff2c}2309\u{ff22}"] {
            assert_eq!(Typed::of(same), Typed::of("L2309B"), "{same:?}");
        }
        assert_ne!(Typed::of("L2309"), Typed::of("L2309B"));
        assert_ne!(Typed::of("\u{e9}1"), Typed::of("e1"));
    }
}
