//! The way of one request, on one screen: front, match, identify, admit, forward, reserve, announce, settle.

use std::convert::Infallible;
use std::rc::Rc;

use adoption::{OperationId, Origin};
use bytes::Bytes;
use http::header::{CONNECTION, CONTENT_LENGTH, USER_AGENT};
use http::{HeaderValue, Method, Request, Response, StatusCode, Version};

use crate::config::{Durability, JournalFullPolicy};
use crate::connection::{Connection, Refused};
use crate::front::check_request;
use crate::ids::RequestId;
use crate::phases::identify::Identified;
use crate::phases::route::{Matched, Routed};
use crate::phases::{admit, announce, forward, identify, route};
use crate::problem::{self, Problem};
use crate::record::Record;
use crate::request_body::{BodyFailure, RequestBody, RequestSource};
use crate::response_body::{Forwarded, ResponseBody};
use crate::snapshot::Surface;
use crate::tunnel::{Tunnel, TunnelSlot};
use crate::upstream::{Answer, Down, SendFailure, is_idempotent, send};
use crate::user_agent::classify;
use crate::worker::{REFUSED_METHOD, Worker};

/// Serves one request. Never fails: what goes wrong becomes an answer.
pub async fn serve(
    worker: Rc<Worker>,
    connection: Rc<Connection>,
    slot: Rc<TunnelSlot>,
    request: Request<RequestBody>,
) -> Result<Response<ResponseBody>, Infallible> {
    let mut record = Record::begin(&worker, &connection, request.method().clone());

    if let Some(refused) = front(&worker, &connection, &request) {
        record.call.operation = OperationId::REFUSED;
        worker.stats.add_refused();
        return Ok(answer_own(&worker, record, &refused).await);
    }
    let view = worker.view();
    let Some(routed) = route::route(&view.snapshot, &request) else {
        return Ok(answer_own(&worker, record, &problem::surface_unknown()).await);
    };
    let identified = identify::identify(
        routed.surface,
        request.headers(),
        request.uri(),
        record.call.started_at,
        &mut worker.tokens.borrow_mut(),
    );
    note_identity(
        &worker,
        &connection,
        &mut record,
        &routed,
        &identified,
        &request,
    );
    if let Some(refusal) = admit::admit(&routed, &identified, request.headers()) {
        let mut response = answer_own(&worker, record, &refusal).await;
        announce::announce(&routed.matched, response.headers_mut());
        return Ok(response);
    }

    if worker.config.journal_full == JournalFullPolicy::Refuse && !worker.can_record() {
        worker.stats.add_journal_refused();
        record.answer_unrecorded(StatusCode::SERVICE_UNAVAILABLE.as_u16());
        return Ok(answer_own(&worker, record, &problem::usage_journal_full()).await);
    }

    let (mut parts, body) = request.into_parts();
    if !body.is_end_stream() {
        let keep = is_idempotent(&parts.method);
        record.source = Some(RequestSource::new(
            body,
            routed.surface.body_bytes_limit,
            keep,
        ));
    }
    let wants_upgrade = forward::wants_upgrade(&parts);
    let outgoing = forward::outgoing(&connection, &routed, identified, &record, &mut parts);
    let pools = &view.pools[routed.surface_index];
    let sent = send(
        &worker,
        &pools.pools,
        &pools.turn,
        outgoing,
        &routed.surface.timeouts,
        &mut record,
    )
    .await;

    let mut response = match sent {
        Ok(answer)
            if wants_upgrade && answer.response.status() == StatusCode::SWITCHING_PROTOCOLS =>
        {
            switch_protocols(&worker, &slot, record, answer).await
        }
        Ok(answer) => pass_on(&worker, record, answer, routed.surface).await,
        Err(failure) => {
            let mut problem = send_problem(&connection, &failure, record.request_id);
            if matches!(failure, SendFailure::Body(_)) && parts.version != Version::HTTP_2 {
                // What is left of the body cannot be told from a next request.
                problem = problem.with_header(CONNECTION, HeaderValue::from_static("close"));
            }
            answer_own(&worker, record, &problem).await
        }
    };
    announce::announce(&routed.matched, response.headers_mut());
    Ok(response)
}

/// What the strict front has against the request.
fn front(
    worker: &Worker,
    connection: &Connection,
    request: &Request<RequestBody>,
) -> Option<Problem> {
    if request.method().as_str() == REFUSED_METHOD
        && request.uri().path() == worker.refusal_path
        && let Some(refused) = connection.take_head_refused()
    {
        return Some(refusal_problem(refused));
    }
    check_request(
        request.method(),
        request.uri(),
        request.version(),
        request.headers(),
        &worker.config.front_rules,
    )
    .err()
    .map(|violation| refusal_problem(Refused::Violation(violation)))
}

fn refusal_problem(refused: Refused) -> Problem {
    match refused {
        Refused::TooSlow => problem::request_timeout(),
        Refused::Violation(violation) => Problem::new(
            violation.status(),
            violation.code(),
            "Request refused",
            Origin::Consumer,
            violation.detail().into(),
        ),
    }
}

fn note_identity(
    worker: &Worker,
    connection: &Connection,
    record: &mut Record,
    routed: &Routed<'_>,
    identified: &Identified,
    request: &Request<RequestBody>,
) {
    let user_agent = request.headers().get(USER_AGENT);
    let (client, client_class) = connection.client(user_agent, identified.kind, || {
        let client = classify(user_agent.map(HeaderValue::as_bytes), identified.kind);
        (
            worker.lane.client(client.name, client.version),
            client.class,
        )
    });
    let call = &mut record.call;
    call.surface = routed.surface.id;
    call.contract = routed.surface.contract;
    call.operation = match &routed.matched {
        Matched::Operation(operation) => operation.id,
        Matched::OtherMethods(_) | Matched::Nothing => OperationId::UNMATCHED,
    };
    call.consumer = identified.consumer;
    call.key = identified.key;
    call.client = client;
    call.client_class = client_class;
}

/// The upstream's answer, recorded and cleaned of what is hop-by-hop.
async fn pass_on(
    worker: &Worker,
    mut record: Record,
    answer: Answer,
    surface: &Surface,
) -> Response<ResponseBody> {
    let Answer {
        response,
        body,
        pool,
    } = answer;
    if let Err(problem) = reserve(worker, &mut record, response.status(), Origin::Upstream).await {
        return answer_own(worker, record, &problem).await;
    }

    let (mut parts, ()) = response.into_parts();
    if let Some(timeout_s) = announce::keep_alive_timeout_s(&parts.headers) {
        pool.limit_idle(timeout_s);
    }
    announce::strip_hop_by_hop(&mut parts.headers);
    parts.version = Version::HTTP_11;
    let forwarded = Forwarded::new(body, pool, record, surface.timeouts.response_idle_ms);
    Response::from_parts(parts, ResponseBody::Forwarded(forwarded))
}

/// 101: the bytes that follow are not HTTP; they are carried once the head has left.
async fn switch_protocols(
    worker: &Worker,
    slot: &TunnelSlot,
    mut record: Record,
    answer: Answer,
) -> Response<ResponseBody> {
    let Answer { response, body, .. } = answer;
    if let Err(problem) = reserve(worker, &mut record, response.status(), Origin::Upstream).await {
        return answer_own(worker, record, &problem).await;
    }
    if let Down::Http1(exchange) = body {
        let (upstream, early) = exchange.into_tunnel();
        slot.replace(Some(Tunnel {
            upstream,
            early,
            record,
        }));
    }
    response.map(|()| ResponseBody::Empty)
}

/// An answer made here.
async fn answer_own(
    worker: &Worker,
    mut record: Record,
    problem: &Problem,
) -> Response<ResponseBody> {
    // A call that could not be recorded comes here a second time, with the answer that says so.
    let full = match record.is_open() {
        true => reserve(worker, &mut record, problem.status, problem.origin)
            .await
            .err(),
        false => None,
    };
    let problem = full.as_ref().unwrap_or(problem);
    record.code = Some(problem.code);
    let (headers, bytes) = problem.render(&RequestId(record.request_id).to_string());

    let mut response = Response::new(ResponseBody::Empty);
    *response.status_mut() = problem.status;
    *response.headers_mut() = headers;
    let bytes = if record.method == Method::HEAD {
        response
            .headers_mut()
            .insert(CONTENT_LENGTH, HeaderValue::from(bytes.len()));
        Bytes::new()
    } else {
        bytes
    };
    *response.body_mut() = ResponseBody::own(bytes, record);
    response
}

/// Records the call before its head leaves. `Err` is the answer to give when that cannot be done.
async fn reserve(
    worker: &Worker,
    record: &mut Record,
    status: StatusCode,
    origin: Origin,
) -> Result<(), Problem> {
    if record.answer(status.as_u16(), origin).is_err() {
        match worker.config.journal_full {
            JournalFullPolicy::Pass => record.answer_uncounted(status.as_u16(), origin),
            JournalFullPolicy::Refuse => {
                worker.stats.add_journal_refused();
                record.answer_unrecorded(StatusCode::SERVICE_UNAVAILABLE.as_u16());
                return Err(problem::usage_journal_full());
            }
        }
    }
    if worker.config.durability == Durability::Strict && record.durable().await.is_err() {
        return Err(problem::usage_not_durable());
    }
    Ok(())
}

fn send_problem(connection: &Connection, failure: &SendFailure, request_id: u64) -> Problem {
    match failure {
        SendFailure::Body(BodyFailure::TooLarge) => problem::body_too_large(),
        SendFailure::Body(BodyFailure::Consumer) => connection
            .take_body_refused()
            .map_or_else(problem::client_gone, refusal_problem),
        SendFailure::Elapsed => problem::upstream_timeout(),
        SendFailure::Invalid(_) => problem::upstream_invalid(),
        SendFailure::Connect(error) => {
            log_failure(failure, error, request_id);
            problem::upstream_unreachable()
        }
        SendFailure::Reset(error) => {
            log_failure(failure, error, request_id);
            problem::upstream_reset()
        }
    }
}

fn log_failure(failure: &SendFailure, cause: &dyn std::error::Error, request_id: u64) {
    let root = std::iter::successors(Some(cause), |error| error.source())
        .last()
        .unwrap_or(cause);
    tracing::warn!(request.id = %RequestId(request_id), error = %failure, cause = %root, "a request could not be sent upstream");
}
