//! Prices without tax: the tax is added to the sum of a line, and what is given up or comes back adds up to it.
use crate::{
    payments::path,
    price_lists::{explained, list, set},
    promotions::{percent, promotion},
    returns::{found, step},
    shipping::{minor, vat},
    support::{Shop, home},
    tills::sale,
};
use serde_json::{Value, json};

/// A shop with 20 % tax where businesses pay 0.99 without it.
async fn trading() -> (Shop, String) {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 500).await;
    vat(&shop, 200_000).await;
    let trade = json!({ "tax_included": false, "applies_to": { "customer_groups": ["trade"] } });
    let trade = list(&shop, "trade", trade).await;
    set(&shop, &trade, json!([{ "sku": "LIP-1", "amount_minor": 99, "compare_at_minor": 120 }])).await;
    (shop, paris)
}

fn of_a_business(location: &str, sku: &str, units: i64) -> Value {
    let mut customer = home();
    customer["groups"] = json!(["trade"]);
    json!({ "channel": "web", "currency": "EUR", "location_id": location, "customer": customer,
            "lines": [{ "sku": sku, "quantity": units }] })
}

/// Unit price, discount, total and tax of a line, in minor units.
fn money(line: &Value) -> [i64; 4] {
    let [unit, discount, total] = ["unit_price", "discount", "total"].map(|name| minor(&line[name]));
    [unit, discount, total, minor(&line["tax"]["amount"])]
}

#[actix_web::test]
async fn an_order_by_a_net_list_has_its_tax_on_top_of_the_sum_of_each_line() {
    let (shop, paris) = trading().await;
    let told = explained(&shop, "channel=web&country=FR&customer_groups=trade").await;
    assert_eq!((&told["unit_minor"], &told["tax_included"]), (&json!(99), &json!(false)), "{told}");
    let verdicts: Vec<_> = told["candidates"].as_array().unwrap().iter().map(|one| &one["tax_included"]).collect();
    assert_eq!(verdicts, [&json!(false), &json!(true)]);
    let order = of_a_business(&paris, "LIP-1", 3);
    let cart = shop.post(&shop.admin, "/v1/carts/price", order.clone()).await.ok();
    let order = shop.post(&shop.admin, "/v1/orders", order).await.ok();
    // 3 x 0.99 = 2.97, and 20 % of that are 0.594: an invoice says 0.59, where three times 0.20 would be 0.60.
    assert_eq!(money(&order["lines"][0]), [99, 0, 356, 59]);
    assert_eq!((&order["lines"][0]["tax_included"], &cart["totals"]), (&json!(false), &order["totals"]));
    assert_eq!(["total", "tax", "net"].map(|name| minor(&order["totals"][name])), [356, 59, 297]);
    let asked = "{ variant(sku: \"LIP-1\") { effectivePrice(for: { channel: WEB, currency: \"EUR\",
        customerGroups: [\"trade\"] }) { amount { amountMinor } taxIncluded } } }";
    let shown = shop.graphql(&shop.admin, asked, json!({})).await;
    let price = &shown["data"]["variant"]["effectivePrice"];
    assert_eq!((&price["amount"]["amountMinor"], &price["taxIncluded"]), (&json!(99), &json!(false)), "{shown}");
    let asked = "{ orders(first: 1) { edges { node { lines { taxIncluded total { amountMinor } } } } } }";
    let shown = shop.graphql(&shop.admin, asked, json!({})).await;
    let line = &shown["data"]["orders"]["edges"][0]["node"]["lines"][0];
    assert_eq!(line, &json!({ "taxIncluded": false, "total": { "amountMinor": 356 } }), "{shown}");
    let gross = shop.placed(&paris, "LIP-1", 1).await;
    assert_eq!((&gross["lines"][0]["tax_included"], money(&gross["lines"][0])), (&json!(true), [1_000, 0, 1_000, 167]));
}

#[actix_web::test]
async fn units_that_are_given_up_or_added_leave_the_price_of_so_many() {
    let (shop, paris) = trading().await;
    let order = shop.post(&shop.admin, "/v1/orders", of_a_business(&paris, "LIP-1", 3)).await.ok();
    let cancel = json!({ "lines": [{ "line_no": 1, "quantity": 1 }], "reason": "one too many" });
    let fewer = shop.post(&shop.admin, &path(&order, "/cancel"), cancel).await.ok();
    assert_eq!((money(&fewer["lines"][0]), minor(&fewer["total"])), ([99, 0, 238, 40], 238));
    let lines = json!({ "lines": [{ "sku": "LIP-1", "quantity": 5 }] });
    let more = shop.patch(&shop.admin, &path(&order, ""), lines, fewer["version"].as_i64()).await.ok();
    assert_eq!((more["lines"].as_array().unwrap().len(), money(&more["lines"][0])), (1, [99, 0, 594, 99]));
    assert_eq!(minor(&more["total"]), 594);
}

#[actix_web::test]
async fn discounts_come_off_before_the_tax_and_what_comes_back_unit_by_unit_is_the_whole() {
    let (shop, paris) = trading().await;
    promotion(&shop, "seven", percent(7), json!({})).await;
    let order = shop.post(&shop.admin, "/v1/orders", of_a_business(&paris, "LIP-1", 7)).await.ok();
    // 6.93 less 0.49 are 6.44, and 20 % of that 1.288.
    assert_eq!(money(&order["lines"][0]), [99, 49, 773, 129]);
    shop.post(&shop.admin, &path(&order, "/payments"), json!({ "gateway": "manual" })).await.ok();
    shop.post(&shop.admin, &path(&order, "/fulfill"), json!({})).await.ok();
    let (mut credited, mut taxed) = (0, 0);
    for _ in 0..7 {
        let lines = json!([{ "line_no": 1, "quantity": 1, "reason": "unwanted" }]);
        let back = json!({ "order_id": order["id"], "lines": lines, "location_id": paris });
        let back = shop.post(&shop.admin, "/v1/returns", back).await.ok();
        taxed += minor(&back["lines"][0]["tax"]);
        let closed = step(&shop, &shop.admin, &back, "inspect", found(&back, "sealed", "restock")).await.ok();
        credited += minor(&closed["credited"]);
    }
    assert_eq!((credited, taxed), (773, 129));
}

#[actix_web::test]
async fn a_set_by_a_net_list_comes_back_part_by_part() {
    let (shop, paris) = trading().await;
    shop.variant("LIP-2").await;
    shop.stock(&paris, "LIP-2", 50).await;
    shop.set(("web", 1_500), &[("LIP-1", 2), ("LIP-2", 1)]).await;
    let trade = json!({ "tax_included": false, "priority": 5, "applies_to": { "customer_groups": ["trade"] } });
    let trade = list(&shop, "sets", trade).await;
    set(&shop, &trade, json!([{ "sku": "SET-1", "amount_minor": 1_111 }])).await;
    let order = shop.post(&shop.admin, "/v1/orders", of_a_business(&paris, "SET-1", 3)).await.ok();
    assert_eq!(money(&order["lines"][0]), [1_111, 0, 4_000, 667]);
    let cancel = json!({ "lines": [{ "line_no": 1, "quantity": 1 }], "reason": "one too many" });
    let order = shop.post(&shop.admin, &path(&order, "/cancel"), cancel).await.ok();
    assert_eq!(money(&order["lines"][0]), [1_111, 0, 2_666, 444]);
    shop.post(&shop.admin, &path(&order, "/payments"), json!({ "gateway": "manual" })).await.ok();
    shop.post(&shop.admin, &path(&order, "/fulfill"), json!({})).await.ok();
    let (mut credited, mut taxed) = (0, 0);
    for (part, units) in [(0, 1), (1, 2), (0, 3)] {
        let component = json!({ "variant_id": order["lines"][0]["components"][part]["variant_id"], "quantity": units });
        let lines = json!([{ "line_no": 1, "components": [component], "reason": "unwanted" }]);
        let back = json!({ "order_id": order["id"], "lines": lines, "location_id": paris });
        let back = shop.post(&shop.admin, "/v1/returns", back).await.ok();
        taxed += minor(&back["lines"][0]["tax"]);
        let closed = step(&shop, &shop.admin, &back, "inspect", found(&back, "sealed", "restock")).await.ok();
        credited += minor(&closed["credited"]);
    }
    assert_eq!((credited, taxed), (2_666, 444));
}

#[actix_web::test]
async fn a_till_tells_prices_with_tax_and_sells_by_a_net_list_with_tax_on_top() {
    let (shop, paris) = trading().await;
    let at_tills = json!({ "tax_included": false, "priority": 9, "applies_to": { "channels": ["pos"] } });
    let at_tills = list(&shop, "tills", at_tills).await;
    set(&shop, &at_tills, json!([{ "sku": "LIP-1", "amount_minor": 1_000 }])).await;
    let sold = shop.post(&shop.admin, "/v1/pos/sales", sale(&shop, &paris, "LIP-1", 2, 0)).await.ok();
    assert_eq!((money(&sold["lines"][0]), &sold["marks"]), ([1_000, 0, 2_400, 400], &json!([])));
    let mut told = sale(&shop, &paris, "LIP-1", 2, 0);
    told["lines"][0]["unit_price_minor"] = json!(1_200);
    let till = shop.sign_in("cashier", Some(&paris)).await;
    let taken = shop.post(&till, "/v1/pos/sales", told.clone()).await.ok();
    assert_eq!((money(&taken["lines"][0]), &taken["lines"][0]["tax_included"]), ([1_200, 0, 2_400, 400], &json!(true)));
    assert_eq!(taken["marks"], json!([]), "the price of the list with its tax");
    // A fifth below 12.00 is within the limit.
    for (price, marks) in [(960, json!([])), (959, json!(["price_override"]))] {
        let mut told = sale(&shop, &paris, "LIP-1", 2, 0);
        told["lines"][0]["unit_price_minor"] = json!(price);
        assert_eq!(shop.post(&till, "/v1/pos/sales", told).await.ok()["marks"], marks, "{price}");
    }
}
