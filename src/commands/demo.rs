//! `coffret demo`: everything at once on a seeded brand, with lines to paste.
use super::{database::Database, seed, serve};
use crate::{
    access::{self, Access, NewGrant, NewUser},
    app::App,
    catalog,
    commands::demo_data::{self, Stage},
    inventory::{self, LevelsAt, Profile},
    kernel::{Clock, Error, LocationId, Locations, PageRequest, PrincipalId, actor::Role},
    platform::{
        config::Config,
        db::{self, Db},
    },
};
use anyhow::Context;
use std::{
    fs,
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::Path,
    process::ExitCode,
    time::{Duration, Instant},
};

/// The demo's users share one password; they exist in the demo's database only.
const PASSWORD: &str = "coffret-demo-2026";
/// Tokens in demo.env live for a day, so that a script may use them for as long as it likes.
const TOKEN_SECONDS: i64 = 86_400;
/// The warehouse of the demo, where everything is in stock.
const LOCATION: &str = "WH-001";
const STORE: &str = "STORE-002";
const CURRENCY: &str = "EUR";

const USERS: [(&str, &str, Role, Option<&str>); 6] = [
    ("admin@coffret.example", "Head office", Role::Admin, None),
    ("manager@coffret.example", "Manager of WH-001", Role::StoreManager, Some(LOCATION)),
    ("till@coffret.example", "Till of WH-001", Role::Cashier, Some(LOCATION)),
    ("boutique@coffret.example", "Till of STORE-002", Role::Cashier, Some(STORE)),
    ("planner@coffret.example", "Planner", Role::Planner, None),
    ("analyst@coffret.example", "Analyst", Role::Analyst, None),
];

/// Starts the demo and serves until Ctrl-C.
pub async fn run(mut config: Config, port: u16) -> anyhow::Result<ExitCode> {
    let (begun, signals) = (Instant::now(), serve::Signals::new()?);
    config.database.url = String::new().into();
    config.server.bind = format!("127.0.0.1:{port}");
    if port != 0 {
        // OAuth clients compare the issuer with the address that they were given.
        config.access.issuer = format!("http://127.0.0.1:{port}");
    }
    let data_dir = config.data_dir.clone();
    let database = Database::open(&config)?;
    db::migrate(&database.url)?;
    let app = App::start(config, &database.url, &data_dir, Clock::default())?;
    let is_fresh = seed::is_empty(&app.db).await?;
    if is_fresh {
        seed::fill(&app.db, Profile::S).await?;
    }
    let tokens = sign_in_users(&app.db, &app.access).await?;
    let location = location_of(&app.db, LOCATION).await?;
    let sku = plentiful(&app.db, location).await?;
    let env = Environment { url: format!("http://{}", app.address), location, sku, tokens };
    let env_file = data_dir.join("demo.env");
    write_env(&env_file, &env)?;
    let stage = stage(&app.db, &env).await?;
    let opening = async {
        if is_fresh {
            demo_data::create(&stage).await?;
        }
        say(&env, &env_file, begun.elapsed())
    };
    serve::until_stopped(app, signals, Duration::ZERO, opening).await?;
    Ok(ExitCode::SUCCESS)
}

struct Environment {
    url: String,
    location: LocationId,
    /// Of which at least 100 are available there.
    sku: String,
    /// Of the admin, the manager and the till.
    tokens: [String; 3],
}

/// Makes the demo's users where they are missing, and tokens for three of them.
async fn sign_in_users(db: &Db, access: &Access) -> anyhow::Result<[String; 3]> {
    let mut ids = vec![];
    for (email, name, role, code) in USERS {
        ids.push(user(db, email, name, role, code).await?);
    }
    let token = |n: usize| anyhow::Ok(access.token_for(*ids.get(n).context("a demo user is missing")?, TOKEN_SECONDS)?);
    Ok([token(0)?, token(1)?, token(2)?])
}

async fn user(db: &Db, email: &str, name: &str, role: Role, code: Option<&'static str>) -> anyhow::Result<PrincipalId> {
    if let Some(known) = access::user_by_email(db, email).await? {
        return Ok(known);
    }
    let location = match code {
        Some(code) => Some(location_of(db, code).await?),
        None => None,
    };
    let text = |e: String| anyhow::anyhow!(e);
    let user = NewUser {
        email: email.parse().map_err(text)?,
        name: name.parse().map_err(text)?,
        grants: vec![NewGrant {
            role: role.into(),
            location_id: location,
            location_group_id: None,
            starts_at: None,
            ends_at: None,
        }],
    };
    Ok(access::create(db, user, PASSWORD.into()).await?)
}

async fn location_of(db: &Db, code: &'static str) -> anyhow::Result<LocationId> {
    let found = db.read(move |db| inventory::location_by_code(db, code)).await?;
    Ok(found
        .with_context(|| format!("the demo's location {code} is missing: remove the data directory and start again"))?
        .id)
}

/// The beginning of the seed's SKUs.
const SEEDED: &str = "MC-";

/// A SKU of which at least 100 are available at the location: the first, unless it has been sold.
async fn plentiful(db: &Db, location: LocationId) -> anyhow::Result<String> {
    let now = db.clock().now();
    let found = db.read(move |db| {
        let page = PageRequest { limit: 1000, after: None };
        let levels = inventory::levels_at(
            db,
            &Locations::Everywhere,
            LevelsAt { locations: &[location], only: None, now },
            &page,
        )?;
        let ids: Vec<_> =
            levels.iter().filter(|level| level.available() >= 100).map(|level| level.variant_id).collect();
        // One of the seed's, so that it is the same after a restart, whatever was imported since.
        let skus = catalog::variants_by_id(db, &ids)?.into_iter().map(|variant| variant.sku);
        Ok(skus.filter(|sku| sku.starts_with(SEEDED)).min())
    });
    found.await?.context("the demo's stock is sold out: remove the data directory and start again")
}

/// The stage of the demo's day: the warehouse, the store, and SKUs that both have, but not the one that is printed.
async fn stage(db: &Db, env: &Environment) -> anyhow::Result<Stage> {
    let (warehouse, store, now) = (env.location, location_of(db, STORE).await?, db.clock().now());
    let found = db.read(move |db| {
        let page = PageRequest { limit: 1000, after: None };
        let mut at = |location, least| {
            let levels = inventory::levels_at(
                db,
                &Locations::Everywhere,
                LevelsAt { locations: &[location], only: None, now },
                &page,
            )?;
            let plenty = levels.into_iter().filter(|level| level.available() >= least);
            Ok::<_, Error>(plenty.map(|level| level.variant_id).collect::<Vec<_>>())
        };
        let (here, there) = (at(warehouse, 40)?, at(store, 4)?);
        let both: Vec<_> = here.into_iter().filter(|variant| there.contains(variant)).collect();
        Ok(catalog::variants_by_id(db, &both)?.into_iter().map(|variant| variant.sku).collect::<Vec<_>>())
    });
    let mut skus = found.await?;
    skus.retain(|sku| *sku != env.sku);
    skus.sort();
    skus.truncate(10);
    let [token, ..] = env.tokens.clone();
    Ok(Stage { url: env.url.clone(), token, warehouse, store, skus, today: now.date_naive() })
}

/// Writes what a script needs; only its owner can read it.
fn write_env(path: &Path, env: &Environment) -> anyhow::Result<()> {
    let Environment { url, location, sku, tokens: [admin, manager, payments] } = env;
    let lines = [
        ("COFFRET_URL", url.as_str()),
        ("COFFRET_ADMIN_TOKEN", admin),
        ("COFFRET_MANAGER_TOKEN", manager),
        ("COFFRET_TILL_TOKEN", payments),
        ("COFFRET_LOCATION_ID", &location.to_string()),
        ("COFFRET_SKU", sku),
        ("COFFRET_CURRENCY", CURRENCY),
    ];
    let text: String = lines.iter().map(|(name, value)| format!("export {name}='{value}'\n")).collect();
    let _ = fs::remove_file(path);
    let mut file = fs::File::options().create_new(true).write(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    Ok(())
}

fn say(env: &Environment, env_file: &Path, took: Duration) -> anyhow::Result<()> {
    let users: String = USERS
        .iter()
        .map(|(email, _, role, code)| format!("    {email:<26} {role:<14} {}\n", code.unwrap_or("everywhere")))
        .collect();
    let text = format!(
        include_str!("demo.txt"),
        url = env.url,
        seconds = took.as_secs_f64(),
        env_file = env_file.display(),
        users = users,
        password = PASSWORD,
    );
    std::io::stdout().write_all(text.as_bytes())?;
    Ok(())
}
