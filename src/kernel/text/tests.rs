//! Tests of text.
use super::{Email, Sku, Text};
use proptest::prelude::*;

#[test]
fn text_is_trimmed_and_composed() {
    assert_eq!(&*"  Cre\u{300}me ".parse::<Text<10>>().unwrap(), "Cr\u{e8}me");
}

#[test]
fn an_address_has_a_name_and_a_host_and_no_blanks() {
    assert!("ada@maison.example".parse::<Email>().is_ok());
    for bad in ["ada", "@maison.example", "ada@", "a da@maison.example", ""] {
        assert!(bad.parse::<Email>().is_err(), "{bad}");
    }
}

proptest! {
    #[test]
    fn parsed_text_never_holds_control_characters_or_too_many(raw in ".{0,40}") {
        if let Ok(text) = raw.parse::<Text<12>>() {
            prop_assert!(!text.chars().any(char::is_control));
            prop_assert!((1..=12).contains(&text.chars().count()));
        }
    }

    #[test]
    fn a_sku_is_read_back_as_it_was_written(raw in "[A-Za-z0-9][A-Za-z0-9._-]{0,63}") {
        let sku = raw.parse::<Sku>().unwrap();
        prop_assert_eq!(sku.as_str(), &raw);
        prop_assert_eq!(sku, raw.to_ascii_lowercase().parse::<Sku>().unwrap());
    }
}
