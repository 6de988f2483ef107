//! A drop: far more orders than units at two servers of one database, which are killed in the middle of it.
use crate::{
    sized,
    support::{Shop, database::TestDatabase, order_body, served::Served},
};
use serde_json::Value;
use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    rc::Rc,
    time::{Duration, Instant},
};

const SKUS: usize = 10;
const DURABLE: (&str, &str) = ("COFFRET_DATABASE__ALLOW_UNSAFE_DURABILITY", "false");

/// The drop as its buyers see it.
struct Drop {
    shop: Shop,
    paris: String,
    servers: RefCell<[String; 2]>,
    told: RefCell<BTreeMap<String, Value>>,
    refused: Cell<usize>,
    asked_again: Cell<usize>,
}

impl Drop {
    async fn open(units: usize) -> Self {
        let database = TestDatabase::durable();
        let way = database.url.clone();
        let shop = Shop::on(database, &way, &[DURABLE]).await;
        let paris = shop.location("PARIS", 1).await;
        for n in 0..SKUS {
            shop.variant(&format!("DROP-{n}")).await;
            shop.stock(&paris, &format!("DROP-{n}"), i32::try_from(units / SKUS).unwrap()).await;
        }
        let (told, refused, asked_again) = Default::default();
        Self { shop, paris, servers: RefCell::default(), told, refused, asked_again }
    }

    async fn serve(&self, n: usize) -> Served {
        let served = Served::beside(&self.shop, &[DURABLE, ("COFFRET_SERVER__WORKERS", "1")]).await;
        self.servers.borrow_mut()[n].clone_from(&served.url);
        served
    }

    fn sent(&self, n: usize, server: usize) -> reqwest::RequestBuilder {
        let url = format!("{}/v1/orders", self.servers.borrow()[server]);
        let body = order_body(&self.paris, &format!("DROP-{}", n % SKUS), 1);
        let request = self.shop.http.post(url).bearer_auth(&self.shop.admin).timeout(Duration::from_secs(10));
        request.header("Idempotency-Key", format!("buyer-{n}")).json(&body)
    }

    /// One buyer: asks under the same key, of either server, until the answer is definite.
    async fn buy(&self, n: usize) {
        let began = Instant::now();
        for attempt in 0.. {
            assert!(began.elapsed() < Duration::from_secs(60), "buyer {n} is never told");
            let answer = match self.sent(n, (n + attempt) % 2).send().await {
                Ok(response) => Some((response.status().as_u16(), response.json::<Value>().await.unwrap_or_default())),
                Err(_) => None,
            };
            match answer {
                Some((201, order)) => {
                    self.told.borrow_mut().insert(format!("buyer-{n}"), order);
                    return;
                }
                Some((409, problem)) => {
                    assert_eq!(problem["code"], "out_of_stock", "{problem}");
                    self.refused.set(self.refused.get() + 1);
                    return;
                }
                // Also when the machine is so busy that a request comes in too slowly.
                Some((408 | 503, _)) | None => {
                    self.asked_again.set(self.asked_again.get() + 1);
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
                Some(other) => panic!("{other:?}"),
            }
        }
    }

    /// Offers orders at a steady rate, whether earlier ones are answered or not; returns when all are decided.
    async fn offer(self: &Rc<Self>, orders: usize, time: Duration) {
        let began = tokio::time::Instant::now();
        let mut buyers = vec![];
        for n in 0..orders {
            let due = time.mul_f64(f64::from(u32::try_from(n).unwrap()) / f64::from(u32::try_from(orders).unwrap()));
            tokio::time::sleep_until(began + due).await;
            let drop = self.clone();
            buyers.push(actix_web::rt::spawn(async move { drop.buy(n).await }));
        }
        for buyer in buyers {
            buyer.await.unwrap();
        }
    }
}

#[actix_web::test]
async fn a_drop_sells_exactly_what_there_is_while_postgresql_and_a_server_are_killed() {
    let (orders, units, seconds) = (sized(2_000, 20_000), sized(800, 8_000), sized(6, 60));
    let time = Duration::from_secs(u64::try_from(seconds).unwrap());
    let drop = Rc::new(Drop::open(units).await);
    let (_first, second) = (drop.serve(0).await, drop.serve(1).await);
    let faults = async {
        tokio::time::sleep(time / 8).await;
        drop.shop.database.crash();
        tokio::time::sleep(time / 8).await;
        second.kill();
        tokio::time::sleep(time / 8).await;
        drop.serve(1).await
    };
    let (_second, ()) = futures_util::future::join(faults, drop.offer(orders, time)).await;
    assert!(drop.asked_again.get() > 0, "nobody noticed the faults");
    assert_eq!((drop.told.borrow().len(), drop.refused.get()), (units, orders - units));
    assert_eq!(drop.shop.database.count("orders"), i64::try_from(units).unwrap());
    assert_eq!(drop.shop.database.count("stock_levels where on_hand = reserved"), i64::try_from(SKUS).unwrap());
    for (key, order) in &drop.told.take() {
        let n = key.trim_start_matches("buyer-").parse().unwrap();
        let again = drop.sent(n, n % 2).send().await.unwrap();
        assert_eq!((again.status().as_u16(), again.json::<Value>().await.unwrap()), (201, order.clone()), "{key}");
    }
}
