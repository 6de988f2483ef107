//! The composition root: the one location that names every module. Production, the demo and the tests start the
//! same object.
use crate::{
    access::{self, Access, SigningKey},
    bulk,
    catalog::{self, Catalog},
    graphql,
    inventory::{self, Index, Inventory},
    kernel::{Clock, Result, audit::Violation},
    orders::{self, PaymentService, Services},
    payments::{self, Gateways},
    platform::{
        config::Config,
        db::{self, Db, SessionSettings},
        events::{self, Follower, Sequencer},
        group_commit::{GroupCommit, MakeWorkingSets},
        http::{self, Draining, server::health},
        telemetry::Metrics,
    },
    search::{self, Search},
};
use actix_web::{
    App as ActixApp,
    dev::{Server, ServerHandle},
};
use std::{net::SocketAddr, path::Path, sync::Arc};
use tokio::sync::watch;
use utoipa::openapi::OpenApi;
use utoipa_actix_web::{AppExt, service_config::ServiceConfig};

/// A running service.
pub struct App {
    /// The address at which it listens.
    pub address: SocketAddr,
    /// Its database.
    pub db: Db,
    /// The users and their tokens.
    pub(crate) access: Access,
    /// The background jobs.
    pub jobs: Jobs,
    _sequencer: Sequencer,
    server: Option<Server>,
    handle: ServerHandle,
    draining: Draining,
    stop_jobs: watch::Sender<bool>,
}

fn routes(config: &mut ServiceConfig) {
    config
        .service(health::livez)
        .service(health::readyz)
        .service(health::metrics)
        .service(crate::platform::http::server::problem_pages::list)
        .service(crate::platform::http::server::problem_pages::page)
        .service(http::feed::feed)
        .service(integrity::show)
        .configure(access::http::routes)
        .configure(catalog::http::routes)
        .configure(inventory::http::routes)
        .configure(orders::http::routes)
        .configure(payments::gift_cards::http::routes)
        .configure(search::http::routes)
        .configure(bulk::http::routes)
        .configure(graphql::http::routes)
        .service(docs::start)
        .service(docs::document)
        .service(docs::page)
        .service(docs::file);
}

mod docs;
mod integrity;
mod jobs;
mod names;
mod server;
pub use docs::openapi;
pub use graphql::sdl;
pub use jobs::Jobs;

impl App {
    /// Starts serving on the settings' address; the database must be migrated.
    pub fn start(config: Config, database_url: &str, data_dir: &Path, clock: Clock) -> anyhow::Result<Self> {
        if !config.database.allow_unsafe_durability {
            db::check_durability(database_url)?;
        }
        let db = Db::connect(database_url, SessionSettings::from(&config.database), clock)?;
        anyhow::ensure!(orders::faults_of_chains(&config.orders).is_empty(), "the settings name an unknown strategy");
        db.write_now(|tx| inventory::require_currency(tx, config.inventory.cost_currency))?;
        let key = SigningKey::load(&config.access, data_dir)?;
        let access = Access::new(db.clone(), &config.access, &key)?;
        let (draining, metrics, catalog) = (Draining::default(), Metrics::new()?, Catalog::default());
        let index = Index::new(config.inventory.index_levels);
        let uow = books_of(&catalog, &index);
        let group_commit = GroupCommit::start(&db, &(&config.group_commit).into(), metrics.group_commit.clone(), uow);
        let inventory = Inventory::new(db.clone(), catalog.clone(), group_commit, &config.inventory, index);
        let sequencer = Sequencer::start(&db)?;
        // Before anything is remembered: what changes from here on is heard of.
        let follower = Follower::start(&db)?;
        let money = PaymentService::new(&config, Gateways::new(&config.payments, &db)?);
        let search = Search::new(&inventory);
        search.check()?;
        let services = Services::new(inventory, money, &config.orders);
        let parts = server::Parts { services: services.clone(), access: access.clone(), search: search.clone() };
        let server = server::serve(&config, &parts, &draining, metrics)?;
        let address = server.1;
        let (stop_jobs, stopped) = watch::channel(false);
        let jobs = Jobs::new(&db, &config.retention, parts, follower);
        jobs.start(&config, &stopped);
        let handle = server.0.handle();
        Ok(Self {
            address,
            db,
            access,
            jobs,
            _sequencer: sequencer,
            server: Some(server.0),
            handle,
            draining,
            stop_jobs,
        })
    }

    /// The future that serves until the server is stopped; to be awaited or spawned, once.
    pub fn server(&mut self) -> impl Future<Output = std::io::Result<()>> + use<> {
        let server = self.server.take();
        async move {
            match server {
                Some(server) => server.await,
                None => Ok(()),
            }
        }
    }

    /// A handle that stops the server.
    pub fn handle(&self) -> ServerHandle {
        self.handle.clone()
    }

    /// The closure that begins the drain: load balancers are told that the service is not ready, and its jobs end.
    pub fn drainer(&self) -> impl Fn() + use<> {
        let (draining, stop_jobs) = (self.draining.clone(), self.stop_jobs.clone());
        move || {
            draining.begin();
            stop_jobs.send_replace(true);
        }
    }
}

/// The books of a lane, in the order in which their rows are locked.
fn books_of(catalog: &Catalog, index: &Index) -> MakeWorkingSets {
    let (catalog, index) = (catalog.clone(), index.clone());
    Arc::new(move || {
        vec![
            Box::new(catalog::CurrentOffers::new(catalog.clone())),
            Box::<orders::Orders>::default(),
            Box::<orders::Returns>::default(),
            Box::<orders::Pickups>::default(),
            Box::<payments::Payments>::default(),
            Box::<inventory::Documents>::default(),
            Box::new(inventory::Stock::new(index.clone())),
            Box::new(catalog::Redemptions::new(catalog.clone())),
        ]
    })
}

/// Every row that breaks an invariant; none if all is well.
pub async fn audit(db: &Db) -> Result<Vec<Violation>> {
    Ok(audited(db).await?.1)
}

/// The feed's last position, and every row that breaks an invariant at that moment.
async fn audited(db: &Db) -> Result<(i64, Vec<Violation>)> {
    db.snapshot_read(|db| {
        let position = events::span(db)?.last;
        Ok((
            position,
            [
                inventory::audit(db)?,
                orders::audit(db)?,
                catalog::promotions::audit::audit(db)?,
                payments::gift_cards::audit::audit(db)?,
                events::audit(db)?,
            ]
            .concat(),
        ))
    })
    .await
}

/// The names of all invariants.
pub fn invariants() -> Vec<&'static str> {
    [
        inventory::invariants(),
        orders::invariants(),
        catalog::promotions::audit::invariants(),
        payments::gift_cards::audit::invariants(),
        events::invariants(),
    ]
    .concat()
}

/// The document that the routes describe, before it is completed.
fn collected() -> OpenApi {
    ActixApp::new().into_utoipa_app().configure(routes).split_for_parts().1
}
