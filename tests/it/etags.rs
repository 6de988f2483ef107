//! An `ETag` stands for a whole answer: it moves when the answer does, and never otherwise.
use crate::{
    permissions::{operations, prepared::prepared},
    support::{Shop, answer},
};
use reqwest::Method;
use serde_json::json;

#[actix_web::test]
async fn the_etag_of_every_answer_moves_exactly_when_its_body_does() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 1_000).await;
    let mut seen = vec![];
    for operation in operations().iter().filter(|of| of.method == Method::GET && of.permission != "public") {
        let (path, ..) = prepared(&shop, operation, &paris).await;
        let told = shop.get(&shop.admin, &path).await;
        let tag = told.header("etag").to_owned();
        if told.status == 200 && !tag.is_empty() {
            seen.push((path, tag, told.body));
        }
    }
    assert!(seen.len() >= 12, "{}", seen.len());
    // What others do: goods move, prices and names change, orders go on.
    shop.lot(&paris, "LIP-1", ("OTHER", "2031-01-31"), 5).await;
    for (path, ..) in &seen {
        if let Some(order) = path.strip_prefix("/v1/orders/").filter(|rest| !rest.contains('/')) {
            shop.post(&shop.admin, &format!("/v1/orders/{order}/payments"), json!({ "gateway": "manual" })).await;
            shop.post(&shop.admin, &format!("/v1/orders/{order}/fulfill"), json!({})).await;
        }
        if let Some(lot) = path.strip_prefix("/v1/lots/") {
            shop.post(&shop.admin, &format!("/v1/lots/{lot}/quarantine"), json!({ "reason": "looked at" })).await;
        }
    }
    let named = json!({ "name": "Another name" });
    let at = format!("/v1/locations/{paris}");
    let tag = shop.get(&shop.admin, &at).await.header("etag").to_owned();
    let change = shop.request(&shop.admin, Method::PATCH, &at).header("If-Match", &tag).json(&named);
    answer(change).await.ok();
    let change = shop.request(&shop.admin, Method::PATCH, &at).header("If-Match", &tag).json(&named);
    answer(change).await.refused(412, "stale_version");
    let mut moved = 0;
    for (path, tag, body) in seen {
        let again = shop.get(&shop.admin, &path).await;
        assert_eq!(again.body == body, again.header("etag") == tag, "{path}: {tag} and {}", again.header("etag"));
        let asked = shop.request(&shop.admin, Method::GET, &path).header("If-None-Match", &tag);
        assert_eq!(answer(asked).await.status, if again.body == body { 304 } else { 200 }, "{path}");
        moved += usize::from(again.body != body);
    }
    assert!(moved >= 3, "too little has changed: {moved}");
}
