//! PostgreSQL itself: restarted, killed with commits that had not reached the disk, out of disk.
use crate::support::{Shop, all_at_once, database::TestDatabase, order_body, process::signal};
use serde_json::Value;
use std::{
    cell::RefCell,
    collections::BTreeMap,
    os::unix::fs::{MetadataExt, chown},
    process::Command,
    rc::Rc,
    time::{Duration, Instant},
};

const DURABLE: (&str, &str) = ("COFFRET_DATABASE__ALLOW_UNSAFE_DURABILITY", "false");

/// Acknowledged orders by key.
type Acknowledged = Rc<RefCell<BTreeMap<String, Value>>>;

/// Eight buyers order without pause until the fault has struck and each has been served again.
async fn sell_through(shop: &Rc<Shop>, paris: &str, round: usize, strike: impl Future<Output = ()>) -> Acknowledged {
    let (told, struck) = (Acknowledged::default(), Rc::new(RefCell::new(false)));
    let buyers: Vec<_> = (0..8)
        .map(|n| {
            let (shop, told, struck, body) =
                (shop.clone(), told.clone(), struck.clone(), order_body(paris, "LIP-1", 1));
            actix_web::rt::spawn(async move {
                for nth in 0.. {
                    let (key, was_struck) = (format!("{round}-{n}-{nth}"), *struck.borrow());
                    let answer = shop.post_as(&shop.admin, "/v1/orders", body.clone(), &key).await;
                    assert!([201, 503].contains(&answer.status), "{} {}", answer.status, answer.body);
                    if answer.status == 201 {
                        told.borrow_mut().insert(key, answer.body);
                        if was_struck {
                            break;
                        }
                    }
                }
            })
        })
        .collect();
    while told.borrow().len() < 60 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    strike.await;
    let began = Instant::now();
    *struck.borrow_mut() = true;
    for buyer in buyers {
        buyer.await.unwrap();
    }
    assert!(began.elapsed() < Duration::from_secs(20), "served again after {:?}", began.elapsed());
    told
}

/// Acknowledged orders that are not there any more.
fn lost(shop: &Shop, told: &Acknowledged) -> i64 {
    let told = told.borrow();
    let ids: Vec<_> = told.values().map(|order| format!("'{}'", order["id"].as_str().unwrap())).collect();
    let found = shop.database.count(&format!("orders where id in ({})", ids.join(", ")));
    i64::try_from(ids.len()).unwrap() - found
}

#[actix_web::test]
async fn a_restart_of_postgresql_is_a_pause() {
    let database = TestDatabase::durable();
    let way = database.url.clone();
    let shop = Rc::new(Shop::on(database, &way, &[DURABLE]).await);
    let paris = shop.stocked("PARIS", "LIP-1", 100_000).await;
    for (round, (how, name)) in [("INT", "fast"), ("QUIT", "immediate")].into_iter().enumerate() {
        let told = sell_through(&shop, &paris, round, async { signal(shop.database.postmaster(), how) }).await;
        assert_eq!(lost(&shop, &told), 0, "{name}");
        for (key, order) in &told.take() {
            let again = shop.post_as(&shop.admin, "/v1/orders", order_body(&paris, "LIP-1", 1), key).await;
            assert_eq!((again.status, &again.body), (201, order));
        }
    }
}

/// Orders lost in a few power cuts.
async fn lost_in_power_cuts(cuts: usize, more: &[(&str, &str)]) -> (Rc<Shop>, i64) {
    let database = TestDatabase::durable();
    let way = database.url.clone();
    // What is not flushed by a commit stays in memory for long.
    database.run("alter system set wal_writer_delay = '10s'");
    database.run("select pg_reload_conf()");
    let shop = Rc::new(Shop::on(database, &way, more).await);
    let paris = shop.stocked("PARIS", "LIP-1", 100_000).await;
    let mut all = 0;
    for round in 0..cuts {
        let told = sell_through(&shop, &paris, round, async { shop.database.crash() }).await;
        all += lost(&shop, &told);
        if all > 0 {
            break;
        }
    }
    (shop, all)
}

#[actix_web::test]
async fn power_cuts_lose_no_acknowledged_order() {
    let (_shop, lost) = lost_in_power_cuts(5, &[DURABLE]).await;
    assert_eq!(lost, 0);
}

#[actix_web::test]
async fn commits_that_do_not_wait_for_the_disk_are_lost_in_power_cuts_and_it_is_seen() {
    let (shop, lost) = lost_in_power_cuts(20, &[DURABLE, ("COFFRET_GROUP_COMMIT__MUTANT", "async_commit")]).await;
    assert!(lost > 0, "twenty power cuts should have cost something");
    std::mem::forget(shop);
}

/// A small disk of its own, unmounted at the end.
struct Disk(tempfile::TempDir);

impl Disk {
    /// None where nothing may be mounted.
    fn mount(megabytes: u32) -> Option<Self> {
        let folder = crate::support::process::folder();
        let size = format!("size={megabytes}m,mode=0755");
        let mounted =
            Command::new("mount").args(["-t", "tmpfs", "-o", &size, "coffret-test"]).arg(folder.path()).output();
        mounted.is_ok_and(|output| output.status.success()).then_some(Self(folder))
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(self.0.path()).status();
    }
}

#[actix_web::test]
async fn a_full_disk_refuses_writes_keeps_reads_and_loses_nothing() {
    let Some(disk) = Disk::mount(400) else {
        eprintln!("nothing may be mounted here, so no disk was filled");
        return;
    };
    let database = TestDatabase::durable();
    let way = database.url.clone();
    let shop = Rc::new(Shop::on(database, &way, &[DURABLE]).await);
    let paris = shop.stocked("PARIS", "LIP-1", 1_000_000).await;
    shop.placed(&paris, "LIP-1", 1).await;
    // The tables move to the small disk, the log of PostgreSQL stays where there is room.
    let space = disk.0.path().join("space");
    std::fs::create_dir(&space).unwrap();
    let owner = std::fs::metadata(shop.database.folder.join("postgres")).unwrap();
    chown(&space, Some(owner.uid()), Some(owner.gid())).unwrap();
    shop.database.run(&format!("create tablespace small location '{}'", space.display()));
    for table in ["orders", "order_lines", "outbox_events", "idempotency_keys"] {
        shop.database.run(&format!("alter table {table} set tablespace small"));
    }
    let ballast = disk.0.path().join("ballast");
    let fill = || {
        let mut file = std::fs::File::create(&ballast).unwrap();
        while std::io::Write::write_all(&mut file, &vec![0; 65_536]).is_ok() {}
    };
    fill();
    let mut refused = 0;
    let mut told = BTreeMap::new();
    for round in 0..40 {
        let answers = all_at_once(|n| {
            let (shop, body, key) = (shop.clone(), order_body(&paris, "LIP-1", 1), format!("{round}-{n}"));
            async move { (key.clone(), shop.post_as(&shop.admin, "/v1/orders", body, &key).await) }
        })
        .await;
        for (key, answer) in answers {
            match answer.status {
                201 => {
                    told.insert(key, answer.body);
                }
                503 => refused += 1,
                other => panic!("{other} {}", answer.body),
            }
        }
        if refused > 0 {
            break;
        }
    }
    assert!(refused > 0, "the disk was never full");
    assert_eq!(shop.get(&shop.admin, "/v1/orders?limit=1").await.status, 200, "reads go on");
    std::fs::remove_file(&ballast).unwrap();
    shop.placed(&paris, "LIP-1", 1).await;
    for (key, order) in &told {
        let again = shop.post_as(&shop.admin, "/v1/orders", order_body(&paris, "LIP-1", 1), key).await;
        assert_eq!((again.status, &again.body), (201, order));
    }
}
