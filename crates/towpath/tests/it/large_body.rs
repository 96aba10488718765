//! Bodies far larger than memory should hold: streamed both ways at constant memory, and counted to the byte.

use std::io::{Read as _, Write as _};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use crate::support::{Connection, Setup, Towpath, Upstream, eventually, get};

const GIB: u64 = 1 << 30;
const PART: usize = 1 << 20;
/// A start takes about 30 MiB; the rest is room for buffers, not for the body.
const RESIDENT_KIB_MAX: u64 = 150 << 10;

/// Watches the gateway's memory until dropped; `highest` tells the most it was.
struct Watch {
    highest: Arc<AtomicU64>,
    stop: Arc<AtomicBool>,
}

impl Watch {
    fn start(pid: u32) -> Self {
        let watch = Self {
            highest: Arc::default(),
            stop: Arc::default(),
        };
        let (highest, stop) = (Arc::clone(&watch.highest), Arc::clone(&watch.stop));
        std::thread::spawn(move || {
            while !stop.load(Ordering::Relaxed) {
                let status =
                    std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
                let line = status
                    .lines()
                    .find(|line| line.starts_with("VmRSS:"))
                    .unwrap_or_default();
                let kib = line
                    .split_whitespace()
                    .nth(1)
                    .and_then(|text| text.parse().ok())
                    .unwrap_or(0);
                highest.fetch_max(kib, Ordering::Relaxed);
                std::thread::sleep(Duration::from_millis(20));
            }
        });
        watch
    }

    fn highest_kib(&self) -> u64 {
        self.highest.load(Ordering::Relaxed)
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

fn bytes(towpath: &Towpath, column: &str) -> u64 {
    towpath.usage("operation")["total"][column]
        .as_u64()
        .unwrap()
}

#[test]
fn an_upload_of_one_gibibyte_is_streamed() {
    let (received, total) = mpsc::channel();
    let upstream = Upstream::raw(move |mut stream| {
        let mut part = vec![0; PART];
        let mut count = 0;
        let mut head = Vec::new();
        // The head ends with the first blank line; everything after it is body.
        while !head.ends_with(b"\r\n\r\n") {
            match stream.read(&mut part[..1]) {
                Ok(1) => head.push(part[0]),
                _ => return,
            }
        }
        let length = if head.starts_with(b"POST") { GIB } else { 0 };
        while count < length {
            match stream.read(&mut part) {
                Ok(read @ 1..) => count += read as u64,
                _ => break,
            }
        }
        let _ = received.send(count);
        let _ =
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    });
    let towpath = Setup::new(&upstream.url()).start();
    let watch = Watch::start(towpath.pid());

    let mut connection = Connection::open(towpath.gateway);
    connection.send(format!(
        "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: {GIB}\r\n\r\n"
    ));
    let part = vec![b'x'; PART];
    for _ in 0..GIB / PART as u64 {
        connection.stream.write_all(&part).unwrap();
    }
    assert_eq!(connection.answer().unwrap().status, 200);
    assert_eq!(total.recv().unwrap(), GIB);
    assert!(
        watch.highest_kib() < RESIDENT_KIB_MAX,
        "{} KiB",
        watch.highest_kib()
    );
    eventually("the bytes are counted", || {
        bytes(&towpath, "bytes_in") >= GIB
    });
    assert_eq!(get(towpath.gateway, "/next", &[]).status, 200);
}

#[test]
fn a_download_to_a_slow_reader_is_held_back_and_not_kept() {
    const LENGTH: u64 = GIB / 4;
    let upstream = Upstream::raw(|stream| {
        let mut connection = Connection::of(stream);
        let Some(head) = connection.head() else {
            return;
        };
        if head.contains("/next") {
            connection.send("HTTP/1.1 204 No Content\r\n\r\n");
            return;
        }
        connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        let part = [
            format!("{PART:x}\r\n").into_bytes(),
            vec![b'x'; PART],
            b"\r\n".to_vec(),
        ]
        .concat();
        for _ in 0..LENGTH / PART as u64 {
            connection.send(&part);
        }
        connection.send("0\r\n\r\n");
    });
    let towpath = Setup::new(&upstream.url()).start();
    let watch = Watch::start(towpath.pid());
    let mut connection = Connection::open(towpath.gateway);
    connection.send("GET /a HTTP/1.1\r\nHost: h\r\n\r\n");
    let head = connection.head().unwrap();
    // The upstream would fill the gateway's memory in this time if it were let.
    std::thread::sleep(Duration::from_secs(1));
    let (body, _) = connection.body(&head, true).unwrap();
    assert_eq!(body.len() as u64, LENGTH);
    assert!(
        watch.highest_kib() < RESIDENT_KIB_MAX,
        "{} KiB",
        watch.highest_kib()
    );
    eventually("the bytes are counted", || {
        bytes(&towpath, "bytes_out") >= LENGTH
    });
    assert_eq!(get(towpath.gateway, "/next", &[]).status, 204);
}
