//! Requests that build upon each other inside one batch: what the later ones find is what the earlier ones have left,
//! and what is written is what all of them together have made.
use crate::support::{
    Shop, answer, order_body,
    together::{Sending, in_one_batch, locked},
};
use reqwest::Method;
use serde_json::{Value, json};
use std::rc::Rc;

const PATIENT: &[(&str, &str)] = &[("COFFRET_GROUP_COMMIT__LOCK_TIMEOUT_MS", "3000")];

async fn shop() -> (Rc<Shop>, String) {
    let shop = Rc::new(Shop::open_with(PATIENT).await);
    let paris = shop.stocked("PARIS", "LIP-1", 100).await;
    shop.variant("NEW-1").await;
    (shop, paris)
}

fn sending(shop: &Rc<Shop>, method: Method, path: &str, body: Value) -> Sending {
    let (shop, path, key) = (shop.clone(), path.to_owned(), uuid::Uuid::now_v7().to_string());
    Box::pin(async move {
        let request = shop.request(&shop.admin, method, &path).header("Idempotency-Key", key);
        answer(request.json(&body)).await
    })
}

#[actix_web::test]
async fn what_is_held_of_a_level_made_in_the_same_batch_stays_held() {
    let (shop, paris) = shop().await;
    let at = format!("/v1/locations/{paris}/inventory");
    let found = json!({ "delta": 10, "reason": "found" });
    let hold = json!({ "lines": [{ "sku": "NEW-1", "quantity": 4 }] });
    let requests = vec![
        sending(&shop, Method::PATCH, &format!("{at}/NEW-1"), found),
        sending(&shop, Method::POST, &format!("{at}/reserve"), hold),
        sending(&shop, Method::POST, "/v1/orders", order_body(&paris, "NEW-1", 5)),
        sending(&shop, Method::POST, "/v1/orders", order_body(&paris, "NEW-1", 2)),
    ];
    let answers = in_one_batch(&shop, &paris, requests).await;
    let statuses: Vec<_> = answers.iter().map(|answer| answer.status).collect();
    assert_eq!(statuses, [200, 201, 201, 409]);
    let level = shop.level(&paris, "NEW-1").await;
    assert_eq!(
        (&level["on_hand"], &level["reserved"], &level["quantity_available"]),
        (&json!(10), &json!(9), &json!(1))
    );
}

#[actix_web::test]
async fn a_part_payment_and_a_cancel_in_one_batch_give_the_money_back() {
    let (shop, paris) = shop().await;
    let order = shop.placed(&paris, "LIP-1", 1).await;
    let order = format!("/v1/orders/{}", order["id"].as_str().unwrap());
    let requests = vec![
        sending(&shop, Method::POST, &format!("{order}/payments"), json!({ "gateway": "manual", "amount_minor": 400 })),
        sending(&shop, Method::PATCH, &format!("{order}/cancel"), json!({})),
    ];
    let answers = in_one_batch(&shop, &paris, requests).await;
    assert_eq!((answers[0].status, answers[1].status), (201, 200));
    assert_eq!(answers[1].body["payment_status"], "refunded");
    assert_eq!(shop.database.count("payments where refunded_minor = 400 and status = 'refunded' and version = 2"), 1);
}

#[actix_web::test]
async fn an_order_is_paid_and_shipped_or_given_up_in_one_batch() {
    let (shop, paris) = shop().await;
    for (last, allocations) in [("fulfill", "shipped"), ("cancel", "released")] {
        let order = shop.placed(&paris, "LIP-1", 3).await;
        let order = format!("/v1/orders/{}", order["id"].as_str().unwrap());
        let method = if last == "cancel" { Method::PATCH } else { Method::POST };
        let requests = vec![
            sending(&shop, Method::POST, &format!("{order}/payments"), json!({ "gateway": "manual" })),
            sending(&shop, method, &format!("{order}/{last}"), json!({})),
        ];
        let before = shop.app.jobs.group_commit().statements_run();
        let answers = in_one_batch(&shop, &paris, requests).await;
        assert_eq!((answers[0].status, answers[1].status), (201, 200), "{}", answers[1].body);
        let rolled_back = shop.app.jobs.group_commit().statements_run() - before > 2 * 10;
        assert!(!rolled_back, "the batch was halved");
        assert_eq!(shop.database.count(&format!("allocations where status = '{allocations}' and quantity = 3")), 1);
    }
    let level = shop.level(&paris, "LIP-1").await;
    assert_eq!((&level["on_hand"], &level["allocated"]), (&json!(97), &json!(0)));
}

#[actix_web::test]
async fn a_batch_of_every_kind_of_request_takes_ten_round_trips_at_most() {
    let (shop, paris) = shop().await;
    let at = format!("/v1/locations/{paris}/inventory");
    let hold = json!({ "lines": [{ "sku": "LIP-1", "quantity": 1 }] });
    let held = shop.post(&shop.admin, &format!("{at}/reserve"), hold.clone()).await.ok();
    let mut orders = vec![];
    // As many orders as make the lane fetch new numbers in the batch that is counted.
    for _ in 0..254 {
        orders.push(format!("/v1/orders/{}", shop.placed(&paris, "LIP-1", 1).await["id"].as_str().unwrap()));
        if orders.len() == 90 {
            shop.stock(&paris, "LIP-1", 200).await;
        }
    }
    let requests = || {
        vec![
            sending(&shop, Method::POST, "/v1/orders", order_body(&paris, "LIP-1", 1)),
            sending(&shop, Method::POST, "/v1/orders", order_body(&paris, "LIP-1", 1)),
            sending(&shop, Method::POST, &format!("{}/payments", orders[0]), json!({ "gateway": "manual" })),
            sending(&shop, Method::PATCH, &format!("{}/cancel", orders[1]), json!({})),
            sending(&shop, Method::POST, &format!("{at}/reserve"), hold.clone()),
            sending(&shop, Method::POST, &format!("{at}/release"), json!({ "reservation_id": held["id"] })),
            sending(&shop, Method::PATCH, &format!("{at}/NEW-1"), json!({ "delta": 3, "reason": "found" })),
        ]
    };
    let before = shop.app.jobs.group_commit().statements_run();
    let answers = in_one_batch(&shop, &paris, requests()).await;
    assert!(answers.iter().all(|answer| answer.status < 300), "{answers:?}");
    let numbers = shop.database.count("generate_series(1, (select last_value from orders_number_seq))");
    assert_eq!(numbers, 512, "numbers were fetched in this batch");
    // The order before the batch takes six of its own; old plans may be dropped in between.
    let spent = shop.app.jobs.group_commit().statements_run() - before;
    assert!(spent <= 5 + 10 + 1, "{spent} round trips");
}

#[actix_web::test]
async fn an_order_that_others_hold_for_long_is_busy_and_the_others_of_its_batch_go_on() {
    let shop = Rc::new(Shop::open_with(&[("COFFRET_GROUP_COMMIT__LOCK_TIMEOUT_MS", "300")]).await);
    let paris = shop.stocked("PARIS", "LIP-1", 100).await;
    let mut orders = vec![];
    for _ in 0..3 {
        orders.push(shop.placed(&paris, "LIP-1", 1).await["id"].as_str().unwrap().to_owned());
    }
    let pay = |order: &String| {
        sending(&shop, Method::POST, &format!("/v1/orders/{order}/payments"), json!({ "gateway": "manual" }))
    };
    for held in [format!("orders where id = '{}'", orders[0]), format!("reservations where order_id = '{}'", orders[0])]
    {
        let lock = locked(&shop, &held);
        let sent: Vec<_> = orders[..2].iter().map(|order| actix_web::rt::spawn(pay(order))).collect();
        let mut answers = vec![];
        for request in sent {
            answers.push(request.await.unwrap());
        }
        drop(lock);
        answers[0].refused(503, "busy");
        assert_eq!(answers[1].status, 201, "{}", answers[1].body);
        orders.remove(1);
    }
    pay(&orders[0]).await.ok();
}

#[actix_web::test]
async fn a_request_that_takes_too_long_is_told_so_alone() {
    let limits =
        [("COFFRET_GROUP_COMMIT__STATEMENT_TIMEOUT_MS", "1000"), ("COFFRET_GROUP_COMMIT__DEADLINE_MS", "20000")];
    let shop = Rc::new(Shop::open_with(&limits).await);
    let paris = shop.stocked("PARIS", "LIP-1", 100).await;
    shop.variant("SLOW-1").await;
    shop.stock(&paris, "SLOW-1", 9).await;
    shop.database.run(
        "create function be_slow() returns trigger language plpgsql as $$ begin \
         if new.sku = 'SLOW-1' then perform pg_sleep(30); end if; return new; end $$; \
         create trigger be_slow before insert on order_lines for each row execute function be_slow()",
    );
    let order = |sku: &str| sending(&shop, Method::POST, "/v1/orders", order_body(&paris, sku, 1));
    let requests = vec![order("LIP-1"), order("SLOW-1"), order("NONE-1"), order("LIP-1")];
    let answers = in_one_batch(&shop, &paris, requests).await;
    let told: Vec<_> = answers.iter().map(|answer| (answer.status, answer.code())).collect();
    assert_eq!(told, [(201, ""), (503, "busy"), (422, "unknown_sku"), (201, "")], "{answers:?}");
}

#[actix_web::test]
async fn orders_that_empty_the_first_places_in_one_batch_find_the_others() {
    let (shop, paris) = shop().await;
    for n in 0..10 {
        let place = shop.location(&format!("STORE-{n}"), 500 + n).await;
        shop.stock(&place, "NEW-1", 1).await;
    }
    let mut body = order_body(&paris, "NEW-1", 1);
    body.as_object_mut().unwrap().remove("location_id");
    let requests = (0..11).map(|_| sending(&shop, Method::POST, "/v1/orders", body.clone())).collect();
    let answers = in_one_batch(&shop, &paris, requests).await;
    let told: Vec<_> = answers.iter().map(|answer| answer.status).collect();
    assert_eq!(told.iter().filter(|status| **status == 201).count(), 10, "{told:?}");
    assert_eq!(told.iter().filter(|status| **status == 409).count(), 1, "{told:?}");
}
