//! The calls of the drill: sent through the gateway over real connections, each answer held against what was announced.

use std::net::SocketAddr;
use std::sync::Arc;

use adoption::Micros;
use adoption::rollout::{Segment, day};
use anyhow::Context as _;
use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use jiff::civil::Date;
use tokio::net::TcpStream;

use super::consumers::{Call, Consumer};

/// Connections at a time.
const WORKERS: usize = 8;
/// Failures of which all is told.
const TOLD_MAX: usize = 10;

/// What became of calls.
#[derive(Debug, Default, Clone)]
pub struct Outcomes {
    pub calls: u64,
    /// Refused by a brownout that was announced for the consumer.
    pub brownouts: u64,
    /// Of calls that touch what goes, the ones whose answers said so in headers.
    pub warned: u64,
    pub failed: u64,
    /// The first failures, in words.
    pub told: Vec<String>,
}

/// One consumer's call of one moment.
pub struct Planned {
    pub consumer: usize,
    pub number: u64,
}

/// What is announced at a moment: who may be refused.
#[derive(Debug, Clone, Default)]
pub struct Announced {
    /// Segments whose brownout runs.
    pub segments: Vec<String>,
    /// Segment of each consumer, by its place; `None` for the unconcerned.
    pub segment_of: Vec<Option<Segment>>,
}

impl Announced {
    fn may_refuse(&self, consumer: usize) -> bool {
        let segment = self.segment_of.get(consumer).copied().flatten();
        segment.is_some_and(|segment| self.segments.iter().any(|one| one == segment.as_str()))
    }
}

/// Sends all calls and waits for their answers.
pub async fn send_all(
    gateway: SocketAddr,
    consumers: &Arc<Vec<Consumer>>,
    planned: Vec<Planned>,
    announced: &Arc<Announced>,
    now: Micros,
) -> anyhow::Result<Outcomes> {
    let today = day::date_of(now);
    let mut batches: Vec<Vec<Planned>> = (0..WORKERS).map(|_| Vec::new()).collect();
    for (at, one) in planned.into_iter().enumerate() {
        batches[at % WORKERS].push(one);
    }
    let mut workers = tokio::task::JoinSet::new();
    for batch in batches.into_iter().filter(|batch| !batch.is_empty()) {
        let (consumers, announced) = (Arc::clone(consumers), Arc::clone(announced));
        workers
            .spawn(async move { send_batch(gateway, &consumers, batch, &announced, today).await });
    }
    let mut all = Outcomes::default();
    while let Some(done) = workers.join_next().await {
        all.add(done.context("a worker of the drill ended with a panic")??);
    }
    Ok(all)
}

impl Outcomes {
    pub fn add(&mut self, other: Self) {
        self.calls += other.calls;
        self.brownouts += other.brownouts;
        self.warned += other.warned;
        self.failed += other.failed;
        self.told.extend(other.told);
        self.told.truncate(TOLD_MAX);
    }
}

async fn send_batch(
    gateway: SocketAddr,
    consumers: &[Consumer],
    batch: Vec<Planned>,
    announced: &Announced,
    today: Date,
) -> anyhow::Result<Outcomes> {
    let stream = TcpStream::connect(gateway).await?;
    stream.set_nodelay(true)?;
    let (mut sender, connection) = http1::handshake::<_, Full<Bytes>>(TokioIo::new(stream)).await?;
    // Its end reaches us through the sender.
    tokio::spawn(async move { drop(connection.await) });
    let mut outcomes = Outcomes::default();
    for one in batch {
        let consumer = &consumers[one.consumer];
        let call = consumer.call(one.number, today);
        sender.ready().await?;
        let response = sender.send_request(request(consumer, &call)?).await?;
        let (head, body) = response.into_parts();
        let body = body.collect().await?.to_bytes();
        outcomes.calls += 1;
        outcomes.warned += u64::from(head.headers.contains_key("deprecation"));
        let text = String::from_utf8_lossy(&body);
        let is_success =
            head.status.is_success() && (!call.reads_total || text.contains("\"total\""));
        if is_success {
            continue;
        }
        let is_brownout = head.status == 410 && text.contains("\"brownout\"");
        if is_brownout && announced.may_refuse(one.consumer) {
            outcomes.brownouts += 1;
            continue;
        }
        outcomes.failed += 1;
        if outcomes.told.len() < TOLD_MAX {
            outcomes.told.push(format!(
                "{today} {} {} {}: {} {}",
                consumer.name,
                call.method,
                call.path,
                head.status.as_u16(),
                text.chars().take(160).collect::<String>()
            ));
        }
    }
    Ok(outcomes)
}

fn request(consumer: &Consumer, call: &Call) -> anyhow::Result<Request<Full<Bytes>>> {
    let mut request = Request::builder()
        .method(call.method)
        .uri(&call.path)
        .header("host", "orders.example")
        .header("user-agent", &consumer.user_agent)
        .header("authorization", format!("Bearer {}", consumer.key));
    if call.new {
        request = request.header("towpath-version", "2.0.0");
    }
    let body = match &call.body {
        Some(body) => {
            request = request.header("content-type", "application/json");
            Bytes::from(body.clone())
        }
        None => Bytes::new(),
    };
    Ok(request.body(Full::new(body))?)
}
