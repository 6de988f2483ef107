//! Tenders at tills: cash with its rounding and change, cards with tips, and the takings of a day.
use crate::{
    payments::path,
    promotions::{percent, promotion},
    returns::{at, found, step},
    support::{Shop, order_body},
    tills::sale,
};
use serde_json::{Value, json};

/// A store in Geneva with a lipstick at 19.92 francs.
async fn geneva(shop: &Shop) -> String {
    let body =
        json!({ "code": "GENEVA", "name": "Geneva", "kind": "store", "country": "CH", "time_zone": "Europe/Zurich" });
    let id = shop.post(&shop.admin, "/v1/locations", body).await.ok()["id"].as_str().unwrap().to_owned();
    let opened = format!("update locations set created_at = created_at - interval '1 year' where id = '{id}'");
    shop.database.run(&opened);
    let variant = shop.variant("LIP-1").await["variants"][0]["id"].as_str().unwrap().to_owned();
    let price = format!("/v1/variants/{variant}/prices/pos/CHF");
    shop.put(&shop.admin, &price, json!({ "amount_minor": 1_992 })).await.ok();
    shop.stock(&id, "LIP-1", 50).await;
    id
}

/// A sale of one lipstick for 19.92 francs, some seconds ago, with its tenders.
fn sold(shop: &Shop, geneva: &str, seconds_ago: i64, tenders: Value) -> Value {
    let mut body = sale(shop, geneva, "LIP-1", 1, seconds_ago);
    (body["currency"], body["tenders"]) = (json!("CHF"), tenders);
    body["lines"][0]["unit_price_minor"] = json!(1_992);
    body
}

async fn takings(shop: &Shop, location: &str, query: &str) -> Value {
    shop.get(&shop.admin, &format!("/v1/locations/{location}/takings{query}")).await.ok()["takings"].clone()
}

fn of<'a>(takings: &'a Value, means: &str) -> &'a Value {
    takings.as_array().unwrap().iter().find(|one| one["means"] == means).unwrap_or(&Value::Null)
}

#[actix_web::test]
async fn cash_is_rounded_to_the_coins_of_the_country_and_its_change_is_told() {
    let shop = Shop::open().await;
    let geneva = geneva(&shop).await;
    let mut body = order_body(&geneva, "LIP-1", 1);
    body["currency"] = json!("CHF");
    let order = shop.post(&shop.admin, "/v1/orders", body.clone()).await.ok();
    let pay = |tender: Value| json!({ "gateway": "manual", "tender": tender });
    let too_little = pay(json!({ "kind": "cash", "tendered_minor": 1_985 }));
    let refused = shop.post(&shop.admin, &path(&order, "/payments"), too_little).await;
    refused.refused(422, "invalid_tender");
    assert_eq!(refused.body["errors"][0]["pointer"], "#/tender/tendered_minor");
    let by_card = json!({ "gateway": "gift_card", "method": "X", "tender": { "kind": "card" } });
    shop.post(&shop.admin, &path(&order, "/payments"), by_card).await.refused(422, "invalid_tender");
    let paid = pay(json!({ "kind": "cash", "tendered_minor": 2_500, "tip_minor": 100 }));
    let paid = shop.post(&shop.admin, &path(&order, "/payments"), paid).await.ok();
    let wanted = json!({ "kind": "cash", "tendered_minor": 2_500, "rounding_minor": -2, "tip_minor": 100,
                         "change_minor": 410 });
    assert_eq!(paid["tender"], wanted);
    assert_eq!((&paid["captured"]["amount_minor"], &paid["order"]["status"]), (&json!(1_992), &json!("confirmed")));
    let today = takings(&shop, &geneva, "").await;
    let cash = of(&today, "cash");
    let told =
        ["payments", "captured_minor", "rounding_minor", "tips_minor", "net_minor"].map(|field| cash[field].clone());
    assert_eq!(told, [1, 1_992, -2, 100, 2_090].map(|n| json!(n)));
    let query = "{ orders(first: 1) { edges { node { payments { tender { kind rounding { amountMinor } } } } } } }";
    let seen = shop.graphql(&shop.admin, query, json!({})).await;
    let tender = &seen["data"]["orders"]["edges"][0]["node"]["payments"][0]["tender"];
    assert_eq!((&tender["kind"], &tender["rounding"]["amountMinor"]), (&json!("CASH"), &json!(-2)), "{seen}");
}

#[actix_web::test]
async fn a_part_that_is_paid_in_cash_is_not_rounded_but_for_the_last() {
    let shop = Shop::open().await;
    let geneva = geneva(&shop).await;
    let mut body = order_body(&geneva, "LIP-1", 1);
    body["currency"] = json!("CHF");
    let order = shop.post(&shop.admin, "/v1/orders", body).await.ok();
    let pay = |amount: i64, tendered: i64| {
        let tender = json!({ "kind": "cash", "tendered_minor": tendered });
        json!({ "gateway": "manual", "amount_minor": amount, "tender": tender })
    };
    shop.post(&shop.admin, &path(&order, "/payments"), pay(2, 0)).await.refused(422, "invalid_tender");
    shop.post(&shop.admin, &path(&order, "/payments"), pay(1_000, 1_000)).await.ok();
    let rest = shop.post(&shop.admin, &path(&order, "/payments"), pay(992, 1_000)).await.ok();
    assert_eq!((&rest["tender"]["rounding_minor"], &rest["tender"]["change_minor"]), (&json!(-2), &json!(10)));
}

#[actix_web::test]
async fn a_sale_is_paid_by_the_tenders_that_its_till_tells() {
    let shop = Shop::open().await;
    let geneva = geneva(&shop).await;
    let till = shop.sign_in("cashier", Some(&geneva)).await;
    let none = json!([{ "kind": "cash", "amount_minor": 0 }]);
    shop.post(&till, "/v1/pos/sales", sold(&shop, &geneva, 0, none)).await.refused(422, "invalid_body");
    assert_eq!(shop.database.count("orders"), 0, "nothing was written");
    let right = json!([{ "kind": "card", "amount_minor": 1_000, "tip_minor": 200, "reference": "TERM-7" },
                       { "kind": "cash", "amount_minor": 501, "tendered_minor": 501 },
                       { "kind": "cash", "amount_minor": 491, "tendered_minor": 500 }]);
    let order = shop.post(&till, "/v1/pos/sales", sold(&shop, &geneva, 0, right)).await.ok();
    assert_eq!((&order["payment_status"], &order["total"]["amount_minor"]), (&json!("paid"), &json!(1_992)));
    let payments = shop.get(&shop.admin, &path(&order, "/payments")).await.ok()["data"].clone();
    assert_eq!((&payments[0]["reference"], &payments[0]["tender"]["tip_minor"]), (&json!("TERM-7"), &json!(200)));
    let cash = [1, 2].map(|at| {
        let tender = &payments[at]["tender"];
        (tender["rounding_minor"].as_i64().unwrap(), tender["change_minor"].as_i64().unwrap())
    });
    assert_eq!(cash, [(0, 0), (-2, 11)], "9.92 in cash is 9.90, whatever it was handed over in");
}

#[actix_web::test]
async fn a_sale_whose_tenders_do_not_pay_it_is_recorded_and_marked() {
    let shop = Shop::open().await;
    let geneva = geneva(&shop).await;
    let till = shop.sign_in("cashier", Some(&geneva)).await;
    let change = json!([{ "kind": "card", "amount_minor": 1_992, "tendered_minor": 2_000 }]);
    for wrong in [json!([{ "kind": "cash", "amount_minor": 900 }]), change] {
        let body = sold(&shop, &geneva, 0, wrong);
        let order = shop.post(&till, "/v1/pos/sales", body.clone()).await.ok();
        assert_eq!((&order["marks"], &order["payment_status"]), (&json!(["tenders_differ"]), &json!("paid")));
        let payments = shop.get(&shop.admin, &path(&order, "/payments")).await.ok()["data"].clone();
        assert_eq!((&payments[0]["tender"], payments.as_array().unwrap().len()), (&Value::Null, 1));
        let events = shop.get(&shop.admin, &path(&order, "/events")).await.ok();
        assert!(events.to_string().contains("tenders: "), "{events}");
        let again = shop.post(&till, "/v1/pos/sales", body).await;
        assert_eq!((again.status, &again.body["id"]), (200, &order["id"]));
    }
}

#[actix_web::test]
async fn takings_are_those_of_the_day_on_which_money_moved() {
    let shop = Shop::open_for_long().await;
    shop.noon();
    let geneva = geneva(&shop).await;
    let cash = || json!([{ "kind": "cash", "amount_minor": 1_992 }]);
    let yesterday = (shop.clock.now() - chrono::Duration::days(1)).format("?date=%Y-%m-%d").to_string();
    shop.post(&shop.admin, "/v1/pos/sales", sold(&shop, &geneva, 86_400, cash())).await.ok();
    let order = shop.post(&shop.admin, "/v1/pos/sales", sold(&shop, &geneva, 0, cash())).await.ok();
    for day in ["", &yesterday] {
        let told = takings(&shop, &geneva, day).await;
        assert_eq!(
            (&of(&told, "cash")["payments"], &of(&told, "cash")["net_minor"]),
            (&json!(1), &json!(1_990)),
            "{day}"
        );
    }
    let today = shop.clock.now().format("?date=%Y-%m-%d").to_string();
    shop.after(86_400).await;
    let back = shop.post(&shop.admin, "/v1/returns", at(&order, 1, &geneva)).await.ok();
    step(&shop, &shop.admin, &back, "inspect", found(&back, "sealed", "restock")).await.ok();
    let told = takings(&shop, &geneva, "").await;
    let cash = of(&told, "cash");
    let sums = ["payments", "captured_minor", "refunded_minor", "net_minor"].map(|field| cash[field].clone());
    assert_eq!(sums, [0, 0, 1_992, -1_990].map(|n| json!(n)), "19.90 went out today: {told}");
    assert_eq!(of(&takings(&shop, &geneva, &today).await, "cash")["net_minor"], 1_990);
    let elsewhere = shop.location("PARIS", 100).await;
    let clerk = shop.sign_in("cashier", Some(&elsewhere)).await;
    shop.get(&clerk, &format!("/v1/locations/{geneva}/takings")).await.refused(404, "not_found");
    shop.get(&shop.admin, &format!("/v1/locations/{geneva}/takings?date=never")).await.refused(400, "invalid_query");
}

#[actix_web::test]
async fn a_price_far_below_its_own_is_marked_unless_a_manager_took_it() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 20).await;
    let (till, manager) =
        (shop.sign_in("cashier", Some(&paris)).await, shop.sign_in("store_manager", Some(&paris)).await);
    let sell = async |who: &str, price: i64| {
        let mut body = sale(&shop, &paris, "LIP-1", 1, 0);
        body["lines"][0]["unit_price_minor"] = json!(price);
        body["lines"][0]["price_reason"] = json!("scratched cap");
        shop.post(who, "/v1/pos/sales", body).await.ok()
    };
    assert_eq!(sell(&till, 800).await["marks"], json!([]), "a fifth off is within the limit");
    let order = sell(&till, 799).await;
    assert_eq!(order["marks"], json!(["price_override"]));
    assert_eq!(sell(&manager, 100).await["marks"], json!([]));
    promotion(&shop, "half", percent(50), json!({})).await;
    assert_eq!(sell(&till, 400).await["marks"], json!([]), "a fifth below the price with its promotion");
    assert_eq!(sell(&till, 399).await["marks"], json!(["price_override"]));
    let mut dollars = sale(&shop, &paris, "LIP-1", 1, 0);
    (dollars["currency"], dollars["lines"][0]["unit_price_minor"]) = (json!("USD"), json!(900));
    let dollars = shop.post(&till, "/v1/pos/sales", dollars).await.ok();
    assert_eq!(dollars["marks"], json!(["price_override"]), "it has no price in dollars");
    let mut idle = sale(&shop, &paris, "LIP-1", 1, 0);
    idle["lines"][0]["price_reason"] = json!("none");
    shop.post(&till, "/v1/pos/sales", idle).await.refused(422, "invalid_body");
    let open = shop.get(&shop.admin, "/v1/orders?needs_review=true").await.ok();
    assert!(open["data"].as_array().unwrap().iter().any(|one| one["id"] == order["id"]), "{open}");
    let events = shop.get(&shop.admin, &path(&order, "/events")).await.ok();
    assert!(events.to_string().contains("LIP-1: scratched cap"), "{events}");
}

#[actix_web::test]
async fn what_an_edit_adds_is_paid_in_cash_with_its_change() {
    let shop = Shop::open().await;
    let geneva = geneva(&shop).await;
    let mut body = order_body(&geneva, "LIP-1", 1);
    body["currency"] = json!("CHF");
    let order = shop.post(&shop.admin, "/v1/orders", body).await.ok();
    let cash = json!({ "gateway": "manual", "tender": { "kind": "cash", "tendered_minor": 2_000 } });
    let paid = shop.post(&shop.admin, &path(&order, "/payments"), cash).await.ok();
    let version = paid["order"]["version"].as_i64();
    let more = |payment: Value| json!({ "lines": [{ "sku": "LIP-1", "quantity": 2 }], "payment": payment });
    let by_card = json!({ "gateway": "gift_card", "method": "X", "tender": { "kind": "card" } });
    let refused = shop.patch(&shop.admin, &path(&order, ""), more(by_card), version).await;
    refused.refused(422, "invalid_tender");
    assert_eq!(refused.body["errors"][0]["pointer"], "#/payment/tender");
    let few = json!({ "gateway": "manual", "tender": { "kind": "cash", "tendered_minor": 1_985 } });
    let refused = shop.patch(&shop.admin, &path(&order, ""), more(few), version).await;
    assert_eq!(
        (refused.status, &refused.body["errors"][0]["pointer"]),
        (422, &json!("#/payment/tender/tendered_minor"))
    );
    let enough =
        json!({ "gateway": "manual", "reference": "T-7", "tender": { "kind": "cash", "tendered_minor": 5_000 } });
    let edited = shop.patch(&shop.admin, &path(&order, ""), more(enough), version).await.ok();
    assert_eq!((&edited["paid"]["amount_minor"], &edited["payment_status"]), (&json!(3_984), &json!("paid")));
    let payments = shop.get(&shop.admin, &path(&order, "/payments")).await.ok();
    let last = &payments["data"][1];
    assert_eq!((&last["tender"]["change_minor"], &last["reference"]), (&json!(3_010), &json!("T-7")), "{payments}");
    let drawer = takings(&shop, &geneva, "").await;
    assert_eq!(of(&drawer, "cash")["payments"], 2, "{drawer}");
}
