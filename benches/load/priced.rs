//! Orders whose goods have prices in a list, a tax within them and two promotions, one of them with a budget, in turns
//! with the same orders without any of it.
use crate::{
    Options,
    brand::{Brand, run},
    client::{Outcome, closed},
    report::{Cpu, Row, middle},
    server::Server,
    work::{CONNECTIONS, addresses, ordering},
};
use std::time::Duration;

/// A rate of tax of the country where the orders go, a list with a price of every variant, and two promotions: a
/// percentage, and an amount off that counts its uses against a budget.
const WITH: &str = "
    insert into tax_rates (id, country, tax_class, name, rate_ppm, starts_at, created_by, created_at, updated_at)
    values (gen_random_uuid(), 'FR', 'standard', 'TVA', 200000, '2020-01-01', gen_random_uuid(), now(), now());
    insert into price_lists (id, code, name, currency, applies_to, priority, starts_at, created_at, updated_at)
    values (gen_random_uuid(), 'bench', 'Bench', 'EUR',
            '{\"channels\": [\"web\"], \"location_ids\": [], \"countries\": [], \"customer_groups\": []}', 0,
            '2020-01-01', now(), now());
    insert into list_prices
        (id, price_list_id, variant_id, min_quantity, amount_minor, starts_at, created_by, created_at)
    select gen_random_uuid(), l.id, v.id, 1, 900, '2020-01-01', gen_random_uuid(), now()
    from price_lists as l, variants as v;
    insert into promotions
        (id, code, name, currency, applies_to, target, benefit, needs_coupon, is_exclusive, priority, starts_at,
         budget_minor, created_by, created_at, updated_at)
    select gen_random_uuid(), d.code, d.code, 'EUR',
           '{\"channels\": [], \"location_ids\": [], \"countries\": [], \"customer_groups\": []}',
           '{\"skus\": [], \"brand_ids\": [], \"category_ids\": [],
             \"collection_ids\": [], \"excluded_skus\": []}',
           d.benefit::jsonb, false, false, 0, '2020-01-01', d.budget, gen_random_uuid(), now(), now()
    from (values ('ten', '{\"type\": \"percent_off\", \"rate_ppm\": 100000}', null),
                 ('euro', '{\"type\": \"amount_off\", \"amount_minor\": 100}', 1000000000000))
        as d (code, benefit, budget)";

/// The same without: promotions that have been used end.
const WITHOUT: &str = "
    delete from list_prices; delete from price_lists; delete from tax_rates;
    update promotions set code = id::text, ends_at = now()";

/// A turn on a server of its own, because a server remembers prices: its outcome, and who used the processors.
fn turn(brand: &Brand, options: &Options, prepare: &str) -> (Outcome, [f64; 3]) {
    run(&brand.url("shop"), prepare);
    let servers = [Server::start(brand)];
    let (token, at) = (servers[0].token(), addresses(&servers));
    closed(&at, CONNECTIONS, Duration::from_secs(3), ordering(brand, &token));
    let cpu = Cpu::start(&[servers[0].id()]);
    let outcome = closed(&at, CONNECTIONS, options.time, ordering(brand, &token));
    assert_eq!(outcome.failed, 0, "some requests failed");
    (outcome, cpu.stop())
}

/// Orders with list prices, tax and promotions, in turns with orders without.
pub fn order_priced(name: &'static str, brand: &Brand, options: &Options) -> Row {
    let mut row = Row { workload: name, yardstick: "order, in turns", ..Row::default() };
    let mut rates = (vec![], vec![]);
    for _ in 0..options.rounds {
        let (mut outcome, cpu) = turn(brand, options, WITH);
        (row.p50, row.p99, row.cpu) = (outcome.quantile(0.5), outcome.quantile(0.99), cpu);
        rates.0.push(outcome.rate());
        rates.1.push(turn(brand, options, WITHOUT).0.rate());
    }
    row.ratios = rates.0.iter().zip(&rates.1).map(|(ours, theirs)| ours / theirs).collect();
    (row.rate, row.yardstick_rate) = (middle(&rates.0), middle(&rates.1));
    let taxed = brand.count("select count(*) from order_lines where tax is not null and unit_minor = 900");
    assert!(taxed > 0, "no order had a price of the list and a tax");
    let discounted = brand.count("select count(*) from promotion_redemptions");
    assert!(discounted > 0, "no order used the budget");
    (row.audit, row.note) =
        (brand.audit(), format!("{taxed} lines with tax at a list price, {discounted} in the budget"));
    row
}
