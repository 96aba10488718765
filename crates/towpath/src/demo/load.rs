//! Runs the cast against the gateway: every consumer follows its schedule until the load is stopped.

use std::io;
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use adoption::{ConsumerId, SurfaceId};
use bytes::Bytes;
use http::Request;
use http_body_util::Full;
use tokio::sync::{oneshot, watch};
use tokio::task::{JoinSet, LocalSet};
use tokio::time::Instant;

use super::cast::{Character, SignIn, Wire};
use super::client::{Answer, Client};
use super::operations::Operation;
use super::schedule::Schedule;
use super::tally::{Cell, Tally, metered_operation};
use super::traces::{Call, End, Target};

/// Pieces of work that one consumer has under way at most: three times the largest burst.
const WORK_MAX: usize = 150;
/// How long calls under way may take to end after the stop. The slowest answer of the sample API takes under a second.
const STOP_LIMIT: Duration = Duration::from_secs(15);

/// A consumer that is ready to call.
#[derive(Debug, Clone)]
pub struct Guest {
    pub character: &'static Character,
    /// The key that it sends, if it sends one.
    pub key: Option<String>,
    /// Whom the meter will record.
    pub consumer: ConsumerId,
}

/// What the load runs against.
#[derive(Debug, Clone)]
pub struct Plan {
    pub gateway: SocketAddr,
    pub surface: SurfaceId,
    pub guests: Vec<Guest>,
    pub seed: u64,
    /// Multiplies how much every consumer does.
    pub rate: f64,
}

/// The running load, on its own thread.
pub struct Load {
    stop: watch::Sender<bool>,
    ended: oneshot::Receiver<()>,
}

impl Load {
    /// Starts all consumers. Every response head is counted in `tally`. Errors: no thread.
    pub fn start(plan: Plan, tally: Arc<Tally>) -> io::Result<Self> {
        let (stop, stopped) = watch::channel(false);
        let (end, ended) = oneshot::channel();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        std::thread::Builder::new()
            .name("demo-load".to_owned())
            .spawn(move || {
                runtime.block_on(LocalSet::new().run_until(run(plan, tally, stopped)));
                // Nobody listens when the demo itself was broken off.
                let _ = end.send(());
            })?;
        Ok(Self { stop, ended })
    }

    /// Begins no more calls and waits until every call under way has ended; event streams are left.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        // An error means that the load's thread is gone, so it has ended.
        let _ = self.ended.await;
    }
}

async fn run(plan: Plan, tally: Arc<Tally>, stopped: watch::Receiver<bool>) {
    let start = Instant::now();
    let mut consumers = JoinSet::new();
    for guest in plan.guests {
        let schedule = Schedule::new(guest.character, plan.seed, plan.rate);
        let consumer = Rc::new(Consumer {
            client: Client::new(plan.gateway, guest.character.wire),
            guest,
            gateway: plan.gateway,
            surface: plan.surface,
            tally: Arc::clone(&tally),
            stopped: stopped.clone(),
        });
        consumers.spawn_local(follow(consumer, schedule, start));
    }

    let mut stopped = stopped;
    // The sender lives as long as the demo; its end is a stop as well.
    let _ = stopped.wait_for(|stop| *stop).await;
    let ended = tokio::time::timeout(STOP_LIMIT, async {
        while consumers.join_next().await.is_some() {}
    })
    .await;
    if ended.is_err() {
        tally.unanswered(format!(
            "no response within {} s of the stop",
            STOP_LIMIT.as_secs()
        ));
    }
}

/// One consumer at work.
struct Consumer {
    client: Client,
    guest: Guest,
    gateway: SocketAddr,
    surface: SurfaceId,
    tally: Arc<Tally>,
    stopped: watch::Receiver<bool>,
}

/// Begins every piece of work at its time, and waits for those under way in the end.
async fn follow(consumer: Rc<Consumer>, schedule: Schedule, start: Instant) {
    let mut work = JoinSet::new();
    for arrival in schedule {
        if !consumer.waits_until(start + arrival.at).await {
            break;
        }
        while work.try_join_next().is_some() {}
        if work.len() >= WORK_MAX {
            work.join_next().await;
        }
        work.spawn_local(Rc::clone(&consumer).work(arrival.calls));
    }
    while work.join_next().await.is_some() {}
}

impl Consumer {
    /// Whether the consumer may go on; `false` as soon as the load is stopped.
    async fn waits_until(&self, instant: Instant) -> bool {
        tokio::select! {
            biased;
            () = self.stop() => false,
            () = tokio::time::sleep_until(instant) => true,
        }
    }

    async fn stop(&self) {
        // The sender lives as long as the demo; its end is a stop as well.
        let _ = self.stopped.clone().wait_for(|stop| *stop).await;
    }

    async fn work(self: Rc<Self>, calls: Vec<Call>) {
        for call in calls {
            if !self.waits_until(Instant::now() + call.pause).await {
                return;
            }
            self.call(call).await;
        }
    }

    async fn call(&self, call: Call) {
        let (target, end) = (call.target, call.end);
        let answer = match self.client.send(self.request(call)).await {
            Ok(answer) => answer,
            Err(error) => return self.tally.unanswered(with_causes(&error)),
        };
        let cell = Cell {
            consumer: self.guest.consumer,
            operation: metered_operation(self.surface, target),
        };
        let announces_deprecation = answer.response.headers().contains_key("deprecation");
        self.tally.answered(
            cell,
            answer.response.status().as_u16(),
            announces_deprecation,
        );

        let streams = target == Target::Operation(Operation::StreamEvents);
        if streams {
            self.tally.stream_opened();
        }
        match end {
            End::Read => self.read(answer).await,
            End::Leave(after) => tokio::select! {
                () = self.read(answer) => {}
                // Dropping the answer leaves it.
                _ = self.waits_until(Instant::now() + after) => {}
            },
        }
        if streams {
            self.tally.stream_closed();
        }
    }

    async fn read(&self, answer: Answer<'_>) {
        if let Err(error) = answer.read().await {
            self.tally.cut_short(with_causes(&error));
        }
    }

    fn request(&self, call: Call) -> Request<Full<Bytes>> {
        let (uri, host) = match self.guest.character.wire {
            Wire::Http1 => (call.path, Some(self.gateway.to_string())),
            // HTTP/2 names the host in the target.
            Wire::Http2 => (format!("http://{}{}", self.gateway, call.path), None),
        };
        let (credential, value) = match (self.guest.character.sign_in, &self.guest.key) {
            (SignIn::ApiKeyHeader, Some(key)) => ("x-api-key", Some(key.clone())),
            (_, key) => (
                "authorization",
                key.as_ref().map(|key| format!("Bearer {key}")),
            ),
        };
        let content_type = call.body.is_some().then(|| "application/json".to_owned());
        let optional = [
            ("host", host),
            (credential, value),
            ("content-type", content_type),
            ("idempotency-key", call.idempotency_key),
        ];

        let mut request = Request::builder()
            .method(call.method)
            .uri(uri)
            .header("user-agent", self.guest.character.user_agent)
            .header("accept", "*/*");
        for (name, value) in optional {
            if let Some(value) = value {
                request = request.header(name, value);
            }
        }
        request
            .body(Full::from(call.body.unwrap_or_default()))
            .expect("the cast only makes valid requests")
    }
}

/// An error with all its causes, as one line.
fn with_causes(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}
