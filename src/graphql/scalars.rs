//! Scalars and small values shared by all types.
use crate::kernel::Money as Amount;
use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, SimpleObject, Value};

/// A whole number of up to 53 bits, which GraphQL's Int cannot hold.
#[derive(Debug, Clone, Copy)]
pub struct Long(pub i64);

/// A whole number of up to 53 bits.
#[Scalar(name = "Long")]
impl ScalarType for Long {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::Number(number) => {
                number.as_i64().map(Long).ok_or_else(|| InputValueError::custom("not a whole number"))
            }
            _ => Err(InputValueError::expected_type(value)),
        }
    }
    fn to_value(&self) -> Value {
        Value::Number(self.0.into())
    }
}

/// An amount of money.
#[derive(SimpleObject)]
#[graphql(name = "Money")]
pub struct Money {
    /// Minor units: cents of a euro, whole yen.
    amount_minor: Long,
    /// ISO 4217 code.
    currency: String,
}

impl From<Amount> for Money {
    fn from(amount: Amount) -> Self {
        Self { amount_minor: Long(amount.amount_minor), currency: amount.currency.to_string() }
    }
}
