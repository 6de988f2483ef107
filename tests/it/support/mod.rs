//! `Shop::open().await` gives a test a running server on a private database; when the test ends well, its books
//! are audited.
pub mod database;
pub mod examples;
pub mod localstripe;
pub mod operations;
pub mod papers;
pub mod people;
pub mod process;
pub mod proxy;
pub mod served;
pub mod together;

use chrono::Duration;
use coffret::{app::App, kernel::Clock, platform::config::Config};
use database::TestDatabase;
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use std::sync::{
    LazyLock,
    atomic::{AtomicU32, Ordering},
};
pub use together::all_at_once;

/// The password of every test user.
pub const PASSWORD: &str = "correct horse battery";

/// One hash for all test users: hashing is slow on purpose.
pub static HASH: LazyLock<String> = LazyLock::new(|| {
    use argon2::PasswordHasher;
    let params = argon2::Params::new(19_456, 2, 1, None).unwrap();
    let argon2 = argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params);
    argon2.hash_password(PASSWORD.as_bytes()).unwrap().to_string()
});

/// A running server with its database.
pub struct Shop {
    pub url: String,
    pub http: Client,
    pub clock: Clock,
    pub admin: String,
    pub app: App,
    pub database: TestDatabase,
    next: AtomicU32,
}

/// An answer: status, headers, body.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub body: Value,
}

impl Answer {
    pub fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default()
    }
    /// The body of a success, or a panic that shows what came instead.
    pub fn ok(self) -> Value {
        assert!((200..300).contains(&self.status), "{} {}", self.status, self.body);
        self.body
    }
    /// The body of a success as text.
    pub fn text(self) -> String {
        match self.ok() {
            Value::String(text) => text,
            other => format!("{other}\n"),
        }
    }
    /// Asserts a refusal by status and lasting code.
    pub fn refused(&self, status: u16, code: &str) {
        assert_eq!((self.status, self.code()), (status, code), "{}", self.body);
        assert_eq!(self.header("content-type"), "application/problem+json");
    }
}

/// The settings of a test server: nothing durable, nothing in the background, time moved by hand.
pub fn settings(data_dir: &std::path::Path, more: &[(&str, &str)]) -> Config {
    Config::load(None, &environment(data_dir, more)).unwrap()
}

fn environment(data_dir: &std::path::Path, more: &[(&str, &str)]) -> Vec<(String, String)> {
    let env = [
        ("COFFRET_DATA_DIR", data_dir.to_str().unwrap()),
        ("COFFRET_SERVER__BIND", "127.0.0.1:0"),
        ("COFFRET_SERVER__WORKERS", "1"),
        ("COFFRET_SERVER__BODY_TIMEOUT_SECONDS", "1"),
        ("COFFRET_DATABASE__ALLOW_UNSAFE_DURABILITY", "true"),
        ("COFFRET_DATABASE__POOL_SIZE", "8"),
        ("COFFRET_DATABASE__POOL_TIMEOUT_MS", "10000"),
        ("COFFRET_ACCESS__GRANTS_CACHE_MS", "60000"),
        ("COFFRET_ACCESS__ATTEMPTS_PER_MINUTE", "100"),
        ("COFFRET_INVENTORY__SWEEP_SECONDS", "86400"),
        ("COFFRET_INVENTORY__GRACE_SECONDS", "0"),
        ("COFFRET_CATALOG__FOLLOW_MS", "86400000"),
    ];
    env.iter().chain(more).map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
}

impl Shop {
    pub async fn open() -> Self {
        Self::open_with(&[]).await
    }

    /// The same for tests that move the clock by days: who is signed in stays so.
    pub async fn open_for_long() -> Self {
        let long = "990000000";
        Self::open_with(&[
            ("COFFRET_ACCESS__ACCESS_TOKEN_SECONDS", long),
            ("COFFRET_ACCESS__REFRESH_TOKEN_SECONDS", long),
        ])
        .await
    }

    /// The same with other settings.
    pub async fn open_with(more: &[(&str, &str)]) -> Self {
        let database = TestDatabase::create();
        let way = database.url.clone();
        Self::on(database, &way, more).await
    }

    /// The same on a database that is reached by some way.
    pub async fn on(database: TestDatabase, way: &str, more: &[(&str, &str)]) -> Self {
        let clock = Clock::default();
        let mut app = App::start(settings(&database.folder, more), way, &database.folder, clock.clone()).unwrap();
        let url = format!("http://{}", app.address);
        let serving = app.server();
        actix_web::rt::spawn(serving);
        let http = Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let mut shop = Self { url, http, clock, admin: String::new(), app, database, next: AtomicU32::new(1) };
        shop.admin = shop.sign_in("admin", None).await;
        shop
    }

    /// A second server on the same database; its address.
    pub fn second(&self, more: &[(&str, &str)]) -> (String, App) {
        let mut app = App::start(
            settings(&self.database.folder, more),
            &self.database.url,
            &self.database.folder,
            self.clock.clone(),
        )
        .unwrap();
        let url = format!("http://{}", app.address);
        actix_web::rt::spawn(app.server());
        (url, app)
    }

    fn unique(&self) -> u32 {
        self.next.fetch_add(1, Ordering::Relaxed)
    }

    /// A fresh user with a role, everywhere or at one location; `none` for one without any.
    pub fn user(&self, role: &str, location: Option<&str>) -> String {
        let email = format!("{role}-{}@coffret.example", self.unique());
        let (user, grant) = (uuid::Uuid::now_v7(), uuid::Uuid::now_v7());
        let place = location.map_or("null".into(), |id| format!("'{id}'"));
        self.database.run(&format!(
            "insert into users (id, email, name, password_hash, tokens_valid_from, created_at) \
             values ('{user}', '{email}', '{role}', '{}', now() - interval '1 day', now())",
            *HASH
        ));
        if role != "none" {
            self.database.run(&format!(
                "insert into grants (id, user_id, role, location_id, created_at) values ('{grant}', '{user}', \
                 '{role}', {place}, now())"
            ));
        }
        email
    }

    pub async fn sign_in(&self, role: &str, location: Option<&str>) -> String {
        let email = self.user(role, location);
        self.token(&[("grant_type", "password"), ("username", &email), ("password", PASSWORD)]).await["access_token"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    pub async fn token(&self, form: &[(&str, &str)]) -> Value {
        self.http.post(format!("{}/v1/oauth/token", self.url)).form(form).send().await.unwrap().json().await.unwrap()
    }

    pub fn request(&self, token: &str, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.url));
        if token.is_empty() { request } else { request.bearer_auth(token) }
    }

    pub async fn get(&self, token: &str, path: &str) -> Answer {
        answer(self.request(token, Method::GET, path)).await
    }

    /// A POST under a fresh key.
    pub async fn post(&self, token: &str, path: &str, body: Value) -> Answer {
        let key = format!("test-{}", self.unique());
        self.post_as(token, path, body, &key).await
    }

    pub async fn post_as(&self, token: &str, path: &str, body: Value, key: &str) -> Answer {
        answer(self.request(token, Method::POST, path).header("Idempotency-Key", key).json(&body)).await
    }

    pub async fn put(&self, token: &str, path: &str, body: Value) -> Answer {
        answer(self.request(token, Method::PUT, path).json(&body)).await
    }

    pub async fn patch(&self, token: &str, path: &str, body: Value, if_match: Option<i64>) -> Answer {
        let mut request = self.request(token, Method::PATCH, path).json(&body);
        if let Some(version) = if_match {
            request = request.header("If-Match", format!("\"{version}\""));
        }
        answer(request).await
    }

    pub async fn graphql(&self, token: &str, query: &str, variables: Value) -> Value {
        answer(self.request(token, Method::POST, "/graphql").json(&json!({ "query": query, "variables": variables })))
            .await
            .ok()
    }

    /// A location by its code, opened a year ago; the id.
    pub async fn location(&self, code: &str, priority: i32) -> String {
        let body = json!({
            "code": code, "name": code, "kind": "store", "priority": priority, "country": "FR",
            "time_zone": "Europe/Paris",
        });
        let id = self.post(&self.admin, "/v1/locations", body).await.ok()["id"].as_str().unwrap().to_owned();
        // It was opened long ago: sales of yesterday may be told of it.
        self.database
            .run(&format!("update locations set created_at = created_at - interval '1 year' where id = '{id}'"));
        id
    }

    /// A variant that costs 10.00 EUR in every channel; the product as it was made.
    pub async fn variant(&self, sku: &str) -> Value {
        let prices: Vec<_> = ["web", "mobile", "pos", "marketplace"]
            .map(|channel| json!({ "channel": channel, "currency": "EUR", "amount_minor": 1000 }))
            .to_vec();
        let body = json!({
            "name": sku, "category": "cosmetics", "variants": [{ "sku": sku, "shade": "Rouge", "prices": prices }],
        });
        self.post(&self.admin, "/v1/products", body).await.ok()
    }

    /// A store with so much of a fresh variant; the location's id.
    pub async fn stocked(&self, code: &str, sku: &str, units: i32) -> String {
        let location = self.location(code, 100).await;
        self.variant(sku).await;
        self.stock(&location, sku, units).await;
        location
    }

    pub async fn stock(&self, location: &str, sku: &str, units: i32) {
        let path = format!("/v1/locations/{location}/inventory/{sku}");
        self.patch(&self.admin, &path, json!({ "delta": units, "reason": "found" }), None).await.ok();
    }

    pub async fn level(&self, location: &str, sku: &str) -> Value {
        self.get(&self.admin, &format!("/v1/locations/{location}/inventory?sku={sku}")).await.ok()["data"][0].clone()
    }

    /// Moves the clock to the next noon, when the day is the same in London and in Paris.
    pub fn noon(&self) {
        let now = self.clock.now();
        let noon = now.date_naive().and_hms_opt(12, 0, 0).unwrap().and_utc();
        self.clock.advance(if noon > now { noon - now } else { noon + Duration::days(1) - now });
    }

    /// Moves the clock and runs the background jobs once.
    pub async fn after(&self, seconds: i64) -> usize {
        self.clock.advance(Duration::seconds(seconds));
        self.app.jobs.run().await.unwrap()
    }

    pub async fn placed(&self, location: &str, sku: &str, quantity: i64) -> Value {
        self.post(&self.admin, "/v1/orders", order_body(location, sku, quantity)).await.ok()
    }

    pub async fn paid(&self, location: &str, sku: &str, quantity: i64) -> Value {
        let order = self.placed(location, sku, quantity).await;
        let path = format!("/v1/orders/{}/payments", order["id"].as_str().unwrap());
        self.post(&self.admin, &path, json!({ "gateway": "manual" })).await.ok()["order"].clone()
    }
}

/// A customer to whom things can be sent.
pub fn home() -> Value {
    json!({
        "name": "Ada",
        "address": { "line1": "1 Rue de la Paix", "city": "Paris", "postal_code": "75002", "country": "FR" },
    })
}

/// An order of one line, from a till.
pub fn order_body(location: &str, sku: &str, quantity: i64) -> Value {
    json!({ "channel": "pos", "currency": "EUR", "location_id": location, "customer": { "name": "Ada" },
            "lines": [{ "sku": sku, "quantity": quantity }] })
}

/// Sends a request and reads the whole answer.
pub async fn answer(request: RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status(), response.headers().clone());
    assert_ne!(status, StatusCode::INTERNAL_SERVER_ERROR, "{}", response.text().await.unwrap());
    let text = response.text().await.unwrap();
    let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
    Answer { status: status.as_u16(), headers, body }
}

/// Sends bytes as they are on a connection of their own; the status and what follows the head.
pub async fn raw(url: &str, request: &str) -> (u16, String) {
    let text = exchanged(url, request).await;
    let status = text.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default();
    let body = text.split_once("\r\n\r\n").map(|(_, body)| body.to_owned());
    (status, body.unwrap_or_default())
}

/// Sends bytes as they are and reads until the server closes.
pub async fn exchanged(url: &str, request: &str) -> String {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut stream = tokio::net::TcpStream::connect(url.trim_start_matches("http://")).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut bytes = vec![];
    let _ = stream.read_to_end(&mut bytes).await;
    String::from_utf8_lossy(&bytes).into_owned()
}

impl Drop for Shop {
    /// The books of every test that ends well must add up, and its events be as their examples tell.
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let db = self.app.db.clone();
        let audit = std::thread::spawn(move || actix_web::rt::System::new().block_on(coffret::app::audit(&db)));
        let found = audit.join().unwrap().unwrap();
        assert!(found.is_empty(), "the audit found {found:#?}");
        examples::compare(&self.database);
        assert_eq!(
            self.app.db.retries_run(),
            0,
            "a transaction had to be tried again: somewhere locks are taken out of order"
        );
    }
}
