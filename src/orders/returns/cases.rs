//! Reactions of customers' skin that inspections have found: to be listed by lot, as those who look into them need them.
use super::store::{self, CaseRow};
use crate::{
    catalog, inventory,
    kernel::{
        Actor, CaseId, Error, LotId, OrderId, Page, PageRequest, Places, PrincipalId, Result, ReturnId, Sku, VariantId,
        actor::Permission,
    },
    platform::{
        db::{Db, Read},
        http::{Gate, Params, PathOf, answer::Listed, listed, params::page_of},
    },
};
use actix_web::{HttpResponse, get, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use utoipa::{IntoParams, ToSchema};

/// Which cases.
#[derive(Debug, Clone, Copy, Default)]
pub struct CaseFilter {
    pub id: Option<CaseId>,
    pub lot: Option<LotId>,
    pub variant: Option<VariantId>,
}

/// A case's place in the list: by time, then id.
pub type CaseKey = (DateTime<Utc>, CaseId);

/// A customer's skin has reacted to a product.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReactionCase {
    pub id: CaseId,
    /// The return whose inspection has found it.
    pub return_id: ReturnId,
    pub order_id: OrderId,
    pub variant_id: VariantId,
    pub sku: String,
    pub lot_id: Option<LotId>,
    /// The lot's code as it is printed; null if the pack's lot is not known.
    pub lot: Option<String>,
    /// The inspector's or the customer's words.
    pub note: Option<String>,
    pub opened_by: PrincipalId,
    pub opened_at: DateTime<Utc>,
}

fn views(db: &mut Read, rows: Vec<CaseRow>) -> Result<Vec<ReactionCase>> {
    let variants: Vec<_> = rows.iter().map(|row| row.variant_id).collect();
    let skus: HashMap<_, _> = catalog::variants_by_id(db, &variants)?.into_iter().map(|v| (v.id, v.sku)).collect();
    let lots: Vec<_> = rows.iter().filter_map(|row| row.lot_id).collect();
    let codes: HashMap<_, _> = inventory::lots_by_id(db, &lots)?.into_iter().map(|lot| (lot.id, lot.code)).collect();
    let view = |row: CaseRow| ReactionCase {
        id: row.id,
        return_id: row.return_id,
        order_id: row.order_id,
        variant_id: row.variant_id,
        sku: skus.get(&row.variant_id).cloned().unwrap_or_default(),
        lot: row.lot_id.and_then(|id| codes.get(&id).cloned()),
        lot_id: row.lot_id,
        note: row.note,
        opened_by: row.opened_by,
        opened_at: row.opened_at,
    };
    Ok(rows.into_iter().map(view).collect())
}

fn cases(db: &mut Read, at: &Places, filter: &CaseFilter, page: &PageRequest<CaseKey>) -> Result<Page<ReactionCase>> {
    let Page { rows, has_more } = Page::of(store::cases(db.conn(), at.ids(), filter, page)?, page.limit);
    Ok(Page { rows: views(db, rows)?, has_more })
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ListCases {
    /// Only of this lot.
    #[param(inline)]
    lot_id: Option<LotId>,
    /// Only of this SKU.
    #[param(inline)]
    sku: Option<Sku>,
    /// Rows in a page.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// Where to go on.
    cursor: Option<String>,
}

/// List reaction cases
///
/// Those whose goods came in where the caller may see cases, the newest first, with the lot that caused them.
#[utoipa::path(tag = "returns", operation_id = "listReactionCases", params(ListCases),
    responses((status = 200, body = Listed<ReactionCase>, description = "A page of cases")), extensions(("x-permission" = json!("cases:read"))))]
#[get("/v1/reaction-cases", wrap = "Gate")]
pub async fn list(actor: Actor, db: web::Data<Db>, query: Params<ListCases>) -> Result<HttpResponse> {
    let ListCases { lot_id: lot, sku, limit, cursor } = query.0;
    let name = format!("cases {lot:?} {:?}", sku.as_ref().map(Sku::key));
    let page = page_of::<CaseKey>(limit, cursor.as_deref(), &name)?;
    let places = actor.places(Permission::CasesRead);
    let found = db.read(move |db| {
        let mut filter = CaseFilter { lot, ..CaseFilter::default() };
        if let Some(sku) = sku {
            let variant = catalog::variant_by_sku(db, sku.as_str())?;
            filter.variant = Some(variant.ok_or_else(|| Error::not_found("variant"))?.id);
        }
        cases(db, &places, &filter, &page)
    });
    Ok(listed(found.await?, &name, |case| (case.opened_at, case.id)))
}

/// Show a reaction case
///
/// With the return, the order and the lot.
#[utoipa::path(tag = "returns", operation_id = "getReactionCase", params(("case_id" = CaseId, Path, description = "The case")),
    responses((status = 200, body = ReactionCase, description = "The case")), extensions(("x-permission" = json!("cases:read"))))]
#[get("/v1/reaction-cases/{case_id}", wrap = "Gate")]
pub async fn show(actor: Actor, db: web::Data<Db>, id: PathOf<CaseId>) -> Result<HttpResponse> {
    let places = actor.places(Permission::CasesRead);
    let filter = CaseFilter { id: Some(id.0), ..CaseFilter::default() };
    let page = PageRequest { after: None, limit: 1 };
    let found = db.read(move |db| cases(db, &places, &filter, &page)).await?;
    let case = found.rows.into_iter().next().ok_or_else(|| Error::not_found("reaction case"))?;
    Ok(HttpResponse::Ok().json(case))
}
