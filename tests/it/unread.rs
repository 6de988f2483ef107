//! Clients that ask and never read.
use crate::support::Shop;
use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};
use tokio::{
    io::AsyncWriteExt,
    net::{TcpSocket, TcpStream},
};

/// Asks for the longest document with hardly any room for it.
async fn asked(shop: &Shop) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(2048).unwrap();
    let address = shop.url.trim_start_matches("http://").parse().unwrap();
    let mut stream = socket.connect(address).await.unwrap();
    stream.write_all(b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    stream
}

/// The number of these clients with which the server still has a connection, as the system tells.
fn connections(shop: &Shop, clients: &[TcpStream]) -> usize {
    let port = |address: &str| u16::from_str_radix(address.rsplit(':').next().unwrap(), 16).unwrap();
    let server: u16 = shop.url.rsplit(':').next().unwrap().parse().unwrap();
    let ports: Vec<_> = clients.iter().map(|client| client.local_addr().unwrap().port()).collect();
    let table = std::fs::read_to_string("/proc/net/tcp").unwrap();
    let rows = table.lines().skip(1).map(|row| row.split_whitespace().collect::<Vec<_>>());
    let here = rows.filter(|row| port(row[1]) == server && ports.contains(&port(row[2])) && row[3] == "01");
    // A table that changes while it is read may show a row twice.
    here.map(|row| port(row[2])).collect::<BTreeSet<_>>().len()
}

#[actix_web::test]
async fn clients_that_never_read_their_answer_lose_their_connections() {
    let shop = Shop::open_with(&[("COFFRET_SERVER__UNREAD_TIMEOUT_SECONDS", "1")]).await;
    let mut clients = vec![];
    for _ in 0..10 {
        clients.push(asked(&shop).await);
    }
    assert_eq!(connections(&shop, &clients), 10);
    let began = Instant::now();
    while connections(&shop, &clients) > 0 {
        assert!(began.elapsed() < Duration::from_secs(20), "{} are still held", connections(&shop, &clients));
        actix_web::rt::time::sleep(Duration::from_millis(20)).await;
    }
    let read = shop.get("", "/openapi.json").await;
    assert_eq!(read.status, 200, "others are served");
}
