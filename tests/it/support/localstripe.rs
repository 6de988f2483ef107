//! localstripe, a server that speaks Stripe's protocol, from PyPI into a Python environment of its own under the target
//! folder; each test starts one and it ends with the test.
use reqwest::Client;
use serde_json::Value;
use std::{
    fs::{self, File},
    net::{Ipv6Addr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::LazyLock,
    time::Duration,
};

const VERSION: &str = "1.15.10";

/// The program, installed once.
static PROGRAM: LazyLock<PathBuf> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("localstripe-{VERSION}"));
    let program = folder.join("bin/localstripe");
    let lock = File::create(Path::new(env!("CARGO_TARGET_TMPDIR")).join("localstripe.lock")).unwrap();
    lock.lock().unwrap();
    if !folder.join("complete").exists() {
        run(Command::new("python3").args(["-m", "venv"]).arg(&folder), "apt-get install python3-venv");
        let package = format!("localstripe=={VERSION}");
        run(Command::new(folder.join("bin/pip")).args(["install", "--quiet", &package]), "PyPI must be reachable once");
        fs::write(folder.join("complete"), "").unwrap();
    }
    program
});

fn run(command: &mut Command, hint: &str) {
    let done = command.status().unwrap_or_else(|error| panic!("{command:?}: {error}; {hint}"));
    assert!(done.success(), "{command:?} failed; {hint}");
}

/// A running server.
pub struct LocalStripe {
    pub url: String,
    child: Child,
    http: Client,
    _folder: tempfile::TempDir,
}

impl LocalStripe {
    pub async fn start() -> Self {
        let port = TcpListener::bind((Ipv6Addr::UNSPECIFIED, 0)).unwrap().local_addr().unwrap().port();
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new(&*PROGRAM);
        command
            .args(["--from-scratch", "--port", &port.to_string()])
            .current_dir(folder.path())
            .env("TMPDIR", folder.path());
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let started = Self { url: format!("http://127.0.0.1:{port}"), child, http: Client::new(), _folder: folder };
        for _ in 0..400 {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return started;
            }
            actix_web::rt::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("localstripe does not listen");
    }

    pub async fn post(&self, path: &str, form: &[(&str, &str)]) -> Value {
        let request = self.http.post(format!("{}{path}", self.url)).bearer_auth("sk_test_12345").form(form);
        request.send().await.unwrap().json().await.unwrap()
    }

    pub async fn get(&self, path: &str) -> Value {
        let request = self.http.get(format!("{}{path}", self.url)).bearer_auth("sk_test_12345");
        request.send().await.unwrap().json().await.unwrap()
    }

    /// The means of a payer: the token that their browser gets for a card.
    pub async fn card(&self, number: &str) -> String {
        let form = [
            ("type", "card"),
            ("card[number]", number),
            ("card[exp_month]", "12"),
            ("card[exp_year]", "2030"),
            ("card[cvc]", "123"),
        ];
        self.post("/v1/payment_methods", &form).await["id"].as_str().unwrap().to_owned()
    }
}

impl Drop for LocalStripe {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
