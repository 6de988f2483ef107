//! Gift cards in PostgreSQL.
use super::model::{GiftCard, GiftCardCode, GiftCardMove, GiftCardMoveKind};
use crate::{
    kernel::{
        Code, Currency, Error, GiftCardId, GiftCardMoveId, Money, OrderId, PageRequest, PaymentId, PrincipalId, Result,
    },
    payments::schema::{gift_card_moves as m, gift_cards as g},
    platform::db::{Write, violated},
};
use chrono::{DateTime, Utc};
use diesel::{
    dsl::sql,
    prelude::*,
    sql_types::{Bool, Timestamptz, Uuid as SqlUuid},
};

crate::text_enum_in_sql!(GiftCardMoveKind);

/// A row as it stands in the table.
#[derive(Queryable, Insertable)]
#[diesel(table_name = g)]
struct CardRow {
    id: GiftCardId,
    code_digest: Vec<u8>,
    last_letters: String,
    currency: String,
    balance_minor: i64,
    held_minor: i64,
    expires_at: Option<DateTime<Utc>>,
    disabled_at: Option<DateTime<Utc>>,
    note: Option<String>,
    version: i64,
    created_by: PrincipalId,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl TryFrom<CardRow> for GiftCard {
    type Error = Error;
    fn try_from(row: CardRow) -> Result<Self> {
        let currency: Currency = row.currency.parse().map_err(|e: String| anyhow::anyhow!(e))?;
        let money = |amount_minor| Money { amount_minor, currency };
        Ok(Self {
            id: row.id,
            last_letters: row.last_letters,
            balance: money(row.balance_minor),
            held: money(row.held_minor),
            available: money(row.balance_minor - row.held_minor),
            expires_at: row.expires_at,
            disabled_at: row.disabled_at,
            note: row.note,
            version: row.version,
            created_by: row.created_by,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

/// A row of a move.
#[derive(Queryable, Insertable)]
#[diesel(table_name = m)]
struct MoveRow {
    id: GiftCardMoveId,
    gift_card_id: GiftCardId,
    kind: GiftCardMoveKind,
    amount_minor: i64,
    held_minor: i64,
    payment_id: Option<PaymentId>,
    order_id: Option<OrderId>,
    reason: Option<String>,
    actor_id: Option<PrincipalId>,
    created_at: DateTime<Utc>,
}

impl From<MoveRow> for GiftCardMove {
    fn from(row: MoveRow) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            amount_minor: row.amount_minor,
            held_minor: row.held_minor,
            payment_id: row.payment_id,
            order_id: row.order_id,
            reason: row.reason,
            actor_id: row.actor_id,
            created_at: row.created_at,
        }
    }
}

/// Adds a card with nothing on it; its code is unique.
pub fn insert(tx: &mut Write, card: &GiftCard, code: &GiftCardCode) -> Result<()> {
    let row = CardRow {
        id: card.id,
        code_digest: code.digest(),
        last_letters: card.last_letters.clone(),
        currency: card.balance.currency.code().to_owned(),
        balance_minor: 0,
        held_minor: 0,
        expires_at: card.expires_at,
        disabled_at: None,
        note: card.note.clone(),
        version: 1,
        created_by: card.created_by,
        created_at: card.created_at,
        updated_at: card.updated_at,
    };
    let done = diesel::insert_into(g::table).values(row).execute(tx.conn());
    done.map_err(|error| match violated(&error).is_some_and(|it| it.0 == "gift_cards_code_key") {
        true => Error::at(Code::GiftCardCodeTaken, "/code", "a gift card has the code"),
        false => error.into(),
    })?;
    Ok(())
}

/// A card, locked until the transaction ends.
pub fn lock(tx: &mut Write, id: GiftCardId) -> Result<GiftCard> {
    let row: Option<CardRow> = g::table.find(id).for_no_key_update().first(tx.conn()).optional()?;
    row.ok_or_else(|| Error::not_found("gift card"))?.try_into()
}

/// A card.
pub fn by_id(conn: &mut PgConnection, id: GiftCardId) -> Result<GiftCard> {
    let row: Option<CardRow> = g::table.find(id).first(conn).optional()?;
    row.ok_or_else(|| Error::not_found("gift card"))?.try_into()
}

/// The card with a code, if there is one.
pub fn by_code(conn: &mut PgConnection, code: &GiftCardCode) -> Result<Option<GiftCard>> {
    let row: Option<CardRow> = g::table.filter(g::code_digest.eq(code.digest())).first(conn).optional()?;
    row.map(GiftCard::try_from).transpose()
}

/// Writes a changed card over the one that was locked.
pub fn save(tx: &mut Write, card: &GiftCard) -> Result<()> {
    let changed = (
        g::expires_at.eq(card.expires_at),
        g::disabled_at.eq(card.disabled_at),
        g::note.eq(&card.note),
        g::version.eq(card.version),
        g::updated_at.eq(card.updated_at),
    );
    diesel::update(g::table.find(card.id)).set(changed).execute(tx.conn())?;
    Ok(())
}

/// Adds a move and changes the balance of its card by it.
pub fn add_move(tx: &mut Write, card: GiftCardId, step: &GiftCardMove) -> Result<GiftCard> {
    let row = MoveRow {
        id: step.id,
        gift_card_id: card,
        kind: step.kind,
        amount_minor: step.amount_minor,
        held_minor: step.held_minor,
        payment_id: step.payment_id,
        order_id: step.order_id,
        reason: step.reason.clone(),
        actor_id: step.actor_id,
        created_at: step.created_at,
    };
    diesel::insert_into(m::table).values(row).execute(tx.conn())?;
    let changed = (
        g::balance_minor.eq(g::balance_minor + step.amount_minor),
        g::held_minor.eq(g::held_minor + step.held_minor),
        g::version.eq(g::version + 1),
        g::updated_at.eq(step.created_at),
    );
    diesel::update(g::table.find(card)).set(changed).get_result::<CardRow>(tx.conn())?.try_into()
}

/// The moves of a payment, oldest first.
pub fn moves_of_payment(conn: &mut PgConnection, payment: PaymentId) -> QueryResult<Vec<GiftCardMove>> {
    let rows = m::table.filter(m::payment_id.eq(payment)).order((m::created_at, m::id)).load::<MoveRow>(conn)?;
    Ok(rows.into_iter().map(GiftCardMove::from).collect())
}

/// A place in a list by time.
pub type TimeKey<Id> = (DateTime<Utc>, Id);

/// A page of cards, the newest first; of those whose codes end like this, if it is asked.
pub fn page(
    conn: &mut PgConnection,
    last_letters: Option<&str>,
    page: &PageRequest<TimeKey<GiftCardId>>,
) -> Result<Vec<GiftCard>> {
    let mut query = g::table.order((g::created_at.desc(), g::id.desc())).limit(page.limit + 1).into_boxed();
    if let Some(letters) = last_letters {
        query = query.filter(g::last_letters.eq(letters.to_owned()));
    }
    if let Some((time, id)) = page.after {
        let beyond = sql::<Bool>("(created_at, id) < (").bind::<Timestamptz, _>(time);
        query = query.filter(beyond.sql(", ").bind::<SqlUuid, _>(id).sql(")"));
    }
    query.load::<CardRow>(conn)?.into_iter().map(GiftCard::try_from).collect()
}

/// A page of the moves of a card, the newest first.
pub fn moves(
    conn: &mut PgConnection,
    card: GiftCardId,
    page: &PageRequest<TimeKey<GiftCardMoveId>>,
) -> QueryResult<Vec<GiftCardMove>> {
    let order = (m::created_at.desc(), m::id.desc());
    let mut query = m::table.filter(m::gift_card_id.eq(card)).order(order).limit(page.limit + 1).into_boxed();
    if let Some((time, id)) = page.after {
        let beyond = sql::<Bool>("(created_at, id) < (").bind::<Timestamptz, _>(time);
        query = query.filter(beyond.sql(", ").bind::<SqlUuid, _>(id).sql(")"));
    }
    Ok(query.load::<MoveRow>(conn)?.into_iter().map(GiftCardMove::from).collect())
}
