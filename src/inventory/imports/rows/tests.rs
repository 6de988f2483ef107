//! Tests of reading tables and their rows.
use super::*;
use crate::{
    inventory::levels::LevelChange,
    platform::files::{Columns, Reading, Table, read},
};
use proptest::prelude::*;

fn split(columns: &Columns, bytes: &[u8], is_csv: bool) -> Result<Table> {
    crate::platform::files::split(columns, bytes, Reading { is_csv, clears: false })
}

fn levels(bytes: &[u8]) -> Vec<(i32, String)> {
    let table = split(&LEVELS, bytes, true).unwrap();
    table.rows.into_iter().map(|row| (row.no, row.line)).collect()
}

#[test]
fn a_csv_row_says_what_a_json_line_says() {
    let csv = "location,sku,delta,reason,note\nPARIS,LIP-1,-2,sample,\"for, say, Ada\"\n";
    let rows = split(&LEVELS, csv.as_bytes(), true).unwrap().rows;
    let line = r#"{"location":"PARIS","sku":"LIP-1","delta":-2,"reason":"sample","note":"for, say, Ada"}"#;
    let json = split(&LEVELS, line.as_bytes(), false).unwrap().rows;
    for row in [&rows[0], &json[0]] {
        let row = &row.line;
        let LevelChange::By(booking) = read::<LevelRow>(&LEVELS, row).unwrap().change().unwrap() else {
            panic!("{row}")
        };
        assert_eq!((booking.units, &*booking.reason), (-2, "sample"));
        assert_eq!(booking.note.as_deref(), Some("for, say, Ada"));
    }
}

#[test]
fn files_of_every_spreadsheet_say_the_same() {
    let expected = vec![(2, r#"{"delta":5,"location":"PARIS","reason":"found","sku":"LIP-1"}"#.to_owned())];
    let text = "Location;SKU;Delta;Reason\r\nPARIS;LIP-1;5,0;found\r\n";
    let utf16 = |units: Vec<u8>| units;
    let le: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let be: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    for bytes in [
        text.as_bytes().to_vec(),
        format!("\u{feff}{text}").into_bytes(),
        text.replace(';', "\t").into_bytes(),
        text.replace(';', "|").into_bytes(),
        "location,sku,delta,reason\nPARIS,LIP-1,\"5,00\",found\n".as_bytes().to_vec(),
        "Location, SKU ,delta,reason\nPARIS,LIP-1,5.0,found\n".as_bytes().to_vec(),
        [vec![0xff, 0xfe], le.clone()].concat(),
        [vec![0xfe, 0xff], be.clone()].concat(),
        utf16(le),
        utf16(be),
    ] {
        assert_eq!(levels(&bytes), expected, "{}", String::from_utf8_lossy(&bytes));
    }
    assert_eq!(levels(format!("sep=;\n{text}").as_bytes())[0].0, 3, "the line as the file has it");
    let latin = b"location;sku;delta;reason;note\nPARIS;LIP-1;1;found;Entr\xe9e\n";
    assert!(levels(latin)[0].1.contains("Entr\u{e9}e"));
}

#[test]
fn a_row_after_a_cell_of_two_lines_has_the_number_of_its_line() {
    let rows = levels(b"location,sku,delta,reason,note\nP,L,1,found,\"a\nb\"\nP,L,2,found,c\n");
    assert_eq!((rows[0].0, rows[1].0), (2, 4));
    for end in ["\r", "\r\n", "\n"] {
        let file = ["location,sku,delta,reason", "P,L,1,found", "", "P,L,2,found", ""].join(end);
        assert_eq!(levels(file.as_bytes()).iter().map(|row| row.0).collect::<Vec<_>>(), [2, 4], "{end:?}");
    }
}

#[test]
fn a_file_that_cannot_be_split_is_refused_and_a_row_that_cannot_be_read_is_one_rows_fault() {
    for bad in [
        "location,sku,note\nA,B,\"c\nD,E,f\nG,H,i\n",
        "location,nonsense\nA,B\n",
        "",
        "location,sku\n",
        "sku,sku\nA,B\n",
    ] {
        assert_eq!(split(&LEVELS, bad.as_bytes(), true).unwrap_err().code(), Code::InvalidRow, "{bad}");
    }
    let rows = split(&COUNTS, b"count_id,sku,quantity\nx,y,1,too,many\n", true).unwrap().rows;
    assert!(read::<CountRow>(&COUNTS, &rows[0].line).is_err());
    for bad in [r#"{"location":"A","sku":"B"}"#, r#"{"location":"A","sku":"B","delta":1,"set":1,"reason":"count"}"#] {
        assert!(read::<LevelRow>(&LEVELS, bad).unwrap().change().is_err(), "{bad}");
    }
}

#[test]
fn a_row_that_cannot_be_read_says_the_column_and_what_belongs_there() {
    let said = |line: &str| format!("{}", read::<LevelRow>(&LEVELS, line).unwrap_err());
    assert!(
        said(r#"{"location":"A","sku":"B","delta":"x"}"#)
            .contains("delta must be a whole number, such as 5, not \"x\"")
    );
    assert!(said(r#"{"location":"A"}"#).contains("sku is missing or empty"));
    assert!(said(r#"{"location":"A","sku":"B","state":"gone"}"#).contains("state: \"gone\" is not one of on_hand"));
    let file = |text: &str, is_csv| said(&split(&LEVELS, text.as_bytes(), is_csv).unwrap().rows[0].line);
    let long = file("location,sku,delta,reason\nP,L,1,found,more\n", true);
    assert!(long.contains("the row has 5 cells, more than there are columns"), "{long}");
    let twice = file(r#"{"location":"A","sku":"B","delta":1,"reason":"found","sku":"C"}"#, false);
    assert!(twice.contains("the row has sku twice"), "{twice}");
    let twice = file(r#"{"location":"A","sku":"B","set":1,"Set":7,"reason":"count"}"#, false);
    assert!(twice.contains("the row has set twice"), "{twice}");
}

proptest! {
    #[test]
    fn no_file_makes_the_reader_panic(
        text in "\\PC{0,200}", lines in "[a-z,;\t\"\n0-9-]{0,200}", is_csv: bool, bytes: Vec<u8>,
    ) {
        for kind in [&LEVELS, &COUNTS, &RECEIPTS] {
            let _ = split(kind, &bytes, is_csv);
            for text in [&text, &lines, &format!("sku,location\n{lines}")] {
                for row in split(kind, text.as_bytes(), is_csv).unwrap_or_default().rows {
                    let _ = read::<LevelRow>(&LEVELS, &row.line).map(LevelRow::change);
                    let _ = read::<CountRow>(&COUNTS, &row.line).map(CountRow::counted);
                    let _ = read::<ReceiptRow>(&RECEIPTS, &row.line).map(ReceiptRow::arriving);
                }
            }
        }
    }
}
