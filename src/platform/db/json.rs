//! JSON columns as typed values: what cannot be read is an error of the statement, never an empty value.
use diesel::{
    deserialize::{self, FromSql, FromSqlRow},
    expression::AsExpression,
    pg::{Pg, PgValue},
    serialize::{self, IsNull, Output, ToSql},
    sql_types::Jsonb,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::{fmt::Debug, io::Write};

/// The first byte of a `jsonb` value on the wire: the version of its form.
const FORM: u8 = 1;

/// A value that stands in a `jsonb` column.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, AsExpression, FromSqlRow)]
#[serde(transparent)]
#[diesel(sql_type = Jsonb)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned> FromSql<Jsonb, Pg> for Json<T> {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        let Some((&FORM, json)) = value.as_bytes().split_first() else {
            return Err("a jsonb value of an unknown form".into());
        };
        Ok(Self(serde_json::from_slice(json)?))
    }
}

impl<T: Debug + Serialize> ToSql<Jsonb, Pg> for Json<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        out.write_all(&[FORM])?;
        serde_json::to_writer(out, &self.0)?;
        Ok(IsNull::No)
    }
}
