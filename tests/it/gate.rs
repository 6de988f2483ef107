//! Admission is decided on the route that runs, however its path is spelled.
use crate::{
    permissions::{Operation, operations},
    support::{Shop, raw},
};

/// Spellings of one path that a router, a proxy or a person might take for the same.
fn spellings(path: &str) -> Vec<String> {
    let segments: Vec<_> = path.trim_start_matches('/').split('/').collect();
    let mut found =
        vec![path.to_owned(), format!("{path}/"), format!("/{path}"), format!("{path}?"), format!("{path};a")];
    for (at, segment) in segments.iter().enumerate() {
        let first = segment.bytes().next().unwrap_or(b'/');
        let last = segment.bytes().last().unwrap_or(b'/');
        let rest = segment.get(1..).unwrap_or_default();
        let front = segment.get(..segment.len().saturating_sub(1)).unwrap_or_default();
        let all: String = segment.bytes().map(|byte| format!("%{byte:02x}")).collect();
        for other in [
            format!("%{first:02x}{rest}"),
            format!("%{first:02X}{rest}"),
            format!("{front}%{last:02x}"),
            all,
            format!("%25{first:02x}{rest}"),
            segment.to_uppercase(),
            format!("/{segment}"),
            format!("./{segment}"),
            format!("x/../{segment}"),
            format!("%2e/{segment}"),
            format!("{segment}%00"),
            format!("{segment}%2f"),
            format!("{segment}%20"),
        ] {
            let mut spelled: Vec<_> = segments.iter().map(|s| (*s).to_owned()).collect();
            spelled[at] = other;
            found.push(format!("/{}", spelled.join("/")));
        }
    }
    found
}

/// The path of an operation with something in each of its places.
fn filled(operation: &Operation) -> String {
    let parts = operation.path.split('/').map(|part| match part.starts_with('{') {
        true => "0190a1b2-0000-7000-8000-000000000001",
        false => part,
    });
    parts.collect::<Vec<_>>().join("/")
}

async fn statuses(shop: &Shop, authorization: &str, allowed: &[u16], of: fn(&Operation) -> bool) -> usize {
    let mut refused_by_the_gate = 0;
    for operation in operations().iter().filter(|operation| of(operation)) {
        for path in spellings(&filled(operation)) {
            let request = format!(
                "{} {path} HTTP/1.1\r\nHost: coffret\r\nX-Forwarded-For: 192.0.2.1\r\n{authorization}Connection: \
                 close\r\n\
                 Idempotency-Key: gate\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}",
                operation.method
            );
            let (status, body) = raw(&shop.url, &request).await;
            assert!(allowed.contains(&status), "{} {path}: {status} {body}", operation.method);
            refused_by_the_gate += usize::from(status == allowed[0]);
        }
    }
    refused_by_the_gate
}

#[actix_web::test]
async fn no_spelling_of_a_path_leads_past_the_gate() {
    let shop = Shop::open().await;
    let guarded = operations().iter().filter(|operation| operation.permission != "public").count();
    let strangers = statuses(&shop, "", &[401, 404, 400, 405], |of| of.permission != "public").await;
    assert!(strangers > guarded * 4, "{strangers}: encoded letters lead to the route and are refused there");
    let powerless = shop.sign_in("none", None).await;
    let own: fn(&Operation) -> bool = |of| of.permission == "signed_in";
    let owned = statuses(&shop, "", &[401, 404, 400, 405], own).await;
    let held = |of: &Operation| of.permission != "public" && of.permission != "signed_in";
    let bearer = format!("Authorization: Bearer {powerless}\r\n");
    assert_eq!(statuses(&shop, &bearer, &[403, 404, 400, 405], held).await, strangers - owned);
}
