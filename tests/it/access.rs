//! Signing in, going on, and being kept out.
use crate::support::{PASSWORD, Shop, answer};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use reqwest::Method;
use serde_json::{Value, json};

fn password(email: &str, password: &str) -> [(&'static str, String); 3] {
    [("grant_type", "password".into()), ("username", email.into()), ("password", password.into())]
}

async fn token(shop: &Shop, form: &[(&str, String)]) -> (u16, Value) {
    let sent = answer(shop.http.post(format!("{}/v1/oauth/token", shop.url)).form(form)).await;
    assert_eq!(sent.header("cache-control"), "no-store", "tokens are never kept by caches");
    (sent.status, sent.body)
}

#[actix_web::test]
async fn a_wrong_password_and_an_unknown_user_get_the_same_answer() {
    let shop = Shop::open().await;
    let email = shop.user("cashier", None);
    let wrong = token(&shop, &password(&email, "not the password")).await;
    let unknown = token(&shop, &password("nobody@coffret.example", PASSWORD)).await;
    let overlong = token(&shop, &password(&email, &"x".repeat(5000))).await;
    assert_eq!((wrong.0, &wrong.1["error"]), (400, &json!("invalid_grant")));
    assert_eq!(wrong, unknown);
    assert_eq!(wrong, overlong);
    assert_eq!(token(&shop, &password(&email.to_uppercase(), PASSWORD)).await.0, 200);
}

#[actix_web::test]
async fn the_token_endpoint_speaks_oauths_own_errors() {
    let shop = Shop::open().await;
    assert_eq!(token(&shop, &[]).await.1["error"], "invalid_request");
    assert_eq!(token(&shop, &[("grant_type", "magic".into())]).await.1["error"], "unsupported_grant_type");
    let json = shop.request("", Method::POST, "/v1/oauth/token").json(&json!({ "grant_type": "password" }));
    answer(json).await.refused(415, "unsupported_media_type");
}

#[actix_web::test]
async fn of_64_who_use_one_refresh_token_at_once_one_goes_on_at_most() {
    let shop = std::rc::Rc::new(Shop::open().await);
    let first = token(&shop, &password(&shop.user("cashier", None), PASSWORD)).await.1;
    let form = [
        ("grant_type", "refresh_token".to_owned()),
        ("refresh_token", first["refresh_token"].as_str().unwrap().to_owned()),
    ];
    let answers = crate::support::all_at_once(|_| {
        let (shop, form) = (shop.clone(), form.clone());
        async move { answer(shop.http.post(format!("{}/v1/oauth/token", shop.url)).form(&form)).await }
    })
    .await;
    let won: Vec<_> = answers.iter().filter(|answer| answer.status == 200).collect();
    assert_eq!(won.len(), 1, "{answers:?}");
    let next = [
        ("grant_type", "refresh_token".to_owned()),
        ("refresh_token", won[0].body["refresh_token"].as_str().unwrap().to_owned()),
    ];
    assert_eq!(token(&shop, &next).await.1["error"], "invalid_grant", "the family was used twice: it is revoked");
}

#[actix_web::test]
async fn a_refresh_token_is_followed_by_another_and_betrays_its_thief() {
    let shop = Shop::open_with(&[("COFFRET_ACCESS__REFRESH_REUSE_SECONDS", "10")]).await;
    let first = token(&shop, &password(&shop.user("cashier", None), PASSWORD)).await.1;
    let refresh = |token: &Value| {
        [
            ("grant_type", "refresh_token".to_owned()),
            ("refresh_token", token["refresh_token"].as_str().unwrap().to_owned()),
        ]
    };
    let second = token(&shop, &refresh(&first)).await.1;
    assert_ne!(first["refresh_token"], second["refresh_token"]);
    let second = match token(&shop, &refresh(&first)).await {
        (200, again) => again,
        refused => panic!("a lost answer may be asked for again at once, after {second}: {refused:?}"),
    };
    shop.clock.advance(chrono::Duration::seconds(11));
    assert_eq!(token(&shop, &refresh(&first)).await.1["error"], "invalid_grant", "used again later, it is stolen");
    assert_eq!(token(&shop, &refresh(&second)).await.1["error"], "invalid_grant", "and its whole family is revoked");
    let kept = format!(
        "refresh_tokens where token_hash = sha256(convert_to('{}', 'utf8'))",
        first["refresh_token"].as_str().unwrap()
    );
    assert_eq!(shop.database.count(&kept), 1, "only a hash of the token is kept");
}

#[actix_web::test]
async fn who_signs_out_cannot_go_on_with_any_token_of_that_sign_in() {
    let shop = Shop::open().await;
    let email = shop.user("cashier", None);
    let first = token(&shop, &password(&email, PASSWORD)).await.1;
    let other = token(&shop, &password(&email, PASSWORD)).await.1;
    let text = |of: &Value, name: &str| of[name].as_str().unwrap().to_owned();
    let revoke = async |form: &[(&str, String)]| {
        answer(shop.http.post(format!("{}/v1/oauth/revoke", shop.url)).form(form)).await
    };
    let refresh =
        |of: &Value| [("grant_type", "refresh_token".to_owned()), ("refresh_token", text(of, "refresh_token"))];
    let second = token(&shop, &refresh(&first)).await.1;
    let hint = ("token_type_hint", "refresh_token".to_owned());
    assert_eq!(revoke(&[("token", text(&first, "refresh_token")), hint]).await.status, 200);
    assert_eq!(token(&shop, &refresh(&second)).await.1["error"], "invalid_grant", "its successor has ended too");
    assert_eq!(token(&shop, &refresh(&other)).await.0, 200, "another sign-in goes on");
    assert_eq!(revoke(&[("token", "nothing of ours".into())]).await.status, 200);
    let missing = revoke(&[]).await;
    assert_eq!((missing.status, &missing.body["error"]), (400, &json!("invalid_request")));
    let access = text(&other, "access_token");
    assert_eq!(shop.get(&access, "/v1/me").await.status, 200);
    assert_eq!(revoke(&[("token", access.clone())]).await.status, 200);
    shop.get(&access, "/v1/me").await.refused(401, "invalid_token");
    let told = shop.get("", "/.well-known/oauth-authorization-server").await.ok();
    assert!(told["revocation_endpoint"].as_str().unwrap().ends_with("/v1/oauth/revoke"));
}

#[actix_web::test]
async fn an_access_token_lives_fifteen_minutes() {
    let shop = Shop::open().await;
    assert_eq!(shop.get(&shop.admin, "/v1/orders").await.status, 200);
    shop.clock.advance(chrono::Duration::seconds(15 * 60 + 29));
    assert_eq!(shop.get(&shop.admin, "/v1/orders").await.status, 200, "within the leeway of clocks");
    shop.clock.advance(chrono::Duration::seconds(2));
    let late = shop.get(&shop.admin, "/v1/orders").await;
    late.refused(401, "invalid_token");
    assert!(late.header("www-authenticate").contains("invalid_token"));
}

#[actix_web::test]
async fn a_token_that_was_tampered_with_is_worth_nothing() {
    let shop = Shop::open().await;
    let parts: Vec<_> = shop.admin.split('.').collect();
    let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let decode = |part: &str| serde_json::from_slice::<Value>(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap();
    let (header, claims) = (decode(parts[0]), decode(parts[1]));
    assert_eq!((&header["typ"], &header["alg"]), (&json!("at+jwt"), &json!("EdDSA")));
    let jwks = shop.get("", "/.well-known/jwks.json").await.ok();
    assert_eq!(jwks["keys"][0]["kid"], header["kid"]);
    let mut forged = vec![String::new(), "x".into(), "..".into(), format!("{}.{}.", parts[0], parts[1])];
    for (name, value) in
        [("alg", json!("none")), ("alg", json!("HS256")), ("typ", json!("JWT")), ("kid", json!("other"))]
    {
        let mut changed = header.clone();
        changed[name] = value;
        forged.push(format!("{}.{}.{}", encode(&changed), parts[1], parts[2]));
        forged.push(format!("{}.{}.", encode(&changed), parts[1]));
    }
    for (name, value) in [
        ("aud", json!("other")),
        ("iss", json!("other")),
        ("exp", json!("9999999999")),
        ("exp", json!(9_999_999_999u64)),
        ("sub", json!(null)),
    ] {
        let mut changed = claims.clone();
        changed[name] = value;
        forged.push(format!("{}.{}.{}", parts[0], encode(&changed), parts[2]));
    }
    for token in forged {
        let refused =
            answer(shop.http.get(format!("{}/v1/orders", shop.url)).header("Authorization", format!("Bearer {token}")))
                .await;
        refused.refused(401, "invalid_token");
    }
    let basic = answer(shop.http.get(format!("{}/v1/orders", shop.url)).header("Authorization", "Basic YTpi")).await;
    basic.refused(401, "invalid_token");
}

#[actix_web::test]
async fn a_disabled_user_and_a_withdrawn_grant_stop_working_within_the_cache_time() {
    let shop = Shop::open_with(&[("COFFRET_ACCESS__GRANTS_CACHE_MS", "50")]).await;
    let (left, demoted) = (shop.sign_in("admin", None).await, shop.sign_in("analyst", None).await);
    assert_eq!(shop.get(&left, "/v1/orders").await.status, 200);
    assert_eq!(shop.get(&demoted, "/v1/orders").await.status, 200);
    shop.database.run(
        "update users set disabled_at = now() where email like 'admin-%' and email <> (select \
        min(email) from users where email like 'admin-%')",
    );
    shop.database.run("delete from grants where role = 'analyst'");
    let mut answers = (0, 0);
    for _ in 0..200 {
        answers = (shop.get(&left, "/v1/orders").await.status, shop.get(&demoted, "/v1/orders").await.status);
        if answers == (401, 403) {
            break;
        }
    }
    assert_eq!(answers, (401, 403));
}

#[actix_web::test]
async fn guessing_passwords_is_slowed_down_and_the_owner_is_never_locked_out() {
    let quick = [("COFFRET_ACCESS__DELAY_MS", "1"), ("COFFRET_ACCESS__MOST_DELAY_MS", "200")];
    let shop = Shop::open_with(&quick).await;
    let owner = shop.user("cashier", None);
    let began = std::time::Instant::now();
    for _ in 0..40 {
        assert_eq!(token(&shop, &password(&owner, "a guess of mine")).await.1["error"], "invalid_grant");
    }
    assert!(began.elapsed() > std::time::Duration::from_secs(4), "each guess waits longer than the one before");
    assert_eq!(token(&shop, &password(&owner, PASSWORD)).await.0, 200);
}

#[actix_web::test]
async fn clients_behind_a_trusted_proxy_do_not_share_its_limit() {
    let settings = [("COFFRET_ACCESS__ATTEMPTS_PER_MINUTE", "5"), ("COFFRET_SERVER__TRUSTED_PROXIES", "127.0.0.1")];
    let shop = Shop::open_with(&settings).await;
    let owner = shop.user("cashier", None);
    let from = async |client: &str, secret: &str| {
        let request = shop.http.post(format!("{}/v1/oauth/token", shop.url)).form(&password(&owner, secret));
        answer(request.header("X-Forwarded-For", format!("198.51.100.7, {client}"))).await
    };
    for _ in 0..5 {
        assert_eq!(from("203.0.113.9", "a guess of mine").await.status, 400);
    }
    let late = from("203.0.113.9", "a guess of mine").await;
    late.refused(429, "rate_limited");
    assert!((1..=13).contains(&late.header("retry-after").parse().unwrap()), "{}", late.header("retry-after"));
    assert_eq!(from("203.0.113.10", PASSWORD).await.status, 200, "another client is not held up");
}

#[actix_web::test]
async fn a_lost_answer_to_a_refresh_is_told_again_until_its_token_is_used() {
    let shop = Shop::open_with(&[("COFFRET_ACCESS__REFRESH_REUSE_SECONDS", "10")]).await;
    let first = token(&shop, &password(&shop.user("cashier", None), PASSWORD)).await.1;
    let refresh = |token: &Value| {
        [
            ("grant_type", "refresh_token".to_owned()),
            ("refresh_token", token["refresh_token"].as_str().unwrap().to_owned()),
        ]
    };
    let lost = token(&shop, &refresh(&first)).await.1;
    let kept = token(&shop, &refresh(&first)).await.1;
    assert_eq!(lost["refresh_token"], kept["refresh_token"], "one successor lives");
    let next = token(&shop, &refresh(&kept)).await;
    assert_eq!(next.0, 200);
    assert_eq!(token(&shop, &refresh(&first)).await.1["error"], "invalid_grant", "someone else has the first one");
    assert_eq!(token(&shop, &refresh(&next.1)).await.1["error"], "invalid_grant", "so the session has ended");
    shop.get(next.1["access_token"].as_str().unwrap(), "/v1/me").await.refused(401, "invalid_token");
}
