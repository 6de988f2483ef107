//! The server of HTTP: routes with what they share, its limits, and the connections of clients. It is put together from
//! the parts of actix-web's own, because that one leaves no room between a socket and its requests.
use super::{
    docs::{self, openapi},
    names, routes,
};
use crate::{
    access::Access,
    graphql,
    orders::Services,
    platform::{
        config::Config,
        http::{
            self, Authenticator, BodyLimits, Connection, Draining, Routes, nothing_here,
            server::{observe, pipeline},
        },
        telemetry::Metrics,
    },
    search::Search,
};
use actix_http::{HttpService, KeepAlive};
use actix_server::ServerBuilder;
use actix_service::{IntoServiceFactory, ServiceFactoryExt, fn_service, map_config};
use actix_web::{
    App as ActixApp,
    dev::{AppConfig, Server},
    middleware::from_fn,
    rt::net::TcpStream,
    web::{self, Data},
};
use anyhow::Context as _;
use futures_util::future::ok;
use socket2::{Domain, Socket, Type};
use std::{
    net::{SocketAddr, TcpListener, ToSocketAddrs},
    sync::Arc,
    time::Duration,
};
use tracing_actix_web::TracingLogger;
use utoipa_actix_web::AppExt;

/// Connections that wait to be accepted.
const BACKLOG: i32 = 1024;

/// The services that routes share.
pub struct Parts {
    pub services: Services,
    pub access: Access,
    pub search: Search,
}

/// Serves on the settings' address; the server, to be awaited, and the first address.
#[expect(clippy::too_many_lines, reason = "a line for each part that the application shares")]
pub fn serve(
    config: &Config,
    parts: &Parts,
    draining: &Draining,
    metrics: Metrics,
) -> anyhow::Result<(Server, SocketAddr)> {
    let document = openapi();
    let routes_table = Data::new(Routes::of(&document)?);
    let document = Data::new(docs::Document::of(&document)?);
    let proxies = Data::new(http::server::client::Proxies::of(&config.server)?);
    let limits = BodyLimits {
        json_bytes: config.server.max_body_bytes,
        graphql_bytes: config.server.max_graphql_bytes,
        deadline: Duration::from_secs(config.server.body_timeout_seconds),
    };
    let (settings, draining) = (config.clone(), draining.clone());
    let (services, access, search) = (parts.services.clone(), parts.access.clone(), parts.search.clone());
    let inventory = services.inventory.clone();
    let (db, catalog) = (inventory.db.clone(), inventory.catalog.clone());
    let schema = graphql::schema(&config.graphql);
    let queries = graphql::http::Service {
        schema,
        db: db.clone(),
        catalog: catalog.clone(),
        search: search.clone(),
        config: config.clone(),
    };
    let authenticator: Arc<dyn Authenticator> = Arc::new(access.clone());
    let namer: Arc<dyn http::Namer> = Arc::new(names::CodeNames(db.clone()));
    let application = move || {
        let (app, _) = ActixApp::new()
            .into_utoipa_app()
            .app_data(routes_table.clone())
            .app_data(document.clone())
            .app_data(proxies.clone())
            .app_data(Data::new(limits))
            .app_data(Data::new(settings.clone()))
            .app_data(Data::new(db.clone()))
            .app_data(Data::new(inventory.group_commit.clone()))
            .app_data(Data::new(inventory.clone()))
            .app_data(Data::new(access.clone()))
            .app_data(Data::from(authenticator.clone()))
            .app_data(Data::from(namer.clone()))
            .app_data(Data::new(catalog.clone()))
            .app_data(Data::new(services.clone()))
            .app_data(Data::new(search.clone()))
            .app_data(Data::new(queries.clone()))
            .app_data(Data::new(draining.clone()))
            .app_data(Data::new(metrics.clone()))
            .configure(routes)
            .split_for_parts();
        app.default_service(web::to(nothing_here))
            .wrap(from_fn(observe::vet))
            .wrap(from_fn(observe::observe))
            .wrap(TracingLogger::<observe::RequestSpan>::new())
            .wrap(from_fn(pipeline::answered))
    };

    let workers = match config.server.workers {
        0 => std::thread::available_parallelism().map_or(2, usize::from),
        some => some,
    };
    let mut builder = ServerBuilder::new()
        .workers(workers)
        .max_concurrent_connections(config.server.max_connections)
        .shutdown_timeout(config.server.shutdown_seconds)
        .disable_signals();
    let head_timeout = Duration::from_secs(config.server.head_timeout_seconds);
    let limit_unread = http::server::client::limit_unread(config.server.unread_timeout_seconds);
    let mut first = None;
    for listener in listeners(&config.server.bind)? {
        let address = listener.local_addr()?;
        first.get_or_insert(address);
        let (application, limit_unread) = (application.clone(), limit_unread.clone());
        let stopping = builder.graceful_shutdown_signal();
        builder = builder.listen(format!("http {address}"), listener, move || {
            let stopping = stopping.clone();
            let app = application().into_factory().map_err(|error: actix_web::Error| error.error_response());
            let requests = HttpService::build()
                .graceful_shutdown_signal(move || {
                    let stopping = stopping.clone();
                    async move { stopping.notified().await }
                })
                .keep_alive(KeepAlive::Timeout(Duration::from_secs(75)))
                .client_request_timeout(head_timeout)
                .client_disconnect_timeout(Duration::from_secs(5))
                .local_addr(address)
                .on_connect_ext(|connection: &Connection, extensions| {
                    extensions.insert(connection.turns());
                })
                .h1(map_config(app, |()| AppConfig::default()));
            let limit_unread = limit_unread.clone();
            let connections = fn_service(move |stream: TcpStream| {
                limit_unread(&stream);
                let peer = stream.peer_addr().ok();
                ok((Connection::new(stream), peer))
            });
            connections.and_then(requests)
        })?;
    }
    let first = first.with_context(|| format!("the address {} names nothing", config.server.bind))?;
    Ok((builder.run(), first))
}

/// Listens on every address that a setting names; one that cannot be had is a fault only if there is no other.
fn listeners(bind: &str) -> anyhow::Result<Vec<TcpListener>> {
    let whole = || format!("the address {bind} cannot be listened on");
    let (mut listeners, mut fault) = (vec![], None);
    for address in bind.to_socket_addrs().with_context(whole)? {
        match listener(address) {
            Ok(listener) => listeners.push(listener),
            Err(error) => fault = Some(error),
        }
    }
    match fault {
        Some(error) if listeners.is_empty() => Err(error).with_context(whole),
        _ => Ok(listeners),
    }
}

fn listener(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, None)?;
    socket.set_reuse_address(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}
