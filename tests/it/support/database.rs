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
    execute(&CLUSTER.url("postgres"), "create database template_coffret");
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

fn execute(url: &str, sql: &str) {
    let mut conn = PgConnection::establish(url).unwrap();
    conn.batch_execute(sql).unwrap_or_else(|e| panic!("{sql}: {e}"));
}

/// A database of one test.
pub struct TestDatabase {
    pub url: String,
    pub folder: PathBuf,
    own: Option<Own>,
    /// Its name in the run's own cluster, if it is there.
    shared: Option<String>,
}

impl Drop for TestDatabase {
    /// Hundreds of databases would fill a small disk. That of a test that failed stays until the run ends.
    fn drop(&mut self) {
        let dropped = self.shared.take().filter(|_| !std::thread::panicking());
        if let Some(name) = dropped {
            execute(&CLUSTER.url("postgres"), &format!("drop database {name} with (force)"));
        }
    }
}

/// A cluster of the test's own, with the folder it lives in.
struct Own {
    _cluster: Embedded,
    folder: tempfile::TempDir,
}

impl TestDatabase {
    pub fn create() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("test_{}", NEXT.fetch_add(1, Ordering::Relaxed));
        execute(&CLUSTER.url("postgres"), &format!("create database {name} template {}", *TEMPLATE));
        let folder = std::env::temp_dir().join(format!("coffret-test-{}", std::process::id())).join(&name);
        std::fs::create_dir_all(&folder).unwrap();
        Self { url: CLUSTER.url(&name), folder, own: None, shared: Some(name) }
    }

    /// One in a durable cluster of its own, which may be killed.
    pub fn durable() -> Self {
        Self::in_folder(super::process::folder())
    }

    /// The same in a folder that is there already.
    pub fn in_folder(folder: tempfile::TempDir) -> Self {
        let cluster = Embedded::start(folder.path(), Durability::Durable).unwrap();
        execute(&cluster.url("postgres"), "create database shop");
        let url = cluster.url("shop");
        db::migrate(&url).unwrap();
        Self { url, folder: folder.path().to_owned(), own: Some(Own { _cluster: cluster, folder }), shared: None }
    }

    /// The process at the head of the test's own cluster.
    pub fn postmaster(&self) -> u32 {
        let file = self.own.as_ref().unwrap().folder.path().join("postgres/postmaster.pid");
        std::fs::read_to_string(file).unwrap().lines().next().unwrap().trim().parse().unwrap()
    }

    /// Ends all processes of the test's own cluster at once, as a power cut would; its keeper starts it again.
    pub fn crash(&self) {
        let head = self.postmaster().to_string();
        let is_child = |pid: &String| {
            let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
            stat.rsplit(')').next().and_then(|rest| rest.split_whitespace().nth(1)) == Some(head.as_str())
        };
        let names = std::fs::read_dir("/proc").unwrap().flatten().map(|e| e.file_name().to_string_lossy().into_owned());
        let children: Vec<_> = names.filter(is_child).collect();
        let killed = std::process::Command::new("kill").arg("-KILL").arg(&head).args(&children).status().unwrap();
        assert!(killed.success());
    }

    pub fn attempt(&self, sql: &str) -> diesel::QueryResult<()> {
        PgConnection::establish(&self.url).unwrap().batch_execute(sql)
    }

    pub fn run(&self, sql: &str) {
        execute(&self.url, sql);
    }

    /// The number of these rows.
    pub fn count(&self, from: &str) -> i64 {
        self.number(&format!("select count(*) as n from {from}"))
    }

    /// The number that a query answers as `n`.
    pub fn number(&self, sql: &str) -> i64 {
        use diesel::{RunQueryDsl, sql_query, sql_types::BigInt};
        #[derive(diesel::QueryableByName)]
        struct Count {
            #[diesel(sql_type = BigInt)]
            n: i64,
        }
        let mut conn = PgConnection::establish(&self.url).unwrap();
        sql_query(sql).get_result::<Count>(&mut conn).unwrap().n
    }
}
