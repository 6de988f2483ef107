//! The whole server against PostgreSQL's own limit: `cargo bench --bench load -- [--only NAME,NAME] [--seconds N]
//! [--rounds N] [--profile S|M|L] [--json FILE]`. Everything is durable, started here and stopped here; our rate and
//! the yardstick's are measured in turns, and what counts is their ratio.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a benchmark that cannot go on stops"
)]

mod brand;
mod client;
mod extremes;
mod import;
mod priced;
mod report;
mod search;
mod server;
mod work;
mod yard;

use report::Row;
use std::{path::PathBuf, time::Duration};

/// The options of the command line.
pub struct Options {
    only: Option<Vec<String>>,
    /// Time of one measurement.
    pub time: Duration,
    /// Times that ours and the yardstick take turns.
    pub rounds: usize,
    profile: String,
    json: Option<PathBuf>,
}

impl Options {
    fn read() -> Self {
        let mut options = Self { only: None, time: Duration::from_secs(5), rounds: 3, profile: "M".into(), json: None };
        let mut words = std::env::args().skip(1).filter(|word| word != "--bench");
        while let Some(name) = words.next() {
            let mut value = || words.next().unwrap_or_else(|| panic!("{name} needs a value"));
            match name.as_str() {
                "--only" => options.only = Some(value().split(',').map(str::to_owned).collect()),
                "--seconds" => options.time = Duration::from_secs(value().parse().expect("--seconds needs a number")),
                "--rounds" => options.rounds = value().parse().expect("--rounds needs a number"),
                "--profile" => options.profile = value(),
                "--json" => options.json = Some(value().into()),
                other => panic!("{other} is not known; see the head of benches/load/main.rs"),
            }
        }
        options
    }

    /// True if a workload was asked for by name.
    pub fn is_named(&self, name: &str) -> bool {
        self.only.as_ref().is_some_and(|only| only.iter().any(|wanted| wanted == name))
    }

    fn wants(&self, name: &str) -> bool {
        self.only.as_ref().is_none_or(|only| only.iter().any(|wanted| wanted == name))
    }
}

fn main() {
    let options = Options::read();
    let brand = brand::Brand::open(&options.profile);
    let mut rows: Vec<Row> = vec![];
    for (name, measure) in work::ALL {
        if options.wants(name) {
            eprintln!("measuring {name}");
            rows.push(measure(name, &brand, &options));
            report::print(&rows[rows.len() - 1..]);
        }
    }
    println!();
    report::print(&rows);
    if let Some(file) = &options.json {
        std::fs::write(file, report::json(&rows)).expect("the report cannot be written");
    }
}
