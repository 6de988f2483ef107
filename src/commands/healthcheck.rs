//! `coffret healthcheck`: so that a container image needs neither a shell nor curl.
use anyhow::{Context, bail};
use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    process::ExitCode,
    time::Duration,
};

/// Asks `/readyz`; succeeds when the answer is 200.
pub fn run(address: &str) -> anyhow::Result<ExitCode> {
    let mut peer: SocketAddr = address.parse().with_context(|| format!("{address:?} is not an address and port"))?;
    if peer.ip().is_unspecified() {
        peer.set_ip(std::net::Ipv4Addr::LOCALHOST.into());
    }
    let limit = Duration::from_secs(3);
    let mut stream = TcpStream::connect_timeout(&peer, limit).with_context(|| format!("nothing answers at {peer}"))?;
    stream.set_read_timeout(Some(limit))?;
    write!(stream, "GET /readyz HTTP/1.1\r\nHost: {peer}\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.take(64 * 1024).read_to_string(&mut answer)?;
    match answer.split_whitespace().nth(1) {
        Some("200") => Ok(ExitCode::SUCCESS),
        status => bail!("not ready: status {}", status.unwrap_or("missing")),
    }
}
