//! Sends one request upstream: takes or opens a connection, waits for the response head, retries where that is safe.

use std::borrow::Cow;
use std::cell::Cell;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::rc::Rc;

use http::uri::Scheme as UriScheme;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, Uri, Version};
use hyper::body::Incoming;
use hyper::client::conn::{TrySendError, http2};

use super::connect::{ConnectError, Connected, Protocol, connect};
use super::http1::{Exchange, ExchangeError, Head};
use super::pool::Pool;
use crate::fields::Fields;
use crate::front::canonical::Canonical;
use crate::record::Record;
use crate::request_body::{BodyFailure, RequestSource, UpstreamBody};
use crate::spec::TimeoutSpec;
use crate::timers::Timer;
use crate::worker::Worker;

/// Attempts for one request, the first included.
const ATTEMPTS_MAX: usize = 3;

/// The head to send, without what depends on the upstream that is chosen.
#[derive(Debug)]
pub struct Outgoing<'a> {
    pub method: &'a Method,
    /// Path and query.
    pub target: Cow<'a, str>,
    pub canonical: Canonical<'a>,
    /// The consumer's own `Host` goes upstream, not the upstream's.
    pub preserve_host: bool,
    pub source: Option<Rc<RequestSource>>,
    pub protocol: Protocol,
}

/// The response head, and where its body comes from.
pub struct Answer {
    pub status: StatusCode,
    pub fields: Fields,
    /// Seconds of the upstream's `Keep-Alive: timeout=N`.
    pub keep_alive_timeout_s: Option<u64>,
    pub body: Down,
    pub pool: Rc<Pool>,
}

/// A response body at its source.
pub enum Down {
    Http1(Box<Exchange>),
    Http2(Incoming),
}

/// Why there is no response head.
#[derive(Debug, thiserror::Error)]
pub enum SendFailure {
    #[error(transparent)]
    Connect(#[from] ConnectError),
    #[error("upstream broke off before its response head")]
    Reset(#[source] ResetCause),
    #[error("upstream sent something that is not an HTTP response")]
    Invalid(#[source] ExchangeError),
    #[error("the target cannot be written as a URI")]
    Target,
    #[error("upstream did not answer in time")]
    Elapsed,
    #[error("the request body failed")]
    Body(BodyFailure),
}

/// What broke an attempt, by protocol.
#[derive(Debug, thiserror::Error)]
pub enum ResetCause {
    #[error(transparent)]
    Http1(#[from] ExchangeError),
    #[error(transparent)]
    Http2(#[from] hyper::Error),
}

/// One failed attempt and what may follow it.
enum Attempted {
    /// The upstream has not seen the request.
    NotSent(SendFailure),
    /// The upstream may have seen it.
    Unknown(SendFailure),
    /// Nothing more can be done for this request.
    Final(SendFailure),
}

/// RFC 9110 section 9.2.2: sending it twice has the effect of sending it once.
pub fn is_idempotent(method: &Method) -> bool {
    matches!(
        method.as_str(),
        "GET" | "HEAD" | "OPTIONS" | "PUT" | "DELETE" | "TRACE" | "QUERY"
    )
}

/// Sends `outgoing` to one of `pools`, which is never empty; `turn` spreads requests over them.
pub async fn send(
    worker: &Worker,
    pools: &[Rc<Pool>],
    turn: &Cell<usize>,
    outgoing: &Outgoing<'_>,
    timeouts: &TimeoutSpec,
    record: &mut Record,
) -> Result<Answer, SendFailure> {
    let first = turn.get();
    turn.set(first.wrapping_add(1));
    let idempotent = is_idempotent(outgoing.method);

    let mut attempt = 0;
    loop {
        let pool = choose(pools, first.wrapping_add(attempt));
        let last = attempt + 1 >= ATTEMPTS_MAX;
        let failed = match try_once(worker, pool, outgoing, timeouts, record, attempt).await {
            Ok(answer) => {
                pool.health.note_success();
                return Ok(answer);
            }
            Err(failed) => failed,
        };

        let replayable = outgoing
            .source
            .as_ref()
            .is_none_or(|source| source.can_replay());
        let (failure, retry) = match failed {
            Attempted::NotSent(failure) => (failure, replayable),
            Attempted::Unknown(failure) => (failure, idempotent && replayable),
            Attempted::Final(failure) => (failure, false),
        };
        if !matches!(failure, SendFailure::Body(_)) && pool.health.note_failure(pool.now_ms()) {
            worker.stats.add_upstream_ejection();
            tracing::warn!(upstream = %pool.upstream.authority, error = %failure, "upstream rests after repeated failures");
        }
        if last || !retry {
            return Err(failure);
        }
        worker.stats.add_upstream_retry();
        attempt += 1;
    }
}

/// The next upstream in turn that is not resting; when all rest, the next in turn all the same.
fn choose(pools: &[Rc<Pool>], turn: usize) -> &Rc<Pool> {
    let at = |i: usize| &pools[turn.wrapping_add(i) % pools.len()];
    (0..pools.len())
        .map(at)
        .find(|pool| !pool.health.is_resting(pool.now_ms()))
        .unwrap_or_else(|| at(0))
}

async fn try_once(
    worker: &Worker,
    pool: &Rc<Pool>,
    outgoing: &Outgoing<'_>,
    timeouts: &TimeoutSpec,
    record: &mut Record,
    attempt: usize,
) -> Result<Answer, Attempted> {
    // A second attempt does not trust the pool: what broke one connection has often broken all.
    let pooled = if attempt == 0 {
        take_pooled(pool, outgoing.protocol)
    } else {
        None
    };
    let connected = match pooled {
        Some(connected) => connected,
        None => {
            worker.stats.add_upstream_connect();
            // Boxed: connecting is rare, and its state would make every request's future several times larger.
            Box::pin(connect(
                pool,
                &worker.tls,
                timeouts.connect_ms,
                outgoing.protocol,
            ))
            .await
            .map_err(|e| Attempted::NotSent(SendFailure::Connect(e)))?
        }
    };

    record.attempts += 1;
    let sent_at_us = record.elapsed_us();
    let result = match connected {
        Connected::Http1(exchange) => send_http1(pool, exchange, outgoing, timeouts).await,
        Connected::Http2(sender) => Box::pin(send_http2(pool, sender, outgoing, timeouts)).await,
    };
    match &result {
        Ok(_) => record.upstream_us = record.elapsed_us() - sent_at_us,
        Err(Attempted::NotSent(_)) => record.attempts -= 1,
        Err(_) => {}
    }
    result
}

fn take_pooled(pool: &Rc<Pool>, protocol: Protocol) -> Option<Connected> {
    if let Some(idle) = pool.take_idle() {
        return Some(Connected::Http1(idle));
    }
    match protocol {
        Protocol::Any => pool.shared().map(Connected::Http2),
        Protocol::Http1 => None,
    }
}

async fn send_http1(
    pool: &Rc<Pool>,
    mut exchange: Box<Exchange>,
    outgoing: &Outgoing<'_>,
    timeouts: &TimeoutSpec,
) -> Result<Answer, Attempted> {
    let canonical = &outgoing.canonical;
    let host = match canonical.host {
        Some(host) if outgoing.preserve_host => host,
        _ => pool.upstream.host_header.as_bytes(),
    };
    let source = outgoing.source.as_ref();
    exchange.begin(outgoing.method, &outgoing.target, host, canonical, source);
    let head = poll_fn(|cx| exchange.poll_head(cx));
    match await_head(pool, pin!(head), source, timeouts).await? {
        Ok(Head {
            status,
            fields,
            keep_alive_timeout_s,
            ..
        }) => Ok(Answer {
            status,
            fields,
            keep_alive_timeout_s,
            body: Down::Http1(exchange),
            pool: Rc::clone(pool),
        }),
        Err(error) => Err(attempted(error, source)),
    }
}

/// Waits for the head. The deadline runs from the last byte of the request body: while the body makes
/// progress it is put off.
async fn await_head<F: Future>(
    pool: &Pool,
    mut response: Pin<&mut F>,
    source: Option<&Rc<RequestSource>>,
    timeouts: &TimeoutSpec,
) -> Result<F::Output, Attempted> {
    let timer = Timer::new(pool.timers());
    let progress = || source.map_or(0, |source| source.bytes());
    loop {
        let before = progress();
        timer.arm(timeouts.response_head_ms);
        match timer.bound(response.as_mut()).await {
            Ok(response) => return Ok(response),
            Err(_) if progress() > before => {}
            Err(_) => return Err(Attempted::Final(SendFailure::Elapsed)),
        }
    }
}

fn attempted(error: ExchangeError, source: Option<&Rc<RequestSource>>) -> Attempted {
    if let Some(failure) = source.and_then(|source| source.failure()) {
        return Attempted::Final(SendFailure::Body(failure));
    }
    match error {
        ExchangeError::Unsent(_) => Attempted::NotSent(SendFailure::Reset(error.into())),
        ExchangeError::Head(_) | ExchangeError::Body(_) => {
            Attempted::Final(SendFailure::Invalid(error))
        }
        ExchangeError::Io(_) | ExchangeError::Closed | ExchangeError::Source => {
            Attempted::Unknown(SendFailure::Reset(error.into()))
        }
    }
}

async fn send_http2(
    pool: &Rc<Pool>,
    mut sender: http2::SendRequest<UpstreamBody>,
    outgoing: &Outgoing<'_>,
    timeouts: &TimeoutSpec,
) -> Result<Answer, Attempted> {
    let request = http2_request(pool, outgoing)?;
    let sent = pin!(sender.try_send_request(request));
    match await_head(pool, sent, outgoing.source.as_ref(), timeouts).await? {
        Ok(response) => {
            let (parts, incoming) = response.into_parts();
            Ok(Answer {
                status: parts.status,
                fields: Fields::of_map(&parts.headers),
                keep_alive_timeout_s: None,
                body: Down::Http2(incoming),
                pool: Rc::clone(pool),
            })
        }
        Err(error) => Err(attempted_http2(error, outgoing)),
    }
}

fn attempted_http2(
    mut error: TrySendError<Request<UpstreamBody>>,
    outgoing: &Outgoing<'_>,
) -> Attempted {
    if let Some(failure) = outgoing.source.as_ref().and_then(|source| source.failure()) {
        return Attempted::Final(SendFailure::Body(failure));
    }
    let unsent = error.take_message().is_some();
    let failure = SendFailure::Reset(error.into_error().into());
    match unsent {
        true => Attempted::NotSent(failure),
        false => Attempted::Unknown(failure),
    }
}

fn http2_request(pool: &Pool, outgoing: &Outgoing<'_>) -> Result<Request<UpstreamBody>, Attempted> {
    let own = outgoing.canonical.host.filter(|_| outgoing.preserve_host);
    let authority = match own.map(TryInto::try_into) {
        Some(Ok(authority)) => authority,
        _ => pool.upstream.authority.clone(),
    };
    let mut parts = http::uri::Parts::default();
    parts.scheme = Some(if pool.upstream.server_name.is_some() {
        UriScheme::HTTPS
    } else {
        UriScheme::HTTP
    });
    parts.authority = Some(authority);
    let target = outgoing.target.parse();
    parts.path_and_query = Some(target.map_err(|_| Attempted::Final(SendFailure::Target))?);

    let mut request = Request::new(UpstreamBody::of(outgoing.source.as_ref()));
    *request.version_mut() = Version::HTTP_2;
    *request.method_mut() = outgoing.method.clone();
    *request.uri_mut() = Uri::from_parts(parts).expect("scheme, authority and path are all given");
    *request.headers_mut() = header_map(&outgoing.canonical);
    Ok(request)
}

fn header_map(canonical: &Canonical<'_>) -> HeaderMap {
    let mut headers = HeaderMap::with_capacity(16);
    canonical.for_each(|name, value| {
        // The strict front lets pass no name or value that these do not take.
        if let (Ok(name), Ok(value)) =
            (HeaderName::from_bytes(name), HeaderValue::from_bytes(value))
        {
            headers.append(name, value);
        }
    });
    headers
}
