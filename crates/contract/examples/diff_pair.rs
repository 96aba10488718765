//! Reads and compares two contracts and prints what it took: `diff_pair BASE REVISION`.

use std::collections::BTreeMap;
use std::time::Instant;

use contract::{DiffOptions, Level, Source, diff};

fn main() {
    let names: Vec<String> = std::env::args().skip(1).collect();
    let [base, revision] = names.as_slice() else {
        eprintln!("usage: diff_pair BASE REVISION");
        std::process::exit(2);
    };
    let start = Instant::now();
    let read = |name: &String| {
        let bytes = std::fs::read(name).expect("the file can be read");
        Source::read(&bytes, name).expect("the file is JSON or YAML")
    };
    let (base, revision) = (read(base), read(revision));
    let read_ms = start.elapsed().as_millis();
    let options = DiffOptions::new(jiff::Zoned::now().date());
    let start = Instant::now();
    let diff = diff(&base, &revision, &options);
    let diff_ms = start.elapsed().as_millis();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for change in &diff.changes {
        *counts.entry(change.id).or_default() += 1;
    }
    for (id, count) in &counts {
        println!("{count:6} {id}");
    }
    for level in [Level::Error, Level::Warning, Level::Info] {
        println!("{}: {}", level.as_str(), diff.count(level));
    }
    println!("{{\"read_ms\":{read_ms},\"diff_ms\":{diff_ms}}}");
}
