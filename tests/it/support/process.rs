//! The real binary as its own process, on a durable database of its own.
use reqwest::Client;
use serde_json::Value;
use std::{
    collections::HashMap,
    io::{BufRead, BufReader, Read},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
};

pub const BINARY: &str = env!("CARGO_BIN_EXE_coffret");

/// A folder that the cluster's user can reach, removed at the end.
pub fn folder() -> tempfile::TempDir {
    tempfile::Builder::new().prefix("coffret-process-").tempdir().unwrap()
}

/// A running `coffret demo`.
pub struct Demo {
    child: Child,
    pub said: String,
    pub env: HashMap<String, String>,
    pub http: Client,
    pub folder: PathBuf,
}

impl Demo {
    /// Starts the demo and waits until it says that it serves.
    pub fn start(folder: &Path) -> Self {
        Self::start_as(folder, Path::new(BINARY), None, None)
    }

    /// The same, with every line that it logs in a file.
    pub fn start_logging(folder: &Path, log: &Path) -> Self {
        Self::start_as(folder, Path::new(BINARY), None, Some(log))
    }

    /// The same as another user.
    pub fn start_as(folder: &Path, binary: &Path, user: Option<u32>, log: Option<&Path>) -> Self {
        let mut command = Command::new(binary);
        command.args(["demo", "--port", "0", "--data-dir"]).arg(folder).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.env("COFFRET_TELEMETRY__LOG", "warn").env("HOME", folder).current_dir("/");
        if let Some(log) = log {
            command.env("COFFRET_TELEMETRY__LOG", "debug").stderr(std::fs::File::create(log).unwrap());
        }
        if let Some(user) = user {
            command.uid(user).gid(user);
        }
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let (mut said, mut line) = (String::new(), String::new());
        while !line.contains("/graphql\" -H") {
            line.clear();
            if lines.read_line(&mut line).unwrap() == 0 {
                let mut errors = String::new();
                if let Some(mut pipe) = child.stderr.take() {
                    pipe.read_to_string(&mut errors).unwrap();
                }
                panic!("the demo ended: {said}{errors}");
            }
            said.push_str(&line);
        }
        if let Some(pipe) = child.stderr.take() {
            drain(pipe);
        }
        let env = std::fs::read_to_string(folder.join("demo.env")).unwrap();
        let pair = |line: &str| {
            let (name, value) = line.strip_prefix("export ").unwrap().split_once('=').unwrap();
            (name.to_owned(), value.trim_matches('\'').to_owned())
        };
        Self { child, said, env: env.lines().map(pair).collect(), http: Client::new(), folder: folder.to_owned() }
    }

    pub fn var(&self, name: &str) -> &str {
        &self.env[name]
    }

    /// Ends it at once, as a power cut would.
    pub fn kill(mut self) {
        let _ = self.child.kill();
        self.child.wait().unwrap();
    }

    /// Asks it to stop, and waits until it has.
    pub fn stop(mut self) -> ExitStatus {
        signal(self.child.id(), "TERM");
        self.child.wait().unwrap()
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    pub fn postmaster(&self) -> u32 {
        let file = std::fs::read_to_string(self.folder.join("postgres/postmaster.pid")).unwrap();
        file.lines().next().unwrap().trim().parse().unwrap()
    }

    /// Places an order for one unit under a key; none if no definite answer came.
    pub async fn order(&self, key: &str) -> Option<(u16, Value)> {
        let body = serde_json::json!({ "channel": "pos", "currency": self.var("COFFRET_CURRENCY"),
                                            "location_id": self.var("COFFRET_LOCATION_ID"),
            "customer": {}, "lines": [{ "sku": self.var("COFFRET_SKU"), "quantity": 1 }] });
        let request = self
            .http
            .post(format!("{}/v1/orders", self.var("COFFRET_URL")))
            .bearer_auth(self.var("COFFRET_TILL_TOKEN"));
        let response = request.header("Idempotency-Key", key).json(&body).send().await.ok()?;
        let status = response.status().as_u16();
        let body = response.json().await.ok()?;
        (status < 500).then_some((status, body))
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads a pipe to its end in the background, so that its writer never waits.
fn drain(mut pipe: impl Read + Send + 'static) {
    std::thread::spawn(move || std::io::copy(&mut pipe, &mut std::io::sink()));
}

pub fn signal(pid: u32, name: &str) {
    assert!(Command::new("kill").arg(format!("-{name}")).arg(pid.to_string()).status().unwrap().success());
}

/// Runs the binary to its end: exit code, standard output, standard error.
pub fn run(arguments: &[&str], env: &[(&str, &str)], input: &str) -> (i32, String, String) {
    let mut command = Command::new(BINARY);
    command.args(arguments).envs(env.iter().copied()).env("COFFRET_TELEMETRY__LOG_FORMAT", "json");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
}
