//! Scans: GS1 element strings as they stand in GS1 DataMatrix, GS1-128 and GS1 QR codes, and plain GTINs of
//! EAN and UPC codes (GS1 General Specifications, §3 and §7.8; symbology identifiers of ISO/IEC 15424).
use crate::{
    catalog::Gtin,
    kernel::{Code, Error, Result},
};
use chrono::{Datelike, Months, NaiveDate};
use serde::Serialize;
use utoipa::ToSchema;

/// Separates elements of variable length: FNC1, which scanners send as the group separator.
const SEPARATOR: char = '\u{1d}';
/// The longest scan that is read.
const LONGEST: usize = 512;

/// The elements of a scan that matter to stock.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Scan {
    /// AI 01, or the whole of a plain EAN or UPC code.
    #[schema(value_type = Option<String>)]
    pub gtin: Option<Gtin>,
    /// AI 10: batch or lot.
    pub lot: Option<String>,
    /// AI 11: when it was made.
    pub made_on: Option<NaiveDate>,
    /// AI 15: best before.
    pub best_before: Option<NaiveDate>,
    /// AI 17: not to be used afterwards.
    pub expires_on: Option<NaiveDate>,
    /// AI 21: serial number.
    pub serial: Option<String>,
}

/// Lengths of the data of elements that need no separator, by the first two digits of their identifier, which count as
/// part of it where the identifier has more than two (General Specifications, figure 7.8.5-1).
fn fixed_length(prefix: &str) -> Option<usize> {
    Some(match prefix {
        "00" => 18,
        "01" | "02" | "03" | "41" => 14,
        "04" => 16,
        "11" | "12" | "13" | "14" | "15" | "16" | "17" | "18" | "19" => 6,
        "20" => 2,
        "31" | "32" | "33" | "34" | "35" | "36" => 8,
        _ => return None,
    })
}

/// Reads a scan. `today` settles the century of dates, of which only two digits of the year are printed.
pub fn read(text: &str, today: NaiveDate) -> Result<Scan> {
    let refuse = |why: String| Err(Error::refused(Code::InvalidScan, why));
    let text = text.trim();
    if text.is_empty() || text.len() > LONGEST {
        return refuse(format!("a scan has 1 to {LONGEST} characters"));
    }
    if !text.chars().all(|c| c == SEPARATOR || (' '..='~').contains(&c)) {
        return refuse("a scan has visible ASCII characters and group separators only".into());
    }
    let data = match text.strip_prefix(']') {
        Some(rest) => match rest.split_at_checked(2) {
            Some(("d2" | "C1" | "Q3" | "e0" | "J1", data)) => data,
            Some((_, data)) if data.bytes().all(|b| b.is_ascii_digit()) => return plain(data),
            _ => return refuse(format!("{text:.20} is not a GS1 symbol")),
        },
        None if text.bytes().all(|b| b.is_ascii_digit()) && [8, 12, 13, 14].contains(&text.len()) => {
            return plain(text);
        }
        None => text,
    };
    match data.starts_with('(') {
        true => bracketed(data, today),
        false => elements(data.trim_start_matches(SEPARATOR), today),
    }
}

fn plain(digits: &str) -> Result<Scan> {
    Ok(Scan { gtin: Some(gtin(digits)?), ..Scan::default() })
}

fn gtin(digits: &str) -> Result<Gtin> {
    digits.parse().map_err(|why: String| Error::refused(Code::InvalidScan, why))
}

/// The form for people: `(01)09506000134352(17)260430`.
fn bracketed(data: &str, today: NaiveDate) -> Result<Scan> {
    let mut scan = Scan::default();
    for element in data.split('(').skip(1) {
        let Some((identifier, value)) = element.split_once(')') else {
            return Err(Error::refused(Code::InvalidScan, format!("({element:.20} has no closing bracket")));
        };
        scan.take(identifier, value, today)?;
    }
    scan.checked()
}

fn elements(mut data: &str, today: NaiveDate) -> Result<Scan> {
    let mut scan = Scan::default();
    while !data.is_empty() {
        let short = || Error::refused(Code::InvalidScan, format!("the element at {data:.20} is cut off"));
        let (prefix, rest) = data.split_at_checked(2).ok_or_else(short)?;
        if !prefix.bytes().all(|b| b.is_ascii_digit()) {
            return Err(Error::refused(Code::InvalidScan, format!("{prefix:?} is not an application identifier")));
        }
        let (value, after) = match fixed_length(prefix) {
            Some(length) => rest.split_at_checked(length).ok_or_else(short)?,
            None => rest.split_once(SEPARATOR).unwrap_or((rest, "")),
        };
        scan.take(prefix, value, today)?;
        data = after.trim_start_matches(SEPARATOR);
    }
    scan.checked()
}

impl Scan {
    /// Takes one element in; those that say nothing about stock are passed over.
    fn take(&mut self, identifier: &str, value: &str, today: NaiveDate) -> Result<()> {
        match identifier {
            "01" => set(&mut self.gtin, gtin(value)?, identifier),
            "10" => set(&mut self.lot, text(identifier, value)?, identifier),
            "11" => set(&mut self.made_on, date(identifier, value, today)?, identifier),
            "15" => set(&mut self.best_before, date(identifier, value, today)?, identifier),
            "17" => set(&mut self.expires_on, date(identifier, value, today)?, identifier),
            "21" => set(&mut self.serial, text(identifier, value)?, identifier),
            _ => Ok(()),
        }
    }

    fn checked(self) -> Result<Self> {
        let last = [self.best_before, self.expires_on].into_iter().flatten().min();
        if let (Some(made), Some(last)) = (self.made_on, last)
            && last < made
        {
            let detail = format!("it was made on {made} and is good until {last}");
            return Err(Error::refused(Code::ExpiryBeforeManufacture, detail));
        }
        match self == Self::default() {
            true => Err(Error::refused(Code::InvalidScan, "the scan names no GTIN, lot, date or serial number")),
            false => Ok(self),
        }
    }
}

/// An element stands once, or says the same again.
fn set<T: PartialEq>(location: &mut Option<T>, value: T, identifier: &str) -> Result<()> {
    if location.as_ref().is_some_and(|before| *before != value) {
        return Err(Error::refused(Code::InvalidScan, format!("({identifier}) stands twice, with different values")));
    }
    *location = Some(value);
    Ok(())
}

fn text(identifier: &str, value: &str) -> Result<String> {
    match (1..=20).contains(&value.len()) {
        true => Ok(value.to_owned()),
        false => {
            Err(Error::refused(Code::InvalidScan, format!("({identifier}) has 1 to 20 characters, not {value:.30}")))
        }
    }
}

/// `YYMMDD`. Day 00 is the last of the month; the century is the one that brings the year within 50 years of today
/// (General Specifications, §7.12).
fn date(identifier: &str, value: &str, today: NaiveDate) -> Result<NaiveDate> {
    let wrong =
        || Error::refused(Code::InvalidScan, format!("({identifier}) is not a date of the form YYMMDD: {value:.10}"));
    if value.len() != 6 || !value.bytes().all(|b| b.is_ascii_digit()) {
        return Err(wrong());
    }
    let part = |at: usize| value.get(at..at + 2).and_then(|digits| digits.parse::<u32>().ok()).ok_or_else(wrong);
    let (year, month, day) = (part(0)?.cast_signed(), part(2)?, part(4)?);
    let (century, now) = (today.year().div_euclid(100), today.year().rem_euclid(100));
    let century = match year - now {
        51.. => century - 1,
        ..=-50 => century + 1,
        _ => century,
    };
    let first = NaiveDate::from_ymd_opt(century * 100 + year, month, 1).ok_or_else(wrong)?;
    match day {
        0 => first.checked_add_months(Months::new(1)).and_then(|next| next.pred_opt()).ok_or_else(wrong),
        day => first.with_day(day).ok_or_else(wrong),
    }
}

#[cfg(test)]
mod tests;
