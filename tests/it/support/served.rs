//! `coffret serve` as a process of its own on a test's database, to be killed.
use super::{Shop, process::BINARY};
use std::{
    fs::File,
    net::TcpListener,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

pub struct Served {
    child: Child,
    pub url: String,
}

impl Served {
    /// Starts one beside the shop's own server, with the same key for tokens, and waits until it is ready.
    pub async fn beside(shop: &Shop, more: &[(&str, &str)]) -> Self {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let log = File::options().create(true).append(true).open(shop.database.folder.join("served.log")).unwrap();
        let child = Command::new(BINARY)
            .arg("serve")
            .env("COFFRET_DATABASE__URL", &shop.database.url)
            .env("COFFRET_TELEMETRY__LOG", "warn")
            .envs(super::environment(&shop.database.folder, more))
            .env("COFFRET_SERVER__BIND", address.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut served = Self { child, url: format!("http://{address}") };
        let began = Instant::now();
        while !served.is_ready(shop).await {
            assert!(began.elapsed() < Duration::from_secs(20), "the server does not become ready");
            assert!(served.child.try_wait().unwrap().is_none(), "the server has ended");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        served
    }

    pub async fn is_ready(&self, shop: &Shop) -> bool {
        shop.http.get(format!("{}/readyz", self.url)).send().await.is_ok_and(|answer| answer.status() == 200)
    }

    /// Ends it at once.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub fn has_ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// Waits until it has ended by itself, at most a second or so.
    pub async fn ended(&mut self) -> bool {
        for _ in 0..200 {
            if self.has_ended() {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        false
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
