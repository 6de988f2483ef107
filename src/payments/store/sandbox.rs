//! The sandbox's own books: what it has promised, and what it was asked.
use crate::{
    kernel::{OperationId, PaymentId, Result},
    payments::{
        schema::{sandbox_calls as c, sandbox_intents as i},
        status::OperationKind,
    },
};
use diesel::prelude::*;

crate::text_enum! {
    /// A payment as the sandbox sees it.
    IntentStatus {
        /// The payer must do something.
        RequiresAction = "requires_action",
        /// Promised; a part may have been taken.
        Authorized = "authorized",
        /// The bank said no.
        Declined = "declined",
        /// Taken; nothing more will be.
        Captured = "captured",
        /// Given up.
        Voided = "voided",
    }
}
crate::text_enum_in_sql!(IntentStatus);

/// A payment in the sandbox's books.
#[derive(Debug, Clone, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = i)]
pub struct Intent {
    pub id: PaymentId,
    pub method: String,
    pub currency: String,
    pub status: IntentStatus,
    pub authorized_minor: i64,
    pub captured_minor: i64,
    pub refunded_minor: i64,
}

/// Something that the sandbox was asked.
#[derive(Debug, Clone, Copy)]
pub struct Call {
    pub key: OperationId,
    pub intent: PaymentId,
    pub kind: OperationKind,
    pub amount_minor: i64,
}

/// Notes a call and returns how often the same was made.
pub fn call(conn: &mut PgConnection, call: &Call) -> Result<i32> {
    let row = (
        c::key.eq(call.key),
        c::intent_id.eq(call.intent),
        c::kind.eq(call.kind),
        c::amount_minor.eq(call.amount_minor),
    );
    let noting = diesel::insert_into(c::table).values((row, c::answer.eq(""))).on_conflict(c::key).do_update();
    Ok(noting.set(c::calls.eq(c::calls + 1)).returning(c::calls).get_result(conn)?)
}

/// The number of requests of a kind that the sandbox received for a payment.
pub fn calls_of(conn: &mut PgConnection, intent: PaymentId, kind: OperationKind) -> Result<i64> {
    Ok(c::table.filter(c::intent_id.eq(intent)).filter(c::kind.eq(kind)).count().get_result(conn)?)
}

/// The answer that a call was given, if it is final.
pub fn answer_of(conn: &mut PgConnection, key: OperationId) -> Result<Option<String>> {
    let kept: Option<String> = c::table.find(key).select(c::answer).first(conn).optional()?;
    Ok(kept.filter(|answer| !answer.is_empty()))
}

/// Keeps the answer to a call.
pub fn keep_answer(conn: &mut PgConnection, key: OperationId, answer: &str) -> Result<()> {
    diesel::update(c::table.find(key)).set(c::answer.eq(answer)).execute(conn)?;
    Ok(())
}

/// A payment, locked.
pub fn intent(conn: &mut PgConnection, id: PaymentId) -> Result<Option<Intent>> {
    Ok(i::table.find(id).for_no_key_update().first(conn).optional()?)
}

/// Writes a payment as it stands now.
pub fn keep_intent(conn: &mut PgConnection, intent: &Intent) -> Result<()> {
    diesel::insert_into(i::table).values(intent).on_conflict(i::id).do_update().set(intent).execute(conn)?;
    Ok(())
}

/// Ends what a payer was asked to do; false if nothing was.
pub fn challenge(conn: &mut PgConnection, id: PaymentId, status: IntentStatus) -> Result<bool> {
    let waiting = i::table.find(id).filter(i::status.eq(IntentStatus::RequiresAction));
    Ok(diesel::update(waiting).set(i::status.eq(status)).execute(conn)? == 1)
}
