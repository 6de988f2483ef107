//! Is what 16 clients saw over HTTP the story of one stock row, told in one order? Each change carries the row's
//! version after it, so the order is known and checking takes one pass.
use crate::support::Shop;
use serde_json::{Value, json};
use std::{cell::RefCell, rc::Rc, time::Instant};

/// The effect of one call, and when it began and ended.
#[derive(Debug, Clone)]
pub struct Call {
    pub began: Instant,
    pub ended: Instant,
    pub kind: Kind,
}

#[derive(Debug, Clone)]
pub enum Kind {
    /// Changed what is available by so much; the row's version after it.
    Changed { available: i64, version: i64 },
    /// Refused for want of so many.
    Refused { wanted: i64 },
    /// Saw so many available, at a version.
    Saw { available: i64, version: i64 },
}

/// Faults of a history; none if it is linearizable. `start` is what was available at version `first`.
pub fn faults(calls: &[Call], start: i64, first: i64) -> Vec<String> {
    let mut faults = vec![];
    let mut changes: Vec<_> = calls
        .iter()
        .filter_map(|call| match call.kind {
            Kind::Changed { available, version } => Some((version, available, call)),
            _ => None,
        })
        .collect();
    changes.sort_by_key(|(version, ..)| *version);
    let mut states = vec![start];
    for (at, (version, change, _)) in changes.iter().enumerate() {
        let expected = first + 1 + i64::try_from(at).unwrap();
        if *version != expected {
            faults.push(format!("version {version} where {expected} was due"));
        }
        let after = states[at] + change;
        if after < 0 {
            faults.push(format!("{after} available at version {version}"));
        }
        states.push(after);
    }
    // The latest beginning so far must not come after the end of anything later in the order.
    let mut earliest_end_after = vec![None; changes.len() + 1];
    for at in (0..changes.len()).rev() {
        let next = earliest_end_after[at + 1];
        let ended = changes[at].2.ended;
        earliest_end_after[at] = Some(next.map_or(ended, |next: Instant| next.min(ended)));
    }
    for (at, (version, _, call)) in changes.iter().enumerate() {
        if earliest_end_after[at + 1].is_some_and(|ended| ended < call.began) {
            faults.push(format!("version {version} began after a later version had ended"));
        }
    }
    for call in calls {
        let must_follow = changes.iter().rposition(|(.., change)| change.ended < call.began).map_or(0, |at| at + 1);
        let may_precede = changes.iter().rposition(|(.., change)| change.began < call.ended).map_or(0, |at| at + 1);
        let window = &states[must_follow..=may_precede.max(must_follow)];
        match call.kind {
            Kind::Refused { wanted } if !window.iter().any(|available| *available < wanted) => {
                faults.push(format!("{wanted} refused while {window:?} were available"));
            }
            Kind::Saw { available, version } => {
                let at = usize::try_from(version - first).unwrap();
                let is_in_window = (must_follow..=may_precede.max(must_follow)).contains(&at);
                if !is_in_window || states.get(at) != Some(&available) {
                    faults.push(format!("{available} seen at version {version}, which had {:?}", states.get(at)));
                }
            }
            _ => {}
        }
    }
    faults
}

/// Sixteen clients reserve, release, adjust and look for a while, on several servers; what they saw.
pub async fn history(shop: &Rc<Shop>, servers: &[String], paris: &str, rounds: usize) -> Vec<Call> {
    let calls: Rc<RefCell<Vec<Call>>> = Rc::default();
    let clients: Vec<_> = (0..16)
        .map(|n| {
            let (shop, server, calls, paris) =
                (shop.clone(), servers[n % servers.len()].clone(), calls.clone(), paris.to_owned());
            actix_web::rt::spawn(async move {
                let mut held: Vec<String> = vec![];
                for round in 0..rounds {
                    let began = Instant::now();
                    let kind = act(&shop, &server, &paris, n * 7 + round * 3, &mut held).await;
                    if let Some(kind) = kind {
                        calls.borrow_mut().push(Call { began, ended: Instant::now(), kind });
                    }
                }
            })
        })
        .collect();
    for client in clients {
        client.await.unwrap();
    }
    calls.take()
}

async fn act(shop: &Shop, server: &str, paris: &str, dice: usize, held: &mut Vec<String>) -> Option<Kind> {
    let key = uuid::Uuid::now_v7().to_string();
    let send = |method: reqwest::Method, path: String, body: Option<Value>| {
        let request = shop.http.request(method, format!("{server}{path}")).bearer_auth(&shop.admin);
        let request = request.header("Idempotency-Key", &key);
        crate::support::answer(if let Some(body) = body { request.json(&body) } else { request })
    };
    let at = format!("/v1/locations/{paris}/inventory");
    match dice % 5 {
        0 | 1 => {
            let wanted = 1 + i64::try_from(dice % 3).unwrap();
            let body = json!({ "lines": [{ "sku": "LIP-1", "quantity": wanted }] });
            let answer = send(reqwest::Method::POST, format!("{at}/reserve"), Some(body)).await;
            match answer.status {
                201 => {
                    held.push(answer.body["id"].as_str().unwrap().to_owned());
                    let version = answer.body["lines"][0]["version"].as_i64().unwrap();
                    Some(Kind::Changed { available: -wanted, version })
                }
                409 => Some(Kind::Refused { wanted }),
                other => panic!("{other} {}", answer.body),
            }
        }
        2 => {
            let body = json!({ "reservation_id": held.pop()? });
            let line = send(reqwest::Method::POST, format!("{at}/release"), Some(body)).await.ok()["lines"][0].clone();
            Some(Kind::Changed {
                available: line["quantity"].as_i64().unwrap(),
                version: line["version"].as_i64().unwrap(),
            })
        }
        3 => {
            let body = json!({ "delta": 1, "reason": "found" });
            let level = send(reqwest::Method::PATCH, format!("{at}/LIP-1"), Some(body)).await.ok();
            Some(Kind::Changed { available: 1, version: level["version"].as_i64().unwrap() })
        }
        _ => {
            let level = send(reqwest::Method::GET, format!("{at}?sku=LIP-1"), None).await.ok()["data"][0].clone();
            let available = level["quantity_available"].as_i64().unwrap();
            Some(Kind::Saw { available, version: level["version"].as_i64().unwrap() })
        }
    }
}

#[actix_web::test]
async fn what_16_clients_saw_on_two_servers_is_one_story() {
    let shop = Rc::new(Shop::open().await);
    let paris = shop.stocked("PARIS", "LIP-1", 12).await;
    let (second, _app) = shop.second(&[]);
    let calls = history(&shop, &[shop.url.clone(), second], &paris, 40).await;
    let refused = calls.iter().filter(|call| matches!(call.kind, Kind::Refused { .. })).count();
    assert!(calls.len() > 400 && refused > 5, "{} calls, {refused} refused", calls.len());
    assert_eq!(faults(&calls, 12, 1), Vec::<String>::new());
}

#[test]
fn the_checker_finds_a_lost_update_a_stale_look_and_a_false_refusal() {
    let start = Instant::now();
    let at = |ms: u64| start + std::time::Duration::from_millis(ms);
    let call = |began, ended, kind| Call { began: at(began), ended: at(ended), kind };
    let sold = |began, ended, version| call(began, ended, Kind::Changed { available: -1, version });
    assert!(faults(&[sold(0, 5, 2), sold(2, 7, 3)], 2, 1).is_empty());
    assert_eq!(faults(&[sold(0, 5, 2), sold(2, 7, 2)], 2, 1).len(), 1, "a version twice");
    assert_eq!(faults(&[sold(0, 5, 2), sold(2, 7, 3)], 1, 1).len(), 1, "oversold");
    assert_eq!(faults(&[sold(0, 1, 3), sold(5, 7, 2)], 9, 1).len(), 1, "against real time");
    assert_eq!(faults(&[sold(0, 1, 2), call(2, 3, Kind::Saw { available: 9, version: 1 })], 9, 1).len(), 1);
    assert_eq!(faults(&[call(0, 1, Kind::Refused { wanted: 3 })], 9, 1).len(), 1);
}
