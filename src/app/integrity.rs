//! The books compared with themselves, on request: every invariant, and every row that breaks one.
use crate::{
    kernel::{Actor, Result, actor::Permission, audit::Violation},
    platform::{db::Db, http::Gate},
};
use actix_web::{HttpResponse, get, web};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

/// The rows that the audit found.
#[derive(Serialize, ToSchema)]
struct Integrity {
    /// When the checks ran.
    checked_at: DateTime<Utc>,
    /// The feed's last position at the moment that was checked.
    position: i64,
    /// The invariants that were checked.
    invariants: Vec<&'static str>,
    /// Rows that differ from what they should be; none if all is well.
    violations: Vec<Violation>,
}

/// Check every invariant
///
/// Compares levels with the ledger, reservations and allocations, orders with payments, keys and events, all at one
/// moment. It reads much, beside the work of the day; one check runs at a time.
#[utoipa::path(
    tag = "operations", operation_id = "checkIntegrity",
    responses((status = 200, body = Integrity, description = "What was checked, and what differs")),
    extensions(("x-permission" = json!("audit:read"))),
)]
#[get("/v1/inventory/integrity", wrap = "Gate")]
pub async fn show(actor: Actor, db: web::Data<Db>) -> Result<HttpResponse> {
    actor.require_everywhere(Permission::AuditRead)?;
    let checked_at = db.clock().now();
    let (position, violations) = super::audited(&db).await?;
    Ok(HttpResponse::Ok().json(Integrity { checked_at, position, invariants: super::invariants(), violations }))
}
