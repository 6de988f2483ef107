//! A power cut in the middle of sales: what was acknowledged is there, and every retried key answers the same.
use crate::support::process::{Demo, folder, run, signal};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    rc::Rc,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
};

/// The answers to the buyers, by key: an order, or nothing definite.
type Told = BTreeMap<String, Option<Value>>;

/// Eight buyers who order without pause until they are stopped.
struct Buyers {
    stopped: Rc<AtomicBool>,
    served: Rc<AtomicUsize>,
    tasks: Vec<actix_web::rt::task::JoinHandle<Told>>,
}

fn buyers(demo: &Rc<Demo>) -> Buyers {
    let (stopped, served) = (Rc::new(AtomicBool::new(false)), Rc::new(AtomicUsize::new(0)));
    let buyer = |n: usize| {
        let (demo, stopped, served) = (demo.clone(), stopped.clone(), served.clone());
        actix_web::rt::spawn(async move {
            let mut told = Told::new();
            for round in 0.. {
                if stopped.load(Ordering::SeqCst) {
                    break;
                }
                let key = format!("buyer-{n}-{round}");
                let answer = demo.order(&key).await;
                if let Some((status, _)) = &answer {
                    assert_eq!(*status, 201, "{answer:?}");
                    served.fetch_add(1, Ordering::SeqCst);
                } else {
                    actix_web::rt::time::sleep(std::time::Duration::from_millis(20)).await;
                }
                told.insert(key, answer.map(|(_, order)| order));
            }
            told
        })
    };
    Buyers { stopped: stopped.clone(), served: served.clone(), tasks: (0..8).map(buyer).collect() }
}

impl Buyers {
    /// Waits for so many orders, at most a minute.
    async fn until_served(&self, orders: usize) {
        for _ in 0..12_000 {
            if self.served.load(Ordering::SeqCst) >= orders {
                return;
            }
            actix_web::rt::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        panic!("only {} of {orders} orders were served", self.served.load(Ordering::SeqCst));
    }

    async fn stop(self) -> Told {
        self.stopped.store(true, Ordering::SeqCst);
        let mut all = Told::new();
        for task in self.tasks {
            all.extend(task.await.unwrap());
        }
        all
    }
}

/// Every key is sent again: an acknowledged order must come back as it was, an unknown one must be decided now.
async fn check(demo: &Demo, told: &Told) {
    for (key, before) in told {
        let (status, order) = demo.order(key).await.unwrap();
        assert_eq!(status, 201, "{key}: {order}");
        if let Some(before) = before {
            assert_eq!(&order, before, "{key}");
        }
    }
}

fn audit(folder: &std::path::Path) {
    let (code, said, why) = run(&["audit"], &[("COFFRET_DATA_DIR", folder.to_str().unwrap())], "");
    assert_eq!((code, said.trim()), (0, "every invariant holds"), "{said}{why}");
}

#[actix_web::test]
async fn killing_the_server_loses_no_acknowledged_order() {
    let folder = folder();
    let demo = Rc::new(Demo::start(folder.path()));
    let buyers = buyers(&demo);
    buyers.until_served(200).await;
    signal(demo.id(), "KILL");
    let told = buyers.stop().await;
    let demo = Rc::try_unwrap(demo).ok().unwrap();
    demo.kill();
    let demo = Demo::start(folder.path());
    check(&demo, &told).await;
    assert!(demo.stop().success());
    audit(folder.path());
}

#[actix_web::test]
async fn killing_postgresql_loses_no_acknowledged_order_and_sales_go_on() {
    let folder = folder();
    let demo = Rc::new(Demo::start(folder.path()));
    let buyers = buyers(&demo);
    buyers.until_served(200).await;
    signal(demo.postmaster(), "KILL");
    let before = buyers.served.load(Ordering::SeqCst);
    buyers.until_served(before + 100).await;
    let told = buyers.stop().await;
    check(&demo, &told).await;
    assert!(Rc::try_unwrap(demo).ok().unwrap().stop().success());
    audit(folder.path());
}

#[actix_web::test]
async fn killing_both_at_once_loses_no_acknowledged_order() {
    let folder = folder();
    let demo = Rc::new(Demo::start(folder.path()));
    let buyers = buyers(&demo);
    buyers.until_served(200).await;
    let postmaster = demo.postmaster();
    signal(demo.id(), "KILL");
    signal(postmaster, "KILL");
    let told = buyers.stop().await;
    Rc::try_unwrap(demo).ok().unwrap().kill();
    let demo = Demo::start(folder.path());
    check(&demo, &told).await;
    assert!(demo.stop().success());
    audit(folder.path());
}
