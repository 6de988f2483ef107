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
pub async fn trading() -> (Shop, String) {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 500).await;
    vat(&shop, 200_000).await;
    let trade = json!({ "tax_included": false, "applies_to": { "customer_groups": ["trade"] } });
    let trade = list(&shop, "trade", trade).await;
    set(&shop, &trade, json!([{ "sku": "LIP-1", "amount_minor": 99, "compare_at_minor": 120 }])).await;
    (shop, paris)
}

pub fn of_a_business(location: &str, sku: &str, units: i64) -> Value {
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

#[actix_web::test]
async fn a_till_may_tell_prices_without_tax_so_that_what_it_took_adds_up() {
    let (shop, paris) = trading().await;
    let mut told = sale(&shop, &paris, "LIP-1", 3, 0);
    told["lines"][0]["unit_price_minor"] = json!(99);
    told["lines"][0]["tax_included"] = json!(false);
    told["tenders"] = json!([{ "kind": "card", "amount_minor": 356 }]);
    let sold = shop.post(&shop.admin, "/v1/pos/sales", told.clone()).await.ok();
    assert_eq!((money(&sold["lines"][0]), &sold["lines"][0]["tax_included"]), ([99, 0, 356, 59], &json!(false)));
    assert_eq!(sold["marks"], json!([]), "the tender pays the total");
    told["lines"][0].as_object_mut().unwrap().remove("unit_price_minor");
    let refused = shop.post(&shop.admin, "/v1/pos/sales", told).await;
    refused.refused(422, "invalid_body");
    assert_eq!(refused.body["errors"][0]["pointer"], "#/lines/0/tax_included");
}

#[actix_web::test]
async fn free_shipping_pays_what_is_charged_for_the_price_with_tax() {
    let (shop, paris) = trading().await;
    let rates = json!([{ "charge_minor": 490 }, { "from_minor": 1_000, "charge_minor": 250 }]);
    let method = json!({ "code": "road", "name": "By road", "currency": "EUR", "is_default": true,
                         "carries_dangerous_goods": true, "zones": [{ "rates": rates }] });
    shop.post(&shop.admin, "/v1/shipping-methods", method).await.ok();
    let charged = async |units: i64| {
        let cart = shop.post(&shop.admin, "/v1/carts/price", of_a_business(&paris, "LIP-1", units)).await.ok();
        [minor(&cart["shipping"]["charge"]), minor(&cart["shipping"]["total"])]
    };
    // 8.91 without tax, 10.69 with it.
    assert_eq!(charged(9).await, [250, 250]);
    promotion(&shop, "gratis", json!({ "type": "free_shipping" }), json!({})).await;
    assert_eq!([charged(8).await, charged(9).await], [[490, 0], [250, 0]]);
}

#[actix_web::test]
async fn units_that_an_edit_adds_at_a_price_with_tax_have_a_line_of_their_own() {
    let (shop, paris) = trading().await;
    let order = shop.post(&shop.admin, "/v1/orders", of_a_business(&paris, "LIP-1", 1)).await.ok();
    let gross = json!({ "priority": 9, "applies_to": { "customer_groups": ["trade"] } });
    let gross = list(&shop, "gross", gross).await;
    set(&shop, &gross, json!([{ "sku": "LIP-1", "amount_minor": 99 }])).await;
    let lines = json!({ "lines": [{ "sku": "LIP-1", "quantity": 2 }] });
    let more = shop.patch(&shop.admin, &path(&order, ""), lines, order["version"].as_i64()).await.ok();
    let told: Vec<_> = more["lines"].as_array().unwrap().iter().map(money).collect();
    assert_eq!(told, [[99, 0, 119, 20], [99, 0, 99, 17]]);
}

#[actix_web::test]
async fn a_reduction_is_compared_with_earlier_prices_as_they_would_be_with_its_tax() {
    let (shop, _) = trading().await;
    let gross = json!({ "priority": 9, "applies_to": { "customer_groups": ["trade"] } });
    let gross = list(&shop, "gross", gross).await;
    shop.clock.advance(chrono::Duration::seconds(60));
    set(&shop, &gross, json!([{ "sku": "LIP-1", "amount_minor": 130 }])).await;
    let lowest = async |place: &str| {
        let told = explained(&shop, &format!("channel=web&customer_groups=trade{place}")).await;
        assert_eq!(told["unit_minor"], 130);
        told["lowest_prior_minor"].as_i64()
    };
    assert_eq!([lowest("&country=FR").await, lowest("").await], [Some(119), None], "0.99 and 20 %; of an unknown tax");
}

#[actix_web::test]
async fn a_file_of_prices_says_which_are_without_tax_and_is_refused_for_a_list_of_the_other_kind() {
    let (shop, _) = trading().await;
    list(&shop, "retail", json!({})).await;
    let rows = "sku,price_list,amount_minor,tax_included\nLIP-1,trade,98,FALSE\nLIP-1,retail,98,FALSE\n";
    let import = shop.import(&shop.admin, "prices", "text/csv", rows).await.ok();
    shop.app.jobs.import().await.unwrap();
    let import = format!("/v1/imports/{}", import["id"].as_str().unwrap());
    let told = shop.get(&shop.admin, &import).await.ok();
    assert_eq!([&told["done"], &told["failed"]], [&json!(1), &json!(1)], "{told}");
    let failed = shop.get(&shop.admin, &format!("{import}/rows?status=failed")).await.ok();
    assert_eq!(
        [&failed["data"][0]["row_no"], &failed["data"][0]["code"]],
        [&json!(3), &json!("invalid_row")],
        "{failed}"
    );
}
