//! A server that ends or panics at each point between two steps that belong together, at each request of a day.
use crate::support::{Shop, order_body, served::Served};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A day at one till: every kind of change of stock and orders, each under its own key. It can be sent again from the
/// start: what was done before is answered as before.
struct Day<'s> {
    shop: &'s Shop,
    paris: String,
    sku: String,
    told: BTreeMap<String, Value>,
}

impl<'s> Day<'s> {
    async fn new(shop: &'s Shop, paris: &str, sku: &str) -> Self {
        shop.variant(sku).await;
        shop.stock(paris, sku, 20).await;
        Self { shop, paris: paris.to_owned(), sku: sku.to_owned(), told: BTreeMap::new() }
    }

    /// One step under its key; what was told before must be told again.
    async fn step(&mut self, url: &str, method: Method, path: &str, body: Value) -> Option<Value> {
        let key = format!("{}{method}{path}{body}", self.sku);
        let key: String = key.chars().filter(char::is_ascii_alphanumeric).take(255).collect();
        let request = self.shop.http.request(method, format!("{url}{path}")).bearer_auth(&self.shop.admin);
        let response = request.header("Idempotency-Key", &key).json(&body).send().await.ok()?;
        let status = response.status().as_u16();
        let body: Value = response.json().await.ok()?;
        assert!((200..300).contains(&status), "{path}: {status} {body}");
        let before = self.told.entry(key).or_insert_with(|| body.clone());
        assert_eq!(*before, body, "{path} answers otherwise than before");
        Some(body)
    }

    /// The whole day; none if the server ended on the way.
    async fn live(&mut self, url: &str) -> Option<()> {
        let (at, sku) = (format!("/v1/locations/{}/inventory", self.paris), self.sku.clone());
        let hold = json!({ "lines": [{ "sku": sku, "quantity": 3 }] });
        let held = self.step(url, Method::POST, &format!("{at}/reserve"), hold).await?;
        let release = json!({ "reservation_id": held["id"] });
        self.step(url, Method::POST, &format!("{at}/release"), release).await?;
        let found = json!({ "delta": 5, "reason": "found" });
        self.step(url, Method::PATCH, &format!("{at}/{sku}"), found).await?;
        for quantity in [2, 4] {
            let order = self.step(url, Method::POST, "/v1/orders", order_body(&self.paris, &sku, quantity)).await?;
            let order = format!("/v1/orders/{}", order["id"].as_str().unwrap());
            self.step(url, Method::POST, &format!("{order}/payments"), json!({ "gateway": "manual" })).await?;
            if quantity == 4 {
                self.step(url, Method::PATCH, &format!("{order}/cancel"), json!({})).await?;
            } else {
                self.step(url, Method::POST, &format!("{order}/fulfill"), json!({})).await?;
                self.step(url, Method::POST, &format!("{order}/deliver"), json!({})).await?;
            }
        }
        let order = self.step(url, Method::POST, "/v1/orders", order_body(&self.paris, &sku, 1)).await?;
        let order = format!("/v1/orders/{}", order["id"].as_str().unwrap());
        let card = json!({ "gateway": "sandbox", "method": "tok_approve" });
        self.step(url, Method::POST, &format!("{order}/payments"), card).await?;
        self.step(url, Method::POST, &format!("{order}/fulfill"), json!({})).await?;
        Some(())
    }

    /// The traces of the day: rows and events of it.
    async fn left(&self) -> Value {
        let db = &self.shop.database;
        let of_sku = format!("variant_id = (select id from variants where sku = '{}')", self.sku);
        let orders = format!("(select order_id from order_lines where sku = '{}')", self.sku);
        let level = self.shop.level(&self.paris, &self.sku).await;
        json!({
            "on_hand": level["on_hand"], "available": level["quantity_available"], "version": level["version"],
            "ledger": db.count(&format!("stock_moves where {of_sku}")),
            "holds": db.count(&format!("reservation_lines where {of_sku}")),
            "orders": db.count(&format!("orders where id in {orders}")),
            "payments": db.count(&format!("payments where order_id in {orders}")),
            "operations": db.count(&format!("payment_operations where order_id in {orders}")),
            "promised": db.count(&format!("sandbox_intents as i join payments as p on p.id = i.id where p.order_id in \
             {orders}")),
            "events": db.count(&format!("outbox_events where aggregate_id in {orders}")),
        })
    }
}

/// Points at which a server may end, and how often a day passes them.
const POINTS: [(&str, usize); 10] = [
    ("lane_before_lock", 13),
    ("lane_after_write", 13),
    ("lane_after_commit", 13),
    ("lane_after_reply", 13),
    ("write_before_commit", 2),
    ("write_after_commit", 2),
    ("payment_before_call", 1),
    ("payment_after_call", 1),
    ("sequencer_before_commit", 1),
    ("sequencer_after_commit", 1),
];

#[actix_web::test]
async fn a_server_that_ends_at_any_point_of_any_request_leaves_all_of_it_or_nothing() {
    let shop = Shop::open().await;
    let paris = shop.location("PARIS", 1).await;
    let mut undisturbed = Day::new(&shop, &paris, "DAY-0").await;
    undisturbed.live(&shop.url).await.unwrap();
    let expected = undisturbed.left().await;
    assert_eq!(expected["on_hand"], 22, "{expected}");
    for (point, passings) in POINTS {
        for passing in 0..passings {
            let sku = format!("{}-{passing}", point.to_uppercase());
            let mut day = Day::new(&shop, &paris, &sku.replace('_', "")).await;
            let failpoints = format!("{point}={passing}*off->return");
            let mut victim = Served::beside(&shop, &[("FAILPOINTS", &failpoints)]).await;
            let lived = day.live(&victim.url).await;
            // Another server's sequencer may have been quicker each time: then more is given to do.
            let mut more = 0;
            while point.starts_with("sequencer") && !victim.has_ended() {
                more += 1;
                let _ = Day::new(&shop, &paris, &format!("{sku}-{more}")).await.live(&victim.url).await;
            }
            assert!(victim.ended().await, "{failpoints} did not end the server");
            let may_live_on = point.starts_with("sequencer") || point == "lane_after_reply";
            assert!(lived.is_none() || may_live_on, "{failpoints} was not noticed");
            day.live(&shop.url).await.unwrap();
            assert_eq!(day.left().await, expected, "{failpoints}");
        }
    }
}

async fn order(shop: &Shop, url: &str, paris: &str, key: &str) -> (u16, Value) {
    let request = shop.http.post(format!("{url}/v1/orders")).bearer_auth(&shop.admin).header("Idempotency-Key", key);
    let response = request.json(&order_body(paris, "LIP-1", 1)).send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

#[actix_web::test]
async fn a_panic_inside_a_transaction_costs_one_request_and_leaves_nothing_open() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 9).await;
    let points = "lane_after_write=1*off->1*panic->off;write_before_commit=1*panic->off";
    let victim = Served::beside(&shop, &[("FAILPOINTS", points)]).await;
    assert_eq!(order(&shop, &victim.url, &paris, "first").await.0, 201);
    let (status, problem) = order(&shop, &victim.url, &paris, "second").await;
    assert_eq!((status, &problem["code"]), (500, &json!("internal")), "{problem}");
    let (status, paid) = order(&shop, &victim.url, &paris, "second").await;
    assert_eq!(status, 201, "the same request is served by the same lane: {paid}");
    let path = format!("/v1/orders/{}", paid["id"].as_str().unwrap());
    shop.post(&shop.admin, &format!("{path}/payments"), json!({ "gateway": "manual" })).await.ok();
    shop.post(&shop.admin, &format!("{path}/fulfill"), json!({})).await.ok();
    let deliver = || async {
        let request = shop.http.post(format!("{}{path}/deliver", victim.url)).bearer_auth(&shop.admin);
        request.header("Idempotency-Key", "deliver").json(&json!({})).send().await.unwrap().status().as_u16()
    };
    assert_eq!((deliver().await, deliver().await), (500, 200));
    let open = "pg_stat_activity where state like 'idle in transaction%' and datname = current_database()";
    let began = std::time::Instant::now();
    while shop.database.count(open) > 0 {
        assert!(began.elapsed().as_secs() < 5, "a transaction stays open");
    }
    assert_eq!(shop.database.count("orders"), 2);
}
