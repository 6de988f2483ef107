//! `PathOf<T>` and `Params<T>`: path parts and query parameters, refused with a problem when they do not fit.
use super::reader_words;
use crate::kernel::{Code, Cursor, Error, PageRequest, Result};
use actix_web::{FromRequest, HttpRequest, dev::Payload, web};
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Error as _, IntoDeserializer},
};
use std::future::{Ready, ready};
use utoipa::IntoParams;

/// The parts of the path.
#[derive(Debug)]
pub struct PathOf<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for PathOf<T> {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let has_nul = req.match_info().iter().any(|(_, value)| value.contains('\0') || value.contains("%00"));
        let parsed = web::Path::<T>::from_request(req, payload).into_inner();
        ready(match parsed {
            Ok(value) if !has_nul => Ok(Self(value.into_inner())),
            Ok(_) => Err(Error::refused(Code::InvalidPath, "the path must not hold the NUL character")),
            Err(error) => Err(Error::refused(Code::InvalidPath, format!("the path is not valid: {error}"))),
        })
    }
}

/// The query parameters; unknown ones are refused by the type's `deny_unknown_fields`.
#[derive(Debug)]
pub struct Params<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Params<T> {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(parse(req.query_string()).map(Self))
    }
}

/// Values with commas between them, such as `red,pink`; each must fit.
#[derive(Debug, Clone)]
pub struct Commas<T>(pub Vec<T>);

impl<'de, T: DeserializeOwned> Deserialize<'de> for Commas<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let value = |value: String| match value.trim() {
            "" => Err(D::Error::custom("a value between commas is empty")),
            value => T::deserialize(value.to_owned().into_deserializer()),
        };
        Ok(Self(between_commas(&text).into_iter().map(value).collect::<std::result::Result<_, D::Error>>()?))
    }
}

/// The values; a comma with a backslash before it belongs to one.
fn between_commas(text: &str) -> Vec<String> {
    let (mut values, mut is_escaped) = (vec![String::new()], false);
    for c in text.chars() {
        match (c, values.last_mut()) {
            ('\\', _) if !is_escaped => is_escaped = true,
            (',', _) if !is_escaped => values.push(String::new()),
            (c, Some(value)) => {
                value.push(c);
                is_escaped = false;
            }
            (_, None) => {}
        }
    }
    values
}

/// The parameters of a list without a filter.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PageQuery {
    /// Rows in a page.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<i64>,
    /// The `next_cursor` of the page before; the first page, if absent.
    pub cursor: Option<String>,
}

fn parse<T: DeserializeOwned>(query: &str) -> Result<T> {
    if query.contains("%00") {
        return Err(Error::refused(Code::InvalidQuery, "parameters must not hold the NUL character"));
    }
    let params = serde_urlencoded::Deserializer::new(form_urlencoded::parse(query.as_bytes()));
    serde_path_to_error::deserialize(params).map_err(|error| {
        let (at, cause) = (error.path().to_string(), reader_words::in_words(&error.inner().to_string()).into_owned());
        let detail = if at == "." { cause } else { format!("{at}: {cause}") };
        Error::refused(Code::InvalidQuery, detail)
    })
}

/// Reads `limit` and `cursor` of the list named by `list`.
pub fn page_of<K: DeserializeOwned>(limit: Option<i64>, cursor: Option<&str>, list: &str) -> Result<PageRequest<K>> {
    let limit = limit.unwrap_or(PageRequest::<K>::DEFAULT);
    if !(1..=PageRequest::<K>::MAX).contains(&limit) {
        let detail = format!("limit must be between 1 and {}, not {limit}", PageRequest::<K>::MAX);
        return Err(Error::refused(Code::InvalidQuery, detail));
    }
    Ok(PageRequest { limit, after: cursor.map(|c| Cursor::read(list, c)).transpose()? })
}

/// Reads text such as a UUID or a word from a parameter, telling its name when it does not fit.
pub fn word<T: std::str::FromStr<Err: std::fmt::Display>>(name: &str, text: &str) -> Result<T> {
    text.parse().map_err(|e: T::Err| Error::refused(Code::InvalidQuery, format!("{name}: {e}")))
}
