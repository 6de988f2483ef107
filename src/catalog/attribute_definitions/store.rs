//! Attributes in PostgreSQL.
use super::{
    model::{NewAttribute, Told},
    values::{AttributeKind, Attributes},
};
use crate::{
    catalog::{
        classification::Category,
        schema::{attribute_definitions as a, products},
        store::Product,
    },
    kernel::{AttributeId, Code, Error, GroupId, PageRequest, ProductId, Result},
    platform::{
        db::{Json, Write, violated},
        group_commit::Versioned,
    },
};
use chrono::{DateTime, Utc};
use diesel::{
    dsl::{exists, sql},
    prelude::*,
    sql_types::{Bool, Text},
};
use serde::Serialize;
use utoipa::ToSchema;

crate::text_enum_in_sql!(crate::catalog::attribute_definitions::values::AttributeKind);

/// An attribute that products may have.
#[derive(Debug, Clone, PartialEq, Queryable, Serialize, ToSchema)]
pub struct AttributeDefinition {
    /// Identifies the attribute.
    pub id: AttributeId,
    /// The name by which products and filters name it, unique.
    pub code: String,
    /// The name that people read.
    pub name: String,
    /// The kind of its values.
    pub kind: AttributeKind,
    /// The kind of product that has it; null for every kind.
    pub category: Option<Category>,
    /// The category whose products, and those of the categories below it, have it; null for all.
    pub category_id: Option<GroupId>,
    /// The unit of a number, such as `ml`.
    pub unit: Option<String>,
    /// The values of a choice, in their order.
    #[schema(value_type = Vec<String>)]
    pub options: Json<Vec<String>>,
    /// The least number; null for none.
    pub minimum: Option<f64>,
    /// The greatest number; null for none.
    pub maximum: Option<f64>,
    /// True if the attributes of a product are refused without it.
    pub is_required: bool,
    /// The number of its changes; send it back in `If-Match`.
    pub version: i64,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

impl Versioned for AttributeDefinition {
    fn version(&self) -> i64 {
        self.version
    }
}

/// An attribute's place in the list of all: by code.
pub type AttributeKey = (String, AttributeId);

/// Adds an attribute; its code is unique.
pub fn insert(tx: &mut Write, new: &NewAttribute) -> Result<AttributeDefinition> {
    let now = tx.now();
    let (code, Told { name, unit, options, minimum, maximum, is_required }) = (new.code.as_str(), &new.told);
    let row = (
        a::id.eq(AttributeId::new()),
        a::code.eq(code),
        a::name.eq(&**name),
        a::kind.eq(new.kind),
        a::category.eq(new.category),
        a::category_id.eq(new.category_id),
        a::unit.eq(unit.as_deref()),
        a::options.eq(Json(options.iter().map(ToString::to_string).collect::<Vec<_>>())),
        (a::minimum.eq(minimum), a::maximum.eq(maximum), a::is_required.eq(is_required)),
        (a::created_at.eq(now), a::updated_at.eq(now)),
    );
    let made = diesel::insert_into(a::table).values(row).get_result(tx.conn());
    made.map_err(|error| match violated(&error).is_some_and(|it| it.0 == "attribute_definitions_code_key") {
        true => Error::at(Code::AttributeCodeTaken, "/code", format!("an attribute has the code {code}")),
        false => error.into(),
    })
}

/// An attribute, locked until the transaction ends: no product gets a value of it meanwhile.
pub fn lock(conn: &mut PgConnection, id: AttributeId) -> QueryResult<Option<AttributeDefinition>> {
    a::table.find(id).for_no_key_update().first(conn).optional()
}

/// The attributes of these codes and those that are required, by code, as they stay until the transaction ends.
pub fn kept(conn: &mut PgConnection, codes: &[String]) -> QueryResult<Vec<AttributeDefinition>> {
    a::table.filter(a::code.eq_any(codes).or(a::is_required)).order(a::code).for_share().load(conn)
}

/// All attributes, by code.
pub fn all(conn: &mut PgConnection) -> QueryResult<Vec<AttributeDefinition>> {
    a::table.order(a::code).load(conn)
}

/// Writes a changed attribute over the one that was locked.
pub fn save(tx: &mut Write, row: &AttributeDefinition) -> Result<()> {
    let changed = (
        a::name.eq(&row.name),
        a::unit.eq(&row.unit),
        a::options.eq(&row.options),
        a::minimum.eq(row.minimum),
        a::maximum.eq(row.maximum),
        a::is_required.eq(row.is_required),
        a::version.eq(row.version),
        a::updated_at.eq(row.updated_at),
    );
    diesel::update(a::table.find(row.id)).set(changed).execute(tx.conn())?;
    Ok(())
}

/// Removes an attribute.
pub fn delete(conn: &mut PgConnection, id: AttributeId) -> QueryResult<usize> {
    diesel::delete(a::table.find(id)).execute(conn)
}

/// An attribute by id.
pub fn by_id(conn: &mut PgConnection, id: AttributeId) -> Result<AttributeDefinition> {
    a::table.find(id).first(conn).optional()?.ok_or_else(|| Error::not_found("attribute"))
}

/// A page of the attributes, by code.
pub fn page(conn: &mut PgConnection, page: &PageRequest<AttributeKey>) -> QueryResult<Vec<AttributeDefinition>> {
    let mut query = a::table.order(a::code).limit(page.limit + 1).into_boxed();
    if let Some((code, _)) = &page.after {
        query = query.filter(a::code.gt(code));
    }
    query.load(conn)
}

/// A product that has an attribute, by name.
pub fn product_with(conn: &mut PgConnection, code: &str) -> QueryResult<Option<String>> {
    let has_it = sql::<Bool>("attributes ? ").bind::<Text, _>(code.to_owned());
    products::table.filter(has_it).order(products::name).select(products::name).first(conn).optional()
}

/// True if a product has one of an attribute's options.
pub fn is_chosen(conn: &mut PgConnection, code: &str, option: &str) -> QueryResult<bool> {
    let names_it = sql::<Bool>("attributes -> ").bind::<Text, _>(code.to_owned());
    let names_it = names_it.sql(" @> to_jsonb(").bind::<Text, _>(option.to_owned()).sql(")");
    diesel::select(exists(products::table.filter(names_it))).get_result(conn)
}

/// Sets the attributes of a product.
pub fn set_attributes(tx: &mut Write, id: ProductId, attributes: Attributes) -> Result<Product> {
    let now = tx.now();
    let set = (
        products::attributes.eq(Json(attributes)),
        products::version.eq(products::version + 1),
        products::updated_at.eq(now),
    );
    Ok(diesel::update(products::table.find(id)).set(set).get_result(tx.conn())?)
}
