//! The newtypes of the kernel as PostgreSQL `uuid` and the words as `text`, so that the kernel need not know diesel.
use diesel::{
    backend::Backend,
    deserialize::{FromSql, Queryable, Result as Loaded},
    expression::AsExpression,
    internal::derives::as_expression::Bound,
    pg::{Pg, PgValue},
    serialize::{Output, Result as Saved, ToSql},
    sql_types::{Nullable, SingleValue, Uuid as SqlUuid},
};
use uuid::Uuid;

macro_rules! as_sql_uuid {
    ($($(#[$doc:meta])* $id:ident,)*) => {$(
        impl FromSql<SqlUuid, Pg> for $crate::kernel::$id {
            fn from_sql(value: PgValue<'_>) -> Loaded<Self> {
                <Uuid as FromSql<SqlUuid, Pg>>::from_sql(value).map(Self)
            }
        }
        impl ToSql<SqlUuid, Pg> for $crate::kernel::$id {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> Saved {
                <Uuid as ToSql<SqlUuid, Pg>>::to_sql(&self.0, out)
            }
        }
        impl ToSql<Nullable<SqlUuid>, Pg> for $crate::kernel::$id {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> Saved {
                <Uuid as ToSql<SqlUuid, Pg>>::to_sql(&self.0, out)
            }
        }
        impl<DB: Backend, ST: SingleValue> Queryable<ST, DB> for $crate::kernel::$id where Self: FromSql<ST, DB> {
            type Row = Self;
            fn build(row: Self) -> Loaded<Self> {
                Ok(row)
            }
        }
        impl AsExpression<SqlUuid> for $crate::kernel::$id {
            type Expression = Bound<SqlUuid, Self>;
            fn as_expression(self) -> Self::Expression {
                Bound::new(self)
            }
        }
        impl AsExpression<SqlUuid> for &$crate::kernel::$id {
            type Expression = Bound<SqlUuid, Self>;
            fn as_expression(self) -> Self::Expression {
                Bound::new(self)
            }
        }
        impl AsExpression<Nullable<SqlUuid>> for $crate::kernel::$id {
            type Expression = Bound<Nullable<SqlUuid>, Self>;
            fn as_expression(self) -> Self::Expression {
                Bound::new(self)
            }
        }
        impl AsExpression<Nullable<SqlUuid>> for &$crate::kernel::$id {
            type Expression = Bound<Nullable<SqlUuid>, Self>;
            fn as_expression(self) -> Self::Expression {
                Bound::new(self)
            }
        }
    )*};
}

crate::every_id!(as_sql_uuid);

/// Makes a word enum (see `text_enum!`) readable from and writable to a `text` column.
#[macro_export]
macro_rules! text_enum_in_sql {
    ($($word:ty),* $(,)?) => {$(
        impl diesel::deserialize::FromSql<diesel::sql_types::Text, diesel::pg::Pg> for $word {
            fn from_sql(value: diesel::pg::PgValue<'_>) -> diesel::deserialize::Result<Self> {
                let text: String =
                    diesel::deserialize::FromSql::<diesel::sql_types::Text, diesel::pg::Pg>::from_sql(value)?;
                text.parse().map_err(Into::into)
            }
        }
        impl diesel::serialize::ToSql<diesel::sql_types::Text, diesel::pg::Pg> for $word {
            fn to_sql<'b>(
                &'b self,
                out: &mut diesel::serialize::Output<'b, '_, diesel::pg::Pg>,
            ) -> diesel::serialize::Result {
                <str as diesel::serialize::ToSql<diesel::sql_types::Text, diesel::pg::Pg>>::to_sql(self.as_str(), out)
            }
        }
        impl<DB: diesel::backend::Backend, ST: diesel::sql_types::SingleValue>
            diesel::deserialize::Queryable<ST, DB> for $word
        where
            Self: diesel::deserialize::FromSql<ST, DB>,
        {
            type Row = Self;
            fn build(row: Self) -> diesel::deserialize::Result<Self> {
                Ok(row)
            }
        }
        impl diesel::expression::AsExpression<diesel::sql_types::Text> for $word {
            type Expression = diesel::internal::derives::as_expression::Bound<diesel::sql_types::Text, Self>;
            fn as_expression(self) -> Self::Expression {
                diesel::internal::derives::as_expression::Bound::new(self)
            }
        }
        impl diesel::expression::AsExpression<diesel::sql_types::Text> for &$word {
            type Expression = diesel::internal::derives::as_expression::Bound<diesel::sql_types::Text, Self>;
            fn as_expression(self) -> Self::Expression {
                diesel::internal::derives::as_expression::Bound::new(self)
            }
        }
    )*};
}

crate::text_enum_in_sql!(crate::kernel::Channel, crate::kernel::CodeName);
