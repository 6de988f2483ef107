//! Files as people have them: CSV of any spreadsheet, or JSON lines. Encoding, delimiter and decimal comma are found
//! out; each row keeps the number of its line in the file.
use super::{
    cells::{Cells, value},
    columns::Columns,
};
use crate::kernel::{Code, Error, Result};
use serde_json::{Map, Value};
use std::{borrow::Cow, collections::BTreeSet};

/// Rows in a file at most.
pub const MOST_ROWS: usize = 100_000;

/// A row of a file as a JSON object of cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableRow {
    /// Its line in the file, from 1; a heading is line 1.
    pub no: i32,
    /// The object.
    pub line: String,
}

/// The rows of a file, and the columns that were not read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// The rows, in the order of the file.
    pub rows: Vec<TableRow>,
    /// Columns that only tell.
    pub ignored: BTreeSet<String>,
}

fn refuse<T>(why: impl Into<String>) -> Result<T> {
    Err(Error::refused(Code::InvalidRow, why))
}

/// The format of a file, and the meaning of its empty cells.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reading {
    /// True if it is CSV, false if it is JSON lines.
    pub is_csv: bool,
    /// True if an empty cell of CSV takes the value away; otherwise it leaves what is there.
    pub clears: bool,
}

/// Splits a file into its rows; refused as a whole only where it cannot be split.
pub fn split(columns: &Columns, bytes: &[u8], reading: Reading) -> Result<Table> {
    let text = decoded(bytes)?;
    if text.contains('\0') {
        return refuse("the file holds the NUL character");
    }
    let table =
        if reading.is_csv { from_csv(columns, &text, reading.clears)? } else { from_json_lines(columns, &text) };
    match table.rows.len() {
        0 => refuse("the file has no rows"),
        n if n > MOST_ROWS => refuse(format!("the file has {n} rows; {MOST_ROWS} are taken at most")),
        _ => Ok(table),
    }
}

/// The text of a file: by its byte order mark, else as UTF-16 if every other byte is NUL, else as UTF-8, else as
/// Windows-1252, which spreadsheets of western languages write.
fn decoded(bytes: &[u8]) -> Result<Cow<'_, str>> {
    let start = bytes.get(..bytes.len().min(200)).unwrap_or_default();
    let nul_at = |odd: usize| {
        let pairs = start.chunks_exact(2);
        pairs.len() > 1 && pairs.filter(|pair| pair.get(odd) == Some(&0)).count() * 2 > start.len() / 2
    };
    let encoding = match encoding_rs::Encoding::for_bom(bytes) {
        Some((encoding, _)) => encoding,
        None if nul_at(1) => encoding_rs::UTF_16LE,
        None if nul_at(0) => encoding_rs::UTF_16BE,
        None if std::str::from_utf8(bytes).is_ok() => encoding_rs::UTF_8,
        None if has_letters_of_utf8(bytes) => {
            let line = bytes.get(..valid_up_to(bytes)).unwrap_or_default().split(|byte| *byte == b'\n').count();
            return refuse(format!("the file is UTF-8, but not in line {line}: save it in one encoding"));
        }
        None => encoding_rs::WINDOWS_1252,
    };
    let (text, _, is_broken) = encoding.decode(bytes);
    match is_broken {
        true => refuse(format!("the file is not valid {}", encoding.name())),
        false => Ok(text),
    }
}

fn valid_up_to(bytes: &[u8]) -> usize {
    std::str::from_utf8(bytes).err().map_or(bytes.len(), |error| error.valid_up_to())
}

/// True of a file that is not UTF-8 as a whole, but has letters beyond ASCII in it.
fn has_letters_of_utf8(bytes: &[u8]) -> bool {
    bytes.utf8_chunks().any(|chunk| !chunk.valid().is_ascii())
}

fn from_json_lines(columns: &Columns, text: &str) -> Table {
    let mut table = Table::default();
    for (no, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        match serde_json::from_str::<Cells>(line) {
            _ if line.is_empty() => {}
            Ok(Cells(cells)) => table.add(columns, no, cells),
            Err(_) => table.rows.push(TableRow { no, line: line.to_owned() }),
        }
    }
    table
}

/// The character between the cells of the heading: the one that is there most often outside of quotes.
fn delimiter(heading: &str) -> u8 {
    let mut is_quoted = false;
    let bare: Vec<u8> = heading
        .bytes()
        .filter(|byte| {
            is_quoted ^= *byte == b'"';
            !is_quoted
        })
        .collect();
    let count = |of: &u8| bare.split(|byte| byte == of).count();
    let mut best = b',';
    for other in [b';', b'\t', b'|'] {
        if count(&other) > count(&best) {
            best = other;
        }
    }
    best
}

fn from_csv(columns: &Columns, text: &str, clears: bool) -> Result<Table> {
    // Spreadsheets may say the delimiter in a line of its own.
    let told_delimiter = text.lines().next().and_then(|line| line.strip_prefix("sep=")).map(str::trim_end);
    let (skipped, text) = match told_delimiter {
        Some(_) => (1, text.split_once('\n').map_or("", |(_, rest)| rest)),
        None => (0, text),
    };
    let heading = text.lines().next().unwrap_or_default();
    let delimiter = told_delimiter.and_then(|told| told.bytes().next()).unwrap_or_else(|| delimiter(heading));
    let mut csv = csv::ReaderBuilder::new();
    let mut csv = csv.flexible(true).trim(csv::Trim::All).delimiter(delimiter).from_reader(text.as_bytes());
    let names = csv.headers().map_err(|error| Error::refused(Code::InvalidRow, error.to_string()))?;
    let names: Vec<_> = names.iter().map(|name| columns.name_of(name)).collect();
    require_columns(columns, &names)?;
    let mut table = Table::default();
    let mut lines = LineCount { text, byte: 0, line: skipped + 1 };
    let mut is_open = false;
    for record in csv.records() {
        match record {
            Ok(record) => {
                let no = lines.at(record.position().map_or(0, csv::Position::byte));
                is_open = record.iter().any(|cell| cell.contains('\n'));
                if record.len() > names.len() {
                    // As a list: there is no name for the last of them.
                    let line = Value::from_iter(&record).to_string();
                    table.rows.push(TableRow { no, line });
                    continue;
                }
                let cells = names.iter().zip(&record);
                let cells = cells.filter(|(name, cell)| !cell.is_empty() || clears && !name.is_empty());
                let read = |(name, cell): (&String, &str)| match cell.is_empty() {
                    true => (name.clone(), Value::Null),
                    false => (name.clone(), value(columns, name, cell)),
                };
                table.add(columns, no, cells.map(read).collect());
            }
            Err(error) => return refuse(error.to_string()),
        }
    }
    // The last record has taken in what follows a quote that nothing closes.
    match is_open && text.matches('"').count() % 2 == 1 {
        true => refuse("a quote is opened in the last row and not closed: rows after it would be lost"),
        false => Ok(table),
    }
}

/// Lines end with a line feed, a carriage return, or both.
fn is_end(byte: u8) -> bool {
    matches!(byte, b'\r' | b'\n')
}

/// Counts the lines of a text up to its records, which come in order.
struct LineCount<'a> {
    text: &'a str,
    byte: usize,
    line: i32,
}

impl LineCount<'_> {
    /// The line on which the record at this byte begins. Its position may lie before the end of the line above.
    fn at(&mut self, byte: u64) -> i32 {
        let mut to = usize::try_from(byte).unwrap_or(usize::MAX).min(self.text.len());
        let bytes = self.text.as_bytes();
        while bytes.get(to).is_some_and(|byte| is_end(*byte)) {
            to += 1;
        }
        let passed = bytes.get(self.byte..to).unwrap_or_default();
        let (pairs, ends) =
            (passed.windows(2).filter(|two| *two == b"\r\n"), passed.iter().filter(|byte| is_end(**byte)));
        self.line += i32::try_from(ends.count() - pairs.count()).unwrap_or(0);
        self.byte = to;
        self.line
    }
}

fn require_columns(columns: &Columns, names: &[String]) -> Result<()> {
    let mut faults = vec![];
    for (at, name) in names.iter().enumerate() {
        // Spreadsheets write columns without a name after the last one.
        if name.is_empty() {
            continue;
        }
        if !columns.read.contains(&&**name) && !columns.told.contains(&&**name) {
            faults.push(format!("{} have no column {name:?}", columns.kind));
        }
        if names.iter().take(at).any(|other| other == name) {
            faults.push(format!("the column {name:?} is there twice"));
        }
    }
    match faults.is_empty() {
        true => Ok(()),
        false => refuse(format!("{}; the columns are {}", faults.join(", "), columns.read.join(", "))),
    }
}

impl Table {
    fn add(&mut self, columns: &Columns, no: i32, cells: Map<String, Value>) {
        let mut kept = Map::new();
        let mut twice = None;
        for (name, cell) in cells {
            let column = columns.name_of(&name);
            // Null of a column that is not known is kept, so that the row is refused for it.
            let is_known = columns.read.contains(&&*column);
            let is_kept = !cell.is_null() || !is_known || columns.clearable.contains(&&*column);
            if columns.told.contains(&&*column) {
                self.ignored.insert(column);
            } else if is_kept {
                let name = if columns.read.contains(&&*column) { column } else { name };
                if kept.insert(name.clone(), cell).is_some() {
                    twice = Some(name);
                }
            }
        }
        // A column in two spellings is told of as one that is there twice.
        let line = match &twice {
            Some(name) => format!("{{{0}:null,{0}:null}}", Value::from(name.as_str())),
            None => Value::Object(kept).to_string(),
        };
        self.rows.push(TableRow { no, line });
    }
}
