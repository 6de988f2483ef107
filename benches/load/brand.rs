//! A durable cluster with a seeded brand, and a copy of it for the yardsticks, so that theirs and ours never mix.
use coffret::platform::{
    db,
    embedded::{Durability, Embedded},
};
use diesel::{
    Connection, PgConnection, QueryableByName, RunQueryDsl,
    connection::SimpleConnection,
    sql_query,
    sql_types::{BigInt, Text},
};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use std::{
    io::Write,
    process::{Command, Stdio},
};

/// The program under test.
pub const BINARY: &str = env!("CARGO_BIN_EXE_coffret");
const EMAIL: &str = "bench@coffret.example";
const PASSWORD: &str = "measure twice, cut once";
/// Pairs of goods that are ordered together.
const PAIRS: usize = 20_000;

/// Two lines of an order at a place that has them.
pub struct Pair {
    pub location: String,
    pub skus: [String; 2],
}

pub struct Brand {
    cluster: Embedded,
    pub folder: tempfile::TempDir,
    /// The location of the hot SKU, and its ids.
    pub hot: Hot,
    pub pairs: Vec<Pair>,
}

pub struct Hot {
    pub location: String,
    pub variant: String,
    pub sku: String,
}

#[derive(QueryableByName)]
struct Good {
    #[diesel(sql_type = Text)]
    location: String,
    #[diesel(sql_type = Text)]
    variant: String,
    #[diesel(sql_type = Text)]
    sku: String,
}

#[derive(QueryableByName)]
struct Word {
    #[diesel(sql_type = Text)]
    text: String,
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

impl Brand {
    pub fn open(profile: &str) -> Self {
        let folder = tempfile::Builder::new().prefix("coffret-bench-").tempdir().unwrap();
        let cluster = Embedded::start(folder.path(), Durability::Durable).expect("PostgreSQL does not start");
        run(&cluster.url("postgres"), "create database shop");
        db::migrate(&cluster.url("shop")).unwrap();
        let mut brand = Self {
            cluster,
            folder,
            hot: Hot { location: String::new(), variant: String::new(), sku: String::new() },
            pairs: vec![],
        };
        eprintln!("seeding profile {profile}");
        brand.coffret(&["seed", "--profile", profile], "");
        brand.coffret(&["user", "create", "--email", EMAIL, "--role", "admin"], PASSWORD);
        brand.choose();
        run(&brand.url("postgres"), "create database yard template shop");
        run(&brand.url("yard"), include_str!("yard.sql"));
        run(&brand.url("yard"), include_str!("lean.sql"));
        brand
    }

    pub fn url(&self, database: &str) -> String {
        self.cluster.url(database)
    }

    /// The settings of a server on this brand.
    pub fn env(&self) -> Vec<(&'static str, String)> {
        vec![
            ("COFFRET_DATA_DIR", self.folder.path().display().to_string()),
            ("COFFRET_DATABASE__URL", self.url("shop")),
            ("COFFRET_ACCESS__ACCESS_TOKEN_SECONDS", "86400".into()),
        ]
    }

    /// Runs a command of the program to its end.
    pub fn coffret(&self, arguments: &[&str], input: &str) -> String {
        let mut child = Command::new(BINARY)
            .args(arguments)
            .envs(self.env())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{arguments:?}: {said}{}", String::from_utf8_lossy(&output.stderr));
        said
    }

    pub fn login() -> String {
        format!("grant_type=password&username={EMAIL}&password={}", PASSWORD.replace(' ', "+").replace(',', "%2C"))
    }

    /// The result of the audit of our database.
    pub fn audit(&self) -> String {
        run(&self.url("shop"), "analyze");
        self.coffret(&["audit"], "").trim().to_owned()
    }

    /// Lets background work that earlier loads have left behind end: events find their place, vacuum and checkpoint are
    /// done, and what is measured next pays for itself alone.
    pub fn settle(&self) {
        run(&self.url("shop"), "vacuum analyze");
        run(&self.url("shop"), "checkpoint");
        while self.count("select count(*) from event_pending") > 0 {
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
    }

    pub fn count(&self, sql: &str) -> i64 {
        let mut conn = PgConnection::establish(&self.url("shop")).unwrap();
        sql_query(format!("select ({sql})::bigint as n")).get_result::<Number>(&mut conn).unwrap().n
    }

    /// Sets what is on hand of a SKU at a place, with its row in the ledger; what is sold stays sold.
    pub fn stock(&self, location: &str, sku: &str, units: i64) {
        run(&self.url("shop"), &stocking(location, sku, units));
    }

    /// Places that have a SKU, warehouses first.
    pub fn places_with(&self, sku: &str) -> Vec<String> {
        let mut conn = PgConnection::establish(&self.url("shop")).unwrap();
        let goods: Vec<Good> = sql_query(format!(
            "select l.location_id::text as location, l.variant_id::text as variant, v.sku \
             from stock_levels as l \
             join variants as v on v.id = l.variant_id join locations as p on p.id = l.location_id \
             where v.sku = '{sku}' order by p.kind = 'warehouse' desc, l.location_id"
        ))
        .load(&mut conn)
        .unwrap();
        goods.into_iter().map(|good| good.location).collect()
    }

    /// Units of a SKU that may be promised, at a place or at all of them.
    pub fn available(&self, sku: &str, location: Option<&str>) -> i64 {
        let here = location.map(|id| format!("and l.location_id = '{id}'")).unwrap_or_default();
        self.count(&format!(
            "select sum(greatest(0, l.on_hand - l.damaged - l.quality_hold - l.returned - l.expired - l.allocated \
                    - l.reserved - l.safety_stock)) \
             from stock_levels as l join variants as v on v.id = l.variant_id where v.sku = '{sku}' {here}"
        ))
    }

    fn choose(&mut self) {
        let mut conn = PgConnection::establish(&self.url("shop")).unwrap();
        let goods: Vec<Good> = sql_query(
            "select l.location_id::text as location, l.variant_id::text as variant, v.sku \
             from stock_levels as l \
             join variants as v on v.id = l.variant_id join locations as p on p.id = l.location_id \
             where p.kind = 'warehouse' and l.on_hand >= 200 order by v.sku, l.location_id",
        )
        .load(&mut conn)
        .unwrap();
        let hot = &goods[0];
        self.hot = Hot { location: hot.location.clone(), variant: hot.variant.clone(), sku: hot.sku.clone() };
        self.stock(&hot.location, &hot.sku, 1_000_000_000);
        // Demand is Zipf (s = 1): the n-th good is asked for in proportion to 1/n.
        let mut random = StdRng::seed_from_u64(7);
        let most = (goods.len() as f64).ln();
        let mut pick = || &goods[((random.random::<f64>() * most).exp() as usize).min(goods.len() - 1)];
        while self.pairs.len() < PAIRS {
            let first = pick();
            let second = goods
                .iter()
                .skip(self.pairs.len() % goods.len())
                .find(|g| g.location == first.location && g.sku != first.sku);
            if let Some(second) = second {
                self.pairs
                    .push(Pair { location: first.location.clone(), skus: [first.sku.clone(), second.sku.clone()] });
            }
        }
        // No good runs out while its speed is measured: the most wanted are as many as the hot one.
        run(
            &self.url("shop"),
            "create table bench_pairs (n integer primary key, location_id uuid, first uuid, second uuid)",
        );
        for (at, chunk) in self.pairs.chunks(1000).enumerate() {
            let rows: Vec<_> = chunk
                .iter()
                .enumerate()
                .map(|(n, p)| format!("({}, '{}'::uuid, '{}', '{}')", at * 1000 + n, p.location, p.skus[0], p.skus[1]))
                .collect();
            run(
                &self.url("shop"),
                &format!(
                    "insert into bench_pairs select w.n, w.location, least(a.id, b.id), greatest(a.id, b.id) \
                 from (values {}) as w (n, location, first, second) \
                 join variants as a on a.sku = w.first join variants as b on b.sku = w.second",
                    rows.join(", ")
                ),
            );
        }
        run(&self.url("shop"), &format!("{} {}", include_str!("restock.sql"), "analyze"));
    }
}

fn stocking(location: &str, sku: &str, units: i64) -> String {
    format!(
        "with level as (update stock_levels as l set on_hand = l.on_hand + d.units, version = l.version + 1 \
           from (select v.id, {units} - s.on_hand + s.allocated + s.reserved as units \
                 from variants as v join stock_levels as s on s.variant_id = v.id \
                 where v.sku = '{sku}' and s.location_id = '{location}') as d \
           where l.location_id = '{location}' and l.variant_id = d.id returning l.variant_id, d.units) \
         insert into stock_moves (id, variant_id, quantity, from_node, from_location_id, from_condition, \
             to_node, to_location_id, to_condition, reason, cause_type, cause_id, actor_id, occurred_at, recorded_at) \
         select gen_random_uuid(), variant_id, abs(units), case when units > 0 then 'adjust' else 'location' end, \
                case when units > 0 then null else '{location}'::uuid end, 'sellable', \
                case when units > 0 then 'location' else 'adjust' end, \
                case when units > 0 then '{location}'::uuid end, 'sellable', \
                'count', 'bench', gen_random_uuid(), '00000000-0000-0000-0000-000000000000', now(), now() \
         from level where units <> 0"
    )
}

/// The column `text` of a query.
pub fn texts(url: &str, sql: &str) -> Vec<String> {
    let rows: Vec<Word> = sql_query(sql).load(&mut PgConnection::establish(url).unwrap()).unwrap();
    rows.into_iter().map(|row| row.text).collect()
}

pub fn run(url: &str, sql: &str) {
    PgConnection::establish(url).unwrap().batch_execute(sql).unwrap_or_else(|e| panic!("{sql:.200}: {e}"));
}
