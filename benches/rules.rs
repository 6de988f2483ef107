//! Times the pure decisions: `cargo bench --bench rules`.
use coffret::measured::decisions;
use criterion::Criterion;
use std::hint::black_box;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    for (name, decide) in decisions() {
        criterion.bench_function(name, |bencher| bencher.iter(|| black_box(decide())));
    }
    criterion.final_summary();
}
