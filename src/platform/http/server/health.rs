//! Health for orchestrators and metrics for Prometheus; none of them needs the other to be well.
use super::gate::Gate;
use crate::{
    kernel::{Code, Error, Refusal, Result},
    platform::http::response::problem,
    platform::{db::Db, group_commit::GroupCommit, http::request::LocalOrActor, telemetry::Metrics},
};
use actix_web::{HttpResponse, get, web};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

/// Set when the server is about to stop: it is no longer ready, but still alive.
#[derive(Debug, Clone, Default)]
pub struct Draining(Arc<AtomicBool>);

impl Draining {
    /// From now on the server is not ready.
    pub fn begin(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    fn has_begun(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

/// Check liveness
///
/// Never touches the database.
#[utoipa::path(
    tag = "operations",
    responses((status = 200, description = "The process lives")),
    extensions(("x-permission" = json!("public"))),
)]
#[get("/livez", wrap = "Gate")]
pub async fn livez() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain").body("ok\n")
}

/// Check readiness
///
/// 503 while the database does not answer within half a second, while what waits for the group commit has waited for
/// more than a second, and while the server drains.
#[utoipa::path(
    tag = "operations",
    responses(
        (status = 200, description = "Ready"),
        (status = 503, description = "Not ready", body = problem::Problem, content_type = "application/problem+json"),
    ),
    extensions(("x-permission" = json!("public"))),
)]
#[get("/readyz", wrap = "Gate")]
pub async fn readyz(
    db: web::Data<Db>,
    group_commit: web::Data<GroupCommit>,
    draining: web::Data<Draining>,
) -> Result<HttpResponse> {
    if draining.has_begun() {
        return Err(Refusal::new(Code::Draining, "the server is about to stop").retry_after(5).into());
    }
    if group_commit.sojourn() > Duration::from_secs(1) {
        return Err(Refusal::new(Code::Busy, "requests wait for more than a second").retry_after(1).into());
    }
    let ping = db.read(|read| {
        diesel::RunQueryDsl::execute(diesel::sql_query("select 1"), read.conn())?;
        Ok(())
    });
    let late = |_| Error::from(Refusal::new(Code::DatabaseUnavailable, "the database does not answer").retry_after(1));
    tokio::time::timeout(Duration::from_millis(500), ping).await.map_err(late)??;
    Ok(HttpResponse::Ok().content_type("text/plain").body("ready\n"))
}

/// Get Prometheus metrics
///
/// Open to callers on this machine; from elsewhere it needs `metrics:read`.
#[utoipa::path(
    tag = "operations",
    responses((status = 200, description = "Metrics in Prometheus' text format")),
    security((), ("bearer" = [])),
    extensions(("x-permission" = json!("local|metrics:read"))),
)]
#[get("/metrics", wrap = "Gate")]
pub async fn metrics(_: LocalOrActor, db: web::Data<Db>, metrics: web::Data<Metrics>) -> Result<HttpResponse> {
    let text = metrics.text(&db)?;
    Ok(HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(text))
}
