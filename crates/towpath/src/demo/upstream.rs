//! The sample upstream: serves the payments contract over HTTP/1.1 and counts every request that it receives.

mod answers;
mod exchange;
mod problems;
mod reply;

use std::collections::HashMap;
use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

pub use exchange::cursor;

use super::operations::Operation;
use exchange::{Answer, Content, Question};
use reply::Reply;

/// The largest request of the contract is far below this.
const BODY_BYTES_LIMIT: usize = 64 * 1024;

/// How many requests arrived: by the gateway's word on the consumer (the text of `X-Consumer-Id`, empty when
/// absent) and by operation (`None` for a path or method that the contract does not have).
pub type Received = HashMap<(String, Option<Operation>), u64>;

/// A running sample upstream on its own thread.
pub struct Upstream {
    addr: SocketAddr,
    received: Arc<Mutex<Received>>,
    stop: oneshot::Sender<()>,
    thread: JoinHandle<()>,
}

impl Upstream {
    /// Starts on a free loopback port. Errors: no port, no thread.
    pub fn start() -> io::Result<Self> {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let addr = listener.local_addr()?;
        let received = Arc::new(Mutex::new(Received::new()));
        let (stop, stopped) = oneshot::channel();

        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let counts = Arc::clone(&received);
        let thread = std::thread::Builder::new()
            .name("demo-upstream".to_owned())
            .spawn(move || {
                runtime.block_on(async move {
                    // Ending the runtime ends the connections.
                    tokio::select! {
                        result = serve(listener, counts) => {
                            if let Err(error) = result {
                                tracing::error!(%error, "the sample upstream stopped");
                            }
                        }
                        _ = stopped => {}
                    }
                });
            })?;
        Ok(Self {
            addr,
            received,
            stop,
            thread,
        })
    }

    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// All requests so far.
    pub fn received(&self) -> Received {
        self.received
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Breaks off what is still open.
    pub fn stop(self) {
        // The thread may have ended by itself; then nobody listens and the join returns at once.
        let _ = self.stop.send(());
        let _ = self.thread.join();
    }
}

async fn serve(listener: std::net::TcpListener, counts: Arc<Mutex<Received>>) -> io::Result<()> {
    let listener = TcpListener::from_std(listener)?;
    loop {
        // A failing accept is about one connection (or no file handle left): the others go on.
        match listener.accept().await {
            Ok((stream, _)) => drop(tokio::spawn(serve_connection(stream, Arc::clone(&counts)))),
            Err(error) => {
                tracing::warn!(%error, "the sample upstream could not accept a connection");
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            }
        }
    }
}

/// Serves until the other side closes: never ends an idle connection by itself, so that a request is lost only by a fault.
async fn serve_connection(stream: TcpStream, counts: Arc<Mutex<Received>>) {
    let _ = stream.set_nodelay(true);
    let service = service_fn(|request| respond(request, &counts));
    let connection = http1::Builder::new()
        .header_read_timeout(None)
        .serve_connection(TokioIo::new(stream), service);
    if let Err(error) = connection.await {
        // Expected whenever a consumer leaves a stream.
        tracing::debug!(%error, "a connection of the sample upstream ended early");
    }
}

async fn respond(
    request: Request<Incoming>,
    counts: &Mutex<Received>,
) -> Result<Response<Reply>, Infallible> {
    let (head, body) = request.into_parts();
    let consumer = text(&head.headers, "x-consumer-id")
        .unwrap_or_default()
        .to_owned();
    let operation =
        Operation::route(head.method.as_str(), head.uri.path()).map(|(operation, _)| operation);
    *counts
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .entry((consumer, operation))
        .or_default() += 1;

    let body = match Limited::new(body, BODY_BYTES_LIMIT).collect().await {
        Ok(body) => body.to_bytes(),
        Err(_) => return Ok(bare(StatusCode::BAD_REQUEST)),
    };
    let answer = answers::answer(&Question {
        method: head.method.as_str(),
        path: head.uri.path(),
        query: head.uri.query().unwrap_or_default(),
        idempotency_key: text(&head.headers, "idempotency-key"),
        last_event_id: text(&head.headers, "last-event-id"),
        body: &body,
    });
    tokio::time::sleep(answer.delay).await;
    Ok(response(answer))
}

fn response(answer: Answer) -> Response<Reply> {
    let (content_type, reply) = match answer.content {
        Content::Empty => (None, Reply::whole(Vec::new())),
        Content::Json(json) => (Some("application/json"), Reply::whole(json)),
        Content::Problem(json) => (Some("application/problem+json"), Reply::whole(json)),
        Content::Export { month } => (Some("application/x-ndjson"), Reply::export(month)),
        Content::Events { after } => (Some("text/event-stream"), Reply::events(after)),
    };

    let mut response = Response::new(reply);
    *response.status_mut() =
        StatusCode::from_u16(answer.status).expect("every status here is one of HTTP's");
    let headers = response.headers_mut();
    if let Some(content_type) = content_type {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    }
    let location = answer
        .location
        .and_then(|location| HeaderValue::from_str(&location).ok());
    let retry_after = answer.retry_after_seconds.map(HeaderValue::from);
    let optional: [(HeaderName, Option<HeaderValue>); 2] = [
        (header::LOCATION, location),
        (header::RETRY_AFTER, retry_after),
    ];
    for (name, value) in optional {
        if let Some(value) = value {
            headers.insert(name, value);
        }
    }
    response
}

fn bare(status: StatusCode) -> Response<Reply> {
    let mut response = Response::new(Reply::whole(Vec::new()));
    *response.status_mut() = status;
    response
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}
