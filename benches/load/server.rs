//! The release server as a process of its own.
use crate::brand::{BINARY, Brand};
use std::{
    fs,
    net::{SocketAddr, TcpListener},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

pub struct Server {
    child: Child,
    pub address: SocketAddr,
    /// From start to ready.
    pub started_in: Duration,
}

impl Server {
    pub fn start(brand: &Brand) -> Self {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let log = fs::File::create(brand.folder.path().join("server.log")).unwrap();
        let began = Instant::now();
        let child = Command::new(BINARY)
            .arg("serve")
            .envs(brand.env())
            .env("COFFRET_SERVER__BIND", address.to_string())
            .env("COFFRET_SERVER__DRAIN_SECONDS", "0")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut server = Self { child, address, started_in: Duration::ZERO };
        while crate::client::once(address, b"GET /readyz HTTP/1.1\r\nhost: b\r\n\r\n").map(|a| a.0) != Some(200) {
            assert!(began.elapsed() < Duration::from_secs(20), "the server does not become ready");
            std::thread::sleep(Duration::from_millis(5));
        }
        server.started_in = began.elapsed();
        server
    }

    pub fn token(&self) -> String {
        let form = Brand::login();
        let request = format!(
            "POST /v1/oauth/token HTTP/1.1\r\nhost: b\r\ncontent-type: \
             application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{form}",
            form.len()
        );
        let (_, body) = crate::client::once(self.address, request.as_bytes()).expect("no token");
        let body: serde_json::Value = serde_json::from_str(&body).unwrap();
        body["access_token"].as_str().expect("no token").to_owned()
    }

    /// Resident memory in MB.
    pub fn memory(&self) -> f64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() / 1024.0
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = Command::new("kill").arg("-TERM").arg(self.child.id().to_string()).status();
        let _ = self.child.wait();
    }
}
