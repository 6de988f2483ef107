//! Parcels on their way back: what arrives of them, what is lost, and parts of sets whose rest was given up.
use crate::{
    payments::{path, sandbox},
    returns::{found, step},
    support::Shop,
    undelivered::{parcel_of, problem_of, sent, sets},
};
use serde_json::{Value, json};

#[actix_web::test]
async fn of_a_parcel_that_came_back_in_part_the_rest_is_reported_as_lost_and_paid_back() {
    let shop = Shop::open().await;
    let (paris, order) = sent(&shop, 5, 5).await;
    let after = shop.post(&shop.admin, &problem_of(&order, 0), json!({ "problem": "returned_to_sender" })).await.ok();
    let back = format!("/v1/returns/{}", after["shipments"][0]["return_id"].as_str().unwrap());
    let back = shop.get(&shop.admin, &back).await.ok();
    let arrived = json!({ "location_id": paris, "lines": [{ "line_no": 1, "quantity": 2 }] });
    let came = step(&shop, &shop.admin, &back, "receive", arrived).await.ok();
    step(&shop, &shop.admin, &came, "inspect", found(&came, "sealed", "restock")).await.ok();
    let after = shop.post(&shop.admin, &problem_of(&order, 0), json!({ "problem": "lost" })).await.ok();
    assert_eq!((&after["status"], &after["lines"][0]["returned"]), (&json!("returned"), &json!(5)));
    let parcel = &after["shipments"][0];
    assert_eq!((&parcel["status"], &parcel["return_id"]), (&json!("returned_to_sender"), &back["id"]));
    let listed = shop.get(&shop.admin, &format!("/v1/returns?order_id={}", order["id"].as_str().unwrap())).await.ok();
    let mut seen: Vec<_> = listed["data"].as_array().unwrap().iter().map(|of| of["status"].as_str().unwrap()).collect();
    seen.sort_unstable();
    assert_eq!(seen, ["closed", "closed", "rejected"]);
    shop.after(1).await;
    assert_eq!((sandbox(&shop), shop.level(&paris, "LIP-1").await["on_hand"].clone()), ([5000, 5000, 5000], json!(7)));
    let again = shop.post(&shop.admin, &problem_of(&order, 0), json!({ "problem": "lost" })).await;
    again.refused(409, "shipment_closed");
}

#[actix_web::test]
async fn a_part_of_a_set_whose_rest_was_given_up_comes_back_for_no_money() {
    let shop = Shop::open().await;
    let (paris, others, order) = sets(&shop, 2, &[10]).await;
    shop.post(&shop.admin, &path(&order, "/fulfill"), json!({ "location_id": paris })).await.ok();
    let no = json!({ "location_id": others[0], "reason": "no_capacity" });
    let left = shop.post(&shop.admin, &path(&order, "/reject"), no).await.ok();
    assert_eq!((&left["lines"][0]["quantity"], &left["total"]["amount_minor"]), (&json!(0), &json!(0)));
    shop.after(1).await;
    let kept = sandbox(&shop)[1] - sandbox(&shop)[2];
    assert_eq!(kept, 0, "the set is paid back whole");
    let after = shop.post(&shop.admin, &problem_of(&left, 0), json!({ "problem": "returned_to_sender" })).await.ok();
    let back = format!("/v1/returns/{}", after["shipments"][0]["return_id"].as_str().unwrap());
    let back = shop.get(&shop.admin, &back).await.ok();
    let parts = &back["lines"][0]["components"];
    assert_eq!((&parts[0]["quantity"], &back["worth"]["amount_minor"]), (&json!(2), &json!(0)), "{back}");
    let came = step(&shop, &shop.admin, &back, "receive", json!({ "location_id": paris })).await.ok();
    let done = step(&shop, &shop.admin, &came, "inspect", found(&came, "sealed", "restock")).await.ok();
    assert_eq!(done["refund"]["amount_minor"], 0);
    assert_eq!(shop.level(&paris, "LIP-1").await["on_hand"], 10);
    shop.after(1).await;
    assert_eq!(sandbox(&shop)[1] - sandbox(&shop)[2], 0);
}

#[actix_web::test]
async fn what_was_delivered_in_another_parcel_is_not_paid_back_with_one_that_came_back() {
    for (came, lost) in [(1, 0), (2, 1)] {
        let shop = Shop::open().await;
        let (paris, order) = sent(&shop, 2 + came + lost, 2).await;
        let back_again = parcel_of(&order, came + lost);
        let arrived = json!({ "shipment_id": order["shipments"][1 - back_again]["id"] });
        shop.post(&shop.admin, &path(&order, "/deliver"), arrived).await.ok();
        let told = json!({ "problem": "returned_to_sender" });
        let after = shop.post(&shop.admin, &problem_of(&order, back_again), told).await.ok();
        let back = format!("/v1/returns/{}", after["shipments"][back_again]["return_id"].as_str().unwrap());
        let back = shop.get(&shop.admin, &back).await.ok();
        let arrived = json!({ "location_id": paris, "lines": [{ "line_no": 1, "quantity": came }] });
        let back = step(&shop, &shop.admin, &back, "receive", arrived).await.ok();
        step(&shop, &shop.admin, &back, "inspect", found(&back, "sealed", "restock")).await.ok();
        let again = shop.post(&shop.admin, &problem_of(&order, back_again), json!({ "problem": "lost" })).await;
        if lost == 0 {
            again.refused(409, "shipment_closed");
        } else {
            again.ok();
        }
        shop.after(1).await;
        assert_eq!(sandbox(&shop)[2], (came + lost) * 1000, "{came} came in and {lost} are lost");
    }
}

#[actix_web::test]
async fn a_report_that_is_refused_for_an_open_return_leaves_the_way_back_as_it_is() {
    let shop = Shop::open().await;
    let (_, order) = sent(&shop, 3, 2).await;
    let (first, second) = (parcel_of(&order, 2), parcel_of(&order, 1));
    let told = json!({ "problem": "returned_to_sender" });
    let after = shop.post(&shop.admin, &problem_of(&order, second), told).await.ok();
    let arrived = json!({ "shipment_id": order["shipments"][first]["id"] });
    shop.post(&shop.admin, &path(&order, "/deliver"), arrived).await.ok();
    let lines = json!([{ "line_no": 1, "quantity": 1, "reason": "unwanted" }]);
    shop.post(&shop.admin, "/v1/returns", json!({ "order_id": order["id"], "lines": lines })).await.ok();
    let again = shop.post(&shop.admin, &problem_of(&order, second), json!({ "problem": "lost" })).await;
    again.refused(409, "return_in_progress");
    let back = format!("/v1/returns/{}", after["shipments"][second]["return_id"].as_str().unwrap());
    assert_eq!(shop.get(&shop.admin, &back).await.ok()["status"], "approved");
}

#[actix_web::test]
async fn of_a_set_whose_twin_was_given_up_no_more_is_paid_back_than_it_cost() {
    let shop = Shop::open().await;
    let (paris, others, order) = sets(&shop, 2, &[1, 1]).await;
    shop.post(&shop.admin, &path(&order, "/fulfill"), json!({ "location_id": paris })).await.ok();
    let no = json!({ "location_id": others[1], "reason": "no_capacity" });
    let left = shop.post(&shop.admin, &path(&order, "/reject"), no).await.ok();
    assert_eq!(left["lines"][0]["quantity"], 1);
    shop.post(&shop.admin, &path(&order, "/fulfill"), json!({})).await.ok();
    shop.post(&shop.admin, &path(&order, "/deliver"), json!({})).await.ok();
    let lip = shop.get(&shop.admin, "/v1/variants?sku=LIP-1").await.ok()["id"].clone();
    let rouge = shop.get(&shop.admin, "/v1/variants?sku=LIP-2").await.ok()["id"].clone();
    let asked = |line: Value| json!({ "order_id": order["id"], "location_id": paris, "lines": [line] });
    let parts = |parts: &[&Value]| {
        let parts: Vec<_> = parts.iter().map(|id| json!({ "variant_id": id, "quantity": 1 })).collect();
        json!({ "line_no": 1, "components": parts, "reason": "unwanted" })
    };
    let back = shop.post(&shop.admin, "/v1/returns", asked(parts(&[&lip]))).await.ok();
    step(&shop, &shop.admin, &back, "inspect", found(&back, "sealed", "restock")).await.ok();
    let whole = json!({ "line_no": 1, "quantity": 1, "reason": "unwanted" });
    shop.post(&shop.admin, "/v1/returns", asked(whole)).await.refused(409, "nothing_to_return");
    let back = shop.post(&shop.admin, "/v1/returns", asked(parts(&[&lip, &rouge]))).await.ok();
    let done = step(&shop, &shop.admin, &back, "inspect", found(&back, "sealed", "restock")).await.ok();
    assert_eq!(done["worth"]["amount_minor"], 750, "{done}");
    shop.after(1).await;
    assert_eq!(sandbox(&shop)[1] - sandbox(&shop)[2], 0);
}
