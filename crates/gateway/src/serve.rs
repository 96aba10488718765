//! The way of one request, on one screen: front, surface, identify, version, match, stage, admit, forward, announce.

use std::rc::Rc;
use std::sync::Arc;

use adoption::{OperationId, Origin};
use bytes::Bytes;
use http::{Method, StatusCode};

use crate::config::{Durability, JournalFullPolicy};
use crate::connection::{Connection, Refused};
use crate::fields::Fields;
use crate::front::Violation;
use crate::ids::RequestId;
use crate::phases::identify::Identified;
use crate::phases::route::{Matched, Routed};
use crate::phases::{admit, forward, identify, route, stage, tell, version};
use crate::problem::{self, Problem};
use crate::record::Record;
use crate::request_body::{BodyFailure, RequestBody, RequestSource};
use crate::request_head::RequestHead;
use crate::response_body::{Forwarded, ResponseBody};
use crate::response_head::{Answered, HeadSource, ResponseHead};
use crate::sight::Sight;
use crate::snapshot::{DeprecationHeaders, Surface};
use crate::tunnel::{Tunnel, TunnelSlot};
use crate::upstream::{Answer, Down, SendFailure, is_idempotent, send};
use crate::user_agent::classify;
use crate::worker::{REFUSED_METHOD, Worker};

/// Serves one request; `judged` is what the strict front says of it. Never fails: what goes wrong becomes an answer.
pub async fn serve(
    worker: &Rc<Worker>,
    connection: &Rc<Connection>,
    slot: &TunnelSlot,
    head: &RequestHead,
    judged: Result<(), Violation>,
    body: RequestBody,
) -> Answered {
    let mut record = Record::begin(worker, connection, head.method.clone());

    if let Some(refused) = front(worker, connection, head, judged) {
        record.call.operation = OperationId::REFUSED;
        worker.stats.add_refused();
        return answer_own(worker, record, &refused).await;
    }
    let view = worker.view();
    let (path_and_query, path_length) = head.path_and_query_split();
    let path = &path_and_query[..path_length];
    let Some(surface) = route::surface(&view.snapshot, head, path) else {
        return answer_own(worker, record, &problem::surface_unknown()).await;
    };
    let now = record.call.started_at;
    let identified = identify::identify(surface, head, now, &mut worker.tokens.borrow_mut());
    note_identity(worker, connection, &mut record, surface, &identified, head);

    let rest = &path[surface.path_prefix.len()..];
    let (chosen, refusal) = match version::choose(surface, &identified, &head.fields, rest) {
        Ok(chosen) => (chosen, None),
        Err(refused) => (refused.0, Some(refused.1)),
    };
    let mut routed = route::route(surface, &chosen, head, path);
    if let Some(refusal) = admit::admit_consumer(surface, &identified).or(refusal) {
        note_operation(&mut record, &routed);
        let answered = answer_own(worker, record, &refusal).await;
        return announced(&routed, None, answered);
    }
    let refused = stage::stage(&mut routed, identified.consumer, now, head, path);
    note_operation(&mut record, &routed);
    if let Some(refused) = refused {
        let answered = answer_own(worker, record, &refused.problem).await;
        return announced(&routed, refused.headers, answered);
    }
    if let Some(refusal) = admit::admit(&routed, &head.fields) {
        let answered = answer_own(worker, record, &refusal).await;
        return announced(&routed, None, answered);
    }
    if let Matched::Operation(operation) = routed.matched
        && let Some(watched) = &operation.watched
    {
        record.sight = Some(Sight::begin(watched, head, path));
    }

    if worker.config.journal_full == JournalFullPolicy::Refuse && !worker.can_record() {
        worker.stats.add_journal_refused();
        record.answer_unrecorded(StatusCode::SERVICE_UNAVAILABLE.as_u16());
        return answer_own(worker, record, &problem::usage_journal_full()).await;
    }

    if !body.is_end_stream() {
        let keep = is_idempotent(&head.method);
        let observer = record.sight.as_ref();
        let observer = observer.map(|sight| sight.request_body(&head.fields));
        record.source = Some(RequestSource::new(
            body,
            routed.surface.body_bytes_limit,
            keep,
            observer,
        ));
    }
    let outgoing = forward::outgoing(
        connection,
        &routed,
        &identified,
        &record,
        head,
        path_and_query,
    );
    let pools = &view.pools[routed.version.place];
    let sent = send(
        worker,
        &pools.pools,
        &pools.turn,
        &outgoing,
        &routed.surface.timeouts,
        &mut record,
    )
    .await;

    let told = {
        let (sight, source) = (record.sight.as_mut(), record.source.as_deref());
        tell::tell(&routed, identified.consumer, sight, source)
    };
    let answered = match sent {
        Ok(answer) => {
            let switched = outgoing.canonical.upgrade.is_some()
                && answer.status == StatusCode::SWITCHING_PROTOCOLS;
            match reserve(worker, &mut record, answer.status, Origin::Upstream).await {
                Ok(()) if switched => switch_protocols(slot, record, answer),
                Ok(()) => pass_on(record, answer, routed.surface),
                Err(problem) => answer_own(worker, record, &problem).await,
            }
        }
        Err(failure) => {
            let mut problem = send_problem(connection, &failure, record.request_id);
            if matches!(failure, SendFailure::Body(_)) {
                // What is left of the body cannot be told from a next request.
                problem = problem.and_close();
            }
            answer_own(worker, record, &problem).await
        }
    };
    announced(&routed, told, answered)
}

/// The answer with the version that gave it, and with what is said of the items that its call touches, or else of the
/// operation alone.
fn announced(
    routed: &Routed<'_>,
    told: Option<Arc<DeprecationHeaders>>,
    mut answered: Answered,
) -> Answered {
    answered.head.version.clone_from(&routed.version.name);
    answered.head.deprecation = match (told, &routed.matched) {
        (Some(told), _) => Some(told),
        (None, Matched::Operation(operation)) => operation.deprecation.clone(),
        (None, _) => None,
    };
    answered
}

/// What the strict front has against the request.
fn front(
    worker: &Worker,
    connection: &Connection,
    head: &RequestHead,
    judged: Result<(), Violation>,
) -> Option<Problem> {
    if head.method.as_str() == REFUSED_METHOD
        && head.path() == worker.refusal_path
        && let Some(refused) = connection.take_head_refused()
    {
        return Some(refusal_problem(refused));
    }
    judged
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
    surface: &Surface,
    identified: &Identified<'_>,
    head: &RequestHead,
) {
    let user_agent = head.fields.get(b"user-agent");
    let (client, client_class) = connection.client(user_agent, identified.kind, || {
        let client = classify(user_agent, identified.kind);
        (
            worker.lane.client(client.name, client.version),
            client.class,
        )
    });
    let call = &mut record.call;
    call.surface = surface.id;
    call.consumer = identified.consumer;
    call.key = identified.key;
    call.client = client;
    call.client_class = client_class;
}

fn note_operation(record: &mut Record, routed: &Routed<'_>) {
    record.call.contract = routed.version.contract;
    record.call.operation = match &routed.matched {
        Matched::Operation(operation) => operation.id,
        Matched::OtherMethods(_) | Matched::Nothing => OperationId::UNMATCHED,
    };
}

/// The upstream's answer, recorded.
fn pass_on(mut record: Box<Record>, answer: Answer, surface: &Surface) -> Answered {
    if let Some(sight) = &mut record.sight {
        sight.answer(answer.status.as_u16(), &answer.fields);
    }
    if let Some(timeout_s) = answer.keep_alive_timeout_s {
        answer.pool.limit_idle(timeout_s);
    }
    let idle_ms = surface.timeouts.response_idle_ms;
    let forwarded = Forwarded::new(answer.body, answer.pool, record, idle_ms);
    Answered {
        head: ResponseHead::new(answer.status, answer.fields, HeadSource::Upstream),
        body: ResponseBody::Forwarded(forwarded),
    }
}

/// 101: the bytes that follow are not HTTP; they are carried once the head has left.
fn switch_protocols(slot: &TunnelSlot, mut record: Box<Record>, answer: Answer) -> Answered {
    // What goes through a tunnel is not read.
    record.sight = None;
    if let Down::Http1(exchange) = answer.body {
        let (upstream, early) = exchange.into_tunnel();
        slot.replace(Some(Tunnel {
            upstream,
            early,
            record,
        }));
    }
    Answered {
        head: ResponseHead::new(answer.status, answer.fields, HeadSource::Switched),
        body: ResponseBody::Empty,
    }
}

/// An answer made here.
async fn answer_own(worker: &Worker, mut record: Box<Record>, problem: &Problem) -> Answered {
    // A call that could not be recorded comes here a second time, with the answer that says so.
    let full = match record.is_open() {
        true => reserve(worker, &mut record, problem.status, problem.origin)
            .await
            .err(),
        false => None,
    };
    let problem = full.as_ref().unwrap_or(problem);
    record.code = Some(problem.code);
    let (mut fields, mut bytes) = problem.render(&RequestId(record.request_id).to_string());
    if record.method == Method::HEAD {
        let length = bytes.len().to_string();
        let announced = (&b"content-length"[..], length.as_bytes());
        fields = Fields::of(fields.iter().chain([announced]));
        bytes = Bytes::new();
    }
    Answered {
        head: ResponseHead {
            close: problem.close,
            ..ResponseHead::new(problem.status, fields, HeadSource::Own)
        },
        body: ResponseBody::own(bytes, record),
    }
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
        SendFailure::Target => refusal_problem(Refused::Violation(Violation::TargetCharacter)),
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
