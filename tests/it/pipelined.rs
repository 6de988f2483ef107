//! Requests that follow each other on a connection without waiting for answers.
use crate::support::{Shop, exchanged};

/// Status and body of each answer, as a client reads them that knows what it has asked.
fn answers(text: &str, methods: &[&str]) -> Vec<(u16, String)> {
    let (mut rest, mut found) = (text, vec![]);
    for method in methods {
        let (head, after) = rest.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{method} has no answer in {text}"));
        assert!(head.starts_with("HTTP/1.1 "), "{method} is answered by {head:?} in {text}");
        let length = head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
        let length = if *method == "HEAD" { 0 } else { length.unwrap_or(0) };
        let (body, following) = after.split_at(length);
        found.push((head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned()));
        rest = following;
    }
    assert_eq!(rest, "", "more came than was asked for");
    found
}

#[actix_web::test]
async fn each_pipelined_request_gets_its_own_answer_also_around_a_head() {
    let shop = Shop::open().await;
    shop.stocked("PARIS", "LIP-1", 5).await;
    let asked = |method: &str, path: &str, more: &str| {
        format!("{method} {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n{more}\r\n", shop.admin)
    };
    let query = r#"{"query":"{ __typename }"}"#;
    let post = format!("Content-Type: application/json\r\nContent-Length: {}\r\n", query.len());
    let calls = [
        ("GET", "/v1/locations", "", ""),
        ("HEAD", "/livez", "", ""),
        ("GET", "/v1/locations", "", ""),
        ("POST", "/graphql", &*post, query),
        ("HEAD", "/v1/locations", "", ""),
        ("HEAD", "/livez", "", ""),
        ("GET", "/livez", "", ""),
        ("GET", "/nothing-here", "Connection: close\r\n", ""),
    ];
    let text: String = calls.iter().map(|(method, path, more, body)| asked(method, path, more) + body).collect();
    let methods: Vec<_> = calls.iter().map(|call| call.0).collect();
    for _ in 0..8 {
        let told = answers(&exchanged(&shop.url, &text).await, &methods);
        assert_eq!(told.iter().map(|answer| answer.0).collect::<Vec<_>>(), [200, 200, 200, 200, 200, 200, 200, 404]);
        assert!(told[0].1.contains("PARIS") && told[2].1.contains("PARIS"), "{told:?}");
        assert!(told[3].1.contains("__typename") && told[7].1.contains("not_found"), "{told:?}");
    }
}
