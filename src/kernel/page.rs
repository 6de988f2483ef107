//! Keyset pagination: a page is asked for by the key of the last row seen, never by an offset.
use super::{
    code::Code,
    error::{Error, Result},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Serialize, de::DeserializeOwned};

/// The number of rows, and the row after which they begin.
#[derive(Debug, Clone)]
pub struct PageRequest<K> {
    /// 1 to 200 rows.
    pub limit: i64,
    /// The key of the last row already seen.
    pub after: Option<K>,
}

impl<K> PageRequest<K> {
    /// Rows in a page when the caller does not say.
    pub const DEFAULT: i64 = 50;
    /// The most rows in a page.
    pub const MAX: i64 = 200;
}

/// A page of rows, each with the cursor that continues after it.
#[derive(Debug, Clone)]
pub struct Page<T> {
    /// The rows, in order.
    pub rows: Vec<T>,
    /// True if there are rows after these.
    pub has_more: bool,
}

impl<T> Page<T> {
    /// Makes a page of rows fetched with one more than the limit.
    pub fn of(mut rows: Vec<T>, limit: i64) -> Self {
        let limit = usize::try_from(limit).unwrap_or(0);
        let has_more = rows.len() > limit;
        rows.truncate(limit);
        Self { rows, has_more }
    }

    /// The same page with other rows.
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Page<U> {
        Page { rows: self.rows.into_iter().map(change).collect(), has_more: self.has_more }
    }
}

/// An opaque cursor: the row's sort key, bound to the list and filter it was made for.
///
/// A cursor grants nothing: the rows after it are filtered by the caller's rights like any others.
#[derive(Debug)]
pub struct Cursor;

impl Cursor {
    /// Writes the cursor of a row with this key in the list named by `list` (filter and order included).
    pub fn write<K: Serialize>(list: &str, key: &K) -> Result<String> {
        let json = serde_json::to_string(&(fold(list), key)).map_err(anyhow::Error::from)?;
        Ok(URL_SAFE_NO_PAD.encode(json))
    }

    /// Reads a cursor back, refusing one made for another list, filter or order.
    pub fn read<K: DeserializeOwned>(list: &str, cursor: &str) -> Result<K> {
        let refuse = || Error::refused(Code::InvalidCursor, "the cursor is not of this list, filter and order");
        let json = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| refuse())?;
        let text = std::str::from_utf8(&json).ok().filter(|text| !text.contains("\\u0000")).ok_or_else(refuse)?;
        let (of, key): (u32, K) = serde_json::from_str(text).map_err(|_| refuse())?;
        (of == fold(list)).then_some(key).ok_or_else(refuse)
    }
}

/// FNV-1a: a short stable fingerprint that tells lists apart; it protects nothing.
fn fold(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_cursor_reads_back_in_its_own_list_only(key in any::<(i64, String)>()) {
            let cursor = Cursor::write("orders?status=pending", &key).unwrap();
            prop_assert_eq!(Cursor::read::<(i64, String)>("orders?status=pending", &cursor).unwrap(), key);
            prop_assert!(Cursor::read::<(i64, String)>("orders", &cursor).is_err());
        }

        #[test]
        fn no_text_makes_reading_a_cursor_panic(text in ".{0,60}") {
            let _ = Cursor::read::<(i64, String)>("orders", &text).is_ok();
        }
    }
}
