//! Both ends of a gateway measurement: `respond` is a minimal upstream, `load` a paced open-loop client.
//!
//! `bench_peer respond ADDR` answers every request head with the same 100-byte JSON body.
//! `bench_peer load ADDR RATE SECONDS CONNECTIONS HEADER PATH...` sends RATE requests a second in all
//! and prints one line of JSON with latencies in microseconds.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n\
{\"id\":\"pay_000000000001\",\"status\":\"settled\",\"amount\":12900,\"currency\":\"EUR\",\"method\":\"card_visa_12\"}";
const HEAD_END: &[u8] = b"\r\n\r\n";

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["respond", addr] => respond(addr.parse()?),
        ["load", addr, rate, seconds, connections, header, paths @ ..] if !paths.is_empty() => {
            load(&Load {
                addr: addr.parse()?,
                rate: rate.parse()?,
                seconds: seconds.parse()?,
                connections: connections.parse()?,
                requests: paths.iter().map(|path| request(path, header)).collect(),
            })
        }
        _ => bail!(
            "usage: bench_peer respond ADDR | load ADDR RATE SECONDS CONNECTIONS HEADER PATH..."
        ),
    }
}

fn request(path: &str, header: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: bench.example\r\n{header}\r\n\r\n").into_bytes()
}

fn respond(addr: SocketAddr) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(addr).await?;
        loop {
            let (stream, _) = listener.accept().await?;
            tokio::spawn(answer_all(stream));
        }
    })
}

/// One answer per blank line; request bodies are not expected.
async fn answer_all(mut stream: tokio::net::TcpStream) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut buffer = [0; 16 * 1024];
    let mut matched = 0;
    loop {
        let length = stream.read(&mut buffer).await?;
        if length == 0 {
            return Ok(());
        }
        for byte in &buffer[..length] {
            matched = if *byte == HEAD_END[matched] {
                matched + 1
            } else {
                usize::from(*byte == b'\r')
            };
            if matched == HEAD_END.len() {
                matched = 0;
                stream.write_all(ANSWER).await?;
            }
        }
    }
}

struct Load {
    addr: SocketAddr,
    /// Requests a second over all connections.
    rate: f64,
    seconds: f64,
    connections: u32,
    /// Sent in turn by every connection.
    requests: Vec<Vec<u8>>,
}

fn load(load: &Load) -> anyhow::Result<()> {
    ensure!(
        load.rate > 0.0 && load.seconds > 0.0 && load.connections > 0,
        "nothing to send"
    );
    let start = Instant::now() + Duration::from_millis(100);
    let results: Vec<anyhow::Result<Vec<Duration>>> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..load.connections)
            .map(|index| scope.spawn(move || one_connection(load, index, start)))
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().expect("a connection thread does not panic"))
            .collect()
    });
    let mut latencies = Vec::new();
    let mut broken = 0;
    for result in results {
        match result {
            Ok(own) => latencies.extend(own),
            Err(error) => {
                broken += 1;
                eprintln!("{error:#}");
            }
        }
    }
    latencies.sort_unstable();
    let at = |share: f64| {
        let rank =
            ((latencies.len() as f64 * share) as usize).min(latencies.len().saturating_sub(1));
        latencies
            .get(rank)
            .map_or(0.0, |latency| latency.as_nanos() as f64 / 1000.0)
    };
    println!(
        r#"{{"requests":{},"broken_connections":{broken},"p50_us":{:.1},"p90_us":{:.1},"p99_us":{:.1},"max_us":{:.1}}}"#,
        latencies.len(),
        at(0.5),
        at(0.9),
        at(0.99),
        at(1.0)
    );
    ensure!(broken == 0, "{broken} connections broke");
    Ok(())
}

/// A late answer delays the next request and is counted against it; waking up late is the clock's fault and is not.
fn one_connection(load: &Load, index: u32, start: Instant) -> anyhow::Result<Vec<Duration>> {
    let mut stream =
        TcpStream::connect(load.addr).with_context(|| format!("connect to {}", load.addr))?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let interval = Duration::from_secs_f64(f64::from(load.connections) / load.rate);
    let end = start + Duration::from_secs_f64(load.seconds);
    let mut due = start + interval.mul_f64(f64::from(index) / f64::from(load.connections));
    let mut latencies = Vec::with_capacity((load.seconds / interval.as_secs_f64()) as usize + 1);
    let mut requests = load.requests.iter().cycle().skip(index as usize);
    while due < end {
        let now = Instant::now();
        let sent = if now < due {
            std::thread::sleep(due - now);
            Instant::now()
        } else {
            due
        };
        stream.write_all(requests.next().expect("a cycle of at least one request"))?;
        read_answer(&mut stream)?;
        latencies.push(sent.elapsed());
        due += interval;
    }
    Ok(latencies)
}

/// Reads one response with Content-Length and checks that it is a 200.
fn read_answer(stream: &mut TcpStream) -> anyhow::Result<()> {
    let mut buffer = [0; 8 * 1024];
    let mut filled = 0;
    loop {
        ensure!(
            filled < buffer.len(),
            "the answer is longer than {} bytes",
            buffer.len()
        );
        let read = stream
            .read(&mut buffer[filled..])
            .context("read the answer")?;
        ensure!(read > 0, "the connection closed in the middle of an answer");
        filled += read;
        let Some(head) = buffer[..filled]
            .windows(4)
            .position(|window| window == HEAD_END)
        else {
            continue;
        };
        let text = std::str::from_utf8(&buffer[..head])?;
        ensure!(
            text.starts_with("HTTP/1.1 200 "),
            "unexpected answer {:?}",
            text.lines().next()
        );
        let length = text
            .lines()
            .filter_map(|line| line.split_once(':'))
            .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
            .context("an answer without Content-Length")?
            .1
            .trim()
            .parse::<usize>()?;
        if filled >= head + 4 + length {
            return Ok(());
        }
    }
}
