//! The table of routes, read from the OpenAPI document: which permission each one demands. A route that is not
//! documented is not served, so the document cannot fall behind.
use crate::kernel::{Code, Error, actor::Permission};
use actix_web::{HttpRequest, HttpResponse, ResponseError, http::Method, http::header};
use std::collections::BTreeMap;
use utoipa::openapi::{HttpMethod, OpenApi, PathItem, path::Operation};

/// The callers of a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RouteAccess {
    /// Anyone.
    Public,
    /// Anyone on this machine, and holders of the permission.
    Local(Permission),
    /// Holders of the permission; the handler then checks the location.
    Holders(Permission),
    /// Anyone who is signed in.
    SignedIn,
}

/// All routes: pattern and method to access.
#[derive(Debug, Clone, Default)]
pub struct Routes(BTreeMap<String, BTreeMap<String, RouteAccess>>);

impl Routes {
    /// Reads `x-permission` of every operation; one without it is a fault of the program.
    pub fn of(document: &OpenApi) -> anyhow::Result<Self> {
        let mut routes = Self::default();
        for (pattern, item) in &document.paths.paths {
            for (method, operation) in operations(item) {
                let access = access(operation)
                    .ok_or_else(|| anyhow::anyhow!("{method} {pattern} lacks a valid x-permission"))?;
                routes.0.entry(pattern.clone()).or_default().insert(method.to_owned(), access);
            }
        }
        Ok(routes)
    }

    /// The access of a route, if it is known.
    pub fn access(&self, pattern: &str, method: &Method) -> Option<RouteAccess> {
        self.0.get(&documented(pattern))?.get(method_or_get(method)).copied()
    }

    /// The methods of a pattern.
    pub fn methods(&self, pattern: &str) -> Vec<&str> {
        self.0.get(&documented(pattern)).map(|methods| methods.keys().map(String::as_str).collect()).unwrap_or_default()
    }
}

/// A router's pattern as the document writes it: `{file:.*}` is `{file}` there.
fn documented(pattern: &str) -> String {
    let mut parts = pattern.split('{');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| match part.split_once('}') {
        Some((name, rest)) => format!("{text}{{{}}}{rest}", name.split(':').next().unwrap_or_default()),
        None => format!("{text}{{{part}"),
    })
}

fn method_or_get(method: &Method) -> &str {
    if method == Method::HEAD { "GET" } else { method.as_str() }
}

/// The access that an operation declares in `x-permission`.
pub fn access(operation: &Operation) -> Option<RouteAccess> {
    let name = operation.extensions.as_ref()?.get("x-permission")?.as_str()?;
    match name.split_once('|') {
        None if name == "public" => Some(RouteAccess::Public),
        None if name == "signed_in" => Some(RouteAccess::SignedIn),
        None => name.parse().ok().map(RouteAccess::Holders),
        Some(("local", permission)) => permission.parse().ok().map(RouteAccess::Local),
        Some(_) => None,
    }
}

/// The operations of a path, with their methods.
pub fn operations(item: &PathItem) -> Vec<(&'static str, &Operation)> {
    let all = [
        ("GET", &item.get),
        ("PUT", &item.put),
        ("POST", &item.post),
        ("DELETE", &item.delete),
        ("PATCH", &item.patch),
    ];
    all.into_iter().filter_map(|(method, operation)| Some((method, operation.as_ref()?))).collect()
}

/// The same for changing.
pub fn operations_mut(item: &mut PathItem) -> impl Iterator<Item = (HttpMethod, &mut Operation)> {
    let all = [
        (HttpMethod::Get, &mut item.get),
        (HttpMethod::Put, &mut item.put),
        (HttpMethod::Post, &mut item.post),
        (HttpMethod::Delete, &mut item.delete),
        (HttpMethod::Patch, &mut item.patch),
    ];
    all.into_iter().filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

/// The answer where no route matches: 405 with `Allow` if the path exists, otherwise 404.
pub async fn nothing_here(req: HttpRequest) -> HttpResponse {
    let routes = req.app_data::<actix_web::web::Data<Routes>>();
    let pattern = req.match_pattern().unwrap_or_default();
    let methods = routes.map(|routes| routes.methods(&pattern)).unwrap_or_default();
    if methods.is_empty() {
        return Error::refused(Code::NotFound, format!("there is nothing at {}", req.path())).error_response();
    }
    let allow = methods.join(", ");
    let detail = format!("{} is not allowed here; {allow} is", req.method());
    let mut response = Error::refused(Code::MethodNotAllowed, detail).error_response();
    if let Ok(value) = header::HeaderValue::from_str(&allow) {
        response.headers_mut().insert(header::ALLOW, value);
    }
    response
}
