//! One private PostgreSQL for the whole run, one migrated template, one copy of it for each test.
use coffret::platform::{
    db,
    embedded::{Durability, Embedded},
};
use diesel::{Connection, PgConnection, connection::SimpleConnection};
use std::{
    path::PathBuf,
    sync::{
        LazyLock,
        atomic::{AtomicU32, Ordering},
    },
};

/// The run's own cluster. The folder is named by the process, so that runs side by side do not meet; the cluster
/// ends with the process, however that ends.
static CLUSTER: LazyLock<Embedded> = LazyLock::new(|| {
    let folder = std::env::temp_dir().join(format!("coffret-test-{}", std::process::id()));
    sweep();
    Embedded::start(&folder, Durability::Scratch).unwrap()
});

static TEMPLATE: LazyLock<&str> = LazyLock::new(|| {
    run("postgres", "create database template_coffret");
    db::migrate(&CLUSTER.url("template_coffret")).unwrap();
    "template_coffret"
});

/// Removes what earlier runs left, if no process holds it.
fn sweep() {
    for entry in std::fs::read_dir(std::env::temp_dir()).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let owner = name.strip_prefix("coffret-test-").and_then(|pid| pid.parse::<u32>().ok());
        if owner.is_some_and(|pid| !std::path::Path::new(&format!("/proc/{pid}")).exists()) {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

fn run(database: &str, sql: &str) {
    let mut conn = PgConnection::establish(&CLUSTER.url(database)).unwrap();
    conn.batch_execute(sql).unwrap_or_else(|e| panic!("{sql}: {e}"));
}

/// A database of one test.
pub struct TestDatabase {
    name: String,
    pub url: String,
    pub folder: PathBuf,
}

impl TestDatabase {
    pub fn create() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("test_{}", NEXT.fetch_add(1, Ordering::Relaxed));
        run("postgres", &format!("create database {name} template {}", *TEMPLATE));
        let folder = std::env::temp_dir().join(format!("coffret-test-{}", std::process::id())).join(&name);
        std::fs::create_dir_all(&folder).unwrap();
        Self { url: CLUSTER.url(&name), folder, name }
    }

    pub fn run(&self, sql: &str) {
        run(&self.name, sql);
    }

    /// A number that a query answers.
    pub fn count(&self, sql: &str) -> i64 {
        use diesel::{RunQueryDsl, sql_query, sql_types::BigInt};
        #[derive(diesel::QueryableByName)]
        struct Count {
            #[diesel(sql_type = BigInt)]
            n: i64,
        }
        let mut conn = PgConnection::establish(&self.url).unwrap();
        sql_query(format!("select count(*) as n from {sql}")).get_result::<Count>(&mut conn).unwrap().n
    }
}
