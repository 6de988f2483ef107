//! A client that costs next to nothing: prepared bytes out, status and length in, one thread for all connections.
use std::{
    cell::RefCell,
    io::{Read, Write},
    net::{SocketAddr, TcpStream as Plain},
    rc::Rc,
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::LocalSet,
};

/// The results of a load: how many of each status, and the time each of the successes took.
#[derive(Default)]
pub struct Outcome {
    pub ok: usize,
    pub refused: usize,
    pub shed: usize,
    pub failed: usize,
    micros: Vec<u32>,
    pub took: Duration,
}

impl Outcome {
    pub fn rate(&self) -> f64 {
        self.ok as f64 / self.took.as_secs_f64()
    }

    /// A quantile of the time of successes (or refusals where only those were expected), in milliseconds.
    pub fn quantile(&mut self, at: f64) -> f64 {
        self.micros.sort_unstable();
        let index = ((self.micros.len() as f64 * at) as usize).min(self.micros.len().saturating_sub(1));
        self.micros.get(index).map_or(f64::NAN, |micros| f64::from(*micros) / 1000.0)
    }

    fn note(&mut self, status: u16, took: Duration) {
        match status {
            200..=299 => self.ok += 1,
            409 => self.refused += 1,
            503 => self.shed += 1,
            _ => self.failed += 1,
        }
        if status < 500 {
            self.micros.push(took.as_micros() as u32);
        }
    }
}

/// One request and its answer.
pub fn once(address: SocketAddr, request: &[u8]) -> Option<(u16, String)> {
    let mut stream = Plain::connect(address).ok()?;
    stream.write_all(request).ok()?;
    let (mut buffer, mut chunk) = (vec![], [0; 4096]);
    loop {
        let whole = head_of(&buffer).filter(|(_, head, length)| buffer.len() >= head + length);
        if let Some((status, head, length)) = whole {
            return Some((status, String::from_utf8_lossy(&buffer[head..head + length]).into_owned()));
        }
        match stream.read(&mut chunk).ok()? {
            0 => return None,
            n => buffer.extend_from_slice(&chunk[..n]),
        }
    }
}

/// Status, length of the head, length of the body; none while the head is not complete.
fn head_of(buffer: &[u8]) -> Option<(u16, usize, usize)> {
    let end = buffer.windows(4).position(|w| w == b"\r\n\r\n")? + 4;
    let head = std::str::from_utf8(&buffer[..end]).ok()?;
    let status = head.get(9..12)?.parse().ok()?;
    let length = head
        .lines()
        .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length:")?.trim().parse().ok())
        .unwrap_or(0);
    Some((status, end, length))
}

struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    async fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream, buffer: Vec::with_capacity(8192) }
    }

    async fn send(&mut self, request: &[u8]) -> Option<u16> {
        self.stream.write_all(request).await.ok()?;
        self.buffer.clear();
        loop {
            if self.stream.read_buf(&mut self.buffer).await.ok()? == 0 {
                return None;
            }
            let whole = head_of(&self.buffer).filter(|(_, head, length)| self.buffer.len() >= head + length);
            if let Some((status, ..)) = whole {
                return Some(status);
            }
        }
    }
}

fn on_one_thread<F: Future<Output = T>, T>(work: F) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    LocalSet::new().block_on(&runtime, work)
}

/// So many connections, each asking again as soon as it is answered.
pub fn closed(
    servers: &[SocketAddr],
    connections: usize,
    time: Duration,
    request: impl Fn(u64) -> Vec<u8> + 'static,
) -> Outcome {
    let (outcome, request, next) = (Rc::<RefCell<Outcome>>::default(), Rc::new(request), Rc::new(RefCell::new(0u64)));
    on_one_thread(async {
        let began = Instant::now();
        let tasks: Vec<_> = (0..connections)
            .map(|n| {
                let (address, outcome, request, next) =
                    (servers[n % servers.len()], outcome.clone(), request.clone(), next.clone());
                tokio::task::spawn_local(async move {
                    let mut connection = Connection::open(address).await;
                    while began.elapsed() < time {
                        let number = next.replace_with(|n| *n + 1);
                        let bytes = request(number);
                        let sent = Instant::now();
                        if let Some(status) = connection.send(&bytes).await {
                            outcome.borrow_mut().note(status, sent.elapsed());
                        } else {
                            outcome.borrow_mut().failed += 1;
                            connection = Connection::open(address).await;
                        }
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        outcome.borrow_mut().took = began.elapsed();
    });
    outcome.take()
}

/// So many requests a second, whether earlier ones are answered or not; time counts from when each was due.
pub fn open(servers: &[SocketAddr], rate: f64, time: Duration, request: impl Fn(u64) -> Vec<u8> + 'static) -> Outcome {
    let connections = 1024usize;
    let (outcome, request) = (Rc::<RefCell<Outcome>>::default(), Rc::new(request));
    let total = (rate * time.as_secs_f64()) as u64;
    on_one_thread(async {
        let began = Instant::now() + Duration::from_millis(200);
        let tasks: Vec<_> = (0..connections)
            .map(|n| {
                let (address, outcome, request) = (servers[n % servers.len()], outcome.clone(), request.clone());
                tokio::task::spawn_local(async move {
                    let mut connection = Connection::open(address).await;
                    let mut number = n as u64;
                    while number < total {
                        let due = began + Duration::from_secs_f64(number as f64 / rate);
                        tokio::time::sleep_until(due.into()).await;
                        let bytes = request(number);
                        if let Some(status) = connection.send(&bytes).await {
                            outcome.borrow_mut().note(status, due.elapsed());
                        } else {
                            outcome.borrow_mut().failed += 1;
                            connection = Connection::open(address).await;
                        }
                        number += connections as u64;
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        outcome.borrow_mut().took = began.elapsed();
    });
    outcome.take()
}
