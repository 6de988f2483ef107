//! Keeps the server process running as long as its owner lives: restarts it after a crash, stops it with the
//! owner however the owner ends. A small shell holds a pipe from us; when the pipe closes, by our exit or by
//! kill -9, the shell asks PostgreSQL to stop.
use super::{cluster::Cluster, owner::hand_over};
use anyhow::{Context, bail};
use diesel::{Connection, PgConnection};
use std::{
    fs::File,
    os::unix::process::CommandExt,
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

/// Runs `"$@"` until it ends or our pipe (descriptor 3) closes; then a fast shutdown, at last an immediate one.
const WATCH: &str = r#"
exec 3<&0
"$@" </dev/null 3<&- & pid=$!
{ cat <&3 >/dev/null; kill -INT $pid; sleep 20; kill -QUIT $pid; } 2>/dev/null & watch=$!
exec 3<&-
wait $pid; rc=$?
kill $watch 2>/dev/null
exit $rc
"#;

/// The longest time that a start, with crash recovery, may take.
const START: Duration = Duration::from_secs(60);
/// The time for which a start is tried again after a failure.
const RETRY: Duration = Duration::from_secs(10);
const STOP: Duration = Duration::from_secs(25);
const TICK: Duration = Duration::from_millis(20);

#[derive(Debug)]
pub struct Supervisor {
    cluster: Cluster,
    child: Arc<Mutex<Child>>,
    stopping: Arc<AtomicBool>,
    watcher: Option<JoinHandle<()>>,
}

impl Supervisor {
    pub fn start(cluster: Cluster) -> anyhow::Result<Self> {
        let first = start_surely(&cluster)?;
        let (child, stopping) = (Arc::new(Mutex::new(first)), Arc::<AtomicBool>::default());
        let watcher = thread::Builder::new().name("postgres".into()).spawn({
            let (cluster, child, stopping) = (cluster.clone(), child.clone(), stopping.clone());
            move || keep_alive(&cluster, &child, &stopping)
        })?;
        Ok(Self { cluster, child, stopping, watcher: Some(watcher) })
    }

    pub fn socket(&self) -> &Path {
        &self.cluster.socket
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        self.stopping.store(true, Ordering::SeqCst);
        if let Some(watcher) = self.watcher.take() {
            let _ = watcher.join();
        }
        let mut child = self.child.lock().unwrap_or_else(PoisonError::into_inner);
        drop(child.stdin.take());
        let deadline = Instant::now() + STOP;
        while Instant::now() < deadline && matches!(child.try_wait(), Ok(None)) {
            thread::sleep(TICK);
        }
    }
}

/// Tries for a while: after a crash the backends of the old server may still hold its memory.
fn start_surely(cluster: &Cluster) -> anyhow::Result<Child> {
    let never = AtomicBool::new(false);
    let deadline = Instant::now() + RETRY;
    loop {
        match start_once(cluster, &never) {
            Err(error) if Instant::now() < deadline => {
                tracing::warn!(error = format!("{error:#}"), "PostgreSQL did not start; trying again");
                thread::sleep(TICK * 25);
            }
            outcome => return outcome,
        }
    }
}

fn start_once(cluster: &Cluster, stopping: &AtomicBool) -> anyhow::Result<Child> {
    await_end_of_predecessor(cluster, stopping)?;
    let mut child = spawn(cluster)?;
    await_ready(cluster, &mut child, stopping)?;
    Ok(child)
}

/// Restarts a server that ended although nobody asked it to.
fn keep_alive(cluster: &Cluster, child: &Mutex<Child>, stopping: &AtomicBool) {
    while !stopping.load(Ordering::SeqCst) {
        thread::sleep(TICK * 5);
        let mut child = child.lock().unwrap_or_else(PoisonError::into_inner);
        if stopping.load(Ordering::SeqCst) || !matches!(child.try_wait(), Ok(Some(_))) {
            continue;
        }
        tracing::error!("the embedded PostgreSQL ended unexpectedly; starting it again");
        match start_once(cluster, stopping) {
            Ok(next) => *child = next,
            Err(error) => tracing::error!(error = format!("{error:#}"), "it could not be started"),
        }
    }
}

fn spawn(cluster: &Cluster) -> anyhow::Result<Child> {
    let log = File::options().create(true).append(true).open(&cluster.log)?;
    let mut command = Command::new("/bin/sh");
    command.args(["-c", WATCH, "coffret-postgres"]).arg(cluster.programs.path("postgres")).args(cluster.arguments());
    command.stdin(Stdio::piped()).stdout(log.try_clone()?).stderr(log).current_dir("/").process_group(0);
    hand_over(&mut command, cluster.owner).spawn().context("PostgreSQL cannot be started")
}

fn await_ready(cluster: &Cluster, child: &mut Child, stopping: &AtomicBool) -> anyhow::Result<()> {
    let url = format!("host='{}' user=coffret dbname=postgres connect_timeout=2", cluster.socket.display());
    let deadline = Instant::now() + START;
    while Instant::now() < deadline && !stopping.load(Ordering::SeqCst) {
        if PgConnection::establish(&url).is_ok() {
            return Ok(());
        }
        if let Some(status) = child.try_wait()? {
            let log = std::fs::read_to_string(&cluster.log).unwrap_or_default();
            let last: Vec<_> = log.lines().rev().take(3).collect();
            bail!("PostgreSQL ended with {status}: {}", last.into_iter().rev().collect::<Vec<_>>().join(" / "));
        }
        thread::sleep(TICK);
    }
    bail!("PostgreSQL was not ready after {} s; its log is {}", START.as_secs(), cluster.log.display())
}

/// A server left by a killed owner is already being stopped by its watch; wait for it, then insist.
fn await_end_of_predecessor(cluster: &Cluster, stopping: &AtomicBool) -> anyhow::Result<()> {
    let deadline = Instant::now() + STOP;
    let mut insisted = false;
    while let Some(pid) = cluster.postmaster_pid().filter(|&pid| runs(pid, &cluster.data)) {
        if stopping.load(Ordering::SeqCst) {
            bail!("asked to stop");
        }
        if Instant::now() > deadline {
            bail!("an earlier PostgreSQL (process {pid}) still uses {}", cluster.data.display());
        }
        if !insisted && Instant::now() + STOP > deadline + Duration::from_secs(2) {
            insisted = true;
            let mut stop = Command::new(cluster.programs.path("pg_ctl"));
            stop.arg("stop")
                .arg("-D")
                .arg(&cluster.data)
                .args(["-m", "fast", "-W"])
                .stdout(Stdio::null())
                .stderr(Stdio::null());
            let _ = hand_over(&mut stop, cluster.owner).current_dir("/").status();
        }
        thread::sleep(TICK);
    }
    Ok(())
}

/// True if a process id is the server of this very cluster, and not a later process with a number used again: the
/// server's working folder is its data.
fn runs(pid: u32, data: &Path) -> bool {
    match std::fs::read_link(format!("/proc/{pid}/cwd")) {
        Ok(folder) => folder == data,
        Err(_) => !Path::new("/proc/self").exists() && alive(pid),
    }
}

fn alive(pid: u32) -> bool {
    Command::new("kill").arg("-0").arg(pid.to_string()).stderr(Stdio::null()).status().is_ok_and(|s| s.success())
}
