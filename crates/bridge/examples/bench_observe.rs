//! Measures what observing a body costs in CPU time, beside serde_json reading the same bytes in the same rounds.
//!
//! `cargo run --release -p bridge --example bench_observe -- [rounds] [milliseconds per measurement]`

use std::error::Error;
use std::fmt::Write;
use std::hint::black_box;
use std::sync::Arc;
use std::{fs, io};

use bridge::observe::{Observer, Outcome, Plan, Table};
use serde::de::IgnoredAny;

type Failure = Box<dyn Error>;

/// As the gateway hands on what it reads.
const CHUNK_BYTES: usize = 16 * 1024;

const CONTRACT: &str = include_str!("payments.yaml");

/// A body, and what it is for.
struct Shape {
    name: &'static str,
    body: Vec<u8>,
}

/// CPU nanoseconds per body.
struct Cost {
    observed: f64,
    values: f64,
    ignored: f64,
}

fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let rounds: usize = arguments.next().map_or(Ok(9), |text| text.parse())?;
    let milliseconds: u64 = arguments.next().map_or(Ok(100), |text| text.parse())?;
    let table = Arc::new(table()?);
    println!(
        "{rounds} rounds of {milliseconds} ms CPU each; medians; chunks of {CHUNK_BYTES} bytes"
    );
    println!(
        "{:<22} {:>9} {:>6} {:>11} {:>8} {:>11} {:>13}",
        "body", "bytes", "seen", "us", "MB/s", "to Value", "to IgnoredAny"
    );
    let mut small_us = 0.0;
    let mut slowest = f64::INFINITY;
    for shape in shapes() {
        let seen = check(&table, &shape.body)?;
        let cost = measure(&table, &shape.body, rounds, milliseconds * 1_000_000)?;
        let speed = shape.body.len() as f64 / cost.observed * 1_000.0;
        println!(
            "{:<22} {:>9} {:>6} {:>11.2} {:>8.0} {:>10.1}x {:>12.1}x",
            shape.name,
            shape.body.len(),
            seen,
            cost.observed / 1_000.0,
            speed,
            cost.values / cost.observed,
            cost.ignored / cost.observed,
        );
        match shape.body.len() < 10_000 {
            true => {
                small_us = f64::max(
                    small_us,
                    cost.observed / 1_000.0 * 2_048.0 / shape.body.len() as f64,
                )
            }
            false => slowest = slowest.min(speed),
        }
    }
    println!("x: times the CPU time that serde_json takes for the same bytes");
    println!("{{\"us_per_2kb\":{small_us:.2},\"mb_per_s\":{slowest:.0}}}");
    Ok(())
}

fn table() -> Result<Table, Failure> {
    let source = contract::Source::read(CONTRACT.as_bytes(), "payments.yaml")?;
    let leaves = contract::leaves::tables(&source, &contract::leaves::LeafLimits::default());
    let plan = serde_json::to_string(&leaves[0].plan)?;
    Ok(Table::compile(&serde_json::from_str::<Plan>(&plan)?)?)
}

fn check(table: &Arc<Table>, body: &[u8]) -> Result<u32, Failure> {
    let mut observer = Observer::request(Arc::clone(table), Some(b"application/json"));
    observer.feed(body);
    let observation = observer.finish();
    match observation.outcome {
        Outcome::Complete => Ok(observation.bits.len()),
        outcome => Err(outcome.as_str().into()),
    }
}

/// The three are measured one after the other in every round, so that a busy machine is busy for all.
fn measure(
    table: &Arc<Table>,
    body: &[u8],
    rounds: usize,
    nanoseconds: u64,
) -> Result<Cost, Failure> {
    let mut costs = [const { Vec::new() }; 3];
    for _ in 0..rounds {
        costs[0].push(per_run(nanoseconds, || {
            let mut observer = Observer::request(Arc::clone(table), Some(b"application/json"));
            for chunk in black_box(body).chunks(CHUNK_BYTES) {
                observer.feed(chunk);
            }
            black_box(observer.finish());
        })?);
        costs[1].push(per_run(nanoseconds, || {
            black_box(serde_json::from_slice::<serde_json::Value>(black_box(body)).is_ok());
        })?);
        costs[2].push(per_run(nanoseconds, || {
            black_box(serde_json::from_slice::<IgnoredAny>(black_box(body)).is_ok());
        })?);
    }
    let [observed, values, ignored] = costs.map(|mut all| {
        all.sort_by(f64::total_cmp);
        all[all.len() / 2]
    });
    Ok(Cost {
        observed,
        values,
        ignored,
    })
}

fn per_run(nanoseconds: u64, mut run: impl FnMut()) -> io::Result<f64> {
    let mut batch = 1_u64;
    loop {
        let start = cpu_ns()?;
        for _ in 0..batch {
            run();
        }
        let spent = cpu_ns()? - start;
        if spent >= nanoseconds {
            return Ok(spent as f64 / batch as f64);
        }
        batch = match spent {
            0 => batch * 10,
            spent => (batch * nanoseconds / spent + 1)
                .min(batch * 10)
                .max(batch + 1),
        };
    }
}

/// CPU time of this thread so far, by the scheduler.
fn cpu_ns() -> io::Result<u64> {
    let text = fs::read_to_string("/proc/thread-self/schedstat")?;
    let first = text.split_whitespace().next();
    first
        .and_then(|ns| ns.parse().ok())
        .ok_or_else(|| io::Error::other("the scheduler counts no CPU time"))
}

fn shapes() -> Vec<Shape> {
    let list = |bytes: usize, element: &dyn Fn(usize) -> String| {
        let mut text = String::from("{\"payments\":[");
        for at in 0.. {
            text += &element(at);
            if text.len() > bytes {
                break;
            }
            text.push(',');
        }
        text + "]}"
    };
    let megabyte = 1024 * 1024;
    let payments = list(megabyte, &|at| payment(at, 1));
    let pretty = serde_json::from_str::<serde_json::Value>(&payment(1, 5))
        .and_then(|value| serde_json::to_string_pretty(&value));
    let small = list(megabyte, &|at| {
        format!("{{\"id\":\"p{at}\",\"amount\":{{\"value\":{at},\"currency\":\"EUR\"}}}}")
    });
    let numbers = list(megabyte, &|at| {
        format!("{{\"scores\":[{at},{}.5,-{at}e3,0]}}", at * 7)
    });
    let text = "The quick brown fox jumps over the lazy dog, again and again. ".repeat(60);
    let strings = list(megabyte, &|at| {
        format!("{{\"id\":\"p{at}\",\"description\":\"{text}\"}}")
    });
    let unknown = list(megabyte, &|at| {
        format!("{{\"x_{at}\":{{\"y\":[{at},\"z\\n\"],\"w\":null}}}}")
    });
    [
        ("2 KB payment", payment(1, 5)),
        ("2 KB payment, indented", pretty.unwrap_or_default()),
        ("1 MB of payments", payments),
        ("1 MB of small objects", small),
        ("1 MB of numbers", numbers),
        ("1 MB of long strings", strings),
        ("1 MB of unknown names", unknown),
    ]
    .map(|(name, body)| Shape {
        name,
        body: body.into_bytes(),
    })
    .into()
}

fn payment(number: usize, lines: usize) -> String {
    let mut text = format!(
        "{{\"id\":\"pay_{number:012}\",\"amount\":{{\"value\":{},\"currency\":\"EUR\"}},\"method\":\"card\",\
         \"card\":{{\"number\":\"tok_4f9a8b7c6d5e\",\"expiry_month\":12,\"expiry_year\":2031,\"holder\":\"Ada Example\",\
         \"billing_address\":{{\"line1\":\"Canal Street 12\",\"city\":\"Utrecht\",\"postal_code\":\"3511 AB\",\"country\":\"NL\"}}}},\
         \"capture\":true,\"description\":\"Order {number} of the spring catalogue, shipped in two parcels\",\
         \"customer\":{{\"id\":\"cus_{number}\",\"email\":\"ada@example.com\",\"phone\":\"+31201234567\",\"locale\":\"nl-NL\"}},\
         \"metadata\":{{\"cart\":\"c-{number}\",\"campaign\":\"spring\",\"note\":\"line one\\nline two\"}},\"lines\":[",
        number * 17 + 995
    );
    for line in 0..lines {
        let comma = if line > 0 { "," } else { "" };
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            "{comma}{{\"sku\":\"SKU-{line:05}\",\"name\":\"Towing rope, {line} metres, blue\",\"quantity\":{},\
             \"unit_price\":{{\"value\":{},\"currency\":\"EUR\"}},\"tax_rate\":0.21,\"category\":\"rope\",\"fragile\":false}}",
            line + 1,
            line * 250 + 99
        );
    }
    text + "],\"return_url\":\"https://shop.example.com/return?order=1\",\"idempotency_key\":\"0f8fad5b-d9cb-469f-a165-70867728950e\",\
            \"three_d_secure\":{\"version\":\"2.2.0\",\"challenge\":\"automatic\",\"exemption\":null}}"
}
