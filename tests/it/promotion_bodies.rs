//! Promotions that cannot be.
use crate::{
    promotions::{percent, promotion},
    support::Shop,
};
use serde_json::json;

#[actix_web::test]
async fn a_promotion_that_cannot_be_is_refused_with_all_that_is_wrong() {
    let shop = Shop::open().await;
    let body = json!({ "code": "wrong", "name": "Wrong", "currency": "EUR", "budget_minor": 0, "max_uses": 0,
                       "applies_to": { "channels": [] },
                       "benefit": { "type": "percent_off", "rate_ppm": 1_000_001 } });
    let refused = shop.post(&shop.admin, "/v1/promotions", body).await;
    let pointers: Vec<_> = refused.body["errors"].as_array().unwrap().iter().map(|of| of["pointer"].clone()).collect();
    for pointer in ["#/budget_minor", "#/max_uses", "#/applies_to/channels", "#/benefit/rate_ppm"] {
        assert!(pointers.contains(&json!(pointer)), "{pointer}: {refused:?}");
    }
    let nobody = "01890a5d-ac96-774b-bcce-b302099a8057";
    let unknown = json!({ "code": "unknown", "name": "Unknown", "currency": "EUR",
                          "target": { "skus": ["NO-1"], "brand_ids": [nobody], "collection_ids": [nobody] },
                          "benefit": { "type": "gift_with_purchase", "sku": "NO-2", "quantity": 1 } });
    let refused = shop.post(&shop.admin, "/v1/promotions", unknown).await;
    let codes: Vec<_> = refused.body["errors"].as_array().unwrap().iter().map(|of| of["code"].clone()).collect();
    assert_eq!(refused.status, 422);
    assert_eq!(codes, ["unknown_sku", "unknown_brand", "unknown_collection", "unknown_sku"]);
    assert_eq!(refused.body["errors"][3]["pointer"], "#/benefit/sku");
    let tuples = json!({ "code": "tuples", "name": "Tuples", "currency": "EUR",
                         "benefit": { "type": "tiered_spend", "tiers": [[5_000, 100_000]] } });
    shop.post(&shop.admin, "/v1/promotions", tuples).await.refused(422, "invalid_body");
    assert_eq!(shop.database.count("promotions"), 0);
    let free = promotion(&shop, "free", percent(10), json!({})).await;
    let limit = shop.patch(&shop.admin, &format!("/v1/promotions/{free}"), json!({ "max_uses": 5 }), Some(1)).await;
    assert_eq!(limit.body["errors"][0]["pointer"], "#/max_uses", "its uses were not counted: {limit:?}");
}

#[actix_web::test]
async fn a_tier_has_either_a_rate_or_an_amount() {
    let shop = Shop::open().await;
    let tiers = json!([{ "from_minor": 5_000 }, { "from_minor": 6_000, "rate_ppm": 100_000, "amount_minor": 500 }]);
    let neither = json!({ "code": "tiers", "name": "Tiers", "currency": "EUR",
                          "benefit": { "type": "tiered_spend", "tiers": tiers } });
    let refused = shop.post(&shop.admin, "/v1/promotions", neither).await;
    let at: Vec<_> = refused.body["errors"].as_array().unwrap().iter().map(|of| of["pointer"].clone()).collect();
    assert_eq!(at, ["#/benefit/tiers/0", "#/benefit/tiers/1"]);
}
