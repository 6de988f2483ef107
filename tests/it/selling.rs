//! Promotions and shipping methods as an app reads them, and the charge of sending to a region.
use crate::{
    promotions::{percent, promotion},
    shipping::{method, minor, placed, sent},
    support::Shop,
};
use serde_json::{Value, json};

const PROMOTIONS: &str = "query($filter: PromotionFilter, $after: String) {
  promotions(first: 2, after: $after, filter: $filter) {
    nodes {
      code name currency needsCoupon isExclusive priority startsAt endsAt minSpend { amountMinor }
      appliesTo { channels countries customerGroups locations { code } }
      target { skus brands { name } categories { name } collections { name } excludedSkus }
      benefit {
        __typename
        ... on PercentOff { ratePpm }
        ... on TieredSpend { tiers { from { amountMinor } ratePpm amount { amountMinor currency } } }
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}";

fn codes(found: &Value) -> Vec<&str> {
    let nodes = found["data"]["promotions"]["nodes"].as_array().unwrap();
    nodes.iter().map(|node| node["code"].as_str().unwrap()).collect()
}

#[actix_web::test]
async fn an_app_reads_the_promotions_that_go_on_with_their_benefit_and_target() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let brand = shop.post(&shop.admin, "/v1/brands", json!({ "name": "Rosa" })).await.ok();
    let tiers = json!({ "type": "tiered_spend", "tiers": [{ "from_minor": 5_000, "rate_ppm": 100_000 },
                                                          { "from_minor": 9_000, "amount_minor": 1_200 }] });
    let only = json!({ "priority": 7, "min_spend_minor": 2_000,
                       "applies_to": { "channels": ["web"], "location_ids": [paris] },
                       "target": { "skus": ["LIP-1"], "brand_ids": [brand["id"]] } });
    promotion(&shop, "a-tiers", tiers, only).await;
    promotion(&shop, "b-later", percent(10), json!({ "starts_at": "2999-01-01T00:00:00Z" })).await;
    promotion(&shop, "c-coupon", percent(20), json!({ "needs_coupon": true })).await;
    let all = shop.graphql(&shop.admin, PROMOTIONS, json!({})).await;
    assert_eq!(codes(&all), ["a-tiers", "b-later"]);
    let tiers = &all["data"]["promotions"]["nodes"][0];
    assert_eq!(tiers["benefit"]["__typename"], "TieredSpend");
    assert_eq!(tiers["benefit"]["tiers"][0]["ratePpm"], 100_000);
    assert_eq!(tiers["benefit"]["tiers"][1]["amount"], json!({ "amountMinor": 1_200, "currency": "EUR" }));
    assert_eq!((&tiers["priority"], &tiers["minSpend"]["amountMinor"]), (&json!(7), &json!(2_000)));
    assert_eq!(tiers["appliesTo"]["channels"], json!(["WEB"]));
    assert_eq!(tiers["appliesTo"]["locations"], json!([{ "code": "PARIS" }]));
    assert_eq!(
        (&tiers["target"]["skus"], &tiers["target"]["brands"]),
        (&json!(["LIP-1"]), &json!([{ "name": "Rosa" }]))
    );
    let next = json!({ "after": all["data"]["promotions"]["pageInfo"]["endCursor"] });
    assert_eq!(codes(&shop.graphql(&shop.admin, PROMOTIONS, next).await), ["c-coupon"]);
    for (filter, wanted) in [
        (json!({ "isActive": true }), vec!["a-tiers", "c-coupon"]),
        (json!({ "isActive": false }), vec!["b-later"]),
        (json!({ "isActive": true, "needsCoupon": false }), vec!["a-tiers"]),
        (json!({ "currency": "USD" }), vec![]),
    ] {
        let found = shop.graphql(&shop.admin, PROMOTIONS, json!({ "filter": filter })).await;
        assert_eq!(codes(&found), wanted, "{filter}");
    }
    let active = shop.get(&shop.admin, "/v1/promotions?is_active=true&needs_coupon=false&currency=EUR").await.ok();
    assert_eq!(active["data"].as_array().unwrap().len(), 1, "REST filters in the same way");
    let one = "query {
      promotion(code: \"c-coupon\") { benefit { ... on PercentOff { ratePpm } } }
      none: promotion(code: \"x\") { code }
    }";
    let one = shop.graphql(&shop.admin, one, json!({})).await;
    assert_eq!(
        (&one["data"]["promotion"]["benefit"]["ratePpm"], &one["data"]["none"]),
        (&json!(200_000), &json!(null))
    );
}

#[actix_web::test]
async fn sending_to_a_region_costs_what_its_zone_says_and_the_order_stays_there() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let zones = json!([{ "countries": ["FR"], "rates": [{ "charge_minor": 490 }] },
                       { "regions": ["FR-973"], "rates": [{ "charge_minor": 2_900 }] }]);
    method(&shop, "standard", json!({ "is_default": true, "zones": zones })).await;
    let near = placed(&shop, sent(&paris, "LIP-1", 1, None)).await;
    let mut far = sent(&paris, "LIP-1", 1, None);
    far["customer"]["address"]["region"] = json!("FR-973");
    let priced = shop.post(&shop.admin, "/v1/carts/price", far.clone()).await.ok();
    let far = placed(&shop, far).await;
    assert_eq!((minor(&near["totals"]["shipping"]), minor(&far["totals"]["shipping"])), (490, 2_900));
    assert_eq!(priced["totals"], far["totals"]);
    let mut home = far["customer"].clone();
    home["address"].as_object_mut().unwrap().remove("region");
    let path = format!("/v1/orders/{}", far["id"].as_str().unwrap());
    let moved = shop.patch(&shop.admin, &path, json!({ "customer": home }), far["version"].as_i64()).await;
    moved.refused(409, "shipping_place_fixed");
    let twice = json!([{ "regions": ["FR-973", "FR-973"], "rates": [{ "charge_minor": 1 }] },
                       { "rates": [{ "charge_minor": 2 }] }, { "rates": [{ "charge_minor": 3 }] }]);
    let body = json!({ "code": "twice", "name": "Twice", "currency": "EUR", "carries_dangerous_goods": false,
                       "zones": twice });
    let refused = shop.post(&shop.admin, "/v1/shipping-methods", body).await;
    let at: Vec<_> = refused.body["errors"].as_array().unwrap().iter().map(|of| of["pointer"].clone()).collect();
    assert_eq!(at, ["#/zones/0/regions/1", "#/zones/2/countries"]);
    let read = "query {
      shippingMethods { nodes { code isDefault zones { countries regions rates { charge { amountMinor } } } } }
    }";
    let read = shop.graphql(&shop.admin, read, json!({})).await;
    let zones = &read["data"]["shippingMethods"]["nodes"][0]["zones"];
    assert_eq!((&zones[0]["countries"], &zones[1]["regions"]), (&json!(["FR"]), &json!(["FR-973"])));
    assert_eq!(zones[1]["rates"][0]["charge"]["amountMinor"], 2_900);
}
