//! Whole connections over a pipe: answers come in order, whole, and before the end.

use std::net::{IpAddr, Ipv4Addr};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::time::Duration;

use arc_swap::ArcSwap;
use meter::{Journal, JournalConfig, SystemClock};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::sync::Notify;

use super::serve_http1;
use crate::config::GatewayConfig;
use crate::connection::Connection;
use crate::front::FrontLimits;
use crate::front_io::FrontIo;
use crate::shared::{Connections, Shared};
use crate::snapshot::Snapshot;
use crate::worker::{Worker, WorkerParts};

/// Nothing here takes this long unless it never ends.
const PATIENCE: Duration = Duration::from_secs(20);

fn worker(journal: &Journal) -> Worker {
    Worker::new(WorkerParts {
        config: Arc::new(GatewayConfig::default()),
        shared: Arc::new(Shared {
            snapshot: ArcSwap::from_pointee(Snapshot::default()),
            swaps: AtomicU64::new(1),
            server_tls: None,
            draining: AtomicBool::new(false),
            stopped: Notify::new(),
            connections: Connections::default(),
        }),
        clock: Arc::new(SystemClock),
        lane: journal.lane(0).unwrap(),
        stats: Arc::default(),
        tls: Arc::default(),
        front_limits: FrontLimits::default(),
        seed: [1, 2],
    })
}

/// What `consumer` makes of a connection to a gateway without surfaces, which answers 404 to everything. The pipe holds
/// `pipe_bytes` each way.
fn talk<F>(pipe_bytes: usize, consumer: impl FnOnce(DuplexStream) -> F) -> String
where
    F: Future<Output = Vec<u8>>,
{
    let folder = tempfile::tempdir().unwrap();
    let config = JournalConfig {
        segment_bytes: 64 << 10,
        spare_bytes: 64 << 10,
        spare_bytes_max: 64 << 10,
        leave_free_bytes: 0,
        ..JournalConfig::new(folder.path().to_owned())
    };
    let journal = Journal::open(config, Arc::new(SystemClock)).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build_local(tokio::runtime::LocalOptions::default())
        .unwrap();
    let seen = runtime.block_on(async {
        let worker = Rc::new(worker(&journal));
        let (near, far) = tokio::io::duplex(pipe_bytes);
        tokio::task::spawn_local(async move {
            let peer = IpAddr::V4(Ipv4Addr::LOCALHOST);
            let connection = Rc::new(Connection::new(peer, false, false));
            let io = FrontIo::new(far, &worker, Rc::clone(&connection));
            serve_http1(&worker, connection, io).await;
        });
        tokio::time::timeout(PATIENCE, consumer(near))
            .await
            .unwrap()
    });
    String::from_utf8(seen).unwrap()
}

fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: a\r\n\r\n")
}

/// Reads until `answers` whole answers have come.
async fn read_answers(stream: &mut DuplexStream, answers: usize) -> Vec<u8> {
    let mut seen = Vec::new();
    while String::from_utf8_lossy(&seen).matches("\"origin\"").count() < answers
        || seen.last() != Some(&b'}')
    {
        let n = stream.read_buf(&mut seen).await.unwrap();
        assert!(n > 0, "ended after {}", seen.escape_ascii());
    }
    seen
}

#[test]
fn answers_to_requests_in_one_write_come_in_order_before_the_end() {
    let seen = talk(64 * 1024, |mut stream| async move {
        let requests = [get("/1"), get("/2"), get("/3")].concat();
        stream.write_all(requests.as_bytes()).await.unwrap();
        stream.shutdown().await.unwrap();
        let mut seen = Vec::new();
        stream.read_to_end(&mut seen).await.unwrap();
        seen
    });
    assert_eq!(seen.matches("HTTP/1.1 404 Not Found\r\n").count(), 3);
    assert_eq!(seen.matches("\"surface_unknown\"").count(), 3);
    assert!(seen.ends_with('}'));
}

#[test]
fn a_consumer_that_reads_slowly_gets_all_and_may_go_on() {
    let seen = talk(16, |mut stream| async move {
        let mut seen = Vec::new();
        for path in ["/1", "/2"] {
            stream.write_all(get(path).as_bytes()).await.unwrap();
            seen.extend(read_answers(&mut stream, 1).await);
        }
        seen
    });
    assert_eq!(seen.matches("\"surface_unknown\"").count(), 2);
}

#[test]
fn a_last_answer_comes_behind_those_before_it() {
    let seen = talk(64 * 1024, |mut stream| async move {
        let last = "GET /2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
        let requests = get("/1") + last;
        stream.write_all(requests.as_bytes()).await.unwrap();
        let mut seen = Vec::new();
        stream.read_to_end(&mut seen).await.unwrap();
        seen
    });
    assert_eq!(seen.matches("\"surface_unknown\"").count(), 2);
    assert_eq!(seen.matches("connection: close\r\n").count(), 1);
    assert!(seen.find("connection: close").unwrap() > seen.find("\"surface_unknown\"").unwrap());
}

#[test]
fn a_body_that_is_refused_unread_is_not_asked_for() {
    let seen = talk(64 * 1024, |mut stream| async move {
        let expects =
            "POST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n";
        let requests = get("/1") + expects;
        stream.write_all(requests.as_bytes()).await.unwrap();
        let mut seen = Vec::new();
        stream.read_to_end(&mut seen).await.unwrap();
        seen
    });
    assert_eq!(seen.matches("\"surface_unknown\"").count(), 2);
    assert!(!seen.contains("100 Continue"));
}
