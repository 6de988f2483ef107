//! Stripe's protocol, spoken with localstripe.
use crate::{
    payments::{path, read},
    returns::{at, found},
    support::{Answer, Shop, all_at_once, answer, localstripe::LocalStripe},
};
use reqwest::Method;
use serde_json::{Value, json};
use std::rc::Rc;

const SECRET: &str = "whsec_test";

/// A shop that takes cards through Stripe.
async fn shop(stripe: &LocalStripe) -> (Shop, String) {
    let shop = Shop::open_with(&[
        ("COFFRET_PAYMENTS__STRIPE_URL", &stripe.url),
        ("COFFRET_PAYMENTS__STRIPE_SECRET_KEY", "sk_test_12345"),
        ("COFFRET_PAYMENTS__STRIPE_WEBHOOK_SECRET", SECRET),
    ])
    .await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    (shop, paris)
}

fn card(method: &str) -> Value {
    json!({ "gateway": "stripe", "method": method })
}

async fn intent(stripe: &LocalStripe, payment: &Value) -> Value {
    stripe.get(&format!("/v1/payment_intents/{}", payment["gateway_ref"].as_str().unwrap())).await
}

#[actix_web::test]
async fn a_card_is_authorized_captured_as_the_goods_leave_or_voided() {
    let stripe = LocalStripe::start().await;
    let (shop, paris) = shop(&stripe).await;
    let method = stripe.card("4242424242424242").await;
    let (kept, given_up) = (shop.placed(&paris, "LIP-1", 3).await, shop.placed(&paris, "LIP-1", 1).await);
    let first = shop.post_as(&shop.admin, &path(&kept, "/payments"), card(&method), "once").await.ok();
    assert_eq!((&first["status"], &first["order"]["status"]), (&json!("authorized"), &json!("confirmed")));
    assert_eq!(shop.post_as(&shop.admin, &path(&kept, "/payments"), card(&method), "once").await.ok(), first);
    let second = shop.post(&shop.admin, &path(&given_up, "/payments"), card(&method)).await.ok();
    let promised = intent(&stripe, &first).await;
    assert_eq!((&promised["status"], &promised["amount"]), (&json!("requires_capture"), &json!(3000)));
    assert_eq!(promised["metadata"]["order_id"], kept["id"]);
    assert_eq!(stripe.get("/v1/payment_intents").await["data"].as_array().unwrap().len(), 2);

    shop.post(&shop.admin, &path(&kept, "/fulfill"), json!({})).await.ok();
    shop.patch(&shop.admin, &path(&given_up, "/cancel"), json!({}), None).await.ok();
    assert_eq!(shop.after(1).await, 2);
    assert_eq!(intent(&stripe, &first).await["status"], "succeeded");
    assert_eq!(intent(&stripe, &second).await["status"], "canceled");
    assert_eq!(read(&shop, &kept).await["payment_status"], "paid");
}

#[actix_web::test]
async fn a_part_is_captured_and_a_part_of_that_given_back() {
    let stripe = LocalStripe::start().await;
    let (shop, paris) = shop(&stripe).await;
    let method = stripe.card("4242424242424242").await;
    let order = shop.placed(&paris, "LIP-1", 3).await;
    let payment = shop.post(&shop.admin, &path(&order, "/payments"), card(&method)).await.ok();
    let one = json!({ "lines": [{ "line_no": 1, "quantity": 1 }] });
    shop.patch(&shop.admin, &path(&order, "/cancel"), one.clone(), None).await.ok();
    shop.post(&shop.admin, &path(&order, "/fulfill"), one).await.ok();
    assert_eq!(shop.after(1).await, 0, "it is captured once, with the last parcel");
    shop.post(&shop.admin, &path(&order, "/fulfill"), json!({})).await.ok();
    assert_eq!(shop.after(1).await, 1);
    let charge = intent(&stripe, &payment).await["latest_charge"].clone();
    let charge = charge.as_str().or(charge["id"].as_str()).unwrap().to_owned();
    let kept = async || {
        let charge = stripe.get(&format!("/v1/charges/{charge}")).await;
        charge["amount"].as_i64().unwrap() - charge["amount_refunded"].as_i64().unwrap()
    };
    assert_eq!(kept().await, 2000, "localstripe shows what was not captured as given back");

    let back = shop.post(&shop.admin, "/v1/returns", at(&order, 1, &paris)).await.ok();
    let inspect = format!("/v1/returns/{}/inspect", back["id"].as_str().unwrap());
    shop.post(&shop.admin, &inspect, found(&back, "sealed", "restock")).await.ok();
    assert_eq!(shop.after(1).await, 1);
    assert_eq!(kept().await, 1000);
    let order = read(&shop, &order).await;
    assert_eq!(
        (&order["payment_status"], &order["paid"]["amount_minor"]),
        (&json!("partially_refunded"), &json!(1000))
    );
}

#[actix_web::test]
async fn a_declined_card_is_told_and_another_is_taken() {
    let stripe = LocalStripe::start().await;
    let (shop, paris) = shop(&stripe).await;
    let order = shop.placed(&paris, "LIP-1", 1).await;
    let declined = stripe.card("4000000000000341").await;
    shop.post(&shop.admin, &path(&order, "/payments"), card(&declined)).await.refused(402, "payment_declined");
    shop.post(&shop.admin, &path(&order, "/payments"), card("pm_unknown")).await.refused(402, "payment_declined");
    assert_eq!(read(&shop, &order).await["status"], "pending");
    let good = stripe.card("4242424242424242").await;
    shop.post(&shop.admin, &path(&order, "/payments"), card(&good)).await.ok();
    assert_eq!(read(&shop, &order).await["status"], "confirmed");
}

#[actix_web::test]
async fn a_call_whose_answer_was_lost_is_found_to_be_done() {
    let stripe = LocalStripe::start().await;
    let (shop, paris) = shop(&stripe).await;
    let method = stripe.card("4242424242424242").await;
    let order = shop.placed(&paris, "LIP-1", 1).await;
    let payment = shop.post(&shop.admin, &path(&order, "/payments"), card(&method)).await.ok();
    shop.post(&shop.admin, &path(&order, "/fulfill"), json!({})).await.ok();
    // Someone has captured it already: with Stripe, that was we.
    let capture = format!("/v1/payment_intents/{}/capture", payment["gateway_ref"].as_str().unwrap());
    stripe.post(&capture, &[("amount_to_capture", "1000")]).await;
    assert_eq!(shop.after(1).await, 1);
    assert_eq!(read(&shop, &order).await["payment_status"], "paid");

    let away = shop.placed(&paris, "LIP-1", 1).await;
    drop(stripe);
    let pending = shop.post(&shop.admin, &path(&away, "/payments"), card(&method)).await;
    assert_eq!((pending.status, &pending.body["status"]), (202, &json!("pending")), "Stripe is away");
}

async fn told(shop: &Shop, body: &str, signature: &str) -> Answer {
    let request = shop.request("", Method::POST, "/v1/webhooks/stripe").header("Stripe-Signature", signature);
    answer(request.header("Content-Type", "application/json").body(body.to_owned())).await
}

fn signed(secret: &str, at: i64, body: &str) -> String {
    use openssl::{hash::MessageDigest, pkey::PKey, sign::Signer};
    let key = PKey::hmac(secret.as_bytes()).unwrap();
    let mut signer = Signer::new(MessageDigest::sha256(), &key).unwrap();
    let tag = signer.sign_oneshot_to_vec(format!("{at}.{body}").as_bytes()).unwrap();
    let hex: String = tag.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("t={at},v1={hex}")
}

/// Stripe as far as a promise goes; while it is called it looks whether anyone in the database holds anything.
fn suspicious_stripe(database: String) -> String {
    use actix_web::{App, HttpResponse, HttpServer, web};
    use diesel::{Connection, PgConnection, connection::SimpleConnection};
    let server = HttpServer::new(move || {
        let database = database.clone();
        let look = move || {
            let mut conn = PgConnection::establish(&database).unwrap();
            let locks = "begin; select 1 from orders for update nowait; select 1 from payments for update nowait;
                         select 1 from stock_levels for update nowait; \
                         select 1 from payment_operations for update nowait; rollback";
            conn.batch_execute(locks).map_err(|error| error.to_string())
        };
        let called = move || {
            let found = look();
            async move {
                match found {
                    Ok(()) => HttpResponse::Ok().json(json!({ "id": "pi_1", "status": "requires_capture" })),
                    Err(held) => HttpResponse::PaymentRequired().json(json!({ "error": { "code": held } })),
                }
            }
        };
        App::new().route("/v1/payment_intents", web::post().to(called))
    });
    let server = server.workers(1).disable_signals().bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", server.addrs()[0]);
    actix_web::rt::spawn(server.run());
    url
}

#[actix_web::test]
async fn no_transaction_holds_anything_while_a_gateway_is_called() {
    let first = Shop::open().await;
    let url = suspicious_stripe(first.database.url.clone());
    let (address, _second) = first.second(&[
        ("COFFRET_PAYMENTS__STRIPE_URL", &url),
        ("COFFRET_PAYMENTS__STRIPE_SECRET_KEY", "sk_test_12345"),
        ("COFFRET_PAYMENTS__STRIPE_WEBHOOK_SECRET", SECRET),
    ]);
    let paris = first.stocked("PARIS", "LIP-1", 10).await;
    let order = first.placed(&paris, "LIP-1", 1).await;
    let pay = first.http.post(format!("{address}{}", path(&order, "/payments"))).bearer_auth(&first.admin);
    let paid = answer(pay.header("Idempotency-Key", "k").json(&card("pm_1"))).await.ok();
    assert_eq!(paid["status"], "authorized", "{paid}");
}

#[actix_web::test]
async fn what_stripe_tells_is_heard_if_it_is_signed_and_fresh() {
    let stripe = LocalStripe::start().await;
    let (shop, paris) = shop(&stripe).await;
    let method = stripe.card("4000002500003155").await;
    let order = shop.placed(&paris, "LIP-1", 1).await;
    let asked = shop.post(&shop.admin, &path(&order, "/payments"), card(&method)).await.ok();
    assert_eq!(asked["status"], "requires_action");
    let (reference, secret) = (asked["gateway_ref"].as_str().unwrap(), asked["action"].as_str().unwrap());
    let authenticate = format!("/v1/payment_intents/{reference}/_authenticate");
    stripe.post(&authenticate, &[("client_secret", secret), ("success", "true")]).await;

    let body = json!({ "id": "evt_1", "type": "payment_intent.amount_capturable_updated",
                       "data": { "object": { "id": reference, "object": "payment_intent" } } })
    .to_string();
    let now = shop.clock.now().timestamp();
    let forged =
        [signed("whsec_other", now, &body), signed(SECRET, now - 600, &body), signed(SECRET, now, "{}"), String::new()];
    for signature in forged {
        told(&shop, &body, &signature).await.refused(400, "invalid_signature");
    }
    assert_eq!(read(&shop, &order).await["status"], "pending", "what was forged is not heard");
    let (shop, heard) = (Rc::new(shop), body.clone());
    let answers = all_at_once(|_| {
        let (shop, body) = (shop.clone(), heard.clone());
        async move { told(&shop, &body, &signed(SECRET, now, &body)).await.status }
    })
    .await;
    assert!(answers.iter().all(|status| *status == 204), "{answers:?}");
    assert_eq!(shop.database.count("order_events where event = 'confirmed'"), 1);
    let unknown = json!({ "type": "payment_intent.succeeded", "data": { "object": { "id": "pi_other" } } }).to_string();
    assert_eq!(told(&shop, &unknown, &signed(SECRET, now, &unknown)).await.status, 204);
    assert_eq!(told(&shop, "[]", &signed(SECRET, now, "[]")).await.status, 204);
    assert_eq!(shop.database.count("payment_operations where state = 'open'"), 0);
}
