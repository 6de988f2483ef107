//! Everything that can be done to stock, done at random by sixteen people at once; and a pure model that adds up what
//! was acknowledged. Whatever the order in which the server took them, the books must equal the model in the end.
mod random;

use super::{Answer, Shop, answer};
pub use random::operations;
use random::{End, Operation, PLACES, SKUS};
use reqwest::Method;
use serde_json::{Value, json};
use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

/// Counters of a level that the model knows exactly.
const COUNTERS: [&str; 5] = ["on_hand", "damaged", "reserved", "allocated", "in_transit"];

/// The acknowledged changes, added up.
#[derive(Debug, Default)]
pub struct Model(BTreeMap<(usize, usize), [i64; 5]>);

impl Model {
    fn add(&mut self, (at, sku): (usize, usize), changes: &[(&str, i64)]) {
        let row = self.0.entry((at, sku)).or_default();
        for (name, units) in changes {
            row[COUNTERS.iter().position(|counter| counter == name).unwrap()] += units;
        }
    }
}

/// The brand on which it is done.
pub struct Stage {
    shop: Rc<Shop>,
    manager: String,
    supplier: String,
    places: Vec<String>,
    model: RefCell<Model>,
    done: RefCell<BTreeMap<&'static str, usize>>,
}

/// Whoever asks again after no answer asks under the same key.
async fn settled(shop: &Shop, token: &str, method: Method, path: &str, body: &Value) -> Answer {
    let key = uuid::Uuid::now_v7().to_string();
    for _ in 0..600 {
        let request = shop.request(token, method.clone(), path).header("Idempotency-Key", &key).json(body);
        let told = answer(request).await;
        // 408: the body came late because the machine stood still.
        if told.status != 503 && told.status != 408 {
            assert!(told.status < 500, "{path} {} {}", told.status, told.body);
            return told;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("{path} was never answered");
}

fn id(made: &Value) -> &str {
    made["id"].as_str().unwrap()
}

impl Stage {
    pub async fn set(shop: &Rc<Shop>) -> Self {
        let mut places = vec![];
        for n in 0..PLACES {
            places.push(shop.location(&format!("PLACE-{n}"), 1).await);
        }
        for sku in SKUS {
            shop.variant(sku).await;
        }
        let (manager, supplier) = (shop.sign_in("store_manager", None).await, shop.supplier().await);
        let stage =
            Self { shop: shop.clone(), manager, supplier, places, model: RefCell::default(), done: RefCell::default() };
        for at in 0..PLACES {
            for sku in 0..SKUS.len() {
                stage.run(Operation::Buy { at, sku, units: 30, rejected: 0, lot: at }).await;
            }
        }
        stage
    }

    async fn ask(&self, path: &str, body: Value) -> Answer {
        settled(&self.shop, &self.shop.admin, Method::POST, path, &body).await
    }

    fn add(&self, spot: (usize, usize), changes: &[(&str, i64)]) {
        self.model.borrow_mut().add(spot, changes);
    }

    /// Does an operation as far as the server lets it; what it acknowledges is added to the model.
    async fn run(&self, operation: Operation) {
        let name = match operation {
            Operation::Adjust { .. } => "adjust",
            Operation::Hold { .. } => "hold",
            Operation::Sell { .. } => "sell",
            Operation::Move { .. } => "move",
            Operation::Buy { .. } => "buy",
            Operation::Count { .. } => "count",
            Operation::Judge { .. } => "judge",
        };
        let done = match operation {
            Operation::Adjust { at, sku, units, is_damage } => self.adjust((at, sku), units, is_damage).await,
            Operation::Hold { at, sku, units, is_released } => self.hold((at, sku), units, is_released).await,
            Operation::Sell { at, sku, units, end } => self.sell((at, sku), units, end).await,
            Operation::Move { from, to, sku, units, came } => self.carry((from, to), sku, units, came).await,
            Operation::Buy { at, sku, units, rejected, lot } => self.buy((at, sku), units, rejected, lot).await,
            Operation::Count { at, sku, off } => self.count((at, sku), off).await,
            Operation::Judge { lot, verdict } => self.judge(lot, verdict).await,
        };
        *self.done.borrow_mut().entry(name).or_default() += usize::from(done.is_some());
    }

    async fn adjust(&self, spot: (usize, usize), units: i64, is_damage: bool) -> Option<()> {
        let state = if is_damage { "damaged" } else { "on_hand" };
        let body = json!({ "delta": units, "state": state, "reason": "correction" });
        let path = format!("/v1/locations/{}/inventory/{}", self.places[spot.0], SKUS[spot.1]);
        let told = settled(&self.shop, &self.shop.admin, Method::PATCH, &path, &body).await;
        acknowledged(&told)?;
        self.add(spot, &[(if is_damage { "damaged" } else { "on_hand" }, units)]);
        Some(())
    }

    async fn hold(&self, spot: (usize, usize), units: i64, is_released: bool) -> Option<()> {
        let path = format!("/v1/locations/{}/inventory", self.places[spot.0]);
        let body = json!({ "lines": [{ "sku": SKUS[spot.1], "quantity": units }] });
        let held = self.ask(&format!("{path}/reserve"), body).await;
        let held = acknowledged(&held)?;
        self.add(spot, &[("reserved", units)]);
        if is_released {
            self.ask(&format!("{path}/release"), json!({ "reservation_id": id(held) })).await.ok();
            self.add(spot, &[("reserved", -units)]);
        }
        Some(())
    }

    async fn sell(&self, spot: (usize, usize), units: i64, end: End) -> Option<()> {
        let order = self.ask("/v1/orders", super::order_body(&self.places[spot.0], SKUS[spot.1], units)).await;
        let path = format!("/v1/orders/{}", id(acknowledged(&order)?));
        self.add(spot, &[("reserved", units)]);
        if matches!(end, End::Paid | End::Shipped | End::PaidAndCanceled) {
            self.ask(&format!("{path}/payments"), json!({ "gateway": "manual" })).await.ok();
            self.add(spot, &[("reserved", -units), ("allocated", units)]);
        }
        match end {
            End::Left | End::Paid => {}
            End::Shipped => {
                // What was promised of a lot that is held back now stays here.
                let told = self.ask(&format!("{path}/fulfill"), json!({})).await;
                acknowledged(&told)?;
                self.add(spot, &[("allocated", -units), ("on_hand", -units)]);
            }
            End::Canceled | End::PaidAndCanceled => {
                settled(&self.shop, &self.shop.admin, Method::PATCH, &format!("{path}/cancel"), &json!({})).await.ok();
                self.add(spot, &[(if matches!(end, End::Canceled) { "reserved" } else { "allocated" }, -units)]);
            }
        }
        Some(())
    }

    async fn carry(&self, (from, to): (usize, usize), sku: usize, units: i64, came: [i64; 3]) -> Option<()> {
        let lines = json!([{ "sku": SKUS[sku], "quantity": units }]);
        let body = json!({ "from_location_id": self.places[from], "to_location_id": self.places[to], "lines": lines });
        let written = self.ask("/v1/transfers", body).await;
        let path = format!("/v1/transfers/{}", id(acknowledged(&written)?));
        self.ask(&format!("{path}/ready"), json!({})).await.ok();
        let shipped = self.ask(&format!("{path}/ship"), json!({})).await;
        acknowledged(&shipped)?;
        self.add((from, sku), &[("on_hand", -units)]);
        self.add((to, sku), &[("in_transit", units)]);
        let [received, damaged, lost] = came;
        if received + damaged + lost == 0 {
            return Some(());
        }
        let line = json!({ "sku": SKUS[sku], "received": received, "damaged": damaged, "lost": lost });
        let arrived = self.ask(&format!("{path}/receive"), json!({ "lines": [line] })).await;
        acknowledged(&arrived)?;
        let here = received + damaged;
        self.add((to, sku), &[("in_transit", -here - lost), ("on_hand", here), ("damaged", damaged)]);
        Some(())
    }

    async fn buy(&self, spot: (usize, usize), units: i64, rejected: i64, lot: usize) -> Option<()> {
        let (place, sku) = (&self.places[spot.0], SKUS[spot.1]);
        let lines = json!([{ "sku": sku, "quantity": units }]);
        let body = json!({ "supplier_id": self.supplier, "location_id": place, "lines": lines });
        let order = self.ask("/v1/purchase-orders", body).await.ok();
        self.ask(&format!("/v1/purchase-orders/{}/order", id(&order)), json!({})).await.ok();
        let mut line = json!({ "sku": sku, "accepted": units, "rejected": rejected });
        if sku == "LOTTED" {
            line["lot"] = json!({ "code": format!("LOT-{lot}"), "expires_on": format!("203{lot}-12-31") });
        }
        let body = json!({ "purchase_order_id": order["id"], "lines": [line] });
        self.ask(&format!("/v1/locations/{place}/receipts"), body).await.ok();
        self.add(spot, &[("on_hand", units)]);
        Some(())
    }

    async fn count(&self, spot: (usize, usize), off: i64) -> Option<()> {
        let (place, sku) = (&self.places[spot.0], SKUS[spot.1]);
        let count = self.ask(&format!("/v1/locations/{place}/counts"), json!({ "skus": [sku], "blind": false })).await;
        let count = acknowledged(&count)?;
        let path = format!("/v1/counts/{}", id(count));
        let quantity = (count["lines"][0]["at_start"].as_i64().unwrap() + off).max(0);
        let lines = json!({ "lines": [{ "sku": sku, "quantity": quantity }] });
        let told = self.ask(&format!("{path}/lines"), lines).await.ok();
        self.ask(&format!("{path}/submit"), json!({})).await.ok();
        let approved = settled(&self.shop, &self.manager, Method::POST, &format!("{path}/approve"), &json!({})).await;
        if acknowledged(&approved).is_none() {
            // More was missing than was left by then.
            self.ask(&format!("{path}/cancel"), json!({})).await.ok();
            return None;
        }
        self.add(spot, &[("on_hand", told["lines"][0]["variance"].as_i64().unwrap())]);
        Some(())
    }

    async fn judge(&self, lot: usize, verdict: &str) -> Option<()> {
        let path = format!("/v1/lots?code=LOT-{lot}");
        let lots = settled(&self.shop, &self.shop.admin, Method::GET, &path, &json!({})).await;
        let lot = acknowledged(&lots)?["data"][0]["id"].as_str()?.to_owned();
        acknowledged(&self.ask(&format!("/v1/lots/{lot}/{verdict}"), json!({})).await).map(|_| ())
    }

    /// Sixteen people take one operation after the other.
    pub async fn play(self: &Rc<Self>, operations: Vec<Operation>) {
        let queue = Rc::new(RefCell::new(operations));
        let people: Vec<_> = (0..16)
            .map(|_| {
                let (stage, queue) = (self.clone(), queue.clone());
                actix_web::rt::spawn(async move {
                    while let Some(operation) = { queue.borrow_mut().pop() } {
                        stage.run(operation).await;
                    }
                })
            })
            .collect();
        for person in people {
            person.await.unwrap();
        }
    }

    /// Years pass: holds run out, orders that were not paid lapse, every lot expires.
    pub async fn let_years_pass(&self) {
        self.shop.after(7 * 366 * 86_400).await;
        let at = |name: &str| COUNTERS.iter().position(|counter| *counter == name).unwrap();
        for row in self.model.borrow_mut().0.values_mut() {
            row[at("reserved")] = 0;
        }
        self.follow_promises(at("allocated")).await;
        for place in &self.places {
            let level = self.shop.level(place, "LOTTED").await;
            let apart = ["damaged", "quality_hold", "expired"].map(|name| level[name].as_i64().unwrap());
            assert_eq!(level["on_hand"].as_i64().unwrap(), apart.iter().sum::<i64>(), "nothing that expired is sold");
        }
    }

    /// Promises beyond what a count has left are sourced from other places meanwhile: all places together keep as many
    /// as before.
    async fn follow_promises(&self, allocated: usize) {
        for (sku, name) in SKUS.iter().enumerate() {
            let (mut before, mut now) = (0, 0);
            for (at, place) in self.places.iter().enumerate() {
                let here = self.shop.level(place, name).await["allocated"].as_i64().unwrap();
                let mut model = self.model.borrow_mut();
                let row = model.0.entry((at, sku)).or_default();
                (before, now) = (before + row[allocated], now + here);
                row[allocated] = here;
            }
            assert_eq!(now, before, "promises of {name} at all places");
        }
    }

    /// The books equal the model.
    pub async fn check(&self, seed: &str) {
        let rows: Vec<_> = self.model.borrow().0.iter().map(|(spot, row)| (*spot, *row)).collect();
        for ((at, sku), row) in rows {
            let level = self.shop.level(&self.places[at], SKUS[sku]).await;
            let counters = COUNTERS.map(|name| level[name].as_i64().unwrap());
            assert_eq!(counters, row, "{} at place {at}: {COUNTERS:?}, COFFRET_SEED={seed}", SKUS[sku]);
        }
        let proof = self.shop.get(&self.shop.admin, "/v1/inventory/integrity").await.ok();
        assert_eq!(proof["violations"], json!([]), "COFFRET_SEED={seed}");
    }

    /// Every kind of operation was done. In one play of 120 operations chance leaves a rare kind out once in 200 runs,
    /// in all three together once in millions.
    pub fn require_every_kind(&self, seed: &str) {
        let done = self.done.borrow();
        assert_eq!(done.values().filter(|done| **done > 0).count(), 7, "{done:?}, COFFRET_SEED={seed}");
    }
}

/// The body of a success; a refusal must be one that stock may give.
fn acknowledged(answer: &Answer) -> Option<&Value> {
    match answer.status {
        200..=299 => Some(&answer.body),
        409 | 422 => None,
        status => panic!("{status} {}", answer.body),
    }
}
