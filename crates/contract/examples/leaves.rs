//! Prints how many leaves each operation of a contract has, what was cut, and how long it took.
//!
//! `cargo run --release -p contract --example leaves -- FILE [LEAVES_MAX [DEPTH_MAX]]`

use std::error::Error;
use std::time::Instant;

use contract::leaves::{LeafLimits, tables};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().ok_or("name a contract")?;
    let mut limits = LeafLimits::default();
    if let Some(leaves) = arguments.next() {
        limits.leaves = leaves.parse()?;
    }
    if let Some(depth) = arguments.next() {
        limits.depth = depth.parse()?;
    }
    let source = contract::Source::read(&std::fs::read(&file)?, &file)?;
    let start = Instant::now();
    let tables = tables(&source, &limits);
    let took = start.elapsed();
    let count = |table: &contract::leaves::LeafTable| table.leaves.len();
    let mut counts: Vec<usize> = tables.iter().map(count).collect();
    counts.sort_unstable();
    let all: usize = counts.iter().sum();
    let full = counts
        .iter()
        .filter(|count| **count >= limits.leaves as usize);
    let plans: usize = tables
        .iter()
        .map(|table| serde_json::to_vec(&table.plan).map_or(0, |text| text.len()))
        .sum();
    println!(
        "{} operations, {all} leaves, median {}, most {}, {} full, plans of {} KB, {} ms",
        counts.len(),
        counts.get(counts.len() / 2).unwrap_or(&0),
        counts.last().unwrap_or(&0),
        full.count(),
        plans / 1024,
        took.as_millis(),
    );
    Ok(())
}
