//! Gift sets of which the customer chooses parts.
use crate::{
    payments::{card, path, read},
    returns::step,
    support::{Shop, all_at_once, home, order_body},
    tills::sale,
};
use serde_json::{Value, json};
use std::{collections::BTreeSet, rc::Rc};

/// A set for 30.00 of one BRUSH and, of the customer's choice, one of two lipsticks and two of three minis, with so
/// many of each here.
async fn set(shop: &Shop, units: i32) -> (String, String) {
    let paris = shop.stocked("PARIS", "LIP-1", units).await;
    for sku in ["LIP-2", "MINI-1", "MINI-2", "MINI-3", "BRUSH"] {
        shop.variant(sku).await;
        shop.stock(&paris, sku, units).await;
    }
    shop.set(("pos", 3_000), &[("BRUSH", 1)]).await;
    let id = variant(shop, "SET-1").await["id"].as_str().unwrap().to_owned();
    let web = format!("/v1/variants/{id}/prices/web/EUR");
    shop.put(&shop.admin, &web, json!({ "amount_minor": 3_000 })).await.ok();
    let choices = json!([{ "code": "lip", "name": "Your lipstick", "picks": 1, "skus": ["LIP-1", "LIP-2"] },
                         { "code": "minis", "name": "Two minis", "picks": 2, "skus": ["MINI-1", "MINI-2", "MINI-3"] }]);
    let parts = format!("/v1/variants/{id}/components");
    let body = json!({ "components": [{ "sku": "BRUSH", "quantity": 1 }], "choices": choices });
    let made = shop.put(&shop.admin, &parts, body).await.ok();
    assert_eq!((&made["choices"][1]["picks"], &made["choices"][0]["code"]), (&json!(2), &json!("lip")));
    (paris, parts)
}

async fn variant(shop: &Shop, sku: &str) -> Value {
    shop.get(&shop.admin, &format!("/v1/variants?sku={sku}")).await.ok()
}

fn picks(parts: &[(&str, &str, i64)]) -> Value {
    let part = |(choice, sku, units): &(&str, &str, i64)| json!({ "choice": choice, "sku": sku, "quantity": units });
    parts.iter().map(part).collect()
}

/// An order at a till of so many sets with these parts chosen.
fn chosen(location: &str, units: i64, choices: Value) -> Value {
    let mut body = order_body(location, "SET-1", units);
    body["lines"][0]["choices"] = choices;
    body
}

async fn on_hand(shop: &Shop, location: &str, sku: &str) -> i64 {
    shop.level(location, sku).await["on_hand"].as_i64().unwrap()
}

#[actix_web::test]
async fn the_chosen_parts_are_held_shipped_and_taken_back_for_their_share() {
    let shop = Shop::open().await;
    let (paris, _) = set(&shop, 10).await;
    let body = chosen(&paris, 2, picks(&[("lip", "LIP-2", 1), ("minis", "MINI-1", 1), ("minis", "MINI-3", 1)]));
    let priced = shop.post(&shop.admin, "/v1/carts/price", body.clone()).await.ok();
    assert_eq!(priced["lines"][0]["quantity_available"], 10, "each part is there");
    let order = shop.post(&shop.admin, "/v1/orders", body).await.ok();
    assert_eq!((&order["total"], &order["total"]["amount_minor"]), (&priced["totals"]["total"], &json!(6_000)));
    let parts = order["lines"][0]["components"].as_array().unwrap();
    assert_eq!(parts.len(), 4, "the brush, a lipstick and two minis: {parts:?}");
    shop.post(&shop.admin, &path(&order, "/payments"), card("tok_approve")).await.ok();
    shop.post(&shop.admin, &path(&order, "/fulfill"), json!({})).await.ok();
    for (sku, left) in [("LIP-1", 10), ("LIP-2", 8), ("MINI-1", 8), ("MINI-2", 10), ("MINI-3", 8), ("BRUSH", 8)] {
        assert_eq!(on_hand(&shop, &paris, sku).await, left, "{sku}");
    }
    let mini = variant(&shop, "MINI-3").await["id"].clone();
    let lines = json!([{ "line_no": 1, "components": [{ "variant_id": mini, "quantity": 1 }], "reason": "damaged" }]);
    let back = json!({ "order_id": order["id"], "location_id": paris, "lines": lines });
    let back = shop.post(&shop.admin, "/v1/returns", back).await.ok();
    assert_eq!(back["worth"]["amount_minor"], 750, "a quarter of a set: all parts cost the same alone");
    step(&shop, &shop.admin, &back, "inspect", crate::returns::found(&back, "damaged", "destroy")).await.ok();
}

#[actix_web::test]
async fn what_is_not_chosen_as_the_set_says_is_refused_at_its_place() {
    let shop = Shop::open().await;
    let (paris, parts) = set(&shop, 10).await;
    let minis = ("minis", "MINI-1", 2);
    for (choices, at) in [
        (json!([]), "#/lines/0/choices"),
        (picks(&[("lip", "LIP-1", 1)]), "#/lines/0/choices"),
        (picks(&[("lip", "LIP-1", 2), minis]), "#/lines/0/choices"),
        (picks(&[minis, ("lip", "MINI-1", 1)]), "#/lines/0/choices/1/sku"),
        (picks(&[minis, ("lip", "NO-1", 1)]), "#/lines/0/choices/1/sku"),
        (picks(&[minis, ("color", "LIP-1", 1)]), "#/lines/0/choices/1/choice"),
    ] {
        let refused = shop.post(&shop.admin, "/v1/orders", chosen(&paris, 1, choices.clone())).await;
        assert_eq!((refused.status, &refused.body["code"]), (422, &json!("invalid_choice")), "{choices}");
        assert_eq!(refused.body["errors"][0]["pointer"], at, "{choices}");
    }
    let mut plain = order_body(&paris, "LIP-1", 1);
    plain["lines"][0]["choices"] = picks(&[("lip", "LIP-1", 1)]);
    shop.post(&shop.admin, "/v1/orders", plain).await.refused(422, "invalid_choice");
    let held = json!({ "lines": [{ "sku": "SET-1", "quantity": 1 }] });
    let reserve = format!("/v1/locations/{paris}/inventory/reserve");
    let refused = shop.post(&shop.admin, &reserve, held).await;
    refused.refused(422, "invalid_choice");
    assert_eq!(refused.body["errors"][0]["pointer"], "#/lines/0/sku", "nothing can be chosen there");
    let wrong = json!([{ "sku": "NO-1", "quantity": 1 }, { "sku": "BRUSH", "quantity": 1_001 },
                       { "sku": "BRUSH", "quantity": 1 }, { "sku": "SET-1", "quantity": 1 }]);
    let refused = shop.put(&shop.admin, &parts, json!({ "components": wrong })).await;
    let at: Vec<_> = refused.body["errors"].as_array().unwrap().iter().map(|of| of["pointer"].clone()).collect();
    assert_eq!(at, [0, 1, 2, 3].map(|no| format!("#/components/{no}/{}", if no == 1 { "quantity" } else { "sku" })));
    assert_eq!(shop.database.count("orders"), 0);
    let wrong = json!([{ "code": "a", "name": "A", "picks": 21, "skus": ["LIP-1", "LIP-1"] },
                       { "code": "a", "name": "B", "picks": 1, "skus": ["SET-1", "NO-1"] }]);
    let body = json!({ "components": [], "choices": wrong });
    let refused = shop.put(&shop.admin, &parts, body).await;
    let at: Vec<_> = refused.body["errors"].as_array().unwrap().iter().map(|of| of["pointer"].clone()).collect();
    assert_eq!(
        at,
        ["#/choices/0/picks", "#/choices/0/skus/1", "#/choices/1/code", "#/choices/1/skus/0", "#/choices/1/skus/1"]
    );
    let shared = json!({ "components": [{ "sku": "BRUSH", "quantity": 1 }],
                         "choices": [{ "code": "a", "name": "A", "picks": 1, "skus": ["LIP-1", "BRUSH"] }] });
    let refused = shop.put(&shop.admin, &parts, shared).await;
    assert_eq!(refused.body["errors"][0]["pointer"], "#/choices/0/skus/1", "a part is no option: {refused:?}");
    let summed = json!({ "components": [{ "sku": "BRUSH", "quantity": 1 }], "sum_discount_ppm": 0 });
    shop.put(&shop.admin, &parts, summed).await.refused(422, "invalid_bundle");
    shop.put(&shop.admin, &parts, json!({ "components": [], "choices": [] })).await.refused(422, "invalid_bundle");
}

#[actix_web::test]
async fn a_set_is_available_as_often_as_its_options_together_allow() {
    let shop = Shop::open().await;
    let (paris, _) = set(&shop, 3).await;
    let query = "query {
      variant(sku: \"SET-1\") {
        choices { code name picks options { sku } }
        availability { quantityAvailable }
      }
    }";
    let read = shop.graphql(&shop.admin, query, json!({})).await;
    assert_eq!(read["data"]["variant"]["availability"][0]["quantityAvailable"], 3, "three brushes");
    assert_eq!(read["data"]["variant"]["choices"][0]["options"], json!([{ "sku": "LIP-1" }, { "sku": "LIP-2" }]));
    shop.stock(&paris, "BRUSH", 10).await;
    let read = shop.graphql(&shop.admin, query, json!({})).await;
    assert_eq!(read["data"]["variant"]["availability"][0]["quantityAvailable"], 4, "nine minis, two for each");
    let all = chosen(&paris, 3, picks(&[("lip", "LIP-1", 1), ("minis", "MINI-1", 1), ("minis", "MINI-2", 1)]));
    shop.post(&shop.admin, "/v1/orders", all.clone()).await.ok();
    shop.post(&shop.admin, "/v1/orders", all).await.refused(409, "out_of_stock");
    let other = chosen(&paris, 1, picks(&[("lip", "LIP-2", 1), ("minis", "MINI-3", 2)]));
    shop.post(&shop.admin, "/v1/orders", other).await.ok();
}

#[actix_web::test]
async fn a_quote_and_a_till_keep_what_was_chosen() {
    let shop = Shop::open().await;
    let (paris, parts) = set(&shop, 10).await;
    let some = picks(&[("lip", "LIP-1", 1), ("minis", "MINI-1", 2)]);
    let mut cart = chosen(&paris, 1, some.clone());
    (cart["channel"], cart["customer"], cart["quote"]) = (json!("web"), home(), json!(true));
    let quote = shop.post(&shop.admin, "/v1/carts/price", cart.clone()).await.ok()["quote"]["id"].clone();
    cart.as_object_mut().unwrap().remove("quote");
    cart["quote_id"] = quote;
    let mut other = cart.clone();
    other["lines"][0]["choices"] = picks(&[("lip", "LIP-2", 1), ("minis", "MINI-1", 2)]);
    shop.post(&shop.admin, "/v1/orders", other).await.refused(422, "quote_mismatch");
    let order = shop.post(&shop.admin, "/v1/orders", cart).await.ok();
    let more = json!({ "lines": [{ "sku": "SET-1", "quantity": 2 }] });
    let edited = shop.patch(&shop.admin, &path(&order, ""), more, order["version"].as_i64()).await.ok();
    assert_eq!((&edited["lines"][0]["quantity"], edited["lines"].as_array().unwrap().len()), (&json!(2), 1));
    let body = json!({ "components": [{ "sku": "BRUSH", "quantity": 1 }], "choices": [] });
    shop.put(&shop.admin, &parts, body).await.ok();
    // The till was offline while the set had choices.
    let mut body = sale(&shop, &paris, "SET-1", 1, 60);
    body["lines"][0]["choices"] = picks(&[("lip", "LIP-1", 1), ("minis", "MINI-1", 1), ("minis", "MINI-2", 1)]);
    let sold = shop.post(&shop.admin, "/v1/pos/sales", body.clone()).await.ok();
    assert_eq!(sold["lines"][0]["components"].as_array().unwrap().len(), 4);
    assert_eq!(sold["marks"], json!(["choices_differ"]), "the set has none by now");
    assert_eq!(on_hand(&shop, &paris, "MINI-2").await, 9);
    body["lines"][0]["choices"] = picks(&[("minis", "MINI-2", 1), ("minis", "MINI-1", 1), ("lip", "LIP-1", 1)]);
    let again = shop.post(&shop.admin, "/v1/pos/sales", body).await.ok();
    assert_eq!(again["id"], sold["id"], "it is the same sale in whichever order its parts are told");
    assert_eq!(read(&shop, &order).await["lines"][0]["components"].as_array().unwrap().len(), 3, "as it was sold");
}

#[actix_web::test]
async fn a_set_that_had_no_choices_yet_is_recorded_as_it_was_sold() {
    let shop = Shop::open().await;
    let (paris, parts) = set(&shop, 10).await;
    let plain = shop.post(&shop.admin, "/v1/pos/sales", sale(&shop, &paris, "SET-1", 1, 60)).await.ok();
    assert_eq!((&plain["marks"], on_hand(&shop, &paris, "BRUSH").await), (&json!(["choices_differ"]), 9));
    let lips = json!([{ "code": "lip", "name": "Lip", "picks": 2, "skus": ["LIP-1", "LIP-2"] }]);
    let only = json!({ "components": [], "choices": lips });
    shop.put(&shop.admin, &parts, only).await.ok();
    shop.post(&shop.admin, "/v1/pos/sales", sale(&shop, &paris, "SET-1", 1, 60)).await.refused(422, "invalid_choice");
    let mut sold = sale(&shop, &paris, "SET-1", 1, 60);
    sold["lines"][0]["choices"] = picks(&[("lip", "LIP-2", 2)]);
    let sold = shop.post(&shop.admin, "/v1/pos/sales", sold).await.ok();
    assert_eq!((&sold["marks"], on_hand(&shop, &paris, "LIP-2").await), (&json!([]), 8));
    let order = shop.post(&shop.admin, "/v1/orders", chosen(&paris, 1, picks(&[("lip", "LIP-1", 2)]))).await.ok();
    assert_eq!(order["lines"][0]["components"][0]["quantity"], 2, "a set of nothing but choices");
}

#[actix_web::test]
async fn lines_that_have_chosen_different_parts_stay_apart() {
    let shop = Shop::open().await;
    let (paris, _) = set(&shop, 10).await;
    let heavy = variant(&shop, "LIP-2").await;
    let path_of = |of: &Value| format!("/v1/variants/{}", of["id"].as_str().unwrap());
    shop.patch(&shop.admin, &path_of(&heavy), json!({ "weight_grams": 900 }), heavy["version"].as_i64()).await.ok();
    let rates = json!([{ "up_to_grams": 1_000, "charge_minor": 490 }]);
    let zones = json!({ "is_default": true, "zones": [{ "countries": ["FR"], "rates": rates }] });
    crate::shipping::method(&shop, "light", zones).await;
    let minis = ("minis", "MINI-1", 2);
    let mut body = chosen(&paris, 1, picks(&[("lip", "LIP-1", 1), minis]));
    (body["channel"], body["customer"]) = (json!("web"), home());
    let other = picks(&[("lip", "LIP-2", 1), ("minis", "MINI-2", 1), ("minis", "MINI-3", 1)]);
    body["lines"].as_array_mut().unwrap().push(json!({ "sku": "SET-1", "quantity": 1, "choices": other }));
    let priced = shop.post(&shop.admin, "/v1/carts/price", body.clone()).await.ok();
    let available = |line: usize| priced["lines"][line]["quantity_available"].clone();
    assert_eq!((available(0), available(1)), (json!(5), json!(10)), "two of one mini, or one of two");
    let order = shop.post(&shop.admin, "/v1/orders", body).await.ok();
    let edit = |units: i64, more: Value| {
        let mut lines = vec![json!({ "sku": "SET-1", "quantity": units })];
        lines.extend(more.as_array().unwrap().iter().cloned());
        json!({ "lines": lines })
    };
    let version = order["version"].as_i64();
    let one = shop.patch(&shop.admin, &path(&order, ""), edit(1, json!([])), version).await;
    one.refused(422, "invalid_choice");
    assert_eq!(one.body["errors"][0]["pointer"], "#/lines/0/sku", "nobody can tell which");
    let short = edit(2, json!([{ "sku": "MINI-3", "quantity": 50 }]));
    shop.patch(&shop.admin, &path(&order, ""), short, version).await.refused(409, "out_of_stock");
    let heavy = edit(2, json!([{ "sku": "LIP-2", "quantity": 1 }]));
    shop.patch(&shop.admin, &path(&order, ""), heavy, version).await.refused(422, "shipping_unavailable");
    let same = shop.patch(&shop.admin, &path(&order, ""), edit(2, json!([])), version).await.ok();
    let parts = |line: usize| same["lines"][line]["components"].clone();
    assert!(parts(0) != parts(1) && same["lines"].as_array().unwrap().len() == 2);
}

#[actix_web::test]
async fn of_64_at_once_as_many_get_a_set_as_there_are_parts_of_their_choice() {
    let shop = Rc::new(Shop::open().await);
    let (paris, _) = set(&shop, 10).await;
    shop.stock(&paris, "BRUSH", 54).await;
    let answers = all_at_once(|n| {
        let minis = if n % 2 == 0 { vec![("MINI-1", 2)] } else { vec![("MINI-2", 1), ("MINI-3", 1)] };
        let lip = ("lip", ["LIP-1", "LIP-2"][n % 2], 1);
        let parts: Vec<_> = minis.into_iter().map(|(sku, units)| ("minis", sku, units)).chain([lip]).collect();
        let (shop, body) = (shop.clone(), chosen(&paris, 1, picks(&parts)));
        async move { (n % 2, shop.post(&shop.admin, "/v1/orders", body).await) }
    })
    .await;
    let placed = |way: usize| answers.iter().filter(|(of, answer)| *of == way && answer.status == 201).count();
    assert_eq!([placed(0), placed(1)], [5, 10], "two minis of one kind for each of five, one of each for ten");
    let refused = answers.iter().filter(|(_, answer)| answer.status != 201).map(|(_, answer)| answer.code());
    assert_eq!(refused.collect::<BTreeSet<_>>(), BTreeSet::from(["out_of_stock"]));
    for (sku, left) in [("LIP-1", 5), ("LIP-2", 0), ("MINI-1", 0), ("MINI-2", 0), ("MINI-3", 0), ("BRUSH", 49)] {
        assert_eq!(shop.level(&paris, sku).await["quantity_available"], left, "{sku}");
    }
}
