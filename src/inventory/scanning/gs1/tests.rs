//! Scans as scanners send them.
use super::*;
use proptest::prelude::*;

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 25).unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn scan(text: &str) -> Scan {
    read(text, today()).unwrap_or_else(|why| panic!("{text}: {why}"))
}

#[test]
fn a_datamatrix_with_gtin_lot_and_expiry_is_read_in_any_of_its_forms() {
    let expected = Scan {
        gtin: Some("09506000134352".parse().unwrap()),
        lot: Some("ABC123".into()),
        expires_on: Some(day("2026-04-30")),
        ..Scan::default()
    };
    for form in [
        "]d201095060001343521726043010ABC123",
        "]C101095060001343521726043010ABC123",
        "01095060001343521726043010ABC123",
        "010950600013435210ABC123\u{1d}17260430",
        "\u{1d}010950600013435210ABC123\u{1d}17260430\u{1d}",
        "(01)09506000134352(17)260430(10)ABC123",
        "]d2010950600013435217260430400PO-77\u{1d}10ABC123",
    ] {
        assert_eq!(scan(form), expected, "{form:?}");
    }
}

#[test]
fn a_plain_code_is_its_gtin() {
    for form in ["4006381333931", "]E04006381333931", "96385074", "]E496385074", "036000291452"] {
        let digits = form.trim_start_matches("]E0").trim_start_matches("]E4");
        assert_eq!(scan(form), Scan { gtin: Some(digits.parse().unwrap()), ..Scan::default() });
    }
}

#[test]
fn dates_have_their_century_and_their_last_day() {
    let expiry = |digits: &str| scan(&format!("]d217{digits}")).expires_on;
    assert_eq!(expiry("280200"), Some(day("2028-02-29")));
    assert_eq!(expiry("270200"), Some(day("2027-02-28")));
    assert_eq!(expiry("261200"), Some(day("2026-12-31")));
    assert_eq!(expiry("760101"), Some(day("2076-01-01")), "50 years on");
    assert_eq!(expiry("770101"), Some(day("1977-01-01")), "51 years on would be");
    let in_1999 = NaiveDate::from_ymd_opt(1999, 6, 1).unwrap();
    assert_eq!(read("]d217490101", in_1999).unwrap().expires_on, Some(day("2049-01-01")));
    assert_eq!(read("]d217500101", in_1999).unwrap().expires_on, Some(day("1950-01-01")));
}

#[test]
fn what_is_wrong_is_refused_by_a_lasting_code() {
    for (text, code) in [
        ("", Code::InvalidScan),
        ("0109506000134353", Code::InvalidScan),
        ("4006381333932", Code::InvalidScan),
        ("01095060001343", Code::InvalidScan),
        ("]d217261301", Code::InvalidScan),
        ("]d217260230", Code::InvalidScan),
        ("10", Code::InvalidScan),
        ("10ABCDEFGHIJKLMNOPQRSTU", Code::InvalidScan),
        ("XY123", Code::InvalidScan),
        ("(01)09506000134352(17", Code::InvalidScan),
        ("10A\u{1d}10B", Code::InvalidScan),
        ("1112345", Code::InvalidScan),
        ("]X9hello", Code::InvalidScan),
        ("10Ä", Code::InvalidScan),
        ("400ORDER", Code::InvalidScan),
        ("1126043017260429", Code::ExpiryBeforeManufacture),
        ("1126043015260429", Code::ExpiryBeforeManufacture),
    ] {
        assert_eq!(read(text, today()).unwrap_err().code(), code, "{text:?}");
    }
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(text in "\\PC{0,60}|[0-9\u{1d}()]{0,60}") {
        let _ = read(&text, today()).is_ok();
    }

    #[test]
    fn elements_read_back_in_any_order(
        lot in "[A-Z0-9/.-]{1,20}", serial in "[A-Z0-9]{1,20}", days in 0u64..18_000, lot_first: bool,
    ) {
        let expiry = NaiveDate::from_ymd_opt(2000, 1, 1).unwrap() + chrono::Days::new(days);
        let (a, b) = (format!("10{lot}\u{1d}"), format!("21{serial}\u{1d}"));
        let (a, b) = if lot_first { (a, b) } else { (b, a) };
        let found = read(&format!("]d2{a}17{}{b}", expiry.format("%y%m%d")), today()).unwrap();
        prop_assert_eq!((found.lot, found.serial, found.expires_on), (Some(lot), Some(serial), Some(expiry)));
    }
}
