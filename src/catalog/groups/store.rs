//! Groups of products in PostgreSQL.
use super::model::{GroupKind, NewGroup, Parent};
use crate::{
    catalog::{
        classification::Category,
        schema::{catalog_groups as g, group_products as m, products},
    },
    kernel::{Code, Error, GroupId, PageRequest, ProductId, Result},
    platform::db::{Write, violated},
};
use chrono::{DateTime, Utc};
use diesel::{
    prelude::*,
    sql_query,
    sql_types::{Array, BigInt, Text, Uuid as SqlUuid},
};
use serde::Serialize;
use utoipa::ToSchema;

crate::text_enum_in_sql!(crate::catalog::groups::model::GroupKind);

/// A brand, a category or a collection.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Serialize, ToSchema)]
pub struct Group {
    /// Identifies the brand, category or collection.
    pub id: GroupId,
    /// The kind of group.
    pub kind: GroupKind,
    /// The category above it; null for one directly below a kind of product, and for brands and collections.
    pub parent_id: Option<GroupId>,
    /// The kind of product to which a category belongs; null for brands and collections.
    pub root: Option<Category>,
    /// The name that people read.
    pub name: String,
    /// The name in small letters, by which a brand is found.
    #[serde(skip)]
    pub name_key: String,
    /// The name in addresses, unique among those of its kind.
    pub slug: String,
    /// The text for customers.
    pub description: Option<String>,
    /// The order among those with the same parent: by position, then name.
    pub position: i32,
    /// The number of its changes; send it back in `If-Match`.
    pub version: i64,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// A group's place in the list: by name, then id.
pub type GroupKey = (String, GroupId);

/// Adds a group with a slug; both its slug and a brand's name are unique.
pub fn insert(tx: &mut Write, new: &NewGroup, slug: &str, root: Option<Category>) -> Result<Group> {
    let now = tx.now();
    let parent_id = match new.parent {
        Some(Parent::Category(id)) => Some(id),
        _ => None,
    };
    let row = Group {
        id: GroupId::new(),
        kind: new.kind,
        parent_id,
        root,
        name: new.name.to_string(),
        name_key: new.name.to_lowercase(),
        slug: slug.to_owned(),
        description: new.description.as_deref().map(str::to_owned),
        position: new.position,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    let values = (
        g::id.eq(row.id),
        g::kind.eq(row.kind),
        g::parent_id.eq(row.parent_id),
        g::root.eq(row.root),
        g::name.eq(&row.name),
        g::name_key.eq(&row.name_key),
        g::slug.eq(&row.slug),
        g::description.eq(&row.description),
        g::position.eq(row.position),
        g::created_at.eq(row.created_at),
        g::updated_at.eq(row.updated_at),
    );
    let done = diesel::insert_into(g::table).values(values).execute(tx.conn());
    done.map_err(|error| taken(error, &row))?;
    Ok(row)
}

/// True if a group of a kind has this slug. Whoever else asks for the same one waits until this transaction ends.
pub fn has_slug(conn: &mut PgConnection, kind: GroupKind, slug: &str) -> QueryResult<bool> {
    let lock = sql_query("select pg_advisory_xact_lock(hashtext($1 || ' slug ' || $2))");
    lock.bind::<Text, _>(kind.as_str()).bind::<Text, _>(slug).execute(conn)?;
    let with_it = g::table.filter(g::kind.eq(kind)).filter(g::slug.eq(slug));
    diesel::select(diesel::dsl::exists(with_it)).get_result(conn)
}

fn taken(error: diesel::result::Error, row: &Group) -> Error {
    match violated(&error).map(|constraint| constraint.0).as_deref() {
        Some("catalog_groups_slug_key") => {
            Error::at(Code::SlugTaken, "/slug", format!("a {} has the slug {} already", row.kind, row.slug))
        }
        Some("catalog_groups_brand_name_key") => {
            Error::at(Code::NameTaken, "/name", format!("there is a brand {} already", row.name))
        }
        _ => error.into(),
    }
}

/// Writes a changed group over the one that was locked.
pub fn save(tx: &mut Write, row: &Group) -> Result<()> {
    let changed = (
        g::parent_id.eq(row.parent_id),
        g::name.eq(&row.name),
        g::name_key.eq(&row.name_key),
        g::slug.eq(&row.slug),
        g::description.eq(&row.description),
        g::position.eq(row.position),
        g::version.eq(row.version),
        g::updated_at.eq(row.updated_at),
    );
    let done = diesel::update(g::table.find(row.id)).set(changed).execute(tx.conn());
    done.map_err(|error| taken(error, row))?;
    Ok(())
}

/// A group of a kind, locked until the transaction ends.
pub fn lock(conn: &mut PgConnection, kind: GroupKind, id: GroupId) -> QueryResult<Option<Group>> {
    g::table.find(id).filter(g::kind.eq(kind)).for_no_key_update().first(conn).optional()
}

/// Locks the tree of categories, so that two moves make no circle together.
pub fn lock_tree(conn: &mut PgConnection) -> QueryResult<()> {
    sql_query("select pg_advisory_xact_lock(hashtext('catalog_groups'))").execute(conn)?;
    Ok(())
}

/// The names of a brand in every product of it.
pub fn rename_brand(tx: &mut Write, brand: &Group) -> Result<usize> {
    let now = tx.now();
    let named =
        (products::brand.eq(&brand.name), products::version.eq(products::version + 1), products::updated_at.eq(now));
    Ok(diesel::update(products::table.filter(products::brand_id.eq(brand.id))).set(named).execute(tx.conn())?)
}

/// Groups by id.
pub fn by_id(conn: &mut PgConnection, ids: &[GroupId]) -> QueryResult<Vec<Group>> {
    g::table.filter(g::id.eq_any(ids)).order(g::id).load(conn)
}

/// The brand of a name, in any case; it keeps the name until this transaction ends.
pub fn brand_named(conn: &mut PgConnection, name: &str) -> QueryResult<Option<Group>> {
    let is_named = g::name_key.eq(name.to_lowercase()).or(g::name.eq(name));
    g::table.filter(g::kind.eq(GroupKind::Brand)).filter(is_named).for_share().first(conn).optional()
}

/// A page of the groups of a kind, by name.
pub fn page(conn: &mut PgConnection, kind: GroupKind, page: &PageRequest<GroupKey>) -> QueryResult<Vec<Group>> {
    use diesel::{dsl::sql, sql_types::Bool};
    let mut query = g::table.filter(g::kind.eq(kind)).order((g::name, g::id)).limit(page.limit + 1).into_boxed();
    if let Some((name, id)) = &page.after {
        let beyond = sql::<Bool>("(name, id) > (").bind::<Text, _>(name).sql(", ").bind::<SqlUuid, _>(*id).sql(")");
        query = query.filter(beyond);
    }
    query.load(conn)
}

/// A category and those above it, from itself upwards.
pub fn upwards(conn: &mut PgConnection, id: GroupId) -> QueryResult<Vec<Group>> {
    let ids: Vec<IdRow> = sql_query(include_str!("sql/upwards.sql")).bind::<SqlUuid, _>(id).load(conn)?;
    let ids: Vec<_> = ids.into_iter().map(|row| row.id).collect();
    let mut found = by_id(conn, &ids)?;
    found.sort_by_key(|group| ids.iter().position(|id| *id == group.id));
    Ok(found)
}

/// The brands and categories that products name, with the categories above those.
pub fn named_by(conn: &mut PgConnection, products: &[ProductId]) -> QueryResult<Vec<Group>> {
    let named = sql_query(include_str!("sql/named_by.sql")).bind::<Array<SqlUuid>, _>(products);
    let ids: Vec<_> = named.load::<IdRow>(conn)?.into_iter().map(|row| row.id).collect();
    by_id(conn, &ids)
}

/// A category and all below it.
pub fn below(conn: &mut PgConnection, id: GroupId) -> QueryResult<Vec<GroupId>> {
    let ids: Vec<IdRow> = sql_query(include_str!("sql/below.sql")).bind::<SqlUuid, _>(id).load(conn)?;
    Ok(ids.into_iter().map(|row| row.id).collect())
}

#[derive(QueryableByName)]
struct IdRow {
    #[diesel(sql_type = SqlUuid)]
    id: GroupId,
}

#[derive(QueryableByName)]
struct LevelsRow {
    #[diesel(sql_type = BigInt)]
    levels: i64,
}

/// Levels from a category down to the deepest below it, itself included.
pub fn levels_below(conn: &mut PgConnection, id: GroupId) -> QueryResult<usize> {
    let row: LevelsRow = sql_query(include_str!("sql/levels_below.sql")).bind::<SqlUuid, _>(id).get_result(conn)?;
    Ok(usize::try_from(row.levels).unwrap_or(usize::MAX))
}

/// Puts other products in place of all of a collection, in this order.
pub fn put_products(conn: &mut PgConnection, group: GroupId, ids: &[ProductId]) -> QueryResult<()> {
    diesel::delete(m::table.filter(m::group_id.eq(group))).execute(conn)?;
    let rows: Vec<_> =
        (0..).zip(ids).map(|(at, id)| (m::group_id.eq(group), m::product_id.eq(id), m::position.eq(at))).collect();
    diesel::insert_into(m::table).values(rows).execute(conn)?;
    Ok(())
}

/// The products of a collection, in its order.
pub fn products_in(conn: &mut PgConnection, group: GroupId) -> QueryResult<Vec<ProductId>> {
    m::table.filter(m::group_id.eq(group)).order(m::position).select(m::product_id).load(conn)
}

/// The same of many collections, in two columns: the collection and the product.
pub fn products_of(conn: &mut PgConnection, groups: &[GroupId]) -> QueryResult<Vec<(GroupId, ProductId)>> {
    m::table.filter(m::group_id.eq_any(groups)).select((m::group_id, m::product_id)).load(conn)
}

/// Categories with all below each, in two columns: the category and one that it has, itself included.
pub fn all_below(conn: &mut PgConnection, ids: &[GroupId]) -> QueryResult<Vec<(GroupId, GroupId)>> {
    let sql = sql_query(include_str!("sql/all_below.sql"));
    let rows: Vec<BelowRow> = sql.bind::<Array<SqlUuid>, _>(ids).load(conn)?;
    Ok(rows.into_iter().map(|row| (row.top, row.id)).collect())
}

#[derive(QueryableByName)]
struct BelowRow {
    #[diesel(sql_type = SqlUuid)]
    top: GroupId,
    #[diesel(sql_type = SqlUuid)]
    id: GroupId,
}

/// The collections of products.
pub fn collections_of(conn: &mut PgConnection, of: &[ProductId]) -> QueryResult<Vec<(ProductId, GroupId)>> {
    m::table
        .filter(m::product_id.eq_any(of))
        .order((m::product_id, m::group_id))
        .select((m::product_id, m::group_id))
        .load(conn)
}
