//! JSON that is written often and read seldom, packed: kept answers, events, decisions. Most of it is the names of its
//! fields. LZ4 with a dictionary of these takes two microseconds and leaves a fifth to a half, of the log as of the
//! tables.
use anyhow::{Context, anyhow};
use diesel::{
    deserialize::{FromSql, FromSqlRow, Result as Read},
    pg::{Pg, PgValue},
    sql_types::Binary,
};
use serde::de::DeserializeOwned;
use uuid::Uuid;

/// The words of answers, events and decisions, each dictionary with its number. What is packed names one by its number:
/// none is ever changed, a better one gets the next number. The last one packs.
const DICTIONARIES: [(u8, &[u8]); 2] = [(1, include_bytes!("words_1.txt")), (2, include_bytes!("words_2.txt"))];

/// The dictionary that packs, with its number.
const NEWEST: (u8, &[u8]) = (2, include_bytes!("words_2.txt"));

/// Texts below this length are kept as they are.
const SHORT: usize = 100;

/// Stands before the sixteen bytes of an identifier: JSON has no such byte.
const ID: u8 = 2;

/// Characters of an identifier.
const ID_LENGTH: usize = 36;

/// Characters of an identifier before its first hyphen.
const FIRST_HYPHEN: usize = 8;

/// The longest text that can be unpacked, in bytes.
const LONGEST: u32 = 64 * 1024 * 1024;

/// A text as it is kept: the number of the dictionary, the length as four bytes (little endian) and an LZ4 block; or
/// the text itself, which begins with another byte, where that is no longer.
pub fn pack(text: &str) -> Vec<u8> {
    packed_with(NEWEST, text)
}

fn packed_with(dictionary: (u8, &[u8]), text: &str) -> Vec<u8> {
    if text.len() < SHORT || u32::try_from(text.len()).map_or(true, |length| length > LONGEST) {
        return text.as_bytes().to_vec();
    }
    if text.bytes().any(|byte| byte == ID) {
        return text.as_bytes().to_vec();
    }
    let (number, words) = dictionary;
    let block = lz4_flex::block::compress_prepend_size_with_dict(&with_short_ids(text), words);
    if block.len() + 1 >= text.len() {
        return text.as_bytes().to_vec();
    }
    let mut packed = Vec::with_capacity(block.len() + 1);
    packed.push(number);
    packed.extend(block);
    packed
}

/// The text with its identifiers as sixteen bytes each, where they are written as this service writes them. Only
/// hyphens are looked at: one stands eight characters after the start of an identifier.
fn with_short_ids(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let (mut short, mut copied, mut seen) = (Vec::with_capacity(text.len()), 0, 0);
    while let Some(hyphen) = text.get(seen..).and_then(|rest| rest.find('-')).map(|at| seen + at) {
        seen = hyphen + 1;
        let start = hyphen.checked_sub(FIRST_HYPHEN).filter(|start| *start >= copied);
        let id = start.and_then(|start| Some((start, id_of(bytes.get(start..)?.first_chunk()?)?)));
        let Some((start, id)) = id else { continue };
        short.extend(bytes.get(copied..start).unwrap_or_default());
        short.push(ID);
        short.extend(id.as_bytes());
        (copied, seen) = (start + ID_LENGTH, start + ID_LENGTH);
    }
    short.extend(bytes.get(copied..).unwrap_or_default());
    short
}

fn id_of(text: &[u8; ID_LENGTH]) -> Option<Uuid> {
    let id = Uuid::try_parse_ascii(text).ok()?;
    let mut written = [0; ID_LENGTH];
    (id.hyphenated().encode_lower(&mut written).as_bytes() == text).then_some(id)
}

/// The text with its identifiers written out.
fn with_long_ids(short: &[u8]) -> anyhow::Result<Vec<u8>> {
    let (mut text, mut rest) = (Vec::with_capacity(short.len() * 2), short);
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first != ID {
            text.push(*first);
            continue;
        }
        let (id, after) = after.split_first_chunk::<16>().context("a packed text ends within an identifier")?;
        text.extend(Uuid::from_bytes(*id).hyphenated().encode_lower(&mut [0; ID_LENGTH]).as_bytes());
        rest = after;
    }
    Ok(text)
}

/// The text again.
pub fn unpack(packed: &[u8]) -> anyhow::Result<String> {
    let words = |number: u8| DICTIONARIES.iter().find(|(known, _)| *known == number).map(|(_, words)| *words);
    let bytes = match packed.split_first().map(|(first, block)| (*first, block, words(*first))) {
        Some((_, block, Some(words))) => {
            let length = block.first_chunk::<4>().context("a packed text without its length")?;
            let length = u32::from_le_bytes(*length);
            if length > LONGEST {
                return Err(anyhow!("a packed text says that it is {length} bytes long"));
            }
            let short = lz4_flex::block::decompress_size_prepended_with_dict(block, words);
            with_long_ids(&short.context("unpacking a text")?)?
        }
        Some((first, ..)) if first < b' ' => return Err(anyhow!("a text is packed in a way that is not known here")),
        _ => packed.to_vec(),
    };
    String::from_utf8(bytes).context("what was packed is text")
}

/// A column of packed text.
#[derive(Debug, Clone, PartialEq, Eq, FromSqlRow)]
#[diesel(sql_type = Binary)]
pub struct Packed(pub String);

impl Packed {
    /// The text read as JSON.
    pub fn json<T: DeserializeOwned>(&self) -> anyhow::Result<T> {
        serde_json::from_str(&self.0).context("reading what was packed")
    }
}

impl FromSql<Binary, Pg> for Packed {
    fn from_sql(value: PgValue<'_>) -> Read<Self> {
        Ok(Self(unpack(value.as_bytes())?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_packed_comes_out_as_it_was(
            body in prop_oneof![
                "[ -~].{0,2000}",
                "(\\{\"id\":\"[0-9a-fA-F]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{11,13}\"\\}){1,30}",
                "(\\{\"amount_minor\":[0-9]{1,6},\"currency\":\"EUR\"\\}){1,40}",
            ]
        ) {
            for dictionary in DICTIONARIES {
                let packed = packed_with(dictionary, &body);
                prop_assert!(packed.len() <= body.len());
                prop_assert_eq!(unpack(&packed).unwrap(), body.clone());
            }
        }
    }

    #[test]
    fn identifiers_take_sixteen_bytes_and_what_looks_like_one_stays() {
        let id = "01a22d3d-dd4f-72fa-98fe-80c88bd1ab35";
        for (text, length) in [
            (id.to_owned(), 17),
            (format!("{id}{id}"), 34),
            (format!("a-b{id}-c"), 22),
            (id.to_uppercase(), 36),
            (format!("x{}", &id[..35]), 36),
            ("é-------------------------------------".to_owned(), 39),
        ] {
            assert_eq!(with_short_ids(&text).len(), length, "{text}");
            assert_eq!(with_long_ids(&with_short_ids(&text)).unwrap(), text.as_bytes());
        }
    }

    #[test]
    fn the_price_of_a_line_takes_less_than_half_of_its_length() {
        let text = concat!(
            r#""discounts":[{"promotion_id":"","name":"Week","coupon":null,"amount":{"amount_minor":92,"#,
            r#""currency":"EUR"}}],"total":{"amount_minor":13662,"currency":"EUR"},"tax":{"country":"IT","#,
            r#""region":null,"tax_class":"reduced","name":"IVA","rate_ppm":100000,"#,
            r#""amount":{"amount_minor":1242,"currency":"EUR"}}"#,
        );
        let packed = pack(text);
        assert!(packed.len() * 2 < text.len(), "{} of {}", packed.len(), text.len());
    }

    #[test]
    fn what_is_damaged_is_refused_and_never_answered() {
        let packed = pack(&"{\"amount_minor\":1,\"currency\":\"EUR\"}".repeat(20));
        assert!(packed.len() < 50, "{}", packed.len());
        let mut other_words = packed.clone();
        other_words[0] = 3;
        let mut too_long = packed.clone();
        too_long[1..5].copy_from_slice(&u32::MAX.to_le_bytes());
        for wrong in [&packed[..packed.len() - 3], &packed[..3], &other_words, &too_long] {
            assert!(unpack(wrong).is_err());
        }
    }
}
