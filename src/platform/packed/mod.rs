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

/// The words of answers, events and decisions. What is packed names it by its number: it is never changed, a better one
/// gets the next number.
const WORDS_1: &[u8] = include_bytes!("words_1.txt");

/// Texts below this length are kept as they are.
const SHORT: usize = 100;

/// Stands before the sixteen bytes of an identifier: JSON has no such byte.
const ID: u8 = 2;

/// Characters of an identifier.
const ID_LENGTH: usize = 36;

/// The longest text that can be unpacked, in bytes.
const LONGEST: u32 = 64 * 1024 * 1024;

/// A text as it is kept: the number of the dictionary, the length as four bytes (little endian) and an LZ4 block; or
/// the text itself, which begins with another byte, where that is no longer.
pub fn pack(text: &str) -> Vec<u8> {
    if text.len() < SHORT || u32::try_from(text.len()).map_or(true, |length| length > LONGEST) {
        return text.as_bytes().to_vec();
    }
    if text.bytes().any(|byte| byte == ID) {
        return text.as_bytes().to_vec();
    }
    let block = lz4_flex::block::compress_prepend_size_with_dict(&with_short_ids(text.as_bytes()), WORDS_1);
    if block.len() + 1 >= text.len() {
        return text.as_bytes().to_vec();
    }
    let mut packed = Vec::with_capacity(block.len() + 1);
    packed.push(1);
    packed.extend(block);
    packed
}

/// The text with its identifiers as sixteen bytes each, where they are written as this service writes them.
fn with_short_ids(text: &[u8]) -> Vec<u8> {
    let (mut short, mut rest) = (Vec::with_capacity(text.len()), text);
    while let Some((first, after)) = rest.split_first() {
        if let Some(id) = rest.first_chunk::<ID_LENGTH>().and_then(id_of) {
            short.push(ID);
            short.extend(id.as_bytes());
            rest = rest.get(ID_LENGTH..).unwrap_or_default();
        } else {
            short.push(*first);
            rest = after;
        }
    }
    short
}

fn id_of(text: &[u8; ID_LENGTH]) -> Option<Uuid> {
    // Most locations of a text are told apart by one byte.
    if text.get(8) != Some(&b'-') {
        return None;
    }
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
    let bytes = match packed.split_first() {
        Some((1, block)) => {
            let length = block.first_chunk::<4>().context("a packed text without its length")?;
            let length = u32::from_le_bytes(*length);
            if length > LONGEST {
                return Err(anyhow!("a packed text says that it is {length} bytes long"));
            }
            let short = lz4_flex::block::decompress_size_prepended_with_dict(block, WORDS_1);
            with_long_ids(&short.context("unpacking a text")?)?
        }
        Some((first, _)) if *first < b' ' => return Err(anyhow!("a text is packed in a way that is not known here")),
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
            let packed = pack(&body);
            prop_assert!(packed.len() <= body.len());
            prop_assert_eq!(unpack(&packed).unwrap(), body);
        }
    }

    #[test]
    fn what_is_damaged_is_refused_and_never_answered() {
        let packed = pack(&"{\"amount_minor\":1,\"currency\":\"EUR\"}".repeat(20));
        assert!(packed.len() < 50, "{}", packed.len());
        let mut other_words = packed.clone();
        other_words[0] = 2;
        let mut too_long = packed.clone();
        too_long[1..5].copy_from_slice(&u32::MAX.to_le_bytes());
        for wrong in [&packed[..packed.len() - 3], &packed[..3], &other_words, &too_long] {
            assert!(unpack(wrong).is_err());
        }
    }
}
