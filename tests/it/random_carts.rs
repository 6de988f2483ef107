//! Whatever is in a cart: its price is what an order is charged, with a quote and without, its parts add up, and what
//! comes back unit by unit comes to the whole.
use crate::{
    payments::path,
    price_lists::{list, set},
    promotions::{coupons, percent, promotion},
    returns::{found, step},
    shipping::minor,
    support::{Shop, home},
};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use serde_json::{Value, json};

const CARTS: usize = 40;
const SKUS: [&str; 3] = ["LIP-1", "LIP-2", "LIP-3"];
/// With no decimals, with two and with three.
const CURRENCIES: [&str; 3] = ["JPY", "EUR", "KWD"];

/// A cart by the numbers of its currency and SKUs.
#[derive(Debug, Clone)]
struct Cart {
    currency: usize,
    units: [i64; 3],
    country: &'static str,
    is_vip: bool,
    /// Of a business, which has prices without tax.
    is_trade: bool,
    has_coupon: bool,
}

fn carts() -> impl Strategy<Value = Cart> {
    let units =
        prop::array::uniform3(0_i64..6).prop_filter("a cart holds something", |units| units.iter().sum::<i64>() > 0);
    (0..3_usize, units, any::<[bool; 4]>()).prop_map(|(currency, units, [is_german, is_vip, is_trade, has_coupon])| {
        let country = if is_german { "DE" } else { "FR" };
        Cart { currency, units, country, is_vip, is_trade, has_coupon }
    })
}

impl Cart {
    fn body(&self, location: &str) -> Value {
        let mut customer = home();
        let groups = [("vip", self.is_vip), ("trade", self.is_trade)];
        customer["groups"] = groups.into_iter().filter(|(_, is_of_it)| *is_of_it).map(|(group, _)| group).collect();
        customer["address"]["country"] = json!(self.country);
        let lines = SKUS.iter().zip(self.units).filter(|(_, units)| *units > 0);
        let lines: Vec<_> = lines.map(|(sku, units)| json!({ "sku": sku, "quantity": units })).collect();
        // The coupon is of a promotion in euros.
        let coupons = if self.has_coupon && self.currency == 1 { json!(["SAVE-7"]) } else { json!([]) };
        json!({ "channel": "web", "currency": CURRENCIES[self.currency], "location_id": location,
                "customer": customer, "lines": lines, "coupons": coupons })
    }
}

/// A store whose prices do not divide evenly: taxes of two countries, a list with breaks and one without tax,
/// promotions that stack, and a charge for shipping.
async fn opened() -> (Shop, String) {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 5_000).await;
    for sku in ["LIP-2", "LIP-3"] {
        shop.variant(sku).await;
        shop.stock(&paris, sku, 5_000).await;
    }
    for (n, sku) in SKUS.iter().enumerate() {
        let variant = shop.get(&shop.admin, &format!("/v1/variants?sku={sku}")).await.ok();
        for currency in CURRENCIES {
            let route = format!("/v1/variants/{}/prices/web/{currency}", variant["id"].as_str().unwrap());
            shop.put(&shop.admin, &route, json!({ "amount_minor": 333 * (n + 1) + 1 })).await.ok();
        }
    }
    for (country, rate_ppm) in [("FR", 200_000), ("DE", 190_000)] {
        let rate = json!({ "country": country, "tax_class": "standard", "name": "VAT", "rate_ppm": rate_ppm,
                           "starts_at": "2020-01-01T00:00:00Z" });
        shop.post(&shop.admin, "/v1/tax-rates", rate).await.ok();
    }
    let vip = json!({ "applies_to": { "customer_groups": ["vip"] } });
    let breaks = list(&shop, "vip", vip).await;
    set(&shop, &breaks, json!([{ "sku": "LIP-1", "amount_minor": 299, "min_quantity": 3 }])).await;
    for currency in CURRENCIES {
        let trade =
            json!({ "currency": currency, "tax_included": false, "applies_to": { "customer_groups": ["trade"] } });
        let trade = list(&shop, &format!("trade-{}", currency.to_lowercase()), trade).await;
        let prices = json!([{ "sku": "LIP-2", "amount_minor": 283 }, { "sku": "LIP-3", "amount_minor": 577 }]);
        set(&shop, &trade, prices).await;
    }
    promotion(&shop, "seven", percent(7), json!({ "priority": 3 })).await;
    let every_third = json!({ "type": "buy_x_get_y", "buy": 2, "get": 1, "rate_ppm": 1_000_000 });
    promotion(&shop, "third", every_third, json!({ "priority": 2, "target": { "skus": ["LIP-2"] } })).await;
    let off = json!({ "type": "amount_off", "amount_minor": 100 });
    promotion(
        &shop,
        "off",
        off,
        json!({ "priority": 1, "min_spend_minor": 1_500, "applies_to": { "countries": ["DE"] } }),
    )
    .await;
    let save = promotion(&shop, "save", percent(11), json!({ "needs_coupon": true })).await;
    coupons(&shop, &save, json!({ "codes": ["SAVE-7"], "max_uses": 10_000 })).await;
    for currency in CURRENCIES {
        let rates = json!([{ "charge_minor": 491 }, { "from_minor": 4_000, "charge_minor": 0 }]);
        let method = json!({ "code": currency.to_lowercase(), "name": "By road", "currency": currency,
                             "is_default": true, "carries_dangerous_goods": false,
                             "zones": [{ "rates": rates }] });
        shop.post(&shop.admin, "/v1/shipping-methods", method).await.ok();
    }
    (shop, paris)
}

/// The amounts of a cart or an order that must agree: the totals, and each line with what is off it.
fn amounts(of: &Value) -> Value {
    let told = ["sku", "unit_price", "tax_included", "discount", "total", "tax"];
    let line = |line: &Value| told.map(|name| line[name].clone()).to_vec();
    let lines: Vec<_> = of["lines"].as_array().unwrap().iter().map(line).collect();
    json!([of["totals"], lines])
}

fn require_adding_up(order: &Value) {
    let totals = &order["totals"];
    let [goods, discount, shipping, tax, net, total] =
        ["goods", "discount", "shipping", "tax", "net", "total"].map(|name| minor(&totals[name]));
    assert_eq!((goods - discount + shipping, net + tax), (total, total), "{totals}");
    assert_eq!(minor(&order["total"]), total);
    let lines = order["lines"].as_array().unwrap();
    let sum = |name: &str| lines.iter().map(|line| minor(&line[name])).sum::<i64>();
    assert_eq!(sum("total"), goods - discount, "{order}");
    if lines.iter().all(|line| line["tax_included"] == true) {
        assert_eq!(sum("discount"), discount, "{order}");
    }
    // Discounts without tax are those with it, less their tax.
    assert!(sum("discount") <= discount, "{order}");
    assert!(lines.iter().all(|line| minor(&line["total"]) >= 0), "{order}");
    let taxes = totals["taxes"].as_array().unwrap();
    let of_rates = |name: &str| taxes.iter().map(|rate| minor(&rate[name])).sum::<i64>();
    assert_eq!((of_rates("amount"), of_rates("gross")), (tax, total), "{totals}");
}

/// Sends an order and takes it back unit by unit; the sum of what was given back.
async fn taken_back(shop: &Shop, order: &Value, location: &str) -> i64 {
    shop.post(&shop.admin, &path(order, "/payments"), json!({ "gateway": "manual" })).await.ok();
    shop.post(&shop.admin, &path(order, "/fulfill"), json!({})).await.ok();
    let mut credited = 0;
    for line in order["lines"].as_array().unwrap() {
        for _ in 0..line["quantity"].as_i64().unwrap() {
            let lines = json!([{ "line_no": line["line_no"], "quantity": 1, "reason": "unwanted" }]);
            let back = json!({ "order_id": order["id"], "lines": lines, "location_id": location });
            let back = shop.post(&shop.admin, "/v1/returns", back).await.ok();
            let closed = step(shop, &shop.admin, &back, "inspect", found(&back, "sealed", "restock")).await.ok();
            credited += minor(&closed["credited"]);
        }
    }
    credited
}

#[actix_web::test]
async fn the_price_of_a_cart_is_what_its_order_is_charged_and_gives_back() {
    let (shop, paris) = opened().await;
    let (mut runner, carts) = (TestRunner::deterministic(), carts());
    for n in 0..CARTS {
        let cart = carts.new_tree(&mut runner).unwrap().current();
        let order = cart.body(&paris);
        let mut asked = order.clone();
        asked["quote"] = json!(true);
        let priced = shop.post(&shop.admin, "/v1/carts/price", asked).await.ok();
        let placed = shop.post(&shop.admin, "/v1/orders", order.clone()).await.ok();
        assert_eq!(amounts(&placed), amounts(&priced), "{cart:?}");
        let mut quoted = order;
        quoted["quote_id"] = priced["quote"]["id"].clone();
        let quoted = shop.post(&shop.admin, "/v1/orders", quoted).await.ok();
        assert_eq!(amounts(&quoted), amounts(&priced), "{cart:?}");
        require_adding_up(&placed);
        if n % 5 == 0 {
            assert_eq!(taken_back(&shop, &placed, &paris).await, minor(&placed["total"]), "{cart:?}");
        }
    }
}
