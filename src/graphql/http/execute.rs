//! `POST /graphql`: vetted before it is parsed, answered in the media type that was asked for.
use crate::{
    catalog::Catalog,
    graphql::{
        CoffretSchema, errors, limits,
        loaders::{self, Waiting},
    },
    kernel::{Actor, Code, Error, Refusal, Result},
    platform::{
        config::Config,
        db::Db,
        http::{Gate, request::body},
    },
    search::Search,
};
use actix_web::{FromRequest, HttpRequest, HttpResponse, dev::Payload, http::header, post, web};
use async_graphql::{Request, Response, ServerError};
use async_graphql_actix_web::GraphQLRequest;
use serde::Serialize;
use std::time::Duration;
use utoipa::ToSchema;

const RESPONSE_JSON: &str = "application/graphql-response+json";

/// A GraphQL request.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the body, which async-graphql parses")]
struct Query {
    #[schema(example = "{ products(first: 3) { edges { node { name variants { sku } } } } }")]
    query: String,
    #[schema(value_type = Option<Object>)]
    variables: Option<()>,
    #[schema(value_type = Option<String>, rename = "operationName")]
    operation_name: Option<()>,
}

/// The parts that queries need; cheap to clone.
#[derive(Clone)]
pub struct Service {
    /// The schema.
    pub schema: CoffretSchema,
    /// The database that is read.
    pub db: Db,
    /// The catalog as it is remembered.
    pub catalog: Catalog,
    /// The search of products.
    pub search: Search,
    /// The settings.
    pub config: Config,
}

/// Run a GraphQL query
///
/// Reads only. Errors carry the same codes as REST in `extensions.code`. Ask for
/// `application/graphql-response+json` to get 400 for a request that could not be run.
#[utoipa::path(
    tag = "graphql", operation_id = "graphql", request_body = Query,
    responses((status = 200, body = Object, description = "Data and errors")),
    extensions(("x-permission" = json!("catalog:read"))),
)]
#[post("/graphql", wrap = "Gate")]
pub async fn graphql(
    req: HttpRequest,
    payload: web::Payload,
    actor: Actor,
    service: web::Data<Service>,
) -> Result<HttpResponse> {
    let Service { schema, db, catalog, search, config } = service.get_ref();
    let request = request_of(&req, payload).await?;
    if let Err(refusal) = limits::check(&request.query, &config.graphql) {
        return Ok(respond(&req, Response::from_errors(vec![errors::placeless(&refusal)])));
    }
    let waiting = Waiting::default();
    let loaders = loaders::per_request(db, &actor, catalog, &waiting);
    let request = request.data(db.clone()).data(search.clone()).data(config.clone()).data(actor).data(loaders);
    let time = Duration::from_millis(config.graphql.timeout_ms);
    let query = waiting.run(schema.execute(request), |load| drop(actix_web::rt::spawn(load)));
    let done = tokio::time::timeout(time, query).await;
    let mut response = done.map_err(|_| Refusal::new(Code::Busy, "the query took too long").retry_after(1))?;
    response.errors.truncate(MOST_ERRORS);
    response.errors.iter_mut().for_each(errors::complete);
    Ok(respond(&req, response))
}

/// Errors of one answer: a document that is wrong everywhere needs no more to be told so.
const MOST_ERRORS: usize = 20;

async fn request_of(req: &HttpRequest, payload: web::Payload) -> Result<Request> {
    body::require_json(req, false)?;
    let limits = body::limits(req)?;
    let bytes = body::read(req, payload.into_inner(), limits.graphql_bytes, limits.deadline).await?;
    let shape: serde_json::Map<String, serde_json::Value> = body::parse(&bytes)?;
    if !shape.get("query").is_some_and(serde_json::Value::is_string) {
        return Err(Error::refused(Code::MalformedRequest, "the body must be an object with a query"));
    }
    let stream = futures_util::stream::once(std::future::ready(Ok::<_, actix_web::error::PayloadError>(bytes)));
    let mut vetted: Payload = Payload::Stream { payload: Box::pin(stream) };
    let parsed = GraphQLRequest::from_request(req, &mut vetted).await;
    parsed
        .map(GraphQLRequest::into_inner)
        .map_err(|e| Error::refused(Code::MalformedRequest, format!("the request is not valid: {e}")))
}

/// The answer, its fields in the order of the query.
#[derive(Serialize)]
struct Answer<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a async_graphql::Value>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [ServerError],
}

/// A request that could not be run has no data; whether that is a 400 depends on the media type asked for.
fn respond(req: &HttpRequest, response: Response) -> HttpResponse {
    let accept = req.headers().get(header::ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let is_modern = accept.contains(RESPONSE_JSON);
    let has_run = response.data != async_graphql::Value::Null || response.errors.iter().any(|e| !e.path.is_empty());
    let body = Answer { data: has_run.then_some(&response.data), errors: &response.errors };
    let mut answer = if is_modern && !has_run { HttpResponse::BadRequest() } else { HttpResponse::Ok() };
    answer.content_type(if is_modern { RESPONSE_JSON } else { "application/json" }).json(body)
}
