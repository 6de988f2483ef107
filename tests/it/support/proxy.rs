//! Stands between a server and PostgreSQL and does what networks do: slows, swallows, resets, and cuts a connection at
//! the very moment of a commit.
use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream, UnixStream},
    sync::watch,
};

/// The point at which a connection that has touched stock is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// PostgreSQL never hears of the commit.
    BeforeCommit,
    /// PostgreSQL commits, and nobody hears of it.
    AfterCommit,
}

/// A proxy of one database; it ends with the process.
pub struct Proxy {
    /// By which the database is reached through it.
    pub way: String,
    wires: Arc<Wires>,
}

struct Wires {
    delay_ms: AtomicU64,
    is_dead: AtomicBool,
    next_cut: Mutex<Option<Cut>>,
    cuts: AtomicUsize,
    resets: watch::Sender<()>,
}

impl Proxy {
    /// In front of a database that is reached by a Unix socket.
    pub fn to(url: &str) -> Self {
        let part = |name: &str| {
            let rest = url.split(name).nth(1).unwrap();
            rest.split([' ', '?', '&']).next().unwrap().trim_matches('\'').to_owned()
        };
        let (socket, database) = (PathBuf::from(part("host=")).join(".s.PGSQL.5432"), part("dbname="));
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let port = listener.local_addr().unwrap().port();
        let wires = Arc::new(Wires {
            delay_ms: AtomicU64::new(0),
            is_dead: AtomicBool::new(false),
            next_cut: Mutex::new(None),
            cuts: AtomicUsize::new(0),
            resets: watch::Sender::new(()),
        });
        let shared = wires.clone();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let listener = TcpListener::from_std(listener).unwrap();
                while let Ok((client, _)) = listener.accept().await {
                    tokio::spawn(wire(client, socket.clone(), shared.clone()));
                }
            });
        });
        Self {
            way: format!(
                "host=127.0.0.1 port={port} user=coffret dbname={database} sslmode=disable gssencmode=disable"
            ),
            wires,
        }
    }

    /// Adds so much to each way of each message.
    pub fn slow(&self, delay: Duration) {
        self.wires.delay_ms.store(u64::try_from(delay.as_millis()).unwrap(), SeqCst);
    }

    /// Passes nothing on, and says nothing; or goes on where it was.
    pub fn silence(&self, is_silent: bool) {
        self.wires.is_dead.store(is_silent, SeqCst);
    }

    /// Resets all connections.
    pub fn reset(&self) {
        self.wires.resets.send_replace(());
    }

    /// Cuts the next connection that commits a change of stock.
    pub fn cut_next(&self, cut: Cut) {
        *self.wires.next_cut.lock().unwrap() = Some(cut);
    }

    /// Connections cut so far.
    pub fn cuts(&self) -> usize {
        self.wires.cuts.load(SeqCst)
    }
}

impl Wires {
    async fn hold(&self) {
        tokio::time::sleep(Duration::from_millis(self.delay_ms.load(SeqCst))).await;
        while self.is_dead.load(SeqCst) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    fn cut(&self) -> Option<Cut> {
        let cut = self.next_cut.lock().unwrap().take();
        self.cuts.fetch_add(usize::from(cut.is_some()), SeqCst);
        cut
    }
}

/// Carries one connection both ways; when it ends, its client sees a reset.
async fn wire(mut client: TcpStream, socket: PathBuf, wires: Arc<Wires>) -> std::io::Result<()> {
    let mut server = UnixStream::connect(socket).await?;
    client.set_zero_linger()?;
    client.set_nodelay(true)?;
    let mut resets = wires.resets.subscribe();
    let (mut asked, mut told) = (vec![0; 65_536], vec![0; 65_536]);
    let mut touches_stock = false;
    loop {
        tokio::select! {
            _ = resets.changed() => return Ok(()),
            read = client.read(&mut asked) => {
                let asked = &asked[..read?];
                if asked.is_empty() {
                    return Ok(());
                }
                wires.hold().await;
                touches_stock |= holds(asked, b"stock_levels");
                let cut = if touches_stock && holds(asked, b"COMMIT") { wires.cut() } else { None };
                if cut == Some(Cut::BeforeCommit) {
                    return Ok(());
                }
                server.write_all(asked).await?;
                if cut == Some(Cut::AfterCommit) {
                    let _ = server.read(&mut told).await?;
                    return Ok(());
                }
            }
            read = server.read(&mut told) => {
                let told = &told[..read?];
                if told.is_empty() {
                    return client.shutdown().await;
                }
                wires.hold().await;
                client.write_all(told).await?;
            }
        }
    }
}

fn holds(bytes: &[u8], word: &[u8]) -> bool {
    bytes.windows(word.len()).any(|window| window == word)
}
