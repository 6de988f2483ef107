//! The table, and the same as JSON.
use serde_json::json;
use std::fmt::Write;

/// The measurements of one workload.
#[derive(Default)]
pub struct Row {
    pub workload: &'static str,
    pub rate: f64,
    pub p50: f64,
    pub p99: f64,
    pub yardstick: &'static str,
    pub yardstick_rate: f64,
    /// Ratios of the rounds.
    pub ratios: Vec<f64>,
    /// CPU seconds a second of server, client and the rest, which is PostgreSQL.
    pub cpu: [f64; 3],
    pub audit: String,
    pub note: String,
}

pub fn middle(numbers: &[f64]) -> f64 {
    let mut sorted = numbers.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}

fn ends(numbers: &[f64]) -> (f64, f64) {
    let least = numbers.iter().copied().fold(f64::NAN, f64::min);
    (least, numbers.iter().copied().fold(f64::NAN, f64::max))
}

pub fn print(rows: &[Row]) {
    println!(
        "| workload | ours /s | p50 ms | p99 ms | yardstick | its /s | ratio (min–max) \
         | CPU server client PG | audit | note |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|");
    for row in rows {
        let (least, most) = ends(&row.ratios);
        let mut line = format!(
            "| {} | {:.0} | {:.1} | {:.1} | {} | {:.0} |",
            row.workload, row.rate, row.p50, row.p99, row.yardstick, row.yardstick_rate
        );
        match row.ratios.is_empty() {
            true => line.push_str(" |"),
            false => write!(line, " **{:.2}** ({least:.2}–{most:.2}) |", middle(&row.ratios)).unwrap(),
        }
        let [server, client, rest] = row.cpu;
        println!("{line} {server:.2} {client:.2} {rest:.2} | {} | {} |", row.audit, row.note);
    }
}

pub fn json(rows: &[Row]) -> String {
    let row = |row: &Row| {
        let (min, max) = ends(&row.ratios);
        json!({ "workload": row.workload, "rate": row.rate, "p50_ms": row.p50, "p99_ms": row.p99,
                "yardstick": row.yardstick, "yardstick_rate": row.yardstick_rate,
                "ratio": { "median": middle(&row.ratios), "min": min, "max": max },
                "audit": row.audit, "note": row.note })
    };
    serde_json::to_string_pretty(&rows.iter().map(row).collect::<Vec<_>>()).unwrap()
}

/// CPU time used by the machine, by a process.
pub struct Cpu {
    all: f64,
    server: f64,
    client: f64,
    began: std::time::Instant,
    ids: Vec<u32>,
}

impl Cpu {
    pub fn start(servers: &[u32]) -> Self {
        let ids = servers.to_vec();
        Self {
            all: all(),
            server: ids.iter().map(|id| of(&id.to_string())).sum(),
            client: of("self"),
            began: std::time::Instant::now(),
            ids,
        }
    }

    pub fn stop(&self) -> [f64; 3] {
        let time = self.began.elapsed().as_secs_f64();
        let server = self.ids.iter().map(|id| of(&id.to_string())).sum::<f64>() - self.server;
        let client = of("self") - self.client;
        [server / time, client / time, (all() - self.all - server - client) / time]
    }
}

fn of(process: &str) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    let fields: Vec<_> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|f| f.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(11) + ticks(12)) / 100.0
}

fn all() -> f64 {
    let stat = std::fs::read_to_string("/proc/stat").unwrap();
    let fields: Vec<f64> =
        stat.lines().next().unwrap().split_whitespace().skip(1).map(|f| f.parse().unwrap()).collect();
    (fields[0] + fields[1] + fields[2] + fields[5] + fields[6]) / 100.0
}
